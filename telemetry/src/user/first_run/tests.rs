use std::io::ErrorKind;

use super::*;
use crate::consent::Reason;

const CONSENT: Consent = Consent::new("ACME", "acme");

/// What the user reads after the question.
fn told(result: Result<Answer, ChoiceError>) -> String {
    let page = Disclosure::new(CONSENT).commands("acme telemetry");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    tell(&mut Output::new(&mut out, &mut err), &result.into(), &CONSENT, &page);
    assert_eq!(out, b"");
    String::from_utf8(err).unwrap()
}

#[test]
fn what_follows_from_the_answer_is_told() {
    assert_eq!(
        told(Ok(Answer::Yes)),
        "Thank you. To switch it off, run `acme telemetry disable`, or set ACME_TELEMETRY=0. DO_NOT_TRACK=1 does the same for all \
         programs that honour it.\n"
    );
    assert_eq!(told(Ok(Answer::No)), "acme sends nothing, and does not ask again.\n");
    assert_eq!(
        told(Ok(Answer::Declined)),
        "acme does not send what is new, and does not ask about it again. What you agreed to before goes on.\n"
    );
    assert_eq!(told(Ok(Answer::Unanswered)), "Without an answer, acme sends nothing that you have not agreed to.\n");
    assert_eq!(
        told(Err(ChoiceError::Write(ErrorKind::StorageFull))),
        "error: the choice could not be stored (no storage space); free some space on its disk, or set ACME_TELEMETRY to 0, or to 1 unless a no is stored\n"
    );
}

#[test]
fn who_was_not_asked_is_told_nothing() {
    for reason in [
        NotAsked::Denied(Reason::StoredOff),
        NotAsked::AlreadyYes,
        NotAsked::AlreadyDeclined,
        NotAsked::Ci,
        NotAsked::NoTerminal,
        NotAsked::Background,
        NotAsked::NowhereToStore,
    ] {
        assert_eq!(told(Ok(Answer::NotAsked(reason))), "");
    }
}
