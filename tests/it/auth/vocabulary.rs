//! The words that may be sent are those of vectors/VOCABULARY.json.

use std::collections::BTreeMap;

use serde::Deserialize;
use telemetry::auth::vocabulary::{
    ADAPTERS, COOKIE_CACHE_STRATEGY, DATABASES, IP_HEADERS, LOGGER_LEVEL, PLUGINS, PROMPTS, RATE_LIMIT_STORAGE,
    SAME_SITE, SOCIAL_PROVIDERS, TRUSTED_PROVIDERS,
};
use telemetry::auth::{AdvancedDatabase, GenerateId};
use telemetry::schema::Words;
use telemetry::{Snapshot, TelemetrySnapshot};

#[derive(Deserialize)]
struct Table {
    words: Vec<String>,
    r#else: String,
}

const TABLES: [(&str, Words); 11] = [
    ("social_providers", SOCIAL_PROVIDERS),
    ("plugins", PLUGINS),
    ("trusted_providers", TRUSTED_PROVIDERS),
    ("prompts", PROMPTS),
    ("databases", DATABASES),
    ("adapters", ADAPTERS),
    ("ip_headers", IP_HEADERS),
    ("rate_limit_storage", RATE_LIMIT_STORAGE),
    ("cookie_cache_strategy", COOKIE_CACHE_STRATEGY),
    ("logger_level", LOGGER_LEVEL),
    ("same_site", SAME_SITE),
];

fn agreed() -> BTreeMap<String, Table> {
    serde_json::from_str(&super::read(&super::vector("VOCABULARY.json"))).unwrap()
}

#[test]
fn each_table_has_exactly_the_words_of_the_vocabulary() {
    let mut agreed = agreed();
    for (name, words) in TABLES {
        let Table { words: mut expected, r#else } = agreed.remove(name).unwrap();
        assert_eq!(words.get(words.index_of("acme-something-else")), Some(r#else.as_str()), "{name}");
        expected.push(r#else);
        assert_eq!(words.iter().collect::<Vec<_>>(), expected, "{name}");
    }
    assert_eq!(agreed.into_keys().collect::<Vec<_>>(), ["generate_id"]);
}

#[test]
fn generate_id_is_a_word_of_the_vocabulary() {
    let Table { mut words, r#else } = agreed().remove("generate_id").unwrap();
    words.push(r#else);
    let schema = AdvancedDatabase::SCHEMA.to_json_schema();
    assert_eq!(schema["properties"]["generateId"]["enum"], serde_json::json!(words), "{schema:#}");
    let other = AdvancedDatabase {
        generate_id: Some(GenerateId::Other("acme-snowflake".into())),
        ..AdvancedDatabase::default()
    };
    assert_eq!(Snapshot::of(&other).unwrap().as_json(), r#"{"generateId":"other"}"#);
}
