//! `--demo`.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use clap::ArgMatches;
use tokio::sync::oneshot;
use tracing::level_filters::LevelFilter;

use super::CommandError;
use super::progress::Progress;
use super::stored::StoredError;
use crate::check::Known;
use crate::demo::{self, Calendar, DAYS, DemoError, Plan, Record};
use crate::operate::access::mend;
use crate::operate::collector::Collector;
use crate::operate::settings::{Loaded, Settings, Source};
use crate::operate::{arguments, log, signals};
use crate::receive::{PATH, Stop};
use crate::show::{self, Asker};
use crate::store::Store;

/// All simulated clients have one address, so that its rate must be none.
const EVENTS_PER_SECOND: u32 = 1_000_000;

/// Simulates installations that send to a collector, and serves their numbers until it is told to stop.
///
/// Its files are in a directory of its own, which is deleted in the end, unless a flag names the database, which must not exist yet. So nothing
/// simulated comes among real events.
pub(super) fn demo(
    matches: &ArgMatches,
    environment: Vec<(String, String)>,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let installs = matches.get_one::<u32>("installs").copied().and_then(|installs| usize::try_from(installs).ok());
    let seed = matches.get_one::<u64>("seed").copied();
    let Loaded { mut settings, sources } = Loaded::read(&arguments::flags(matches), environment)?;
    if !sources.contains_key("log-level") {
        settings.log_level = LevelFilter::WARN;
    }
    log::begin(&settings);
    let place = tempfile::Builder::new().prefix("telemetry-demo-").tempdir()?;
    settings.schemas = place.path().join("schemas");
    if sources.get("database") != Some(&Source::Flag) {
        settings.database = place.path().join("telemetry.sqlite");
    } else if settings.database.exists() {
        return Err(CommandError::Exists(settings.database));
    }
    settings.limits.events_per_second = EVENTS_PER_SECOND;
    settings.limits.burst = EVENTS_PER_SECOND;
    demo::write_schemas(&settings.schemas)?;
    let known = known(&settings.schemas)?;
    let store = Store::open(&settings.database).map_err(StoredError::Open)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let plan = Plan::new(installs.unwrap_or_default(), seed.unwrap_or_default());
    let served = runtime.block_on(run(settings, known, plan, &store, out));
    store.close();
    served
}

fn known(directory: &Path) -> Result<Known, CommandError> {
    Known::read(directory).map_err(|reason| CommandError::Unknown { directory: directory.to_owned(), reason })
}

async fn run(
    settings: Settings,
    known: Known,
    plan: Plan,
    store: &Store,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let (stopper, stop) = Stop::new();
    signals::listen(stopper)?;
    let (calendar, address, least) = (Calendar::default(), settings.listen, settings.least_installs);
    let collector = Collector::bind(settings, known, Arc::new(store.writer()), calendar.clock())
        .await
        .map_err(|error| CommandError::Listen { address, error })?;
    let address = collector.address();
    let page = if collector.is_closed() {
        format!("The page is not shown without a token: {}.", mend())
    } else {
        format!("The page is at http://{address}/ until Ctrl-C ends the demonstration.")
    };
    let asker = Asker::new(store.readers(), Arc::clone(collector.receiver()), calendar.clock(), least);
    let shown = show::router(Arc::<Asker>::clone(&asker));
    // A message that cannot be shown is not worth a failure.
    let _ = writeln!(
        std::io::stderr(),
        "{} starts of the application are simulated; their events go to http://{address}{PATH}, and the page fills meanwhile. {page}",
        plan.runs()
    );
    let (answer, simulated) = oneshot::channel();
    // If the program is told to stop first, it ends with the simulation on its way.
    thread::spawn(move || answer.send(simulate(&plan, address, &calendar)));
    let mut served = tokio::spawn(collector.serve(shown, stop));
    tokio::select! {
        _ = &mut served => return Ok(()),
        simulated = simulated => {
            simulated.unwrap_or(Err(DemoError::Undelivered))?;
        }
    }
    writeln!(out, "{page}")?;
    out.flush()?;
    let _ = served.await;
    asker.close();
    Ok(())
}

fn simulate(plan: &Plan, address: std::net::SocketAddr, calendar: &Calendar) -> Result<Record, DemoError> {
    let begin = Instant::now();
    let progress = Progress::new(usize::try_from(DAYS).unwrap_or_default(), 7);
    demo::run(plan, address, calendar, |day, starts| {
        let (week, seconds) = (day.div_ceil(7), begin.elapsed().as_secs());
        progress.is_at(day, &format!("week {week} of 12, {starts} starts of the application, {seconds} s"));
    })
}
