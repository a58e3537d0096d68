//! Reads options of Better Auth that were written as JSON, functions and dates included.
//!
//! | written | stands for |
//! |---|---|
//! | `{"$fn": true}` | a function, or an object with methods |
//! | `{"$asyncProvider": {…}}`, `{"$syncProvider": {…}}` | a function that returns the provider; here, the provider |
//! | `{"$rejectProvider": "…"}`, `{"$hangProvider": true}` | a function that returns no provider; here, no provider |
//! | `{"$date": "2031-02-03T04:05:06.789Z"}` | a date; an invalid one counts as absent |
//! | `{"$num": "-0"}` | negative zero; here, 0 |
//! | `{"$num": "Infinity"}`, `{"$bigint": "1"}`, `{"$circular": true}` | a value that JSON cannot hold; here, nothing |
//!
//! A `null` counts as absent.

mod date;
mod error;
mod functions;
mod lists;
mod plain;

pub use error::DecodeError;

use indexmap::IndexMap;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use telemetry::auth::{AuthOptions, Config};

/// A configuration that was written as JSON.
pub struct Written {
    /// The options.
    pub options: AuthOptions,
    /// What the application passes besides the options.
    pub context: Context,
}

/// What the application passes besides its options.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    /// The database.
    pub database: Option<String>,
    /// The adapter that connects to it.
    pub adapter: Option<String>,
    /// Whether telemetry may be on in tests.
    pub skip_test_check: bool,
    /// The function that receives events, written `{"$track": "record"}`.
    #[serde(deserialize_with = "track")]
    pub custom_track: Option<Track>,
}

/// How the function that receives events behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// It succeeds.
    Record,
    /// It panics.
    ThrowSync,
    /// It fails.
    ThrowAsync,
    /// It panics, except for `init`.
    ThrowSyncOnPublish,
    /// It fails, except for `init`.
    ThrowAsyncOnPublish,
    /// It returns no promise, which is the only way in Rust.
    ReturnUndefined,
    /// It never returns.
    Hang,
}

fn track<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Track>, D::Error> {
    #[derive(Deserialize)]
    struct Written {
        #[serde(rename = "$track")]
        track: Track,
    }
    Ok(Option::<Written>::deserialize(deserializer)?.map(|written| written.track))
}

impl Written {
    /// The configuration as events carry it.
    pub fn config(&self) -> Config<'_> {
        Config {
            database: self.context.database.as_deref(),
            adapter: self.context.adapter.as_deref(),
            options: &self.options,
        }
    }
}

/// The members of a line, not parsed yet.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    options: Option<&'a RawValue>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
}

/// Reads `{"options":…,"context":…}`. Other members are ignored.
///
/// # Errors
///
/// [`DecodeError`] says where the mistake is, without the text there.
pub fn decode(json: &str) -> Result<Written, DecodeError> {
    let line: Line<'_> = serde_json::from_str(json).map_err(|error| DecodeError::not_json(&error))?;
    if !is_object(json) {
        return Err(DecodeError::NotJson { column: 1 });
    }
    let context = match line.context {
        Some(json) => decode_context(json.get())?,
        None => Context::default(),
    };
    let options = line.options.ok_or_else(|| DecodeError::at("options"))?;
    Ok(Written { options: decode_options(options.get())?, context })
}

/// Reads a context, which may be `null`.
///
/// # Errors
///
/// Like [`decode`].
pub fn decode_context(json: &str) -> Result<Context, DecodeError> {
    Ok(decode_plain::<Option<Context>>("context", json)?.unwrap_or_default())
}

/// Reads a value that holds neither functions nor lists. Errors call it `root`.
///
/// # Errors
///
/// Like [`decode`].
pub fn decode_plain<T: DeserializeOwned>(root: &str, json: &str) -> Result<T, DecodeError> {
    let mut tree = tree(json)?;
    plain::make(&mut tree);
    lists::check(root, &tree)?;
    serde_path_to_error::deserialize(tree).map_err(|error| DecodeError::unfit(root, error.path()))
}

/// Reads options, which are an object.
///
/// # Errors
///
/// Like [`decode`].
pub fn decode_options(json: &str) -> Result<AuthOptions, DecodeError> {
    let mut tree = tree(json)?;
    plain::resolve_providers(&mut tree);
    let functions = functions::take(&mut tree)?;
    let expires = date::take(&mut tree)?;
    plain::make(&mut tree);
    lists::check("options", &tree)?;
    let options = serde_path_to_error::deserialize::<_, AuthOptions>(tree);
    let mut options = options.map_err(|error| DecodeError::unfit("options", error.path()))?;
    functions.put(&mut options);
    options.advanced.default_cookie_attributes.expires = expires;
    sort_providers(&mut options, json);
    Ok(options)
}

/// Whether a JSON text is an object. Serde would also accept a list for a struct, as its fields in order.
pub fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{')
}

fn tree(json: &str) -> Result<Value, DecodeError> {
    serde_json::from_str(json).map_err(|error| DecodeError::not_json(&error))
}

/// The tree sorts its keys, but providers are sent in the order in which they are written.
fn sort_providers(options: &mut AuthOptions, json: &str) {
    #[derive(Deserialize)]
    struct Order {
        #[serde(rename = "socialProviders")]
        providers: IndexMap<String, IgnoredAny>,
    }
    // Without providers there is nothing to sort.
    if let Ok(order) = serde_json::from_str::<Order>(json) {
        options.social_providers.sort_by_cached_key(|id, _| order.providers.get_index_of(id));
    }
}
