//! What is collected can only change in a reviewed diff:
//!
//! - `insta` compares the redacted view of a configuration that sets every option with the one in `snapshots/`;
//! - `telemetry::testing` compares the page for users with the committed one, and the schemas of the events with those of all
//!   releases.
//!
//! If fields depend on a feature, there is one of each for every setting of the feature:
//! `cargo test` and `cargo test --features sso`. To accept a change, run `cargo insta review` and
//! `TELEMETRY_UPDATE=1 cargo test`.

use std::collections::BTreeMap;

use telemetry::testing;
use telemetry_example_snapshot_tests::{Options, Provider, disclosure};

/// The setting of the feature, which names the snapshot and the page.
const SETTING: &str = if cfg!(feature = "sso") { "sso" } else { "default" };

fn everything() -> Options {
    let provider = |secret: &str| Provider { client_secret: Some(secret.to_owned()), scopes: vec!["email".to_owned()] };
    Options {
        secret: "Zk3v-9tQw1XhYb7L".to_owned(),
        secure: true,
        database: Some("postgres".to_owned()),
        providers: BTreeMap::from([
            ("github".to_owned(), provider("gho-4f9d1c7be2a8")),
            ("internal.acme.example".to_owned(), provider("sso-1d7ab0b2")),
        ]),
        #[cfg(feature = "sso")]
        sso: Some(telemetry_example_snapshot_tests::Sso { issuer: "https://sso.acme.example".to_owned() }),
    }
}

#[test]
fn everything_on() {
    insta::with_settings!({ snapshot_suffix => SETTING }, {
        insta::assert_snapshot!(format!("{:#}", testing::snapshot(&everything())));
    });
}

#[test]
fn nothing_set() {
    insta::with_settings!({ snapshot_suffix => SETTING }, {
        insta::assert_snapshot!(format!("{:#}", testing::snapshot(&Options::default())));
    });
}

#[test]
fn the_page_tells_what_is_sent() {
    testing::assert_page(&disclosure(), format!("TELEMETRY.{SETTING}.md"));
}

#[test]
fn what_is_sent_changes_only_in_a_reviewed_diff() {
    testing::assert_schemas(disclosure().scope(), format!("schemas.{SETTING}"));
}
