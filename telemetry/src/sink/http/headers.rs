use std::fmt;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::sink::request::HEADERS;

/// The validated headers that an application adds. Their values are never shown.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    map: HeaderMap,
}

/// Why a header cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderError {
    Invalid,
    Reserved(&'static str),
}

impl Headers {
    pub(crate) fn add(&mut self, name: &str, value: &str) -> Result<(), HeaderError> {
        let name: HeaderName = name.parse().map_err(|_| HeaderError::Invalid)?;
        let mut value: HeaderValue = value.parse().map_err(|_| HeaderError::Invalid)?;
        if let Some(reserved) = HEADERS.iter().find(|reserved| name == reserved.name) {
            return Err(HeaderError::Reserved(reserved.name));
        }
        value.set_sensitive(true);
        self.map.insert(name, value);
        Ok(())
    }

    /// The names and values, for another process of the same application.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), str::from_utf8(value.as_bytes()).ok()?.to_owned()))
        };
        self.map.iter().filter_map(pair).collect()
    }

    pub(super) fn into_map(self) -> HeaderMap {
        self.map
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.map.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_never_shown() {
        let mut headers = Headers::default();
        headers.add("X-Collector-Token", "hunter2").unwrap();
        assert_eq!(format!("{headers:?}"), r#"["x-collector-token"]"#);
        assert!(!format!("{:?}", headers.into_map()).contains("hunter2"));
    }

    #[test]
    fn a_header_may_not_break_the_request_nor_replace_what_the_client_says() {
        let mut headers = Headers::default();
        for (name, value) in [("", "x"), ("a b", "x"), ("a:", "x"), ("a", "x\r\nb: y"), ("a", "\0")] {
            assert_eq!(headers.add(name, value), Err(HeaderError::Invalid), "{name:?}");
        }
        for name in ["Accept", "Content-Encoding", "Content-Type", "IDEMPOTENCY-KEY", "host"] {
            assert!(matches!(headers.add(name, "x"), Err(HeaderError::Reserved(_))), "{name}");
        }
    }
}
