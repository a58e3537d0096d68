use serde::Serialize;
use serde_json::{Value, json};

use super::*;

/// A struct and an enum for each case, with names from serde. Serde's derive panics on a first letter that is not ASCII.
macro_rules! cases {
    ($($module:ident $case:literal)+) => {$(
        mod $module {
            #![allow(non_snake_case, non_camel_case_types, reason = "odd names are what is tested")]

            #[derive(Default, serde::Serialize)]
            #[serde(rename_all = $case)]
            pub(super) struct Fields {
                a: (),
                max_age_s: (),
                _hidden: (),
                __very_hidden: (),
                trailing_: (),
                a__b: (),
                maxAge: (),
                MaxAge: (),
                Foo_Bar: (),
                HTTP_port: (),
                ipv4_2: (),
                _1st: (),
                r#type: (),
                straße_größe: (),
                }

            #[derive(serde::Serialize)]
            #[serde(rename_all = $case)]
            pub(super) enum Variants {
                A,
                MaxAgeS,
                HTTPServer,
                Foo_Bar,
                Foo__Bar,
                _Hidden,
                Trailing_,
                lower,
                snake_case,
                Ipv4,
                X2Y,
                r#Raw,
                Größe,
                GrÖße,
            }
        }
    )+

        fn of_serde() -> Vec<(&'static str, Vec<String>, Vec<String>)> {
            vec![$(($case, keys(&$module::Fields::default()), {
                use $module::Variants::*;
                [A, MaxAgeS, HTTPServer, Foo_Bar, Foo__Bar, _Hidden, Trailing_, lower, snake_case, Ipv4, X2Y, Raw, Größe, GrÖße]
                    .iter()
                    .map(word)
                    .collect()
            })),+]
        }
    };
}

cases! {
    lowercase "lowercase"
    upper "UPPERCASE"
    pascal "PascalCase"
    camel "camelCase"
    snake "snake_case"
    screaming_snake "SCREAMING_SNAKE_CASE"
    kebab "kebab-case"
    screaming_kebab "SCREAMING-KEBAB-CASE"
}

fn keys(fields: &impl Serialize) -> Vec<String> {
    // An object of serde_json would sort the names.
    let text = serde_json::to_string(fields).unwrap();
    text.trim_matches(['{', '}']).split(',').map(|field| field.split('"').nth(1).unwrap().to_owned()).collect()
}

fn word(variant: &impl Serialize) -> String {
    let Value::String(word) = json!(variant) else { panic!("a unit variant is a word") };
    word
}

const FIELDS: [&str; 14] = [
    "a",
    "max_age_s",
    "_hidden",
    "__very_hidden",
    "trailing_",
    "a__b",
    "maxAge",
    "MaxAge",
    "Foo_Bar",
    "HTTP_port",
    "ipv4_2",
    "_1st",
    "type",
    "straße_größe",
];
const VARIANTS: [&str; 14] = [
    "A",
    "MaxAgeS",
    "HTTPServer",
    "Foo_Bar",
    "Foo__Bar",
    "_Hidden",
    "Trailing_",
    "lower",
    "snake_case",
    "Ipv4",
    "X2Y",
    "Raw",
    "Größe",
    "GrÖße",
];

#[test]
fn names_are_those_of_serde() {
    let all = of_serde();
    assert_eq!(all.iter().map(|(case, ..)| *case).collect::<Vec<_>>(), NAMES);
    for (name, fields, variants) in all {
        let case = Case::parse(name).unwrap();
        assert_eq!(FIELDS.map(|field| case.field(field)).as_slice(), fields, "{name}");
        assert_eq!(VARIANTS.map(|variant| case.variant(variant)).as_slice(), variants, "{name}");
    }
}
