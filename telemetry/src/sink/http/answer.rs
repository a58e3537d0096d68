//! What the status of an answer says.

use std::time::{Duration, SystemTime};

use reqwest::{Response, StatusCode};

use super::retry_after;
use crate::sink::form::Form;
use crate::sink::{Obstacle, SendError};

/// A receiver's response to an event.
#[derive(Clone, Copy)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// How long the receiver asks the client to wait.
    retry_after: Option<Duration>,
}

impl Answer {
    pub(super) fn of(response: &Response) -> Self {
        let retry_after = retry_after::read(response.headers(), SystemTime::now());
        Self { status: response.status(), retry_after }
    }

    /// Only 400, 413 and 422 judge the event itself. Any other failure can be fixed at the receiver, or by another token, so the event is
    /// kept.
    pub(super) fn outcome(self, form: &Form) -> Result<(), SendError> {
        match self.status {
            status if status.is_success() => Ok(()),
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(SendError::Refused)
            }
            status if form.is_temporary(status.as_u16()) => Err(self.again()),
            _ => Err(SendError::NotNow),
        }
    }

    pub(super) fn again(self) -> SendError {
        self.retry_after.map_or(SendError::Retry, SendError::RetryAfter)
    }

    pub(super) fn obstacle(self) -> Option<Obstacle> {
        (!self.status.is_success()).then(|| Obstacle::Answer(self.status.as_u16()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_answers_judge_the_event_itself() {
        let pause = Duration::from_secs(7);
        let outcome = |status, retry_after| {
            Answer { status: StatusCode::from_u16(status).unwrap(), retry_after }.outcome(&Form::Own)
        };
        for status in [200, 201, 202, 204, 207, 299] {
            assert_eq!(outcome(status, None), Ok(()), "{status}");
        }
        for status in [400, 413, 422] {
            assert_eq!(outcome(status, None), Err(SendError::Refused), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504, 599] {
            assert_eq!(outcome(status, None), Err(SendError::Retry), "{status}");
            assert_eq!(outcome(status, Some(pause)), Err(SendError::RetryAfter(pause)), "{status}");
        }
        for status in
            [300, 301, 304, 307, 308, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 414, 415, 417, 421, 426, 451]
        {
            assert_eq!(outcome(status, None), Err(SendError::NotNow), "{status}");
        }
    }
}
