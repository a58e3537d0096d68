use serde_json::Value;

use super::{printed, types};
use crate::home::{Home, Result};

#[test]
fn a_service_reports_the_same_as_json_and_as_text() -> Result {
    let home = Home::with_yes()?;
    let report: Value = serde_json::from_str(&printed(&mut types(&home, "report json"))?)?;
    assert_eq!(report["status"]["consent"]["decision"]["reason"], "stored_on");
    assert_eq!(report["example"]["payload"]["turn"], 7);
    let page = printed(&mut types(&home, "page"))?;
    assert_eq!(report["page"], page.as_str());

    let text = printed(&mut types(&home, "report text"))?;
    assert!(text.starts_with("Telemetry of acme is on: the user's stored choice is yes.\n"), "{text}");
    let id = &report["example"]["anonymousId"];
    let example = format!(r#"{{"type":"started","payload":{{"turn":7}},"anonymousId":{id}}}"#);
    assert!(text.contains(&format!("\n\n{example}\n\n# Telemetry of acme\n")), "{text}");
    assert!(text.ends_with(&page));
    Ok(())
}
