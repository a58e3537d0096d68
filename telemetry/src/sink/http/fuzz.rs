//! What a receiver answers.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::{batch, retry_after};
use crate::sink::SendError;
use crate::sink::form::Form;

/// 1 July 2025.
const NOW: Duration = Duration::from_secs(1_751_328_000);

/// Digits are seconds, and nothing fails.
pub(crate) fn retry_after(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let is_number = value.to_str().is_ok_and(|text| {
        let text = text.trim();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
    });
    let read = retry_after::read(&HeaderMap::from_iter([(RETRY_AFTER, value)]), SystemTime::UNIX_EPOCH + NOW);
    assert!(read.is_some() || !is_number);
}

/// The first byte says how many events were sent: each gets an outcome, or none does. In the form of another protocol, the first are taken
/// and the last are refused.
pub(crate) fn answer(bytes: &[u8]) {
    let Some((lines, answer)) = bytes.split_first() else { return };
    let (lines, again) = (usize::from(lines % 101), SendError::RetryAfter(Duration::from_secs(7)));
    for form in forms() {
        let rejected = form.rejected(answer);
        let outcomes = batch::with_rejected(lines, rejected);
        assert_eq!(outcomes.len(), lines);
        assert!(outcomes.iter().rev().take(rejected).all(|outcome| *outcome == Err(SendError::Refused)));
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), lines.saturating_sub(rejected));
    }
    let Some(outcomes) = batch::outcomes(answer, lines, again) else { return };
    assert_eq!(outcomes.len(), lines);
    let is_known =
        |outcome: &Result<(), SendError>| matches!(outcome, Ok(()) | Err(SendError::Refused)) || *outcome == Err(again);
    assert!(outcomes.iter().all(is_known));
}

fn forms() -> Vec<Form> {
    vec![
        Form::Own,
        #[cfg(feature = "otlp")]
        Form::Otlp { service: None },
        #[cfg(feature = "posthog")]
        Form::PostHog { token: "".into() },
    ]
}
