//! How often the counted event of the simulation happened, in sums.

use std::collections::BTreeSet;

use jiff::civil::Date;
use telemetry_collector::ask::report::{Bar, Count, PeriodSum, Sum, Values};

use super::count::{Account, Period, Row, installs};
use super::fixture::Demo;
use super::values::Sent;

fn sum(rows: &[&Row]) -> Sum {
    let times = |rows: &mut dyn Iterator<Item = &&Row>| rows.map(|row| row.times).sum();
    let days: BTreeSet<_> = rows.iter().filter(|row| !row.is_ephemeral).map(|row| (&row.id, row.day)).collect();
    Sum {
        times: times(&mut rows.iter()),
        ephemeral: times(&mut rows.iter().filter(|row| row.is_ephemeral)),
        install_days: u64::try_from(days.len()).unwrap(),
    }
}

/// Compares the sums of the collector with those of the record.
pub(super) fn sign_ins(demo: &Demo, account: &Account, query: &str) {
    let report = demo.event("signIn", query);
    let has = |row: &Row, path: &str, value: &str| row.values[path] == Sent::Text(Some(value.to_owned()));
    let is_asked = |row: &&Row| query.is_empty() || has(row, "refused", "true");
    let rows: Vec<&Row> = account.sign_ins.iter().filter(is_asked).collect();
    assert!(rows.iter().any(|row| row.times > 1), "all happened once");
    let shown = |count: usize| Count::Shown(u64::try_from(count).unwrap());
    let active = installs(rows.iter().copied());
    assert_eq!((report.events, report.installs), (shown(rows.len()), shown(active.len())));
    let sums = report.sums.as_ref().unwrap();
    assert_eq!(sums.all, sum(&rows));
    let check = |periods: &[PeriodSum], period: Period| {
        let mut whole = 0;
        for of in periods {
            let (first, end) = period.of(of.first.date());
            let within = |day: Date| first <= day && day < end;
            let own: Vec<&Row> = rows.iter().copied().filter(|row| within(row.day)).collect();
            assert_eq!(of.sum, sum(&own), "{period:?} {first}");
            whole += of.sum.times;
        }
        assert_eq!(whole, sums.all.times, "{period:?}");
    };
    check(&sums.days, Period::Day);
    check(&sums.weeks, Period::Week);
    check(&sums.months, Period::Month);
    let times = |path: &str, value: &str| {
        Count::Shown(rows.iter().filter(|row| has(row, path, value)).map(|row| row.times).sum())
    };
    let paths: Vec<&str> = report.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["method", "refused"]);
    let Values::Words { bars } = &report.fields[0].values else { panic!("no words") };
    for Bar { label, count } in bars {
        assert_eq!(*count, times("method", label), "{label}");
    }
    assert_eq!(report.fields[1].values, Values::Share { yes: times("refused", "true"), no: times("refused", "false") });
}
