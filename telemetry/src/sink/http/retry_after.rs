use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long the receiver asks the client to wait: a number of seconds or a date. Whether to obey is decided elsewhere.
///
/// A date is compared with the receiver's clock, as it says with its answer: this machine's may be wrong.
pub(super) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        // A number fails to parse only if it is too large.
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Some(until.duration_since(date.unwrap_or(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_other_text_is_ignored() {
        let now = httpdate::parse_http_date("Tue, 01 Jul 2025 12:00:00 GMT").unwrap();
        for (text, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("3601", Some(3601)),
            ("Tue, 01 Jul 2025 12:00:30 GMT", Some(30)),
            ("Tue, 01 Jul 2025 11:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            assert_eq!(read(&headers, now), expected.map(Duration::from_secs), "{text}");
        }
        let asked_at = |date: &'static str| {
            let until = HeaderValue::from_static("Tue, 01 Jul 2025 14:30:00 GMT");
            read(&HeaderMap::from_iter([(RETRY_AFTER, until), (DATE, HeaderValue::from_static(date))]), now)
        };
        let (half, whole) = (Duration::from_secs(1_800), Duration::from_secs(9_000));
        assert_eq!(asked_at("Tue, 01 Jul 2025 14:00:00 GMT"), Some(half), "by the clock of the receiver");
        assert_eq!(asked_at("today"), Some(whole));
        let long = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static("99999999999999999999999999"))]);
        assert_eq!(read(&long, now), Some(Duration::MAX));
        assert_eq!(read(&HeaderMap::new(), now), None);
    }
}
