//! `serve`.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::stored::Postponed;
use super::{CommandError, lacks};
use crate::ask::{AskError, Lacking, Readers, lacking};
use crate::check::Known;
use crate::operate::access::mend;
use crate::operate::collector::Collector;
use crate::operate::directory::{Directory, PERIOD};
use crate::operate::settings::Settings;
use crate::operate::signals::{self, Reload};
use crate::operate::stores::{Stores, StoresWriter};
use crate::receive::{Clock, PATH, Receiver, Stop};
use crate::show::{self, Asker};
use crate::store::Retained;

/// How often what is too old is deleted. A day has 24 hours wherever the process was started in it.
const RETAIN_PERIOD: Duration = Duration::from_secs(6 * 60 * 60);

/// How long after it failed. The store can be busy for a moment.
const RETRY: Duration = Duration::from_secs(60);

/// Takes events until it is told to stop.
pub(super) fn serve(settings: Settings, out: &mut impl Write) -> Result<(), CommandError> {
    let (directory, known) = Directory::open(&settings.schemas)
        .map_err(|reason| CommandError::Unknown { directory: settings.schemas.clone(), reason })?;
    let stores = Stores::open(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(settings, directory, known, &stores, out));
    end(runtime, stores);
    served
}

/// What was received is on disk when this returns. A report that is being made still only reads, and is not waited for.
fn end(runtime: Runtime, stores: Stores) {
    stores.close();
    runtime.shutdown_background();
}

async fn run(
    settings: Settings,
    directory: Directory,
    known: Known,
    stores: &Stores,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let (stopper, stop) = Stop::new();
    signals::listen(stopper)?;
    let (address, retention_days, least) = (settings.listen, settings.retention_days, settings.least_installs);
    let schemas = settings.schemas.clone();
    let collector = Collector::bind(settings, known, stores.writer().keep(), Clock::system())
        .await
        .map_err(|error| CommandError::Listen { address, error })?;
    let address = collector.address();
    let shown = if collector.is_closed() {
        tracing::warn!("no token is set, so the page, the API and the metrics are not shown: {}", mend());
        format!("Their numbers are not shown without a token: {}", mend())
    } else {
        format!("Their numbers are at http://{address}/")
    };
    // In one piece, so that who reads the first line can go away.
    let said = format!("Events are taken at http://{address}{PATH}\n{shown}\n");
    out.write_all(said.as_bytes())?;
    out.flush()?;
    tracing::info!(%address, events = collector.receiver().known().events().count(), "listening");
    let lacks = Lacks { directory: schemas, readers: stores.readers() };
    let follow = tokio::spawn(follow(directory, Reload::listen()?, &collector, stores.writer(), lacks));
    let retain = tokio::spawn(retain(stores.writer(), Arc::clone(collector.receiver()), retention_days));
    let asker = Asker::new(stores.readers(), Arc::clone(collector.receiver()), Clock::system(), least);
    let is_finished = collector.serve(show::router(Arc::<Asker>::clone(&asker)), stop).await;
    asker.close();
    follow.abort();
    retain.abort();
    tracing::info!(is_finished, "stopped");
    Ok(())
}

/// What has to be done every few seconds, or at once on SIGHUP.
fn follow(
    mut directory: Directory,
    mut reload: Reload,
    collector: &Collector,
    writer: StoresWriter,
    lacks: Lacks,
) -> impl Future<Output = ()> + use<> {
    let (receiver, metrics) = (Arc::clone(collector.receiver()), Arc::clone(collector.metrics()));
    let store = writer.keep();
    async move {
        let mut ticks = ticks(PERIOD);
        lacks.warn(receiver.known()).await;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = reload.asked() => directory.adopt(),
            }
            if directory.look(&receiver, &metrics, store.as_ref()).await {
                lacks.warn(receiver.known()).await;
            }
        }
    }
}

/// Warns of what is missing in the directory, since pages leave it out.
struct Lacks {
    directory: PathBuf,
    readers: Readers,
}

impl Lacks {
    async fn warn(&self, known: Arc<Known>) {
        if known.events().next().is_none() {
            let directory = self.directory.display();
            tracing::warn!("{directory} has no schemas; `telemetry-collector schemas add FILE` adds them");
        }
        let readers = self.readers.clone();
        let look = move || -> Result<Vec<Lacking>, AskError> { lacking((&readers.open()?).into(), &known) };
        // A store that cannot be read is told by who asks for its numbers.
        let lacking = tokio::task::spawn_blocking(look).await.ok().and_then(Result::ok).unwrap_or_default();
        lacks::warn(&self.directory, lacking);
    }
}

/// Deletes what is too old, at the start and then every few hours.
async fn retain(writer: StoresWriter, receiver: Arc<Receiver>, days: u16) {
    let store = writer.keep();
    let mut ticks = ticks(RETAIN_PERIOD);
    loop {
        ticks.tick().await;
        // Nothing that waits expires if its schema is known.
        let known = if store.quarantined().events == 0 { Ok(()) } else { store.know(receiver.known()).await };
        let retained = match known {
            Ok(()) => writer.retain_in_turn(Clock::system().today(), days).await,
            Err(reason) => Err(reason),
        };
        if let Ok(Retained { postponed_days: days @ 1.., .. }) = retained {
            tracing::warn!("{}", Postponed(days));
        }
        match retained {
            Ok(Retained { events: 0, quarantined: 0, .. }) => {}
            Ok(Retained { events, quarantined, .. }) => {
                if events > 0 {
                    tracing::info!(events, "events older than the retention were deleted");
                }
                if quarantined > 0 {
                    tracing::warn!(
                        events = quarantined,
                        "events were deleted whose schemas did not come in time; `quarantine list` shows what waits still"
                    );
                }
            }
            Err(reason) => {
                tracing::error!("old events could not be deleted: {reason}; it is tried again");
                ticks.reset_after(RETRY);
            }
        }
    }
}

fn ticks(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    #[test]
    fn a_report_that_is_being_made_does_not_hold_up_the_end() {
        let place = tempfile::tempdir().unwrap();
        let settings = Settings { database: place.path().join("events.db"), ..Settings::default() };
        let (runtime, stores) = (Runtime::new().unwrap(), Stores::open(&settings).unwrap());
        let ((begun, has_begun), (ended, has_ended)) = (channel(), channel());
        let (answer, may_answer) = channel::<()>();
        runtime.spawn_blocking(move || {
            begun.send(()).unwrap();
            let _ = may_answer.recv();
        });
        has_begun.recv().unwrap();
        let ending = thread::spawn(move || {
            end(runtime, stores);
            ended.send(()).unwrap();
        });
        assert!(has_ended.recv_timeout(Duration::from_secs(30)).is_ok());
        drop(answer);
        ending.join().unwrap();
    }
}
