//! A version as an integer that sorts as versions do: 16 bits a part, then the number of parts.

/// The integer of a version of `count` parts.
pub(crate) fn pack(count: u8, [major, minor, patch]: [u16; 3]) -> i64 {
    i64::from(major) << 34 | i64::from(minor) << 18 | i64::from(patch) << 2 | i64::from(count & 3)
}

/// The text of a version.
pub(crate) fn text(packed: i64) -> String {
    let part = |shift: u32| packed >> shift & 0xffff;
    match packed & 3 {
        0 | 1 => part(34).to_string(),
        2 => format!("{}.{}", part(34), part(18)),
        _ => format!("{}.{}.{}", part(34), part(18), part(2)),
    }
}

/// The integer of a version as text. A number has one spelling.
pub(crate) fn packed(text: &str) -> Option<i64> {
    let mut parts = [0; 3];
    let mut count = 0;
    for part in text.split('.') {
        let number: u16 = part.parse().ok()?;
        if number.to_string() != part {
            return None;
        }
        *parts.get_mut(usize::from(count))? = number;
        count += 1;
    }
    Some(pack(count, parts))
}

/// The text of a version, as an expression of SQL.
pub(crate) fn text_sql(packed: &str) -> String {
    format!(
        "({packed} >> 34) || iif({packed} & 3 > 1, '.' || ({packed} >> 18 & 65535), '') \
         || iif({packed} & 3 > 2, '.' || ({packed} >> 2 & 65535), '')"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_sort_as_versions() {
        let versions = [
            (1, [0, 0, 0]),
            (3, [0, 0, 1]),
            (2, [0, 1, 0]),
            (1, [1, 0, 0]),
            (2, [1, 0, 0]),
            (3, [1, 0, 0]),
            (3, [1, 0, u16::MAX]),
            (3, [1, 9, 0]),
            (3, [1, 10, 0]),
            (3, [u16::MAX; 3]),
        ];
        assert!(versions.windows(2).all(|pair| pack(pair[0].0, pair[0].1) < pack(pair[1].0, pair[1].1)));
    }

    #[test]
    fn texts_have_the_parts_that_were_sent() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let text = |count, parts| -> String {
            let packed = pack(count, parts);
            let sql = format!("SELECT {} FROM (SELECT {packed} AS v)", text_sql("v"));
            let in_sql: String = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(in_sql, super::text(packed));
            assert_eq!(super::packed(&in_sql), Some(packed));
            in_sql
        };
        assert_eq!(text(1, [20, 0, 0]), "20");
        assert_eq!(text(2, [1, 0, 0]), "1.0");
        assert_eq!(text(3, [65_535, 10, 65_535]), "65535.10.65535");
        for wrong in ["", "1.", "01", "1.2.3.4", "65536", "-1", "+1", "1.x"] {
            assert_eq!(super::packed(wrong), None, "{wrong}");
        }
    }
}
