//! A server that tells once a day how many searches there were, how they ended, which features they used, and how long they took.

use std::time::{Duration, Instant};
use telemetry::client::Every;
use telemetry::counters::{Buckets, Counter, Gauge, Histogram};
use telemetry::page::Disclosure;
use telemetry::schema::Edges;
use telemetry::testing::snapshot;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

const CONSENT: Consent = Consent::new("ACME", "acme-search");
const RECEIVER: &str = "Acme Inc. (telemetry.acme.example)";
const ENDPOINT: &str = "https://telemetry.acme.example/v1/events";

/// One event in a day for an installation, the first ten minutes after the start or later. An hourly one is `Every::hours(1)`.
const DAILY: Every = Every::hours(24).after(Duration::from_secs(10 * 60)).once_an_install();

/// What a search asks for.
#[derive(Default)]
struct Search {
    filter: Option<String>,
    sort: Vec<String>,
    facets: Vec<String>,
    hybrid: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Succeeded,
    /// It was cut short, and has fewer results.
    Degraded,
    Failed,
}

struct Milliseconds;

impl Buckets for Milliseconds {
    const EDGES: Edges = Edges::new(&[5, 20, 100, 500, 2_000]);
}

/// The searches by one route since the last event.
#[derive(Clone, Default, TelemetrySnapshot)]
struct Searches {
    /// Searches that were answered.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    succeeded: Counter,
    /// Answered ones that were cut short.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    degraded: Counter,
    /// Searches that failed.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    failed: Counter,
    /// Searches with a filter.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    with_filter: Counter,
    /// The terms of all filters together. The receiver divides.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    filter_terms: Counter,
    /// Searches with an order.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    with_sort: Counter,
    /// Searches with facets.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    with_facets: Counter,
    /// Searches by words and by meaning.
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    hybrid: Counter,
    /// How long answers took, in milliseconds.
    took: Histogram<Milliseconds>,
}

impl Searches {
    fn count(&self, search: &Search, ending: Ending, took: Duration) {
        if let Some(filter) = &search.filter {
            self.with_filter.add(1);
            self.filter_terms.add(filter.split(" AND ").count() as u64);
        }
        self.with_sort.add(u64::from(!search.sort.is_empty()));
        self.with_facets.add(u64::from(!search.facets.is_empty()));
        self.hybrid.add(u64::from(search.hybrid));
        if ending == Ending::Failed {
            self.failed.add(1);
            return;
        }
        self.succeeded.add(1);
        self.degraded.add(u64::from(ending == Ending::Degraded));
        self.took.observe(i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
    }
}

/// What the whole service shares. A clone counts together with the others.
#[derive(Clone, Default, TelemetrySnapshot)]
struct Counted {
    /// The route for one search.
    search: Searches,
    /// The route for several searches at once.
    multi_search: Searches,
    /// How many indexes there are now.
    #[telemetry(bucket(1, 10, 100, 1_000))]
    indexes: Gauge,
    /// How many documents there are now.
    #[telemetry(bucket(1_000, 100_000, 10_000_000))]
    documents: Gauge,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "usage")]
struct Usage {
    #[telemetry(flatten)]
    counted: Counted,
    /// How long the service has been up.
    #[telemetry(bucket(1, 24, 168, unit = "h"))]
    uptime: Duration,
}

impl Usage {
    fn of(counted: &Counted, began: Instant) -> Self {
        Self { counted: counted.clone(), uptime: began.elapsed() }
    }
}

/// Publishes what was counted, once in each period.
fn tell(telemetry: &Telemetry, every: Every, counted: &Counted, began: Instant) {
    let counted = counted.clone();
    telemetry.every(every, move || Usage::of(&counted, began));
}

/// Publishes the rest at the end: counters are in memory, and a new process begins at zero.
fn end(telemetry: &Telemetry, counted: &Counted, began: Instant) {
    telemetry.publish(&Usage::of(counted, began));
    telemetry.shutdown(Duration::from_secs(2));
}

fn client() -> Telemetry {
    Telemetry::builder(CONSENT).endpoint(ENDPOINT).receiver(RECEIVER).build()
}

fn page() -> Disclosure {
    Disclosure::new(CONSENT).receiver(RECEIVER).endpoint(ENDPOINT).event::<Usage>()
}

#[test]
fn searches_are_counted_by_how_they_ended_and_what_they_used() {
    let counted = Counted::default();
    let filter = Some("singer = 'anybody' AND year > 1960".to_owned());
    let filtered = Search { filter, facets: vec!["genre".into()], ..Search::default() };
    let hybrid = Search { sort: vec!["price:asc".into()], hybrid: true, ..Search::default() };
    counted.search.count(&filtered, Ending::Succeeded, Duration::from_millis(7));
    counted.search.count(&hybrid, Ending::Degraded, Duration::from_millis(150));
    counted.search.count(&Search::default(), Ending::Failed, Duration::from_millis(1));
    counted.indexes.set(3);
    counted.documents.set(1_200_000);

    let usage = Usage { counted: counted.clone(), uptime: Duration::from_secs(30 * 60 * 60) };
    assert_eq!(
        snapshot(&usage).as_json(),
        concat!(
            r#"{"search":{"succeeded":2,"degraded":1,"failed":1,"with_filter":1,"filter_terms":2,"with_sort":1,"#,
            r#""with_facets":1,"hybrid":1,"took":[{"range":"5-19","count":1},{"range":"100-499","count":1}]},"#,
            r#""multi_search":{"succeeded":0,"degraded":0,"failed":0,"with_filter":0,"filter_terms":0,"with_sort":0,"#,
            r#""with_facets":0,"hybrid":0,"took":[]},"indexes":"1-9","documents":"100000-9999999","uptime":"24-167"}"#,
        ),
    );

    // Of larger numbers, two digits are sent.
    counted.search.succeeded.add(12_345);
    assert!(snapshot(&usage).as_json().starts_with(r#"{"search":{"succeeded":12000,"#));

    // A snapshot ends no window, and neither does an event that is not accepted.
    Telemetry::disabled().publish(&usage);
    assert_eq!(counted.search.succeeded.get(), 12_347);
}

#[test]
fn what_one_event_has_told_the_next_one_does_not_tell_again() {
    let memory = telemetry::sink::Memory::new();
    let consent = Consent::new("ACME_SEARCH", "acme-search").skip_test_check();
    let telemetry = Telemetry::builder(consent).sink(memory.clone()).configured(Some(true)).build();
    let (counted, began) = (Counted::default(), Instant::now());
    tell(&telemetry, DAILY, &counted, began);
    for _ in 0..2 {
        counted.search.count(&Search::default(), Ending::Succeeded, Duration::from_millis(7));
        telemetry.publish(&Usage::of(&counted, began));
    }
    counted.search.count(&Search::default(), Ending::Failed, Duration::from_millis(7));
    end(&telemetry, &counted, began);
    let told = |body: &String| body.contains(r#""search":{"succeeded":1,"#);
    assert_eq!(memory.bodies().iter().map(told).collect::<Vec<_>>(), [true, true, false]);
    assert!(memory.bodies()[2].contains(r#""failed":1,"#), "{:?}", memory.bodies());
    assert!(client().status().heartbeats.is_empty() && page().to_markdown().contains("### Event `usage`"));
}
