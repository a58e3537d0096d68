//! Reports with everything that a page can show, and what answers with them.

use telemetry_collector::arrival::Day;
use telemetry_collector::ask::report::Count::{Hidden, Shown};
use telemetry_collector::ask::report::{
    Active, Activity, Bar, Choice, Cohort, Count, Cross, EventReport, EventSummary, FieldReport, Overview, Values,
    Within,
};
use telemetry_collector::ask::{AskError, Filter, FilterError, Published};
use telemetry_collector::show::Ask;

/// Friday, 2026-11-27.
const TODAY: i32 = 20_784;
/// Monday of that week.
const MONDAY: i32 = TODAY - 4;
const WEEKS: i32 = 12;

pub(crate) const LEAST: u64 = 20;

/// Knows the events `init`, which has come, and `migrated`, which has not.
pub(crate) struct Fixture;

impl Ask for Fixture {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(overview())
    }

    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        if filter.conditions.iter().any(|condition| condition.path == "unknown") {
            return Err(FilterError::UnknownField { key: "where" }.into());
        }
        Ok(match event {
            "init" => Some(report(filter)),
            "migrated" => Some(empty("migrated")),
            _ => None,
        })
    }
}

/// Knows no schema.
pub(crate) struct Nothing;

impl Ask for Nothing {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(Overview {
            today: Day(TODAY),
            least: 0,
            since: Day(TODAY),
            until: Day(TODAY),
            counted_since: Day(TODAY),
            events: Vec::new(),
            activity: Activity::default(),
        })
    }

    fn event(&self, _: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
        Ok(None)
    }
}

/// Cannot read its database.
pub(crate) struct Broken;

impl Ask for Broken {
    fn overview(&self) -> Result<Overview, AskError> {
        Err(AskError::Read(rusqlite::Error::InvalidQuery))
    }

    fn event(&self, _: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
        Err(AskError::Read(rusqlite::Error::InvalidQuery))
    }
}

pub(crate) fn overview() -> Overview {
    let summary = |event: &str, events, installs, versions: &[&str]| EventSummary {
        event: event.to_owned(),
        events,
        installs,
        versions: versions.iter().map(|version| (*version).to_owned()).collect(),
        is_counted: false,
    };
    Overview {
        today: Day(TODAY),
        least: LEAST,
        since: Day(TODAY - 7 * WEEKS),
        until: Day(TODAY),
        counted_since: Day(TODAY - 7 * WEEKS),
        events: vec![
            summary("init", Shown(184_220), Shown(9_412), &["1.0.0", "1.1.0", "1.2.0", "2.0.0"]),
            summary("migrated", Shown(0), Shown(0), &["1.2.0"]),
            summary("sign_in.failed", Hidden, Hidden, &["2.0.0"]),
        ],
        activity: activity(false),
    }
}

/// What is published of these events.
pub(crate) fn published(events: Vec<EventReport>) -> Published {
    let until = Day(MONDAY - 8);
    let complete = |activity: Activity| {
        let complete = |all: Vec<Active>| all.into_iter().filter(|active| active.is_complete).collect();
        Activity { days: Vec::new(), weeks: complete(activity.weeks), months: complete(activity.months) }
    };
    let event = |report: EventReport| EventReport {
        until,
        counted_since: Day(until.0 - 6),
        choices: Vec::new(),
        activity: complete(report.activity),
        cross: None,
        ..report
    };
    let all = overview();
    let overview = Overview { until, counted_since: Day(until.0 - 6), activity: complete(all.activity), ..all };
    Published { overview, events: events.into_iter().map(event).collect() }
}

/// An event that has not come.
pub(crate) fn empty(event: &str) -> EventReport {
    EventReport {
        event: event.to_owned(),
        today: Day(TODAY),
        least: LEAST,
        since: Day(TODAY),
        until: Day(TODAY),
        counted_since: Day(TODAY),
        events: Shown(0),
        ephemeral: Shown(0),
        installs: Shown(0),
        choices: vec![choice("version", &["1.2.0"])],
        activity: Activity::default(),
        retention: Vec::new(),
        is_counted: false,
        sums: None,
        fields: Vec::new(),
        cross: None,
    }
}

pub(crate) fn report(filter: &Filter) -> EventReport {
    EventReport {
        event: "init".to_owned(),
        since: Day(TODAY - 7 * WEEKS),
        counted_since: Day(TODAY - 7 * WEEKS),
        events: Shown(184_220),
        ephemeral: Shown(21_870),
        installs: Shown(9_412),
        choices: vec![
            choice("version", &["1.0.0", "1.1.0", "1.2.0", "2.0.0"]),
            choice("database.engine", &["postgres", "mysql", "sqlite", "mssql", "mongodb"]),
            choice("os", &["linux", "macos", "windows", "other"]),
            choice("email_and_password.is_enabled", &["true", "false"]),
        ],
        activity: activity(true),
        retention: (0..10).map(cohort).collect(),
        fields: fields(),
        cross: filter.cross.as_ref().map(|(rows, columns)| cross(rows, columns)),
        ..empty("init")
    }
}

fn choice(path: &str, values: &[&str]) -> Choice {
    Choice { path: path.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

/// Grows slowly, with a weekly rhythm.
fn at(day: i32) -> u64 {
    let age = u64::try_from(7 * WEEKS - (TODAY - day)).unwrap_or(0);
    let weekend = if (day + 3).rem_euclid(7) >= 5 { 5 } else { 10 };
    (30 + age * 18) * weekend / 10
}

fn activity(by_version: bool) -> Activity {
    let day = |back: i32| Active {
        first: Day(TODAY - back),
        is_complete: back >= 8,
        installs: if back == 7 * WEEKS { Hidden } else { Shown(at(TODAY - back)) },
        new: Some(Hidden),
        returning: Some(Hidden),
        versions: Vec::new(),
    };
    let week = |back: i32| {
        let total = 3 * at(MONDAY - 7 * back + 4);
        let new = if back == WEEKS { total } else { total / 5 };
        let is_known = back < WEEKS - 1;
        let (new, returning) = if back == 6 { (Hidden, Hidden) } else { (Shown(new), Shown(total - new)) };
        Active {
            first: Day(MONDAY - 7 * back),
            is_complete: back >= 2,
            installs: if back == WEEKS - 1 { Hidden } else { Shown(total) },
            new: is_known.then_some(new),
            returning: is_known.then_some(returning),
            versions: if by_version { versions(back, total) } else { Vec::new() },
        }
    };
    let month = |(back, first, installs): (u64, i32, u64)| Active {
        first: Day(first),
        is_complete: back >= 1,
        installs: Shown(installs),
        new: Some(Shown(installs / 3)),
        returning: Some(Shown(installs - installs / 3)),
        versions: Vec::new(),
    };
    Activity {
        days: (0..=7 * WEEKS).rev().map(day).collect(),
        weeks: (0..=WEEKS).rev().map(week).collect(),
        months: [(3, 20_666, 140), (2, 20_697, 4_830), (1, 20_727, 8_105), (0, 20_758, 9_020)].map(month).into(),
    }
}

fn versions(back: i32, total: u64) -> Vec<Bar> {
    let newest = if back < 4 { total * u64::try_from(4 - back).unwrap_or(0) / 5 } else { 0 };
    let third = if back < 8 { (total - newest) * 3 / 5 } else { 0 };
    let rest = total - newest - third;
    let small = if back == 3 { [Hidden, Hidden] } else { [Shown(rest / 3), Shown(rest - rest / 3)] };
    bars(&[("1.0.0", small[0]), ("1.1.0", small[1]), ("1.2.0", Shown(third)), ("2.0.0", Shown(newest))])
}

fn cohort(at: i32) -> Cohort {
    let later = (1..10 - at).map(|week| {
        let shown = 400 * 10 / (10 + 6 * u64::try_from(week).unwrap_or(0));
        if at == 3 && week > 4 { Hidden } else { Shown(shown) }
    });
    Cohort { first: Day(MONDAY - 7 * (WEEKS - at)), size: Shown(400), later: later.collect() }
}

fn bars(all: &[(&str, Count)]) -> Vec<Bar> {
    all.iter().map(|(label, count)| Bar { label: (*label).to_owned(), count: *count }).collect()
}

fn field(path: &str, kind: &str, purpose: &str, (sent, absent): (u64, u64), values: Values) -> FieldReport {
    FieldReport {
        path: path.to_owned(),
        purpose: purpose.to_owned(),
        kind: kind.to_owned(),
        unit: None,
        sent: Shown(sent),
        absent: Shown(absent),
        without: Shown(0),
        values,
    }
}

fn fields() -> Vec<FieldReport> {
    let engines = bars(&[
        ("postgres", Shown(5_120)),
        ("mysql", Shown(1_870)),
        ("sqlite", Shown(1_240)),
        ("mssql", Hidden),
        ("mongodb", Hidden),
    ]);
    let plugins =
        ["two_factor", "passkey", "organization", "admin", "magic_link", "anonymous", "username", "sso", "siwe"];
    let plugins: Vec<(&str, Count)> = plugins
        .iter()
        .enumerate()
        .map(|(at, word)| (*word, Shown([4_100, 2_950, 1_400, 22][at.min(3)] * u64::from(at < 4))))
        .collect();
    let minutes = [
        ("0", 120),
        ("1-4", 610),
        ("5-9", 1_830),
        ("10-19", 3_290),
        ("20-49", 2_410),
        ("50-99", 800),
        ("100 and more", 352),
    ];
    let minutes: Vec<(&str, Count)> = minutes.iter().map(|(label, count)| (*label, Shown(*count))).collect();
    let os = [("linux", Shown(6_900)), ("macos", Shown(1_800)), ("windows", Shown(690)), ("other", Shown(22))];
    let weeks = (0..=WEEKS).rev().map(|back| versions(back, 900).iter().map(|bar| bar.count).collect()).collect();
    let age = FieldReport {
        unit: Some("minutes".to_owned()),
        ..field(
            "session.expires_in",
            "range",
            "How long a session lives, to choose a better default.",
            (9_412, 0),
            Values::Ranges { bars: bars(&minutes) },
        )
    };
    vec![
        field(
            "database.engine",
            "word",
            "Which database is used, to decide which ones are tested.",
            (8_270, 1_142),
            Values::Words { bars: engines },
        ),
        field("os", "word", "The operating system.", (9_412, 0), Values::Words { bars: bars(&os) }),
        field(
            "email_and_password.is_enabled",
            "flag",
            "Whether users can sign in with a password.",
            (9_412, 0),
            Values::Share { yes: Shown(7_205), no: Shown(2_207) },
        ),
        field("account.links_are_trusted", "presence", "", (9_412, 0), Values::Share { yes: Hidden, no: Hidden }),
        field(
            "plugins",
            "words",
            "The plugins that are switched on.",
            (6_600, 2_812),
            Values::Sets { bars: bars(&plugins) },
        ),
        age,
        field(
            "framework.version",
            "version",
            "The version of the framework.",
            (9_412, 0),
            Values::Versions {
                bars: bars(&[
                    ("1.0.0", Shown(140)),
                    ("1.1.0", Shown(760)),
                    ("1.2.0", Shown(3_112)),
                    ("2.0.0", Shown(5_400)),
                ]),
                weeks,
            },
        ),
        field(
            "social_providers",
            "list",
            "The providers that users can sign in with.",
            (9_412, 0),
            Values::Items {
                lengths: bars(&[
                    ("0", Shown(4_000)),
                    ("1", Shown(3_000)),
                    ("2-4", Shown(2_012)),
                    ("5 and more", Shown(400)),
                ]),
                within: vec![
                    Within {
                        path: "name".to_owned(),
                        bars: bars(&[
                            ("github", Shown(4_210)),
                            ("google", Shown(3_922)),
                            ("apple", Shown(760)),
                            ("gitlab", Shown(0)),
                        ]),
                        versions: 0,
                    },
                    Within {
                        path: "has_scopes".to_owned(),
                        bars: bars(&[("true", Shown(900)), ("false", Shown(4_512))]),
                        versions: 0,
                    },
                ],
                untold: 0,
            },
        ),
        field(
            "a_name_of_sixty_four_bytes_which_is_the_longest_that_there_can_be",
            "word",
            "A purpose of the author <script>alert(1)</script> & \"more\" of it.",
            (9_412, 0),
            Values::Words {
                bars: bars(&[("a_word_of_sixty_four_bytes_which_is_the_longest_that_there_can_be", Shown(9_412))]),
            },
        ),
    ]
}

fn cross(rows: &str, columns: &str) -> Cross {
    let text = |value: &str| Some(value.to_owned());
    Cross {
        row_path: rows.to_owned(),
        column_path: columns.to_owned(),
        rows: vec![text("postgres"), text("mysql"), text("sqlite"), None],
        columns: vec![text("linux"), text("macos"), text("windows")],
        cells: vec![
            vec![Shown(4_000), Shown(900), Shown(220)],
            vec![Shown(1_500), Hidden, Hidden],
            vec![Shown(700), Hidden, Hidden],
            vec![Shown(1_142), Shown(0), Shown(0)],
        ],
        row_sums: vec![Shown(5_120), Shown(1_870), Shown(1_240), Shown(1_142)],
        column_sums: vec![Shown(7_342), Shown(1_500), Shown(530)],
    }
}
