//! Turns recorded JSON of the original into what we send in its place.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Table {
    words: Vec<String>,
    r#else: String,
}

impl Table {
    fn word(&self, text: &Value) -> Value {
        let text = text.as_str().unwrap_or_default();
        self.words.iter().find(|word| *word == text).unwrap_or(&self.r#else).clone().into()
    }
}

fn tables() -> BTreeMap<String, Table> {
    let vocabulary = crate::auth::read(&crate::auth::vector("VOCABULARY.json"));
    serde_json::from_str(&vocabulary).unwrap()
}

/// Turns an adapter that the original sent beside a configuration into what we send.
pub(super) fn redact_adapter(adapter: &Value) -> Value {
    tables()["adapters"].word(adapter)
}

/// Turns a configuration that the original sent into what we send. The recording does not show functions among the options.
pub(super) fn redact(config: &Value, options: &Value) -> Value {
    let tables = tables();
    let mut config = config.clone();
    let mut at = |path: &str, change: &dyn Fn(&Value) -> Value| change_at(&mut config, path, change);
    let word = |table: &str| {
        let table = &tables[table];
        move |text: &Value| if text.is_null() { Value::Null } else { table.word(text) }
    };
    let word_in_lower_case = |table: &str| {
        let word = word(table);
        move |text: &Value| text.as_str().map_or(Value::Null, |text| word(&text.to_ascii_lowercase().into()))
    };

    at("database", &word("databases"));
    at("adapter", &word("adapters"));
    at("plugins", &|ids| each(ids, word("plugins")));
    at("account.accountLinking.trustedProviders", &|ids| each(ids, word("trusted_providers")));
    at("advanced.ipAddress.ipAddressHeaders", &|names| each(names, word_in_lower_case("ip_headers")));
    at("advanced.cookieAttributes.sameSite", &word_in_lower_case("same_site"));
    at("rateLimit.storage", &word("rate_limit_storage"));
    at("session.cookieCache.strategy", &word("cookie_cache_strategy"));
    at("logger.level", &word("logger_level"));
    at("advanced.database.generateId", &|id| match id {
        Value::Bool(false) => "disabled".into(),
        id => word("generate_id")(id),
    });
    for path in [
        "user.modelName",
        "session.modelName",
        "account.modelName",
        "verification.modelName",
        "rateLimit.modelName",
        "advanced.cookieAttributes.path",
        "advanced.cookieAttributes.expires",
        "onAPIError.errorURL",
    ] {
        at(path, &|text| text.as_str().is_some_and(|text| !text.is_empty()).into());
    }
    for path in [
        "user.fields",
        "session.fields",
        "account.fields",
        "verification.fields",
        "user.additionalFields",
        "session.additionalFields",
        "advanced.crossSubDomainCookies.additionalCookies",
    ] {
        at(path, &count);
    }
    for (option, word) in [
        ("trustedOrigins", "dynamic"),
        ("account.accountLinking.trustedProviders", "dynamic"),
        ("advanced.database.generateId", "custom"),
    ] {
        let pointer = format!("/{}/$fn", option.replace('.', "/"));
        if options.pointer(&pointer).is_some() {
            at(option, &|_| word.into());
        }
    }
    at("socialProviders", &|providers| {
        let providers = providers.as_array().into_iter().flatten().filter(|provider| provider.get("id").is_some());
        let redacted = providers.cloned().map(|mut provider| {
            change_at(&mut provider, "id", &word("social_providers"));
            change_at(&mut provider, "prompt", &word("prompts"));
            change_at(&mut provider, "scope", &count);
            provider
        });
        redacted.collect()
    });
    drop_nulls(&mut config);
    config
}

fn each(list: &Value, word: impl Fn(&Value) -> Value) -> Value {
    list.as_array().map_or(Value::Null, |items| items.iter().map(word).collect())
}

fn count(value: &Value) -> Value {
    let map = value.as_object().map(Map::len);
    map.or_else(|| value.as_array().map(Vec::len)).map_or(Value::Null, |count| count.into())
}

fn change_at(tree: &mut Value, path: &str, change: &dyn Fn(&Value) -> Value) {
    let mut place = tree;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = change(place);
}

fn drop_nulls(tree: &mut Value) {
    match tree {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[test]
fn the_recorded_configurations_become_the_expected_ones() {
    let vectors = crate::auth::read(&crate::auth::vector("config.jsonl"));
    for line in vectors.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        assert_eq!(redact(&vector["oracle"], &vector["options"]), vector["expected"], "{}", vector["name"]);
    }
    assert_eq!(redact(&json!({}), &json!({}))["user"], json!({"modelName": false}));
    assert_eq!((redact_adapter(&"prisma".into()), redact_adapter(&"acme".into())), ("prisma".into(), "other".into()));
}
