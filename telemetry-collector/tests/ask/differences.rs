//! The difference of two numbers that are shown is not small either.

use telemetry_collector::arrival::{Arrival, Day};
use telemetry_collector::ask::report::{Active, Count, EventReport, Values};

use super::fixture::{Asked, TODAY};
use super::naive::Row;
use super::truth::row;

const LEAST: u64 = 5;

fn asked(arrivals: impl Fn(&Asked) -> Vec<Arrival>) -> Asked {
    let asked = Asked::new();
    asked.write(arrivals(&asked));
    asked
}

/// An event of one of three releases, of which each has a field more.
fn grown(asked: &Asked, install: u8, age: i32, release: usize, group: Option<bool>) -> Arrival {
    let group = match group {
        Some(true) => r#","group":{"always":true,"sometimes":true}"#,
        Some(false) => r#","group":{"always":true}"#,
        None => "",
    };
    let payload = [
        r#"{"first":true}"#.to_owned(),
        format!(r#"{{"first":true,"second":true{group}}}"#),
        format!(r#"{{"first":true,"second":true,"third":true{group}}}"#),
    ];
    asked.event(&asked.schemas.grown[release], asked.envelope(install, Day(TODAY.0 - age)), &payload[release])
}

fn sent(report: &EventReport, path: &str) -> Count {
    sums(report, path)[0]
}

/// How many sent a field, did not, and have a release without it.
fn sums(report: &EventReport, path: &str) -> [Count; 3] {
    let field = report.fields.iter().find(|field| field.path == path).unwrap();
    [field.sent, field.absent, field.without]
}

/// 40 installations: 10 with the first release, and of the 30 with the second, most upgraded in the next month.
fn upgraded(upgraded: u8) -> EventReport {
    let asked = asked(|asked| {
        let first = (0..10).map(|install| grown(asked, install, 40, 0, None));
        let second = (10..40).map(|install| grown(asked, install, 40, 1, None));
        first.chain(second).chain((10..10 + upgraded).map(|install| grown(asked, install, 10, 2, None))).collect()
    });
    asked.ask_of("grown", "", LEAST).unwrap()
}

#[test]
fn fields_of_different_releases_do_not_tell_how_few_have_the_older_one() {
    let report = upgraded(20);
    assert_eq!((sent(&report, "second"), sent(&report, "third")), (Count::Shown(30), Count::Shown(20)));
    let shown = |numbers: [u64; 3]| numbers.map(Count::Shown);
    assert_eq!(sums(&report, "second"), shown([30, 0, 10]));
    assert_eq!(sums(&report, "third"), shown([20, 0, 20]));
    let report = upgraded(28);
    assert_eq!((sums(&report, "second"), sums(&report, "third")), ([Count::Hidden; 3], [Count::Hidden; 3]));
    assert_eq!(sums(&report, "first"), shown([40, 0, 0]));
    // Too few have the last release.
    assert_eq!(sums(&upgraded(3), "second"), [Count::Hidden; 3]);
}

/// 10 installations lack the group, some have it without what it holds sometimes, and 20 have it with that.
fn grouped(without: u8) -> EventReport {
    let asked = asked(|asked| {
        let old = (0..10).map(|install| grown(asked, install, 10, 1, None));
        let without = (10..10 + without).map(|install| grown(asked, install, 10, 1, Some(false)));
        old.chain(without).chain((40..60).map(|install| grown(asked, install, 10, 1, Some(true)))).collect()
    });
    asked.ask_of("grown", "", LEAST).unwrap()
}

#[test]
fn members_of_an_object_do_not_tell_how_few_lack_one() {
    let of = |report: &EventReport| (sent(report, "group.always"), sent(report, "group.sometimes"));
    assert_eq!(of(&grouped(8)), (Count::Shown(28), Count::Shown(20)));
    let (always, sometimes) = of(&grouped(2));
    assert!(always == Count::Hidden || sometimes == Count::Hidden, "{always:?} {sometimes:?}");
}

fn week(report: &[Active], age: i32) -> &Active {
    report.iter().find(|week| (week.first.0..week.first.0 + 7).contains(&(TODAY.0 - age))).unwrap()
}

#[test]
fn all_events_do_not_tell_how_few_sent_only_one_of_them() {
    // 30 sent `run`, and some of them or others sent `started`.
    let overview = |started: std::ops::Range<u8>| {
        let asked = asked(|asked| {
            let event = |event, install| Row { event, ..row(install, 10) }.arrival(asked);
            (0..30)
                .map(|install| event("run", install))
                .chain(started.clone().map(|install| event("started", install)))
                .collect()
        });
        week(&asked.overview(LEAST).activity.weeks, 10).installs
    };
    assert_eq!(overview(20..30), Count::Shown(30));
    assert_eq!(overview(20..40), Count::Shown(40));
    // Two sent `started` only.
    assert_eq!(overview(20..32), Count::Hidden);
    // Two sent both.
    assert_eq!(overview(28..40), Count::Hidden);
    assert_eq!(overview(30..40), Count::Shown(40));
}

#[test]
fn words_and_items_do_not_tell_how_few_lack_one() {
    let report = |lacking: u8| {
        let asked = asked(|asked| {
            let of = |install| {
                let has = install >= lacking;
                let steps = if has { vec![("compile", true)] } else { vec![("link", true)] };
                let flags = if has { vec!["fast", "quiet"] } else { vec!["quiet"] };
                Row { flags, steps, ..row(install, 10) }.arrival(asked)
            };
            (0..40).map(of).collect()
        });
        asked.ask("", LEAST).unwrap()
    };
    let bars = |report: &EventReport| {
        let values = |path: &str| report.fields.iter().find(|field| field.path == path).unwrap().values.clone();
        let (Values::Sets { bars: flags }, Values::Items { within, .. }) = (values("flags"), values("steps")) else {
            panic!()
        };
        (flags[0].count, within[0].bars[0].count)
    };
    assert_eq!(bars(&report(10)), (Count::Shown(30), Count::Shown(30)));
    assert_eq!(bars(&report(2)), (Count::Hidden, Count::Hidden));
}

#[test]
fn periods_do_not_tell_how_few_were_not_active_in_a_part_of_them() {
    let report = |missing: u8| {
        let asked = asked(|asked| {
            let all = (0..40).map(|install| row(install, 31).arrival(asked));
            all.chain((missing..40).map(|install| row(install, 30).arrival(asked)))
                .chain((missing..40).map(|install| row(install, 24).arrival(asked)))
                .collect()
        });
        asked.ask("", LEAST).unwrap()
    };
    let of = |report: &EventReport| {
        let activity = &report.activity;
        let cohort = report.retention.iter().find(|cohort| cohort.first == week(&activity.weeks, 31).first).unwrap();
        let day = activity.days.iter().find(|day| day.first.0 == TODAY.0 - 30).unwrap();
        (day.installs, week(&activity.weeks, 24).installs, cohort.later[0])
    };
    assert_eq!(of(&report(10)), (Count::Shown(30), Count::Shown(30), Count::Shown(30)));
    assert_eq!(of(&report(2)), (Count::Hidden, Count::Hidden, Count::Hidden));
}

/// 40 installations send an event on each of these days, and some of them another one 30 days ago.
fn repeated(again: u8, ages: &[i32]) -> [Count; 3] {
    let asked = asked(|asked| {
        let all = (0..40).flat_map(|install| ages.iter().map(move |age| row(install, *age)));
        all.chain((0..again).map(|install| row(install, 30))).map(|row| row.arrival(asked)).collect()
    });
    let report = asked.ask("", LEAST).unwrap();
    let overview = asked.overview(LEAST);
    let summary = overview.events.iter().find(|summary| summary.event == "run").unwrap();
    assert_eq!(summary.installs, Count::Shown(40));
    [report.events, report.ephemeral, summary.events]
}

#[test]
fn events_do_not_tell_how_few_sent_several() {
    let days = &[31, 30];
    assert_eq!(repeated(0, days), [Count::Shown(80), Count::Shown(0), Count::Shown(80)]);
    // There are 80 on the days, and 40 in the weeks.
    assert_eq!(repeated(2, days), [Count::Hidden; 3]);
    assert_eq!(repeated(10, days), [Count::Shown(90), Count::Shown(0), Count::Shown(90)]);
    // Days reach back 92 days. So 80 are on the days, and 40 in an earlier week.
    // Weeks reach back 53 weeks, so the last ones are in a month, of which a week is told, too.
    for age in [146, 375, 382, 420] {
        let earlier = &[age, 31, 30];
        assert_eq!(repeated(0, earlier), [Count::Shown(120), Count::Shown(0), Count::Shown(120)], "{age}");
        assert_eq!(repeated(2, earlier), [Count::Hidden; 3], "{age}");
        assert_eq!(repeated(10, earlier), [Count::Shown(130), Count::Shown(0), Count::Shown(130)], "{age}");
    }
}

#[test]
fn events_of_a_published_week_do_not_tell_how_few_sent_several() {
    let events = |again: u8| {
        let asked = asked(|asked| {
            let all = (0..40).chain(0..again).map(|install| row(install, 30));
            all.map(|row| row.arrival(asked)).collect()
        });
        // The week of these events is that of the edition.
        let week = TODAY.0 - 30 - (TODAY.0 - 30 + 3).rem_euclid(7);
        let published = asked.published(Day(week + 14), 365, LEAST);
        let report = published.events.into_iter().find(|event| event.event == "run").unwrap();
        assert_eq!(report.installs, Count::Shown(40));
        let summary = published.overview.events.into_iter().find(|event| event.event == "run").unwrap();
        assert_eq!(summary.events, report.events);
        report.events
    };
    assert_eq!(events(0), Count::Shown(40));
    assert_eq!(events(2), Count::Hidden);
    assert_eq!(events(10), Count::Shown(50));
}
