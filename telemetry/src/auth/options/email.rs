//! `emailVerification` and `emailAndPassword`.

use serde::Deserialize;

use super::callback::{Callback, Mail, PasswordCheck, Record, TextCallback};
use telemetry_derive::TelemetrySnapshot;

/// How email addresses are verified.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct EmailVerification {
    /// Sends the mail with the verification link.
    #[serde(skip)]
    #[telemetry(presence)]
    pub send_verification_email: Option<Callback<Mail>>,
    /// Whether that mail is sent at sign-up.
    pub send_on_sign_up: bool,
    /// Whether that mail is sent at a sign-in with an unverified email address.
    pub send_on_sign_in: bool,
    /// Whether the user is signed in after the verification.
    pub auto_sign_in_after_verification: bool,
    /// How long the verification link is valid, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub expires_in: Option<u64>,
    /// Runs before an email address is verified.
    #[serde(skip)]
    #[telemetry(presence)]
    pub before_email_verification: Option<Callback<Record>>,
    /// Runs after an email address was verified.
    #[serde(skip)]
    #[telemetry(presence)]
    pub after_email_verification: Option<Callback<Record>>,
}

/// How users sign in with an email address and a password.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct EmailAndPassword {
    /// Whether users can sign in with an email address and a password.
    pub enabled: bool,
    /// Whether signing up this way is disabled.
    pub disable_sign_up: bool,
    /// Whether an email address must be verified before the first sign-in.
    pub require_email_verification: bool,
    /// The maximum length of a password, in characters.
    #[telemetry(number(max = 4_294_967_295))]
    pub max_password_length: Option<u64>,
    /// The minimum length of a password, in characters.
    #[telemetry(number(max = 4_294_967_295))]
    pub min_password_length: Option<u64>,
    /// Sends the mail with the link that resets a password.
    #[serde(skip)]
    #[telemetry(presence)]
    pub send_reset_password: Option<Callback<Mail>>,
    /// How long the link that resets a password is valid, in seconds.
    #[telemetry(number(max = 4_294_967_295, unit = "s"))]
    pub reset_password_token_expires_in: Option<u64>,
    /// Runs after a password was reset.
    #[serde(skip)]
    #[telemetry(presence)]
    pub on_password_reset: Option<Callback<Record>>,
    /// How passwords are hashed.
    pub password: Password,
    /// Whether the user is signed in after the sign-up; sent as `false` if it is not set.
    #[telemetry(flag)]
    pub auto_sign_in: Option<bool>,
    /// Whether all other sessions end when a password is reset.
    pub revoke_sessions_on_password_reset: bool,
    /// Runs when somebody signs up with an email address that is already used.
    #[serde(skip)]
    #[telemetry(skip = "not part of the original's snapshot")]
    pub on_existing_user_sign_up: Option<Callback<Record>>,
    /// Creates the user that is shown to such a person.
    #[serde(skip)]
    #[telemetry(skip = "not part of the original's snapshot")]
    pub custom_synthetic_user: Option<Callback<Record, Record>>,
}

/// How passwords are hashed.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(default)]
#[telemetry(crate = crate)]
pub struct Password {
    /// Replaces the function that hashes a password.
    #[serde(skip)]
    #[telemetry(presence)]
    pub hash: Option<TextCallback<String>>,
    /// Replaces the function that compares a password with its hash.
    #[serde(skip)]
    #[telemetry(presence)]
    pub verify: Option<Callback<PasswordCheck, bool>>,
}
