//! Functions and objects of the application that the library calls.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

/// A function of the application.
///
/// ```
/// use std::sync::Arc;
/// use telemetry::auth::EmailVerification;
///
/// let options = EmailVerification {
///     send_verification_email: Some(Arc::new(|mail| println!("a mail with a link goes to {}", mail.to))),
///     ..EmailVerification::default()
/// };
/// ```
pub type Callback<A, R = ()> = Arc<dyn Fn(&A) -> R + Send + Sync>;

/// A function of the application that receives a text.
pub type TextCallback<R> = Arc<dyn Fn(&str) -> R + Send + Sync>;

/// An object that only the application knows, such as the adapter of a database.
pub type Opaque = Arc<dyn Any + Send + Sync>;

/// A row of a table: values by column.
pub type Record = Map<String, Value>;

/// A storage outside of the database: texts by key.
pub trait Storage: Send + Sync {
    /// The text that is stored under `key`.
    fn get(&self, key: &str) -> Option<String>;

    /// Stores `value` under `key`, for as long as `keep` says if it is given.
    fn set(&self, key: &str, value: &str, keep: Option<Duration>);

    /// Deletes the text that is stored under `key`.
    fn delete(&self, key: &str);
}

/// A mail that the application is asked to send.
#[derive(Clone)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The link to follow.
    pub url: String,
    /// The token in the link.
    pub token: String,
}

/// A request that the library handles.
#[derive(Clone)]
pub struct Request {
    /// The path, such as `/sign-in/email`.
    pub path: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
}

/// The tokens that a provider issued for a sign-in.
#[derive(Clone, Default)]
pub struct Tokens {
    /// The access token.
    pub access_token: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The id token.
    pub id_token: Option<String>,
}

/// A password and the hash to compare it with.
#[derive(Clone)]
pub struct PasswordCheck {
    /// The password that was entered.
    pub password: String,
    /// The stored hash.
    pub hash: String,
}
