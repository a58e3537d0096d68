//! The options of `rustauth-core`, the same as those given to telemetry.
//!
//! But for callbacks: whether one is set is a flag on either side. What `rustauth-telemetry` makes of them is longer, as it
//! sends the names of columns and fields, which here are counted.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use rustauth_core::db::{DbFieldType, DbValue};
use rustauth_core::options::{
    AccountLinkingOptions, AccountOptions, AdvancedOptions, CookieAttributesOverride, CookieCacheOptions,
    CookieCacheStrategy, CookieConfig, EmailPasswordOptions, EmailVerificationOptions, IpAddressOptions,
    ModelSchemaOptions, PasswordOptions, RateLimitOptions, RateLimitStorageOption, RustAuthOptions,
    SessionAdditionalField, SessionOptions, TelemetryOptions, TrustedOriginOptions, UserAdditionalField,
};
use rustauth_core::plugin::AuthPlugin;
use rustauth_oauth::oauth2::{ClientId, ClientSecret, ProviderOptions};
use rustauth_social_providers::advanced::{
    discord::{DiscordOptions, discord},
    github::github,
    gitlab::{GitlabOptions, gitlab},
    google::{GoogleOptions, google},
};
use rustauth_telemetry::{TelemetryContext, get_telemetry_auth_config};
use time::Duration;

use crate::cost::Way;

const FITS: &str = "a provider takes its options";

/// A snapshot of what [`super::auth::realistic`] or [`super::auth::common`] has, as a way of this name.
pub fn snapshot(name: &str, title: &str) -> Way<'static> {
    let (options, context) = (if title == "realistic" { realistic() } else { common() }, context());
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
    let google_options = GoogleOptions {
        oauth: ProviderOptions { prompt: Some("select_account".into()), ..provider(&["openid", "email"]) },
        ..GoogleOptions::default()
    };
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
        social_providers: vec![
            Arc::new(github(provider(&[])).expect(FITS)),
            Arc::new(google(google_options).expect(FITS)),
        ],
        telemetry: TelemetryOptions { enabled: Some(true), debug: false },
        ..RustAuthOptions::default()
    }
}

/// All that both have a place for.
fn common() -> RustAuthOptions {
    let mut options = realistic();
    options.email_verification = EmailVerificationOptions {
        send_on_sign_in: true,
        auto_sign_in_after_verification: true,
        ..options.email_verification
    };
    options.email_password =
        EmailPasswordOptions { disable_sign_up: true, auto_sign_in: true, ..options.email_password };
    options.password = PasswordOptions {
        max_password_length: 128,
        reset_password_token_expires_in: Some(Duration::seconds(3_600)),
        revoke_sessions_on_password_reset: true,
        ..options.password
    };
    let all = |scope: [&str; 2]| ProviderOptions {
        prompt: Some("consent".into()),
        disable_default_scope: true,
        disable_sign_up: true,
        disable_implicit_sign_up: true,
        disable_id_token_sign_in: true,
        override_user_info_on_sign_in: true,
        ..provider(&scope)
    };
    options.social_providers = vec![
        Arc::new(github(all(["read:user", "user:email"])).expect(FITS)),
        Arc::new(google(GoogleOptions { oauth: all(["openid", "email"]), ..GoogleOptions::default() }).expect(FITS)),
        Arc::new(
            discord(DiscordOptions { oauth: all(["identify", "email"]), ..DiscordOptions::default() }).expect(FITS),
        ),
        Arc::new(gitlab(GitlabOptions { oauth: all(["read_user", "email"]), ..GitlabOptions::default() }).expect(FITS)),
    ];
    options.user.schema = schema("user", ["email", "name"]);
    options.user.change_email.enabled = true;
    options.user.additional_fields = fields(UserAdditionalField::new, |field, name| {
        (field.default_value, field.db_name) = (Some(DbValue::String("member".into())), Some(name.into()));
    });
    options.session = SessionOptions {
        schema: schema("session", ["token", "userId"]),
        additional_fields: fields(SessionAdditionalField::new, |field, name| {
            (field.default_value, field.db_name) = (Some(DbValue::String("member".into())), Some(name.into()));
        }),
        fresh_age: Some(Duration::seconds(3_600)),
        disable_session_refresh: true,
        store_session_in_database: true,
        preserve_session_in_database: true,
        ..options.session
    };
    options.account = AccountOptions {
        schema: schema("account", ["userId", "idToken"]),
        encrypt_oauth_tokens: true,
        account_linking: AccountLinkingOptions {
            trusted_providers: ["github", "google", "acme-hospital-sso"].map(String::from).into(),
            update_user_info_on_link: true,
            allow_unlinking_all: true,
            ..options.account.account_linking
        },
        ..options.account
    };
    options.verification.schema = schema("verification", ["value", "identifier"]);
    options.verification.disable_cleanup = true;
    options.advanced.cookie_prefix = Some("acme".into());
    options.advanced.disable_csrf_check = true;
    options.advanced.ip_address.disable_ip_tracking = true;
    options.advanced.default_cookie_attributes = CookieAttributesOverride {
        domain: Some(".acme.example".into()),
        path: Some("/".into()),
        secure: Some(true),
        http_only: Some(true),
        same_site: Some("lax".into()),
        max_age: Some(Duration::seconds(604_800)),
        ..CookieAttributesOverride::default()
    };
    options.rate_limit.schema.model_name = Some("rate_limits".into());
    options.on_api_error.error_url = Some("https://acme.example/error?token=s3cr3t".into());
    options.on_api_error.throw = true;
    options
}

fn provider(scope: &[&str]) -> ProviderOptions {
    ProviderOptions {
        client_id: Some(ClientId::Single("a".into())),
        client_secret: Some(ClientSecret::new("b").expect(FITS)),
        scope: scope.iter().map(ToString::to_string).collect(),
        ..ProviderOptions::default()
    }
}

fn schema(model: impl Display, own: [&str; 2]) -> ModelSchemaOptions {
    let column = |name: &str| (name.to_owned(), format!("{model}_{name}"));
    ModelSchemaOptions {
        model_name: Some(format!("{model}s")),
        field_names: ["id", "createdAt", "updatedAt"].into_iter().chain(own).map(column).collect(),
    }
}

fn fields<F>(new: impl Fn(DbFieldType) -> F, set: impl Fn(&mut F, &str)) -> BTreeMap<String, F> {
    let field = |name: &str| {
        let mut field = new(DbFieldType::String);
        set(&mut field, name);
        (name.to_owned(), field)
    };
    ["role", "plan", "locale", "hivStatus"].map(field).into()
}
