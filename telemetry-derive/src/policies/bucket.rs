//! `bucket`: the range that a number falls into.

use proc_macro2::TokenStream;
use quote::quote;
use telemetry_spec::bucket::labels;
use telemetry_spec::{limit, time};

use super::Definition;
use super::unit::Unit;
use crate::code::tokens::{call, runtime};
use crate::errors::Errors;
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};

struct Bucket {
    edges: Vec<i64>,
    unit: Unit,
}

const USAGE: Usage = Usage {
    options: &["unit"],
    takes: "the edges of its ranges, ascending integers",
    example: "`bucket(10, 100, 1_000)`",
};

pub(super) const DEFINITION: Definition = Definition {
    key: "bucket",
    synonyms: &["buckets", "histogram", "edges"],
    advice: "write `bucket(10, 100)`: it sends the range that a number falls into",
    read: |key, args, errors| {
        let arguments = Arguments::read(key, args, &USAGE, errors)?;
        let edges = edges(&arguments, errors)?;
        Some(Box::new(Bucket { edges, unit: Unit::read(&arguments, errors)? }))
    },
};

fn edges(arguments: &Arguments<'_>, errors: &Errors) -> Option<Vec<i64>> {
    let mut edges: Vec<i64> = Vec::new();
    for entry in arguments.values() {
        let Some(edge) = entry.integer() else { return refuse(entry.span(), arguments.usage(), errors) };
        if edge.abs() > limit::NUMBER {
            return refuse(entry.span(), "an edge lies within -(2^53 - 1) and 2^53 - 1", errors);
        }
        if let Some(before) = edges.last().filter(|before| **before >= edge) {
            let message = format!("the edges of a bucket are ascending, and this one follows {before}");
            return refuse(entry.span(), message, errors);
        }
        edges.push(edge);
    }
    match edges.len() {
        0 => refuse(arguments.span(), arguments.usage(), errors),
        1..=limit::EDGES => Some(edges),
        _ => refuse(arguments.span(), format!("a bucket has at most {} edges", limit::EDGES), errors),
    }
}

impl Bucket {
    fn required(&self, field: &Field<'_>) -> TokenStream {
        field.required(if self.unit().is_some() { "required_time_bucket" } else { "required_bucket" })
    }
}

impl Policy for Bucket {
    fn required_trait(&self) -> &'static str {
        if self.unit().is_some() { "TimeBucket" } else { "Bucket" }
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (edges, unit, required) = (&self.edges, self.unit.word(), self.required(field));
        let labels: Vec<_> = labels(edges).collect();
        let labels = labels.iter().map(|label| label.as_str());
        call(tokens, &runtime("bucket"), quote!(&[#(#edges),*], &[#(#labels),*], #unit, #required));
    }

    fn record(&self) -> &'static str {
        if self.unit().is_some() { "record_bucket_in" } else { "record_bucket" }
    }

    fn unit(&self) -> Option<time::Unit> {
        self.unit.time()
    }
}
