use maud::Markup;

use super::*;
use crate::arrival::Day;
use crate::ask::report::Count::{Hidden, Shown};
use crate::ask::report::{Bar, Cohort, Count, Cross};
use crate::show::number::Of;

fn bar(label: &str, count: Count) -> Bar {
    Bar { label: label.to_owned(), count }
}

/// A line for each element, so that a change can be read.
fn lines(markup: &Markup) -> String {
    markup.0.replace('<', "\n<").replace("\n</", "</").trim_start().to_owned()
}

#[test]
fn a_share_is_a_bar_of_two_parts() {
    insta::assert_snapshot!(lines(&share("by_hand: 25% yes", Shown(5), Shown(15))));
    insta::assert_snapshot!(lines(&share("by_hand: a hidden share yes", Hidden, Hidden)));
}

#[test]
fn words_are_a_table_with_bars() {
    let mut rows: Vec<Row> =
        [bar("linux", Shown(1_500)), bar("macos", Hidden), bar("windows", Shown(0))].iter().map(Row::new).collect();
    rows[0].link = Some("?where=os:linux".to_owned());
    insta::assert_snapshot!(lines(&bars("os", "Value", &rows, Shown(3_000), Of::Installs)));
}

#[test]
fn many_words_that_nobody_uses_are_named_below_the_table() {
    let words = ["a", "b", "c", "d", "e"].map(|word| bar(word, Shown(0)));
    let rows: Vec<Row> = words.iter().map(Row::new).chain([Row::new(&bar("used", Shown(2)))]).collect();
    let text = bars("os", "Value", &rows, Shown(2), Of::Installs).0;
    assert!(text.contains("0 installs each: a, b, c, d, e</p>") && text.matches("<tr").count() == 2, "{text}");
}

#[test]
fn ranges_are_columns() {
    let all = [bar("0", Shown(0)), bar("1-9", Shown(80)), bar("10-99", Hidden), bar("100 and more", Shown(20))];
    insta::assert_snapshot!(lines(&columns("size: most often 1-9", &all)));
}

fn weeks() -> Vec<Column> {
    let column = |label: &str, total, layers: &[Count], is_complete| Column {
        label: label.to_owned(),
        total,
        layers: layers.to_vec(),
        is_complete,
    };
    vec![
        column("2 Nov", Shown(40), &[Shown(30), Shown(10)], true),
        column("9 Nov", Shown(60), &[Hidden, Shown(40)], true),
        column("16 Nov", Hidden, &[Hidden, Hidden], true),
        column("23 Nov", Shown(20), &[Shown(20), Shown(0)], false),
    ]
}

#[test]
fn time_is_stacked_columns() {
    let series =
        [("Returning", "s-returning"), ("New", "s-new")].map(|(name, class)| Series { name: name.to_owned(), class });
    insta::assert_snapshot!(lines(&stack("Active installs a week", &series, &weeks())));
    insta::assert_snapshot!(lines(&legend(&series)));
}

#[test]
fn days_are_a_line_with_gaps() {
    insta::assert_snapshot!(lines(&line("Active installs a day", &weeks())));
}

#[test]
fn retention_is_a_heat_table() {
    let cohort = |first, size, later: &[Count]| Cohort { first: Day(first), size, later: later.to_vec() };
    let all = [cohort(20_766, Shown(100), &[Shown(61), Hidden]), cohort(20_773, Hidden, &[Hidden])];
    insta::assert_snapshot!(lines(&cohorts("Retention", &all)));
}

#[test]
fn two_fields_are_a_heat_table() {
    let text = |text: &str| Some(text.to_owned());
    let found = Cross {
        row_path: "engine".to_owned(),
        column_path: "os".to_owned(),
        rows: vec![text("postgres"), None],
        columns: vec![text("linux"), text("macos")],
        cells: vec![vec![Shown(75), Shown(25)], vec![Hidden, Hidden]],
        row_sums: vec![Shown(100), Shown(40)],
        column_sums: vec![Hidden, Hidden],
    };
    insta::assert_snapshot!(lines(&cross("engine against os", &found, ("not sent", ""))));
}

#[test]
fn numbers_are_in_a_table_that_can_be_unfolded() {
    let rows = vec![("1-9".to_owned(), vec![Some(Shown(1_234)), Some(Hidden), None])];
    let head = ["Range", "Installs", "New", "Returning"].map(str::to_owned).to_vec();
    insta::assert_snapshot!(lines(&folded(&Table { caption: "size".to_owned(), head, rows })));
}

#[test]
fn nothing_can_be_drawn() {
    let none = [
        columns("", &[]),
        stack("", &[], &[]),
        line("", &[]),
        cohorts("", &[]),
        bars("", "", &[], Hidden, Of::Installs),
    ];
    for markup in none {
        assert!(!markup.0.contains("NaN") && !markup.0.contains("inf"), "{}", markup.0);
    }
    let most = [bar("a", Shown(u64::MAX)), bar("b", Shown(u64::MAX))];
    assert!(columns("", &most).0.contains("height=\"136\""));
}
