use std::time::Duration;

use super::builder::Builder;
use super::handle::Telemetry;
use crate::consent::Consent;
use crate::delivery::{self, Task, finish, lock, repeat};
use crate::storage::StateDirectory;

/// Sends what short programs have left on disk, if this process was started for that; otherwise returns at once, at the cost of reading
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
/// A process that was started for it makes no use of its arguments, prints nothing, and ends here within 30 seconds. It knows itself by
/// the variable `TELEMETRY_UPLOADER`, whose value names the pipe on its standard input, so that a value which somebody sets has no effect.
pub fn run_uploader() {
    if !cfg!(telemetry_off) {
        delivery::run(send);
    }
}

fn send(task: Task, left: &dyn Fn() -> Duration) -> Option<()> {
    // It lives as long as the process, which does nothing else.
    let consent = Consent::new(task.prefix.leak(), task.application.leak()).configured(task.configured);
    let consent = if task.skip_test_check { consent.skip_test_check() } else { consent };
    let live = consent.live();
    if !live.decision().enabled {
        return None;
    }
    let state = StateDirectory::find(consent.application())?;
    let mut only_one = lock(&state)?;
    let mut builder = Builder::new(consent).endpoint(&task.endpoint);
    for (name, value) in &task.headers {
        builder = builder.header(name, value);
    }
    let telemetry: Telemetry = builder.build();
    repeat(left, |left| telemetry.send_recovered(left));
    telemetry.shutdown(Duration::from_secs(1));
    if live.holds() {
        finish(&mut only_one).ok()
    } else {
        // The file was not deleted as long as it was held, so that there is never a second one beside it.
        drop(only_one);
        if live.is_withdrawn() { state.erase().ok() } else { None }
    }
}
