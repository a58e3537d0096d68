//! Costs as tables, and budgets beside what was found.

use crate::budgets::{Budget, amount};
use crate::cost::Cost;

/// Prints costs as a table in Markdown, with the ratios to those named.
pub fn costs(title: &str, costs: &[Cost], references: &[&str]) {
    println!("\n### {title}\n");
    let mut head =
        vec!["".to_owned(), "ns".into(), "instructions".into(), "allocations".into(), "bytes allocated".into()];
    head.extend(references.iter().flat_map(|name| [format!("ns of {name}"), format!("instructions of {name}")]));
    let rows = costs.iter().map(|cost| {
        let mut row = vec![
            cost.name.clone(),
            number(cost.nanoseconds),
            cost.instructions.map_or("not counted".into(), number),
            number(cost.allocations[0]),
            number(cost.allocations[1]),
        ];
        let references = references.iter().filter_map(|name| costs.iter().find(|cost| cost.name == *name));
        row.extend(references.flat_map(|reference| {
            [ratio(Some(cost.nanoseconds / reference.nanoseconds)), ratio(instructions(cost, reference))]
        }));
        row
    });
    table(&head, &rows.collect::<Vec<_>>());
}

/// The ratio of two numbers of instructions.
pub fn instructions(cost: &Cost, reference: &Cost) -> Option<f64> {
    Some(cost.instructions? / reference.instructions?)
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "not counted".into(), |ratio| format!("{ratio:.3}x"))
}

/// A number as a person reads it.
pub fn number(number: f64) -> String {
    match number.abs() {
        0.0 => "0".into(),
        0.0..1.0 => format!("{number:.3}"),
        1.0..10.0 => format!("{number:.2}"),
        10.0..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// Prints a table in Markdown, its first column to the left.
pub fn table<C: AsRef<str>>(head: &[C], rows: &[Vec<String>]) {
    let line = |cells: Vec<&str>| println!("| {} |", cells.join(" | "));
    line(head.iter().map(AsRef::as_ref).collect());
    line((0..head.len()).map(|column| if column == 0 { "---" } else { "---:" }).collect());
    for row in rows {
        line(row.iter().map(String::as_str).collect());
    }
}

/// Prints a budget, and whether it holds. What could not be measured is said, too. `case` tells apart what has the same budget, or is empty.
///
/// `tables` reads it.
pub fn budget(budget: &Budget, case: &str, found: Option<f64>) {
    let verdict = match found {
        Some(found) if found <= budget.most => "holds",
        Some(_) => "**DOES NOT HOLD**",
        None => "not measured",
    };
    let case = if case.is_empty() { String::new() } else { format!(" ({case})") };
    let found = found.map_or_else(String::new, |found| format!(": {}", amount(found, budget.unit)));
    println!("\nBudget: {}{case}, at most {budget}: {verdict}{found}.", budget.what);
}
