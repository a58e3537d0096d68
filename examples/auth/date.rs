//! The only option that is a date.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::DecodeError;

const PATH: [&str; 3] = ["advanced", "defaultCookieAttributes", "expires"];

/// Takes the date out of the tree. An invalid date counts as absent, as in JavaScript.
pub(super) fn take(tree: &mut Value) -> Result<Option<SystemTime>, DecodeError> {
    let value = PATH.iter().try_fold(tree, |tree, name| tree.get_mut(name)).map_or(Value::Null, Value::take);
    match value.get("$date").unwrap_or(&value) {
        Value::Null => Ok(None),
        Value::String(text) if value.is_object() => Ok(parse(text)),
        _ => Err(DecodeError::at(&format!("options.{}", PATH.join(".")))),
    }
}

/// Parses a date as JavaScript writes it: `2031-02-03T04:05:06.789Z`, with a sign and six digits for far years.
fn parse(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (year, rest) = date.split_at_checked(if date.starts_with(['+', '-']) { 7 } else { 4 })?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    let mut parts = time.splitn(3, ':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let time =
        hours.parse::<f64>().ok()? * 3_600.0 + minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let days = days(year.parse().ok()?, month, day);
    let since_epoch = Duration::try_from_secs_f64(time).ok()?;
    let day = Duration::from_secs(days.unsigned_abs() * 86_400);
    let midnight =
        if days < 0 { SystemTime::UNIX_EPOCH.checked_sub(day) } else { SystemTime::UNIX_EPOCH.checked_add(day) };
    midnight?.checked_add(since_epoch)
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let seconds = |text| {
            parse(text).map(|date| match date.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => after.as_secs_f64(),
                Err(before) => -before.duration().as_secs_f64(),
            })
        };
        assert_eq!(seconds("1970-01-01T00:00:00.000Z"), Some(0.0));
        assert_eq!(seconds("1969-12-31T23:59:59.000Z"), Some(-1.0));
        assert_eq!(seconds("2000-02-29T12:00:00.500Z"), Some(951_825_600.5));
        assert_eq!(seconds("2031-02-03T04:05:06.789Z"), Some(1_927_857_906.789));
        assert!(seconds("-000001-01-01T00:00:00.000Z").is_some());
        assert!(seconds("+012345-06-07T08:09:10.011Z").is_some());
        for text in [
            "",
            "Z",
            "T",
            "TZ",
            "soon",
            "2031-02-03",
            "2031-02T04:05:06Z",
            "2031-13-01T00:00:00Z",
            "ä031-02-03T04:05:06Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
