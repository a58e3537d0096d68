//! `number`: an integer within bounds, or a duration in a unit.

use proc_macro2::TokenStream;
use quote::quote;
use telemetry_spec::{limit, time};

use super::Definition;
use super::unit::Unit;
use crate::code::tokens::{call, runtime};
use crate::errors::Errors;
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};
use crate::parse::attr::{Entry, Range, Value};

struct Number {
    min: i64,
    max: i64,
    unit: Unit,
}

const USAGE: Usage = Usage {
    options: &["min", "max", "unit"],
    takes: "the largest number that it sends, and the smallest unless that is 0",
    example: "`number(max = 1_000)`, `number(min = -10, max = 10)`",
};

pub(super) const DEFINITION: Definition = Definition {
    key: "number",
    synonyms: &["int", "integer", "max", "min", "unit", "range"],
    advice: "write `number(max = 1_000)`: it sends the number within bounds; `bucket(10, 100)` sends its range",
    read: |key, args, errors| {
        let number = Number::read(&Arguments::read(key, args, &USAGE, errors)?, errors)?;
        Some(Box::new(number))
    },
};

impl Number {
    fn read(arguments: &Arguments<'_>, errors: &Errors) -> Option<Self> {
        if let Some(value @ Entry::Value(Value::Range(range))) = arguments.values().next() {
            return refuse(value.span(), in_options(range), errors);
        }
        arguments.no_values(errors)?;
        let min = arguments.integer("min", errors)?;
        let Some((max, at)) = arguments.integer("max", errors)? else {
            let message = "`number` needs the largest number that it may send: `number(max = 86_400)`";
            return refuse(arguments.span(), message, errors);
        };
        let unit = Unit::read(arguments, errors)?;
        let (min, min_at) = min.unwrap_or((0, at));
        for (bound, at) in [(min, min_at), (max, at)] {
            if bound.abs() > limit::NUMBER {
                let message =
                    "a number lies within -(2^53 - 1) and 2^53 - 1, so that every JSON reader keeps it exactly";
                return refuse(at, message, errors);
            }
        }
        if min >= max {
            return refuse(at, format!("the `max` of a number is above its `min`, which is {min}"), errors);
        }
        Some(Self { min, max, unit })
    }
}

/// The range, in the syntax of the policy.
fn in_options(range: &Range) -> String {
    let max = range.max.unwrap_or(1_000);
    match range.min {
        None | Some(0) => format!("`number` takes its bounds by name: write `number(max = {max})`"),
        Some(min) => format!("`number` takes its bounds by name: write `number(min = {min}, max = {max})`"),
    }
}

impl Number {
    fn required(&self, field: &Field<'_>) -> TokenStream {
        field.required(if self.unit().is_some() { "required_time_number" } else { "required_number" })
    }
}

impl Policy for Number {
    fn required_trait(&self) -> &'static str {
        if self.unit().is_some() { "TimeNumber" } else { "Number" }
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (min, max, unit, required) = (self.min, self.max, self.unit.word(), self.required(field));
        call(tokens, &runtime("number"), quote!(#min, #max, #unit, #required));
    }

    fn record(&self) -> &'static str {
        if self.unit().is_some() { "record_number_in" } else { "record_number" }
    }

    fn unit(&self) -> Option<time::Unit> {
        self.unit.time()
    }
}
