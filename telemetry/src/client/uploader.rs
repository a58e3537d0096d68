use std::time::Duration;

use super::builder::Builder;
use super::handle::Telemetry;
use crate::consent::Consent;
use crate::delivery::{self, Task, finish, lock, repeat};
use crate::storage::StateDirectory;

/// Sends events that short-lived programs left on disk, if this process was started for that. Otherwise it returns at once, after reading
/// one variable. Call it in the first line of `main`, for [`Upload::Detached`](super::Upload::Detached).
///
/// ```no_run
/// use telemetry::client::Upload;
/// use telemetry::{Consent, Telemetry};
///
/// fn main() {
///     telemetry::run_uploader();
///     let telemetry = Telemetry::builder(Consent::new("ACME", "acme"))
///         .endpoint("https://telemetry.acme.dev/v1/events")
///         .upload(Upload::Detached)
///         .build();
///     // …
/// }
/// ```
///
/// A process started for uploading ignores its arguments, prints nothing, and exits here within 30 seconds. It recognizes its role by the
/// variable `TELEMETRY_UPLOADER`, whose value names the pipe on its standard input. A value set by hand therefore has no effect.
pub fn run_uploader() {
    if !cfg!(telemetry_off) {
        delivery::run(send);
    }
}

fn send(task: Task, left: &dyn Fn() -> Duration) -> Option<()> {
    // The leaked strings live as long as the process, which does nothing else.
    let consent = Consent::new(task.prefix.leak(), task.application.leak()).configured(task.configured);
    let consent = if task.skip_test_check { consent.skip_test_check() } else { consent };
    let consent = if task.asks_for_deletion { consent.with_deletion_request() } else { consent };
    let live = consent.live();
    if !live.decision().enabled {
        return None;
    }
    let state = StateDirectory::find(consent.application())?;
    let mut only_one = lock(&state)?;
    let mut builder = Builder::new(consent).endpoint(&task.endpoint).batches(task.batches).with_form(task.form);
    if let Some(facts) = &task.app {
        builder = builder.app(facts.into());
    }
    for (name, value) in &task.headers {
        builder = builder.header(name, value);
    }
    let telemetry: Telemetry = builder.build();
    repeat(left, |left| telemetry.send_recovered(left));
    telemetry.shutdown(Duration::from_secs(1));
    if live.is_withdrawn() {
        // The file is not deleted while it is held, so that a second uploader never runs beside this one.
        drop(only_one);
        live.erase_if_withdrawn(&state).then_some(())
    } else {
        finish(&mut only_one).ok()
    }
}
