//! Events that hold recursive types.

use std::collections::BTreeMap;

use telemetry::client::Outcome;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::is_alone;

#[derive(TelemetrySnapshot)]
struct Chain {
    on: bool,
    next: Option<Box<Chain>>,
}

#[derive(TelemetrySnapshot)]
struct Branches {
    #[telemetry(each(max = 4))]
    children: Vec<Branches>,
}

#[derive(TelemetrySnapshot)]
struct Tree {
    #[telemetry(each(max = 4, key = "id", one_of("left", "right")))]
    children: BTreeMap<String, Tree>,
}

#[derive(TelemetrySnapshot)]
struct Even {
    odd: Option<Box<Odd>>,
}

#[derive(TelemetrySnapshot)]
struct Odd {
    even: Option<Box<Even>>,
    #[telemetry(each)]
    more: Vec<Even>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "op")]
enum Expression {
    Leaf,
    Not { of: Box<Expression> },
    And { left: Box<Expression>, right: Box<Expression> },
}

#[derive(TelemetrySnapshot)]
struct Generic<T> {
    value: T,
    next: Option<Box<Generic<T>>>,
}

/// The bits of the largest body, 64 KiB.
const MOST: u64 = 64 * 1024 * 8;

#[derive(TelemetryEvent)]
#[telemetry(event = "recursive", budget_bits = 524_288)]
struct Recursive {
    chain: Chain,
    branches: Branches,
    tree: Tree,
    even: Even,
    expression: Option<Expression>,
    generic: Generic<bool>,
}

/// An event that contains itself.
#[derive(TelemetryEvent)]
#[telemetry(event = "itself", budget_bits = 524_288)]
struct Itself {
    on: bool,
    inner: Option<Box<Itself>>,
}

fn recursive() -> Recursive {
    let tree = Tree { children: BTreeMap::from([("left".to_owned(), Tree { children: BTreeMap::new() })]) };
    let leaf = || Box::new(Expression::Leaf);
    let and = Expression::And { left: leaf(), right: Box::new(Expression::Not { of: leaf() }) };
    Recursive {
        chain: Chain { on: true, next: Some(Box::new(Chain { on: false, next: None })) },
        branches: Branches { children: vec![Branches { children: vec![] }] },
        tree,
        even: Even { odd: Some(Box::new(Odd { even: Some(Box::new(Even { odd: None })), more: vec![] })) },
        expression: Some(and),
        generic: Generic { value: true, next: Some(Box::new(Generic { value: false, next: None })) },
    }
}

const BODY: &str = concat!(
    r#"{"chain":{"on":true,"next":{"on":false}},"branches":{"children":[{"children":[]}]},"#,
    r#""tree":{"children":[{"id":"left","children":[]}]},"even":{"odd":{"even":{},"more":[]}},"#,
    r#""expression":{"op":"And","left":{"op":"Leaf"},"right":{"op":"Not","of":{"op":"Leaf"}}},"#,
    r#""generic":{"value":true,"next":{"value":false}}}"#
);

#[test]
fn they_count_at_most_the_bits_of_the_largest_body() {
    assert_eq!(Recursive::SCHEMA.bits(), MOST);
    assert_eq!(Itself::SCHEMA.bits(), MOST);
    assert_eq!(Recursive::BUDGET_BITS, MOST);
}

#[test]
fn they_are_recorded_and_fit_their_schema() {
    let snapshot = telemetry::testing::snapshot(&recursive());
    assert_eq!(snapshot.as_json(), BODY);
    let validator = jsonschema::validator_for(&Recursive::SCHEMA.to_json_schema()).unwrap();
    assert!(validator.is_valid(&snapshot.to_value()));
}

#[test]
fn they_are_published() {
    if !is_alone("seal::recursion::they_are_published") {
        return;
    }
    let memory = telemetry::sink::Memory::default();
    let telemetry = Telemetry::builder(Consent::new("SEAL", "seal").skip_test_check())
        .configured(Some(true))
        .sink(memory.clone())
        .build();
    assert_eq!(telemetry.publish(&recursive()), Outcome::Accepted);
    let itself = Itself { on: true, inner: Some(Box::new(Itself { on: false, inner: None })) };
    assert_eq!(telemetry.publish(&itself), Outcome::Accepted);
    telemetry.shutdown(std::time::Duration::from_secs(60));
    let bodies = memory.bodies();
    assert!(bodies[0].contains(BODY) && bodies[1].contains(r#"{"on":true,"inner":{"on":false}}"#), "{bodies:?}");
}

/// A value that is of the same type again, so that whether it can be absent depends on itself.
#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Wrapped {
    Leaf,
    Flag(bool),
    Again(Box<Wrapped>),
}

#[derive(TelemetryEvent)]
#[telemetry(event = "wrapped", budget_bits = 524_288)]
struct Wrapping {
    value: Wrapped,
    optional: Option<Wrapped>,
}

#[test]
fn a_variant_can_hold_its_own_enum_untagged() {
    // A stack overflow would end all tests.
    if !is_alone("seal::recursion::a_variant_can_hold_its_own_enum_untagged") {
        return;
    }
    let again = || Wrapped::Again(Box::new(Wrapped::Again(Box::new(Wrapped::Flag(true)))));
    let snapshot = telemetry::testing::snapshot(&Wrapping { value: again(), optional: Some(Wrapped::Leaf) });
    assert_eq!(snapshot.as_json(), r#"{"value":true,"optional":"Leaf"}"#);
    let schema = Wrapping::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&snapshot.to_value()), "{schema:#}");
    for other in [serde_json::json!({}), serde_json::json!({ "value": 1 }), serde_json::json!({ "value": "Again" })] {
        assert!(!validator.is_valid(&other), "{other} is accepted by {schema:#}");
    }
    assert!(Wrapping::SCHEMA.bits() <= MOST && Wrapping::SCHEMA.hash().len() == 64);
    assert!(telemetry::page::Disclosure::of::<Wrapping>().to_markdown().contains("`Leaf`"));
}
