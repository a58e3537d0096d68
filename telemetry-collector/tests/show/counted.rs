//! The page of a counted event.

use telemetry_collector::arrival::Day;
use telemetry_collector::ask::report::Count::Shown;
use telemetry_collector::ask::report::{
    Active, Activity, Bar, EventReport, FieldReport, Overview, PeriodSum, Sum, Sums, Values,
};
use telemetry_collector::ask::{AskError, Filter};
use telemetry_collector::show::{Ask, ExportError, export};

use super::fixture::{LEAST, overview, published, report};
use super::pages::Pages;

/// 120 installs that ran something 3,000 times in a week, and containers that did it 1,000 times.
fn sums() -> Sums {
    let of = |first: i32, times, ephemeral, install_days| PeriodSum {
        first: Day(first),
        is_complete: true,
        sum: Sum { times, ephemeral, install_days },
    };
    Sums {
        all: Sum { times: 4_000, ephemeral: 1_000, install_days: 240 },
        days: vec![of(20_766, 1_500, 500, 80), of(20_767, 2_500, 500, 160)],
        weeks: vec![of(20_766, 4_000, 1_000, 240)],
        months: vec![of(20_758, 4_000, 1_000, 240)],
    }
}

fn counted(filter: &Filter, sums: Option<Sums>) -> EventReport {
    let bar = |label: &str, count| Bar { label: label.to_owned(), count: Shown(count) };
    let (words, yes, no) = (vec![bar("build", 3_400), bar("test", 600)], Shown(3_900), Shown(100));
    let field = |path: &str, values| FieldReport {
        path: path.to_owned(),
        purpose: String::new(),
        kind: "tag".to_owned(),
        unit: None,
        sent: Shown(4_000),
        absent: Shown(0),
        without: Shown(0),
        values,
    };
    let lengths = vec![bar("0", 1), bar("1", 3_999)];
    let active = Active {
        first: Day(20_766),
        is_complete: true,
        installs: Shown(120),
        new: Some(Shown(20)),
        returning: Some(Shown(100)),
        versions: Vec::new(),
    };
    EventReport {
        event: "command".to_owned(),
        events: Shown(300),
        installs: Shown(120),
        is_counted: true,
        sums,
        activity: Activity { days: Vec::new(), weeks: vec![active], months: Vec::new() },
        fields: vec![
            field("name", Values::Words { bars: words }),
            FieldReport { absent: Shown(1_000), ..field("by_hand", Values::Share { yes, no }) },
            field("retries", Values::Ranges { bars: lengths }),
        ],
        ..report(filter)
    }
}

struct Counted(Option<Sums>);

impl Ask for Counted {
    fn overview(&self) -> Result<Overview, AskError> {
        let mut all = overview();
        all.events[0].is_counted = true;
        Ok(all)
    }

    fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        Ok(Some(counted(filter, self.0.clone())))
    }
}

/// The text of a page, without its tags.
pub(super) fn text(page: &str) -> String {
    let parts = page.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text));
    parts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

const QUERY: &str = "/events/command?rows=os&columns=database.engine";

#[test]
fn a_counted_event_is_told_in_times_and_not_in_installs() {
    let pages = Pages::new(Counted(Some(sums())));
    let page = pages.get(QUERY).body;
    let text = text(&page);
    for said in [
        "Times 4,000 1,000 of them by ephemeral ids, 25%",
        "Times an active install and day 12.5 ",
        "Events, one a day for equal ones 300 ",
        "How often",
        "Times a day",
        "By ephemeral ids",
        "9 Nov 2026 1,500 12.5 ",
        "Times, and their share of the row.",
        "All events that pass the filter, each as often as it happened.",
        "Value Bar Times Share build 3,400 85% test 600 15%",
        "sent 4,000 times (100%)",
        "Value Times Share true 3,900 ",
        "Range Times 0 1 1 3,999",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(page.contains("most often 1 (3,999 times)"), "{page}");
    assert!(page.contains("Times a week. Last complete, from 9 Nov: 4,000 times"), "{page}");
    assert!(text.contains("Active installs a week") && !text.contains("latest event of each install"), "{text}");
    let plain = pages.get("/events/command").body;
    assert!(plain.contains("counts only the events which have it"), "{plain}");
    let json: serde_json::Value = serde_json::from_str(&pages.get(&format!("/api/v1{QUERY}")).body).unwrap();
    assert_eq!(json["sums"]["all"]["per_install_and_day"], 12.5);
    assert!(self::text(&pages.get("/").body).contains("init (counted by day)"));
}

#[test]
fn a_page_that_hides_small_counts_says_that_it_tells_no_sums() {
    let page = Pages::new(Counted(None)).get(QUERY).body;
    let text = text(&page);
    for said in [
        "How often it happened is not told where small counts are hidden",
        "Installs, and their share of the row.",
        "Value Bar Installs Share build 3,400 ",
        "The latest event of each install.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Times"), "{text}");
}

#[test]
fn sums_are_not_published() {
    let place = tempfile::tempdir().unwrap();
    let with = |sums| published(vec![EventReport { least: LEAST, ..counted(&Filter::default(), sums) }]);
    assert!(matches!(export(place.path(), &with(Some(sums()))), Err(ExportError::TooExact)));
    export(place.path(), &with(None)).unwrap();
    let page = std::fs::read_to_string(place.path().join("events/command.html")).unwrap();
    assert!(page.contains("is not told where small counts are hidden") && !page.contains("Times"), "{page}");
}
