//! The collector's numbers are those that the simulation's own record gives.

use jiff::civil::Date;
use telemetry_collector::arrival::Fate;
use telemetry_collector::ask::report::{Active, Bar, Cohort, Count, EventReport, FieldReport, Values, Within};
use telemetry_collector::demo::Treatment;
use telemetry_collector::demo::app::SECRET;

use super::child;
use super::count::{Account, Period, Row, installs, is_over, latest};
use super::counted;
use super::fixture::{Demo, today};
use super::values::Sent;

#[test]
fn the_numbers_are_those_of_the_simulations_own_record() {
    assert_eq!(child::run("demo::truth::child"), 0, "a simulation leaves nothing in the home of its user");
}

/// By itself, this test does nothing.
#[test]
fn child() {
    if !child::is_one() {
        return;
    }
    let mut demo = Demo::new(260, 3);
    what_was_answered(&demo);
    let account = Account::of(&demo.record);
    all(&demo, &account);
    let busiest = busiest(&account).to_owned();
    demo.delete(&busiest);
    all(&demo, &Account::of(&demo.record));
    assert!(!contains(&demo.file(), SECRET.as_bytes()), "no secret of any settings is in the file");
}

fn all(demo: &Demo, account: &Account) {
    overview(demo, account);
    for query in ["", "version=1.2.0", "from=2026-09-20&until=2026-11-01", "where=database.engine:postgres"] {
        event(demo, account, "init", query);
    }
    event(demo, account, "init", "version=2.0.0&where=database.engine:sqlite&where=database.poolSize:");
    event(demo, account, "upgraded", "");
    event(demo, account, "upgraded", "where=rolledBack:true");
    cross(demo, account);
    for query in ["", "where=refused:true"] {
        counted::sign_ins(demo, account, query);
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The installation with the most starts.
fn busiest(account: &Account) -> &str {
    let count = |id: &str| account.init.iter().filter(|row| row.id == id).count();
    installs(&account.init).into_iter().max_by_key(|id| count(id)).unwrap()
}

fn shown(count: usize) -> Count {
    Count::Shown(u64::try_from(count).unwrap())
}

/// Duplicates and rejects.
fn what_was_answered(demo: &Demo) {
    let record = &demo.record;
    let treated = |treatment| record.sent.iter().filter(|sent| sent.run.treatment == treatment).count();
    let repeated = treated(Treatment::Repeated);
    let (words, numbers) = (treated(Treatment::OtherWord), treated(Treatment::OtherNumber));
    assert!(repeated > 0 && words > 0 && numbers > 0, "{repeated} {words} {numbers}");
    assert_eq!(record.answered(Fate::Duplicate), repeated);
    assert_eq!(record.answered(Fate::Rejected), words + numbers);
    let database = demo.database();
    let rejects = |path: &str| -> usize {
        database.query_row("SELECT sum(events) FROM _reject WHERE path = ?1", [path], |row| row.get(0)).unwrap()
    };
    assert_eq!((rejects("database.engine"), rejects("trustedOrigins")), (words, numbers));
}

fn overview(demo: &Demo, account: &Account) {
    let overview = demo.overview();
    let summary: Vec<_> =
        overview.events.iter().map(|event| (event.event.as_str(), event.events, event.installs)).collect();
    let of = |rows: &[Row]| (shown(rows.len()), shown(installs(rows).len()));
    let all = [("init", &account.init), ("signIn", &account.sign_ins), ("upgraded", &account.upgraded)];
    assert_eq!(summary, all.map(|(event, rows)| (event, of(rows).0, of(rows).1)));
    let rows: Vec<&Row> = all.into_iter().flat_map(|(_, rows)| rows).collect();
    let since = rows.iter().map(|row| row.day).min().unwrap();
    assert_eq!(overview.since.date(), since);
    let asked = Asked { account, rows, from: None, since, until: today().date(), versions: &[] };
    asked.activity(&overview.activity.days, Period::Day);
    asked.activity(&overview.activity.weeks, Period::Week);
    asked.activity(&overview.activity.months, Period::Month);
}

/// The events that a filter lets through, and what it is asked about.
struct Asked<'d> {
    account: &'d Account,
    rows: Vec<&'d Row>,
    /// The first day of the filter.
    from: Option<Date>,
    since: Date,
    until: Date,
    versions: &'d [&'static str],
}

/// A filter, read by hand.
struct Query<'q> {
    version: Option<&'q str>,
    from: Option<Date>,
    until: Option<Date>,
    conditions: Vec<(&'q str, &'q str)>,
}

impl<'q> Query<'q> {
    fn read(query: &'q str) -> Self {
        let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
        let get = |key: &str| pairs().find(|(name, _)| *name == key).map(|(_, value)| value);
        Self {
            version: get("version"),
            from: get("from").map(|date| date.parse().unwrap()),
            until: get("until").map(|date| date.parse().unwrap()),
            conditions: pairs()
                .filter(|(key, _)| *key == "where")
                .filter_map(|(_, value)| value.split_once(':'))
                .collect(),
        }
    }

    fn has_time_and_version(&self, row: &Row) -> bool {
        self.version.is_none_or(|version| row.version == version)
            && self.from.is_none_or(|from| row.day >= from)
            && self.until.is_none_or(|until| row.day <= until)
    }

    fn has_values(&self, row: &Row) -> bool {
        self.conditions.iter().all(|(path, value)| match &row.values[path] {
            Sent::Text(text) => text.as_deref().unwrap_or_default() == *value,
            Sent::Number(number) => number.is_none() && value.is_empty(),
            other => panic!("{other:?}"),
        })
    }
}

fn event(demo: &Demo, account: &Account, name: &str, query: &str) {
    let report = demo.event(name, query);
    let (all, query) = (account.rows(name), Query::read(query));
    let in_time: Vec<&Row> = all.iter().filter(|row| query.has_time_and_version(row)).collect();
    let passing: Vec<&Row> = in_time.iter().copied().filter(|row| query.has_values(row)).collect();
    assert!(!passing.is_empty(), "a filter that lets nothing through shows nothing");
    let latest: Vec<&Row> = latest(in_time).into_iter().filter(|row| query.has_values(row)).collect();
    assert_eq!(report.events, shown(passing.len()));
    assert_eq!(report.ephemeral, shown(passing.iter().filter(|row| row.is_ephemeral).count()));
    assert_eq!(report.installs, shown(latest.len()));

    let since = query.from.unwrap_or_else(|| all.iter().map(|row| row.day).min().unwrap());
    let until = query.until.unwrap_or_else(|| today().date());
    assert_eq!((report.since.date(), report.until.date()), (since, until));
    let versions: &[&str] = if name == "init" { &["1.0.0", "1.1.0", "1.2.0", "2.0.0"] } else { &["1.1.0"] };
    let asked = Asked { account, rows: passing, from: query.from, since, until, versions };
    asked.activity(&report.activity.days, Period::Day);
    asked.activity(&report.activity.weeks, Period::Week);
    asked.activity(&report.activity.months, Period::Month);
    asked.retention(&report);
    fields(&asked, &report, &latest);
}

impl Asked<'_> {
    /// The events of a period.
    fn within(&self, (first, end): (Date, Date)) -> Vec<&Row> {
        self.rows.iter().copied().filter(|row| first <= row.day && row.day < end).collect()
    }

    fn is_complete(&self, (first, end): (Date, Date)) -> bool {
        let is_whole = self.from.is_none_or(|from| from <= first) && end <= self.until.tomorrow().unwrap();
        is_over(end, today().date()) && is_whole
    }

    fn new_of(&self, period: (Date, Date)) -> Vec<String> {
        let is_new = |id: &&str| (period.0..period.1).contains(&self.account.first_days[*id]);
        installs(self.within(period)).into_iter().filter(is_new).map(str::to_owned).collect()
    }

    fn activity(&self, found: &[Active], period: Period) {
        let expected: Vec<Active> = period
            .between(self.since, self.until)
            .into_iter()
            .map(|of| {
                let within = self.within(of);
                let (all, new) = (installs(within.iter().copied()).len(), self.new_of(of).len());
                let last = latest(within);
                let bar = |version: &&str| Bar {
                    label: (*version).to_owned(),
                    count: shown(last.iter().filter(|row| row.version == *version).count()),
                };
                Active {
                    first: of.0.to_string().parse().unwrap(),
                    is_complete: self.is_complete(of),
                    installs: shown(all),
                    new: Some(shown(new)),
                    returning: Some(shown(all - new)),
                    versions: self.versions.iter().map(bar).collect(),
                }
            })
            .collect();
        assert_eq!(found, expected, "{period:?}");
    }

    fn retention(&self, report: &EventReport) {
        let weeks = Period::Week.between(self.since, self.until);
        let cohort = |(at, week): (usize, &(Date, Date))| {
            let members = self.new_of(*week);
            let later = weeks[at + 1..].iter().filter(|later| self.is_complete(**later));
            let active = |later: &(Date, Date)| {
                let active = installs(self.within(*later));
                shown(members.iter().filter(|id| active.contains(id.as_str())).count())
            };
            Cohort {
                first: week.0.to_string().parse().unwrap(),
                size: shown(members.len()),
                later: later.map(active).collect(),
            }
        };
        let expected: Vec<Cohort> = weeks.iter().enumerate().map(cohort).collect();
        assert_eq!(report.retention, expected);
    }
}

fn fields(asked: &Asked<'_>, report: &EventReport, latest: &[&Row]) {
    let paths = |report: &EventReport| report.fields.iter().map(|field| field.path.clone()).collect::<Vec<_>>();
    let mut expected: Vec<&str> = asked.rows[0].values.keys().copied().collect();
    let mut found = paths(report);
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
    for field in &report.fields {
        let values: Vec<&Sent> = latest.iter().map(|row| &row.values[field.path.as_str()]).collect();
        let is_there = |value: &&&Sent| !matches!(value, Sent::Text(None) | Sent::Number(None));
        let sent = values.iter().filter(is_there).count();
        let since = match field.path.as_str() {
            "cache" => "1.1.0",
            "rateLimit.requestsPerMinute" => "2.0.0",
            _ => "1.0.0",
        };
        // Versions have one digit in each part.
        let without = latest.iter().filter(|row| row.version < since).count();
        let expected = (shown(sent), shown(values.len() - sent - without), shown(without));
        assert_eq!((field.sent, field.absent, field.without), expected, "{}", field.path);
        self::values(asked, field, &values);
    }
}

fn values(asked: &Asked<'_>, field: &FieldReport, values: &[&Sent]) {
    let path = field.path.as_str();
    let text = |label: &str| shown(values.iter().filter(|value| has(value, label)).count());
    let all = |bars: &[Bar]| {
        for bar in bars {
            assert_eq!(bar.count, text(&bar.label), "{path} {}", bar.label);
        }
        let sum: u64 = bars.iter().map(|bar| number(bar.count)).sum();
        assert_eq!(Count::Shown(sum), field.sent, "{path}: every value has its bar");
    };
    match &field.values {
        Values::Share { yes, no } => assert_eq!((*yes, *no), (text("true"), text("false")), "{path}"),
        Values::Words { bars } | Values::Ranges { bars } => all(bars),
        Values::Sets { bars } => {
            for bar in bars {
                assert_eq!(bar.count, text(&bar.label), "{path} {}", bar.label);
            }
            let words: std::collections::BTreeSet<&String> = values
                .iter()
                .flat_map(|value| if let Sent::Set(words) = value { words.as_slice() } else { &[] })
                .collect();
            assert!(words.iter().all(|word| bars.iter().any(|bar| bar.label == **word)), "{path} {words:?}");
        }
        Values::Versions { bars, weeks } => {
            all(bars);
            versions_by_week(asked, path, bars, weeks);
        }
        Values::Items { lengths, within, .. } => items(path, lengths, within, values),
    }
}

fn versions_by_week(asked: &Asked<'_>, path: &str, bars: &[Bar], weeks: &[Vec<Count>]) {
    let of_week = |week| {
        let last = latest(asked.within(week));
        let count = |bar: &Bar| shown(last.iter().filter(|row| has(&row.values[path], &bar.label)).count());
        bars.iter().map(count).collect::<Vec<_>>()
    };
    let expected: Vec<Vec<Count>> = Period::Week.between(asked.since, asked.until).into_iter().map(of_week).collect();
    assert_eq!(weeks, expected, "{path}");
}

fn items(path: &str, lengths: &[Bar], within: &[Within], values: &[&Sent]) {
    let lists: Vec<_> =
        values.iter().map(|value| if let Sent::Items(items) = value { items } else { panic!("{value:?}") }).collect();
    for bar in lengths {
        let count = lists.iter().filter(|list| is_in(i64::try_from(list.len()).unwrap(), &bar.label)).count();
        assert_eq!(bar.count, shown(count), "{path} with {} items", bar.label);
    }
    let sum: u64 = lengths.iter().map(|bar| number(bar.count)).sum();
    assert_eq!(sum, u64::try_from(lists.len()).unwrap());
    assert_eq!(within.len(), 6, "{within:?}");
    for Within { path: inner, bars, .. } in within {
        for bar in bars {
            let count =
                lists.iter().filter(|list| list.iter().any(|item| has(&item[inner.as_str()], &bar.label))).count();
            assert_eq!(bar.count, shown(count), "{path} {inner} {}", bar.label);
        }
    }
}

/// Whether a value has this label.
fn has(value: &Sent, label: &str) -> bool {
    match value {
        Sent::Text(text) => text.as_deref() == Some(label),
        Sent::Number(number) => number.is_some_and(|number| is_in(number, label)),
        Sent::Set(words) => words.iter().any(|word| word == label),
        Sent::Items(_) => false,
    }
}

/// Whether a number is in the range of a label: `<10`, `10-99`, `5` or `100+`.
fn is_in(number: i64, label: &str) -> bool {
    let parse = |text: &str| text.parse::<i64>().unwrap();
    if let Some(end) = label.strip_prefix('<') {
        number < parse(end)
    } else if let Some(first) = label.strip_suffix('+') {
        number >= parse(first)
    } else if let Some((first, last)) = label.split_once('-') {
        (parse(first)..=parse(last)).contains(&number)
    } else {
        number == parse(label)
    }
}

fn number(count: Count) -> u64 {
    let Count::Shown(count) = count else { panic!("nothing is hidden here") };
    count
}

fn cross(demo: &Demo, account: &Account) {
    let (row_path, column_path) = ("database.engine", "database.poolSize");
    let report = demo.event("init", &format!("rows={row_path}&columns={column_path}"));
    let cross = report.cross.unwrap();
    let latest = latest(&account.init);
    let is = |value: &Sent, label: Option<&str>| {
        label.map_or(matches!(value, Sent::Text(None) | Sent::Number(None)), |label| has(value, label))
    };
    let count = |row: Option<&str>, column: Option<&str>| {
        let both = |of: &&&Row| is(&of.values[row_path], row) && is(&of.values[column_path], column);
        shown(latest.iter().filter(both).count())
    };
    let mut sum = 0;
    for (row, cells) in cross.rows.iter().zip(&cross.cells) {
        for (column, cell) in cross.columns.iter().zip(cells) {
            assert_eq!(*cell, count(row.as_deref(), column.as_deref()), "{row:?} {column:?}");
            sum += number(*cell);
        }
    }
    assert_eq!(Count::Shown(sum), report.installs);
    let sums = |counts: &[Count]| counts.iter().map(|count| number(*count)).sum::<u64>();
    assert_eq!((sums(&cross.row_sums), sums(&cross.column_sums)), (sum, sum));
}

#[test]
fn periods_are_counted_by_the_calendar() {
    let date = |text: &str| text.parse::<Date>().unwrap();
    assert_eq!(Period::Week.of(date("2026-11-01")), (date("2026-10-26"), date("2026-11-02")));
    assert_eq!(Period::Month.of(date("2026-12-31")), (date("2026-12-01"), date("2027-01-01")));
    assert_eq!(Period::Day.between(date("2026-10-30"), date("2026-11-02")).len(), 4);
    assert!(is_over(date("2026-11-15"), date("2026-11-22")) && !is_over(date("2026-11-16"), date("2026-11-22")));
}
