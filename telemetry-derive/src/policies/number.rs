//! `number`: an integer within bounds, or a duration in a unit.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use telemetry_spec::{limit, time};

use super::Definition;
use super::bound::Bound;
use super::unit::Unit;
use crate::code::tokens::{Tokens, call, runtime};
use crate::errors::Errors;
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};
use crate::parse::attr::{Entry, Range, Value};

struct Number {
    min: Bound,
    max: Bound,
    unit: Unit,
    /// How many leading digits are sent; all if `None`.
    digits: Option<u8>,
}

const USAGE: Usage = Usage {
    options: &["min", "max", "unit", "digits"],
    takes: "the largest number that it sends, and the smallest unless that is 0",
    example: "`number(max = 1_000)`, `number(min = -10, max = LIMIT)`",
    calls: false,
};

pub(super) const DEFINITION: Definition = Definition {
    key: "number",
    synonyms: &["int", "integer", "max", "min", "unit", "range", "digits"],
    advice: "write `number(max = 1_000)`: it sends the number within bounds; `bucket(10, 100)` sends its range",
    options: USAGE.options,
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
        let min = Bound::read("min", arguments, errors)?;
        let Some(max) = Bound::read("max", arguments, errors)? else {
            let message = "`number` needs the largest number that it may send: `number(max = 86_400)`";
            return refuse(arguments.span(), message, errors);
        };
        let unit = Unit::read(arguments, errors)?;
        let digits = digits(arguments, errors)?;
        let min = min.unwrap_or(Bound::Literal(0, max.span()));
        if let (Some(min), Some(largest)) = (min.literal(), max.literal())
            && min >= largest
        {
            return refuse(max.span(), format!("the `max` of a number is above its `min`, which is {min}"), errors);
        }
        Some(Self { min, max, unit, digits })
    }

    fn required(&self, field: &Field<'_>) -> Tokens {
        field.required(if self.unit().is_some() { "required_time_number" } else { "required_number" })
    }
}

/// `None` after an error; `Some(None)` if all digits are sent.
#[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
fn digits(arguments: &Arguments<'_>, errors: &Errors) -> Option<Option<u8>> {
    let Some((digits, at)) = arguments.integer("digits", errors)? else { return Some(None) };
    match u8::try_from(digits) {
        Ok(digits @ 1..=limit::DIGITS) => Some(Some(digits)),
        _ => refuse(at, format!("`digits` is 1 to {}: how many leading digits are sent", limit::DIGITS), errors),
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

impl Policy for Number {
    fn required_trait(&self) -> &'static str {
        if self.unit().is_some() { "TimeNumber" } else { "Number" }
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (min, max, unit, required) = (&self.min, &self.max, self.unit.word(), self.required(field));
        match self.digits {
            None => call(tokens, &runtime("number"), quote!(#min, #max, #unit, #required)),
            Some(digits) => call(tokens, &runtime("rounded"), quote!(#min, #max, #unit, #digits, #required)),
        }
    }

    fn record(&self) -> &'static str {
        if self.unit().is_some() { "record_number_in" } else { "record_number" }
    }

    fn unit(&self) -> Option<time::Unit> {
        self.unit.time()
    }

    /// The bounds that only the compiler knows.
    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        if let (Some(_), Some(_)) = (self.min.literal(), self.max.literal()) {
            return None;
        }
        let span = if self.max.literal().is_none() { self.max.span() } else { self.min.span() };
        let (min, max) = (&self.min, &self.max);
        let checks = [self.min.check(), self.max.check()];
        let checks = checks.iter().flatten();
        Some(quote_spanned!(span=> { #(#checks)* __telemetry::check_number(#min, #max) }))
    }
}
