//! The numbers for Prometheus. All labels are from fixed lists, or names of events whose schemas are known.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::arrival::Fate;
use crate::check::Known;
use crate::store::Quarantined;

/// The label of an event whose schema is not known.
pub(super) const UNKNOWN: &str = "(unknown)";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    event: String,
    fate: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: &'static str,
}

/// What the collector counts about itself.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub(super) connections: Gauge,
    schemas: Gauge,
    events: Family<EventLabels, Counter>,
    requests: Family<StatusLabel, Counter>,
    refused: Counter,
    unavailable: Counter,
    store_seconds: Histogram,
    waiting: Waiting,
}

/// What waits for schemas that are not known, and what was deleted without one. All of it is set when it is read.
#[derive(Debug, Default)]
struct Waiting {
    events: Gauge,
    bytes: Gauge,
    kinds: Gauge,
    /// Both are counted in the file, so that they go on after a restart.
    expired: Counter,
    purged: Counter,
}

impl Waiting {
    fn register(&self, registry: &mut Registry) {
        for (name, help, gauge) in [
            ("quarantine_events", "Events that wait for their schemas", &self.events),
            ("quarantine_bytes", "Bytes of their payloads as they were sent", &self.bytes),
            ("quarantine_kinds", "Different names and hashes of schemas that they have", &self.kinds),
        ] {
            registry.register(name, help, gauge.clone());
        }
        for (name, help, counter) in [
            ("quarantine_expired", "Events that waited in vain for as long as they may", &self.expired),
            ("quarantine_purged", "Events that the operator deleted while they waited", &self.purged),
        ] {
            registry.register(name, help, counter.clone());
        }
    }

    fn set(&self, quarantined: Quarantined) {
        let Quarantined { events, bytes, kinds, expired, purged } = quarantined;
        for (gauge, count) in [(&self.events, events), (&self.bytes, bytes), (&self.kinds, kinds)] {
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        // Two requests may set them in either order.
        for (counter, count) in [(&self.expired, expired), (&self.purged, purged)] {
            counter.inner().fetch_max(count, Ordering::Relaxed);
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("telemetry_collector");
        // From a fifth of a millisecond to 3.3 seconds.
        let bounds = std::iter::successors(Some(0.000_2), |bound| Some(bound * 4.0)).take(8);
        let metrics = Self {
            connections: Gauge::default(),
            schemas: Gauge::default(),
            events: Family::default(),
            requests: Family::default(),
            refused: Counter::default(),
            unavailable: Counter::default(),
            store_seconds: Histogram::new(bounds),
            waiting: Waiting::default(),
            registry: Registry::default(),
        };
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("schemas", "Schemas that are known", metrics.schemas.clone());
        registry.register("events", "Events received, by name and fate", metrics.events.clone());
        registry.register("requests", "Requests answered, by class of status", metrics.requests.clone());
        registry.register("over_rate", "Requests of addresses that sent too much", metrics.refused.clone());
        registry.register("unavailable", "Requests that could not be stored", metrics.unavailable.clone());
        let seconds = metrics.store_seconds.clone();
        registry.register_with_unit("store", "Time until events are on disk", Unit::Seconds, seconds);
        metrics.waiting.register(&mut registry);
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// Sets how many schemas are known.
    pub fn knows(&self, known: &Known) {
        let schemas: usize = known.events().map(|(_, schemas)| schemas.len()).sum();
        self.schemas.set(i64::try_from(schemas).unwrap_or(i64::MAX));
    }

    /// Sets what waits for schemas.
    pub(crate) fn waits(&self, quarantined: Quarantined) {
        self.waiting.set(quarantined);
    }

    /// `event` is the name in a known schema.
    pub(super) fn received(&self, event: Option<&str>, fate: Fate) {
        let event = event.unwrap_or(UNKNOWN).to_owned();
        self.events.get_or_create(&EventLabels { event, fate: fate.word() }).inc();
    }

    pub(super) fn answered(&self, status: StatusCode) {
        let status = match status.as_u16() {
            200..300 => "2xx",
            429 => "429",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&StatusLabel { status }).inc();
    }

    pub(super) fn over_rate(&self) {
        self.refused.inc();
    }

    pub(super) fn unavailable(&self) {
        self.unavailable.inc();
    }

    pub(super) fn stored(&self, time: Duration) {
        self.store_seconds.observe(time.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_text_has_fixed_labels() {
        let metrics = Metrics::default();
        metrics.received(Some("init"), Fate::Stored);
        metrics.received(None, Fate::Rejected);
        metrics.answered(StatusCode::ACCEPTED);
        metrics.answered(StatusCode::TOO_MANY_REQUESTS);
        metrics.stored(Duration::from_millis(1));
        metrics.knows(&Known::default());
        metrics.waits(Quarantined { events: 7, bytes: 700, kinds: 2, expired: 3, purged: 4 });
        let text = metrics.text();
        for line in [
            r#"telemetry_collector_events_total{event="init",fate="stored"} 1"#,
            r#"telemetry_collector_events_total{event="(unknown)",fate="rejected"} 1"#,
            r#"telemetry_collector_requests_total{status="2xx"} 1"#,
            r#"telemetry_collector_requests_total{status="429"} 1"#,
            "telemetry_collector_schemas 0",
            "telemetry_collector_quarantine_events 7",
            "telemetry_collector_quarantine_bytes 700",
            "telemetry_collector_quarantine_kinds 2",
            "telemetry_collector_quarantine_expired_total 3",
            "telemetry_collector_quarantine_purged_total 4",
            "telemetry_collector_store_seconds_count 1",
            "# EOF",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn each_metric_is_described_once_before_its_samples() {
        let metrics = Metrics::default();
        metrics.received(None, Fate::Stored);
        metrics.answered(StatusCode::ACCEPTED);
        metrics.stored(Duration::from_millis(1));
        let text = metrics.text();
        let (text, _) = text.split_once("# EOF\n").unwrap();
        let (mut types, mut helps) = (BTreeMap::new(), BTreeSet::new());
        for line in text.lines() {
            if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|line| line.split_once(' ')) {
                assert_eq!(types.insert(name, kind), None, "{line}");
            } else if let Some((name, _)) = line.strip_prefix("# HELP ").and_then(|line| line.split_once(' ')) {
                assert!(helps.insert(name), "{line}");
            } else if !line.starts_with("# UNIT ") {
                let name = line.split(['{', ' ']).next().unwrap();
                let ends =
                    [("_total", "counter"), ("_bucket", "histogram"), ("_sum", "histogram"), ("_count", "histogram")];
                let end = ends.into_iter().find_map(|(end, kind)| Some((name.strip_suffix(end)?, kind)));
                let (name, kind) = end.unwrap_or((name, "gauge"));
                assert!(helps.contains(name) && types.get(name) == Some(&kind), "{line}");
            }
        }
        assert_eq!((types.len(), helps.len()), (12, 12), "{text}");
        assert!(text.ends_with('\n'));
        // These alone say how much there is now.
        let gauges: Vec<_> = types.iter().filter(|(_, kind)| **kind == "gauge").map(|(name, _)| *name).collect();
        let prefix = "telemetry_collector_";
        assert_eq!(
            gauges,
            ["connections", "quarantine_bytes", "quarantine_events", "quarantine_kinds", "schemas"]
                .map(|name| format!("{prefix}{name}"))
        );
    }

    #[test]
    fn what_was_deleted_without_a_schema_never_becomes_less() {
        let metrics = Metrics::default();
        metrics.waits(Quarantined { events: 7, expired: 3, purged: 4, ..Quarantined::default() });
        metrics.waits(Quarantined { events: 1, expired: 2, purged: 4, ..Quarantined::default() });
        let text = metrics.text();
        for line in ["quarantine_events 1", "quarantine_expired_total 3", "quarantine_purged_total 4"] {
            assert!(text.contains(&format!("telemetry_collector_{line}\n")), "{line}\n{text}");
        }
    }
}
