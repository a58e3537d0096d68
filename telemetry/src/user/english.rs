//! Parts of English sentences.

use crate::client::{Counts, Loss, Problem};
use crate::sink::Obstacle;

/// What keeps events from being sent, as a sentence.
pub(super) fn obstacle(obstacle: Obstacle) -> String {
    let why = match obstacle {
        // These variables are read only where certificates are files.
        Obstacle::NoCertificates if cfg!(any(windows, target_vendor = "apple", target_os = "android")) => {
            "this machine has no certificates to check the receiver by"
        }
        Obstacle::NoCertificates => {
            "this machine has no certificates to check the receiver by, or `SSL_CERT_FILE` or `SSL_CERT_DIR` leads to none"
        }
        Obstacle::NoAddress => "the address of the receiver, or of the proxy, was not found",
        // Which of the two it is cannot be told then.
        Obstacle::NoConnection if cfg!(all(feature = "native-tls", not(feature = "rustls"))) => {
            "the receiver could not be reached, directly or through the proxy that the environment names, or its certificate is not trusted"
        }
        Obstacle::NoConnection => {
            "the receiver could not be reached, directly or through the proxy that the environment names"
        }
        Obstacle::Tls => "the connection could not be encrypted, or the certificate is not trusted",
        Obstacle::TimedOut => "no answer came in time",
        Obstacle::NoAnswer => "the connection ended before an answer came, or the answer was not one of HTTP",
        Obstacle::Answer(status) => return format!("The last attempt to send failed: the receiver answered {status}."),
        Obstacle::Clock => "the clock shows a time before 1970",
        Obstacle::Shortage => "the system had no memory, thread or file left",
        Obstacle::ChoiceUnreadable => return "Nothing is sent as long as the stored choice cannot be read.".to_owned(),
        Obstacle::DeletionUnprepared => {
            "the file `telemetry-deletion` beside the choice could not be read or written, so no request to delete what is sent could follow a no"
        }
        Obstacle::Other => "the reason is not known",
    };
    format!("The last attempt to send failed: {why}.")
}

/// Why events cannot be kept on disk.
pub(super) const fn why_not_kept(problem: Problem) -> &'static str {
    match problem {
        Problem::NoDirectory => "there is no directory for them, because HOME is not set or names none",
        Problem::NotPermitted => "their directory cannot be written, or others can write to it",
        Problem::FileUnusable => "the file `salt` in their directory cannot be used",
        Problem::Full => "the limit for waiting events was reached",
        Problem::Busy => "another program was changing the files",
        Problem::DiskFull => "the disk was full",
        Problem::Other => "the system refused it",
    }
}

/// Why what is sent cannot be recorded.
pub(super) const fn why_not_recorded(problem: Problem) -> &'static str {
    match problem {
        Problem::NoDirectory => "there is no directory for it, because HOME is not set or names none",
        Problem::NotPermitted => "its directory cannot be written, or others can write to it",
        Problem::FileUnusable => "the file `sent.ndjson` in its directory cannot be used",
        Problem::DiskFull => "the disk was full",
        Problem::Full | Problem::Busy | Problem::Other => "the system refused it",
    }
}

/// Why events were lost.
pub(super) const fn why_lost(loss: Loss) -> &'static str {
    match loss {
        Loss::FromSubscriber => "the application publishes what telemetry reports",
        Loss::NeedsConsent => "the user has not agreed to what is new in them",
        Loss::SnapshotInvalid => "the application described them wrongly",
        Loss::SnapshotPanicked => "the application failed while it described them",
        Loss::OverBudget => "they could have revealed more than the application allows",
        Loss::NotConfigured => "there is nowhere to send them",
        Loss::QueueFull => "too many were waiting",
        Loss::CountFull => "too many were counted that day",
        Loss::ShutDown => "telemetry had already ended",
        Loss::NoWorker => "the system had no thread left",
        Loss::Refused => "the receiver refused them",
        Loss::Undelivered => "the receiver took none, and they could not be kept on disk",
        Loss::SinkPanicked => "the application failed while it sent them",
        Loss::Ended => "the program ended, and they could not be kept on disk",
        Loss::ChoiceUnreadable => "the stored choice could not be read",
        Loss::ConsentWithdrawn => "the user said no",
    }
}

pub(super) fn counted(count: u64, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

pub(super) fn events(count: u64) -> String {
    counted(count, "event", "events")
}

pub(super) fn lines(count: u64) -> String {
    counted(count, "line", "lines")
}

pub(super) fn waiting(events: usize) -> String {
    counted(events as u64, "event is waiting to be sent", "events are waiting to be sent")
}

pub(super) fn outcomes(counts: &Counts) -> String {
    let all = [
        (counts.delivered(), "sent"),
        (counts.spooled(), "left on disk"),
        (counts.counted(), "counted"),
        (counts.pending(), "waiting"),
        (counts.dropped(), "lost"),
    ];
    let all: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, outcome)| format!("{count} {outcome}")).collect();
    all.join(", ")
}
