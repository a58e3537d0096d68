//! Numbers whose bounds are rounded before they are sent.

use std::sync::Arc;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::ask::Filter;
use telemetry_collector::ask::report::{Bar, Count, EventReport, Values};
use telemetry_collector::check::{Known, KnownSchema};

use super::fixture::{Asked, TODAY, write};
use super::truth::n;

#[derive(TelemetrySnapshot)]
struct Listening {
    by_hand: bool,
    #[telemetry(number(min = 1_024, max = 65_535, digits = 1))]
    port: u32,
    #[telemetry(number(min = -65_535, max = -1_024, digits = 1))]
    offset: i32,
    #[telemetry(each(max = 4))]
    all: Vec<Socket>,
}

#[derive(TelemetrySnapshot)]
struct Socket {
    #[telemetry(number(min = 1_024, max = 65_535, digits = 1))]
    port: u32,
}

/// Events with these ports, one of each installation.
fn listening() -> (Asked, Known) {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    let schema = || Released::of(&Listening::SCHEMA);
    write(home.path(), "listening", "0.1.0", "2026-01-01", &schema());
    let listening = Arc::new(KnownSchema::new("listening", "0.1.0", "2026-01-01", schema()));
    let arrivals = [80, 1_024, 1_999, 8_080].into_iter().zip(0..).map(|(port, install)| {
        let offset = -i32::try_from(port).unwrap();
        let event = Listening { by_hand: install > 0, port, offset, all: vec![Socket { port }] };
        let payload = telemetry::Snapshot::of(&event).unwrap();
        asked.event(&listening, asked.envelope(install, TODAY), payload.as_json())
    });
    asked.write(arrivals.collect());
    (asked, Known::read(home.path()).unwrap())
}

fn report((asked, known): &(Asked, Known), query: &str) -> EventReport {
    asked.both.event(known, "listening", &Filter::parse(query).unwrap(), TODAY, 0).unwrap().unwrap()
}

fn bars(report: &EventReport, path: &str) -> Vec<Bar> {
    let field = report.fields.iter().find(|field| field.path == path).unwrap();
    match &field.values {
        Values::Ranges { bars } => bars.clone(),
        Values::Items { within, .. } => within[0].bars.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bound_that_is_rounded_is_in_a_range() {
    let report = report(&listening(), "rows=port&columns=by_hand");
    let number = |bar: &Bar| if let Count::Shown(count) = bar.count { count } else { 0 };
    for path in ["port", "offset", "all"] {
        let bars = bars(&report, path);
        assert_eq!(bars.iter().map(number).sum::<u64>(), 4, "{path}: {bars:?}");
    }
    let ports = bars(&report, "port");
    assert_eq!((ports[0].label.as_str(), ports[0].count), ("1000-1999", n(3)));
    let cross = report.cross.unwrap();
    assert_eq!((cross.rows.last(), cross.row_sums.last()), (Some(&None), Some(&n(0))));
}

#[test]
fn a_bound_that_is_rounded_can_be_asked_for() {
    let listening = listening();
    let first = bars(&report(&listening, ""), "port")[0].label.clone();
    assert_eq!(report(&listening, &format!("where=port:{first}")).installs, n(3));
}
