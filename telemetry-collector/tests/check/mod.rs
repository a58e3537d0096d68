//! The checker accepts exactly what can be sent.
//!
//! Three judges say what can be sent: the snapshots of types, all bodies of small types, and the JSON Schema under the crate `jsonschema`.

mod auth;
mod bodies;
mod envelope;
mod json;
pub(crate) mod known;
mod limits;
mod mutate;
mod oracle;
mod reasons;
mod rebuild;
#[macro_use]
#[path = "../../../tests/it/properties/shapes.rs"]
mod shapes;
mod snapshots;
#[allow(dead_code, reason = "the other tests of these shapes look for hidden texts")]
#[path = "../../../tests/it/properties/source.rs"]
mod source;
#[path = "../../../tests/it/properties/variants.rs"]
mod variants;
mod waiting;
// After the macro that it uses.
mod fuzz;
