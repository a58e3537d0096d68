//! The numbers are those of the rows.

use telemetry_collector::arrival::Day;

use super::fixture::{Asked, TODAY};

#[test]
fn smoke() {
    let asked = Asked::new();
    let s = &asked.schemas;
    let today = |install| asked.envelope(install, TODAY);
    asked.write(vec![
        asked.event(&s.run, asked.envelope(1, Day(TODAY.0 - 9)), r#"{"by_hand":true,"wait":3,"command":"test","compiler":"1.80"}"#),
        asked.event(&s.wider_run, today(1), r#"{"by_hand":true,"wait":"<10","command":"check","compiler":"1.90.1","flags":["fast","fast"],"steps":[{"name":"link","cached":true}]}"#),
        asked.event(&s.run, today(2), r#"{"by_hand":false,"wait":999}"#),
        asked.event(&s.started, today(2), r#"{"by_hand":false}"#),
    ]);
    println!("{:#?}", asked.ask("rows=by_hand&columns=command", 0));
    println!("{:#?}", asked.ask("where=wait:<10", 0));
    println!("{}", serde_json::to_string(&asked.overview(0)).unwrap());
}
