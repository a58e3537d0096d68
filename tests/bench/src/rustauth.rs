//! The options of `rustauth-core`, beside the recorded ones.
//!
//! They are not the same: providers and callbacks are left out, and where everything is on, most of what the recorded
//! options set has no place here. That makes its side cheaper.

use std::collections::BTreeMap;
use std::fmt::Display;

use rustauth_core::db::{DbFieldType, DbValue};
use rustauth_core::options::{
    AccountLinkingOptions, AdvancedOptions, CookieAttributesOverride, CookieCacheOptions, CookieCacheStrategy,
    CookieConfig, EmailPasswordOptions, EmailVerificationOptions, IpAddressOptions, ModelSchemaOptions,
    PasswordOptions, RateLimitOptions, RateLimitStorageOption, RustAuthOptions, SessionAdditionalField, SessionOptions,
    TelemetryOptions, TrustedOriginOptions, UserAdditionalField,
};
use rustauth_core::plugin::AuthPlugin;
use rustauth_telemetry::{TelemetryContext, get_telemetry_auth_config};
use time::Duration;

use crate::cost::Way;

/// A snapshot by its telemetry, of an application or of one with as much set as there is a place for.
pub fn snapshot(name: &str, title: &str) -> Way<'static> {
    let (options, context) = (if title == "realistic" { realistic() } else { everything() }, context());
    Way::new(name, move || serde_json::to_vec(&get_telemetry_auth_config(&options, &context)))
}

/// What the application says besides its options.
fn context() -> TelemetryContext {
    TelemetryContext {
        database: Some("postgres".into()),
        adapter: Some("kysely".into()),
        skip_test_check: true,
        ..TelemetryContext::default()
    }
}

/// An application.
fn realistic() -> RustAuthOptions {
    RustAuthOptions {
        app_name: Some("Acme".into()),
        base_url: Some("https://acme.example".into()),
        secret: Some("s3cr3t".into()),
        trusted_origins: TrustedOriginOptions::Static(vec!["https://app.acme.example".into()]),
        session: SessionOptions {
            expires_in: Some(Duration::seconds(604_800)),
            update_age: Some(Duration::seconds(86_400)),
            cookie_cache: CookieCacheOptions {
                enabled: true,
                max_age: Some(Duration::seconds(300)),
                strategy: CookieCacheStrategy::Jwe,
                ..CookieCacheOptions::default()
            },
            ..SessionOptions::default()
        },
        email_password: EmailPasswordOptions {
            enabled: true,
            require_email_verification: true,
            ..EmailPasswordOptions::default()
        },
        email_verification: EmailVerificationOptions {
            expires_in: Some(Duration::seconds(86_400)),
            send_on_sign_up: true,
            ..EmailVerificationOptions::default()
        },
        password: PasswordOptions { min_password_length: 12, ..PasswordOptions::default() },
        advanced: AdvancedOptions {
            use_secure_cookies: Some(true),
            cross_subdomain_cookies: Some(CookieConfig { enabled: true, domain: Some(".acme.example".into()) }),
            ip_address: IpAddressOptions { headers: vec!["cf-connecting-ip".into()], ..IpAddressOptions::default() },
            ..AdvancedOptions::default()
        },
        rate_limit: RateLimitOptions {
            enabled: Some(true),
            window: Duration::seconds(60),
            max: 100,
            storage: RateLimitStorageOption::SecondaryStorage,
            ..RateLimitOptions::default()
        },
        plugins: ["organization", "two-factor", "stripe"].map(AuthPlugin::new).into(),
        telemetry: TelemetryOptions { enabled: Some(true), debug: false },
        ..RustAuthOptions::default()
    }
}

/// An application with names, columns and fields of its own.
fn everything() -> RustAuthOptions {
    let mut options = realistic();
    options.user.schema = schema("user");
    options.user.additional_fields = fields(UserAdditionalField::new, |field| {
        (field.default_value, field.db_name) = (Some(DbValue::String("member".into())), Some("role".into()));
    });
    options.session.schema = schema("session");
    options.session.additional_fields = fields(SessionAdditionalField::new, |field| {
        (field.default_value, field.db_name) = (Some(DbValue::String("member".into())), Some("role".into()));
    });
    options.session.fresh_age = Some(Duration::seconds(3_600));
    options.account.schema = schema("account");
    options.account.account_linking = AccountLinkingOptions {
        trusted_providers: ["github", "google", "acme-hospital-sso"].map(String::from).into(),
        ..options.account.account_linking
    };
    options.verification.schema = schema("verification");
    options.advanced.cookie_prefix = Some("acme".into());
    options.advanced.default_cookie_attributes = CookieAttributesOverride {
        domain: Some(".acme.example".into()),
        path: Some("/".into()),
        secure: Some(true),
        http_only: Some(true),
        same_site: Some("lax".into()),
        max_age: Some(Duration::seconds(604_800)),
        partitioned: Some(true),
    };
    options.on_api_error.error_url = Some("https://acme.example/error?token=s3cr3t".into());
    options
}

fn schema(model: impl Display) -> ModelSchemaOptions {
    let column = |name: &str| (name.to_owned(), format!("{model}_{name}"));
    ModelSchemaOptions {
        model_name: Some(format!("{model}s")),
        field_names: ["id", "createdAt", "updatedAt", "email", "token"].map(column).into(),
    }
}

fn fields<F>(new: impl Fn(DbFieldType) -> F, set: impl Fn(&mut F)) -> BTreeMap<String, F> {
    let field = |name: &str| {
        let mut field = new(DbFieldType::String);
        set(&mut field);
        (name.to_owned(), field)
    };
    ["role", "plan", "locale", "hivStatus"].map(field).into()
}
