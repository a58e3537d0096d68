//! Names under `rename_all`, beside those that serde gives the same type.

use serde::Serialize;
use telemetry::TelemetrySnapshot;

use super::json;

macro_rules! case {
    ($case:literal) => {{
        #[derive(Serialize, TelemetrySnapshot)]
        #[serde(rename_all = $case)]
        #[telemetry(rename_all = $case)]
        #[allow(non_snake_case, reason = "odd names are what is tested")]
        struct Fields {
            a: bool,
            max_age_s: bool,
            a__b: bool,
            trailing_: bool,
            maxAge: bool,
            Foo_Bar: bool,
            HTTP_port: bool,
            r#type: bool,
        }

        #[derive(Serialize, TelemetrySnapshot)]
        #[serde(rename_all = $case)]
        #[telemetry(rename_all = $case)]
        #[allow(non_camel_case_types, reason = "odd names are what is tested")]
        enum Words {
            MaxAgeS,
            HTTPServer,
            Foo_Bar,
            _Hidden,
            lower,
        }

        let fields = Fields {
            a: true,
            max_age_s: true,
            a__b: true,
            trailing_: true,
            maxAge: true,
            Foo_Bar: true,
            HTTP_port: true,
            r#type: true,
        };
        assert_eq!(json(&fields), serde_json::to_string(&fields).unwrap(), $case);
        for word in [Words::MaxAgeS, Words::HTTPServer, Words::Foo_Bar, Words::_Hidden, Words::lower] {
            assert_eq!(json(&word), serde_json::to_string(&word).unwrap(), $case);
        }
    }};
}

#[test]
fn names_are_those_of_serde() {
    case!("lowercase");
    case!("UPPERCASE");
    case!("PascalCase");
    case!("camelCase");
    case!("snake_case");
    case!("SCREAMING_SNAKE_CASE");
    case!("kebab-case");
    case!("SCREAMING-KEBAB-CASE");
}
