//! A collector that a simulation has sent to.

use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

use telemetry_collector::arrival::Day;
use telemetry_collector::ask::Filter;
use telemetry_collector::ask::report::{EventReport, Overview};
use telemetry_collector::check::Known;
use telemetry_collector::demo::{self, Calendar, DAYS, Plan, Record};
use telemetry_collector::operate::{Collector, Settings};
use telemetry_collector::receive::Stop;

use crate::clickhouse::both::Both;

/// A simulation that is over, and what it left.
pub(super) struct Demo {
    pub(super) record: Record,
    known: Known,
    both: Both,
    place: TempDir,
}

impl Demo {
    /// Simulates so many installations.
    pub(super) fn new(installs: usize, seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        let schemas = place.path().join("schemas");
        demo::write_schemas(&schemas).unwrap();
        let known = || Known::read(&schemas).unwrap();
        let both = Both::open(&place.path().join("telemetry.sqlite"));
        let mut settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
        settings.limits.events_per_second = 1_000_000;
        settings.limits.burst = 1_000_000;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let calendar = Calendar::default();
        let collector = Collector::bind(settings, known(), both.keep(), calendar.clock());
        let collector = runtime.block_on(collector).unwrap();
        let (address, (stopper, stop)) = (collector.address(), Stop::new());
        let served = runtime.spawn(collector.serve(axum::Router::new(), stop));
        let record = demo::run(&Plan::new(installs, seed), address, &calendar, |_, _| {}).unwrap();
        stopper.stop();
        runtime.block_on(served).unwrap();
        Self { record, known: known(), both, place }
    }

    pub(super) fn database(&self) -> Connection {
        self.both.store.reader().unwrap()
    }

    pub(super) fn file(&self) -> Vec<u8> {
        std::fs::read(self.path()).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.place.path().join("telemetry.sqlite")
    }

    /// The collector's numbers of an event.
    pub(super) fn event(&self, event: &str, query: &str) -> EventReport {
        let filter = Filter::parse(query).unwrap();
        self.both.event(&self.known, event, &filter, today(), 0).unwrap().unwrap()
    }

    pub(super) fn overview(&self) -> Overview {
        self.both.overview(&self.known, today(), 0)
    }

    /// Deletes an installation as an operator does, while the database is open, and forgets it in the record as well.
    pub(super) fn delete(&mut self, anonymous_id: &str) {
        let of_file = vec!["--database".to_owned(), self.path().to_str().unwrap().to_owned()];
        for arguments in [of_file].into_iter().chain(self.both.engine_arguments()) {
            let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry-collector"));
            command.args(["delete", anonymous_id]).args(arguments).env_clear();
            let output = command.output().unwrap();
            let events = self.record.sent.iter().filter(|sent| sent.anonymous_id == anonymous_id).count();
            assert!(output.status.success() && events > 0, "{output:?}");
        }
        self.record.sent.retain(|sent| sent.anonymous_id != anonymous_id);
    }
}

pub(super) fn today() -> Day {
    Calendar::day(DAYS - 1)
}
