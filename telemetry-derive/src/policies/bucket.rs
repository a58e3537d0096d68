//! `bucket`: the range that a number falls into.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;
use telemetry_spec::{limit, time};

use super::Definition;
use super::bound::{self, Bound};
use super::unit::Unit;
use crate::code::tokens::{Tokens, call, runtime};
use crate::errors::Errors;
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};

struct Bucket {
    edges: Edges,
    unit: Unit,
}

enum Edges {
    Literals(Vec<i64>),
    /// Some of them are constants, which the compiler compares.
    Evaluated(Vec<Bound>),
    /// A constant of type `Edges`, or a constant integer.
    Constant(ExprPath),
}

const USAGE: Usage = Usage {
    options: &["unit"],
    takes: "the edges of its ranges, ascending integers, or a constant `Edges`",
    example: "`bucket(10, 100, 1_000)`, `bucket(SIZES)`",
    calls: true,
};

pub(super) const DEFINITION: Definition = Definition {
    key: "bucket",
    synonyms: &["buckets", "histogram", "edges"],
    advice: "write `bucket(10, 100)`: it sends the range that a number falls into",
    options: USAGE.options,
    read: |key, args, errors| {
        let arguments = Arguments::read(key, args, &USAGE, errors)?;
        let edges = edges(&arguments, errors)?;
        Some(Box::new(Bucket { edges, unit: Unit::read(&arguments, errors)? }))
    },
};

fn edges(arguments: &Arguments<'_>, errors: &Errors) -> Option<Edges> {
    let entries: Vec<_> = arguments.values().collect();
    if let [only] = entries.as_slice()
        && let Some(path) = only.path()
    {
        return Some(Edges::Constant(path));
    }
    let mut edges: Vec<Bound> = Vec::new();
    for entry in entries {
        let Some(edge) = Bound::edge(entry) else { return refuse(entry.span(), arguments.usage(), errors) };
        if edge.literal().is_some_and(|edge| edge.abs() > limit::NUMBER) {
            return refuse(entry.span(), "an edge lies within -(2^53 - 1) and 2^53 - 1", errors);
        }
        let before = edges.last().and_then(Bound::literal);
        if let Some(before) = before.filter(|before| edge.literal().is_some_and(|edge| *before >= edge)) {
            let message = format!("the edges of a bucket are ascending, and this one follows {before}");
            return refuse(entry.span(), message, errors);
        }
        edges.push(edge);
    }
    match edges.len() {
        0 => refuse(arguments.span(), arguments.usage(), errors),
        1..=limit::EDGES if bound::any_constant(&edges) => Some(Edges::Evaluated(edges)),
        1..=limit::EDGES => Some(Edges::Literals(edges.iter().filter_map(Bound::literal).collect())),
        _ => refuse(arguments.span(), format!("a bucket has at most {} edges", limit::EDGES), errors),
    }
}

impl Bucket {
    fn required(&self, field: &Field<'_>) -> Tokens {
        field.required(if self.unit().is_some() { "required_time_bucket" } else { "required_bucket" })
    }
}

impl Policy for Bucket {
    fn required_trait(&self) -> &'static str {
        if self.unit().is_some() { "TimeBucket" } else { "Bucket" }
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (unit, required) = (self.unit.word(), self.required(field));
        match &self.edges {
            Edges::Literals(edges) => {
                call(tokens, &runtime("bucket"), quote!(&[#(#edges),*], #unit, #required));
            }
            Edges::Evaluated(edges) => {
                let edges = bound::array(edges);
                call(tokens, &runtime("bucket"), quote!(&const { #edges }, #unit, #required));
            }
            Edges::Constant(path) => {
                let edges = quote_spanned!(path.span()=> &const { __telemetry::edges_of(&#path).edges(#path) });
                call(tokens, &runtime("bucket_of"), quote!(#edges, #unit, #required));
            }
        }
    }

    fn record(&self) -> &'static str {
        if self.unit().is_some() { "record_bucket_in" } else { "record_bucket" }
    }

    fn unit(&self) -> Option<time::Unit> {
        self.unit.time()
    }

    /// The order of edges that only the compiler knows.
    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        let (span, checks, edges) = match &self.edges {
            Edges::Literals(_) => return None,
            Edges::Evaluated(edges) => {
                (edges.first()?.span(), edges.iter().filter_map(Bound::check), bound::array(edges))
            }
            Edges::Constant(path) => {
                let (span, path) = (path.span(), path.to_token_stream());
                return Some(quote_spanned!(span=> __telemetry::edges_of(&#path).check(#path)));
            }
        };
        Some(quote_spanned!(span=> { #(#checks)* __telemetry::check_edges(&#edges) }))
    }
}
