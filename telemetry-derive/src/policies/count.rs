//! `count`: a number of things.

use proc_macro2::TokenStream;
use quote::quote;
use telemetry_spec::limit;

use super::Definition;
use super::bound::Max;
use crate::code::tokens::{call, runtime};
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage};

struct Count {
    max: Max,
}

const USAGE: Usage = Usage {
    options: &["max"],
    takes: "the largest number that it sends",
    example: "`count(max = 500)`, `count(max = LIMIT)`",
    calls: false,
};

pub(super) const DEFINITION: Definition = Definition {
    key: "count",
    synonyms: &["len", "length", "list", "size"],
    advice: "write `count`: it sends how many there are; `each` sends a list of snapshots",
    options: USAGE.options,
    read: |key, args, errors| {
        let arguments = Arguments::read(key, args, &USAGE, errors)?;
        arguments.no_values(errors)?;
        Some(Box::new(Count { max: Max::read(limit::COUNT_MAX, &arguments, errors)? }))
    },
};

impl Policy for Count {
    fn required_trait(&self) -> &'static str {
        "Count"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (max, required) = (&self.max, field.required("required_count"));
        call(tokens, &runtime("count"), quote!(#max, #required));
    }

    fn record(&self) -> &'static str {
        "record_count"
    }

    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        self.max.check()
    }
}
