//! `skip`: the field is neither read nor sent.

use proc_macro2::TokenStream;

use super::Definition;
use crate::model::{Field, Place, Policy};
use crate::parse::arguments::refuse;
use crate::parse::attr::{Args, Value};

pub(crate) struct Skip;

pub(super) const DEFINITION: Definition = Definition {
    key: "skip",
    synonyms: &["ignore", "none"],
    advice: "write `skip`: it sends nothing",
    options: &[],
    read: |key, args, errors| match args {
        Args::None | Args::Value(Value::Text(_)) => Some(Box::new(Skip)),
        _ => refuse(key.span(), "`skip` takes nothing, or the reason: `skip = \"why\"`", errors),
    },
};

impl Policy for Skip {
    fn required_trait(&self) -> &'static str {
        "TelemetrySnapshot"
    }

    fn place(&self) -> Place {
        Place::Nowhere
    }

    fn kind(&self, _: &Field<'_>, _: &mut TokenStream) {}

    fn record(&self) -> &'static str {
        ""
    }

    fn refuses_with(&self) -> Option<&'static str> {
        Some("`skip` never looks at the field, so no function can give its value")
    }
}
