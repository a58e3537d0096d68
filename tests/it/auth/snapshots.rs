//! What is sent for three configurations, for people to read.

use std::sync::Arc;

use insta::assert_snapshot;
use telemetry::auth::{
    Account, AccountLinking, Advanced, AuthOptions, BaseUrl, Config, CookieAttributes, CookieCache,
    CrossSubDomainCookies, EmailAndPassword, EmailVerification, FieldAttribute, GenerateId, IpAddress, Plugin,
    RateLimit, Session, SocialProvider, TelemetryOptions, TrustedOrigins, User,
};
use telemetry::testing::snapshot;
use telemetry_examples::auth::decode;

#[test]
fn nothing_set() {
    let config = Config { database: None, adapter: None, options: &AuthOptions::default() };
    assert_snapshot!(format!("{:#}", snapshot(&config)));
}

#[test]
fn an_application() {
    let mut options = AuthOptions {
        app_name: Some("Acme Clinic".into()),
        base_url: Some(BaseUrl::from("https://clinic.acme.example")),
        secret: Some("Zk3v-9tQw1XhYb7L".into()),
        email_verification: EmailVerification {
            send_verification_email: Some(Arc::new(|mail| assert!(mail.to.contains('@')))),
            expires_in: Some(3_600),
            ..Default::default()
        },
        email_and_password: EmailAndPassword {
            enabled: true,
            require_email_verification: true,
            min_password_length: Some(12),
            auto_sign_in: Some(false),
            ..Default::default()
        },
        social_providers: [
            ("github".into(), SocialProvider::new("Iv1.a1b2c3d4", "gho-4f9d1c7b")),
            (
                "acme-hospital-sso".into(),
                SocialProvider {
                    scope: Some(vec!["https://acme.example/patients.read".into(), "openid".into()]),
                    prompt: Some("select_account".into()),
                    ..SocialProvider::new("clinic", "hunter2")
                },
            ),
        ]
        .into(),
        plugins: Some(vec![Plugin::new("two-factor"), Plugin::new("acme-hipaa-audit")]),
        user: User {
            model_name: Some("patients".into()),
            fields: Some([("email".into(), "patient_email".into())].into()),
            additional_fields: Some([("hivStatus".into(), FieldAttribute::default())].into()),
            ..Default::default()
        },
        session: Session {
            expires_in: Some(604_800),
            cookie_cache: CookieCache {
                enabled: Some(true),
                max_age: Some(300),
                strategy: Some("jwe".into()),
                ..Default::default()
            },
            ..Default::default()
        },
        account: Account {
            account_linking: AccountLinking {
                trusted_providers: Some(vec!["github".to_owned(), "acme-hospital-sso".into()].into()),
                ..Default::default()
            },
            ..Default::default()
        },
        trusted_origins: Some(TrustedOrigins::from(vec!["https://*.acme.example".to_owned()])),
        rate_limit: RateLimit { enabled: Some(true), storage: Some("database".into()), ..Default::default() },
        telemetry: TelemetryOptions { enabled: Some(true), ..Default::default() },
        ..Default::default()
    };
    options.advanced = Advanced {
        cross_sub_domain_cookies: CrossSubDomainCookies { domain: Some(".acme.example".into()), ..Default::default() },
        ip_address: IpAddress {
            ip_address_headers: Some(vec!["CF-Connecting-IP".into(), "x-acme-client".into()]),
            ..Default::default()
        },
        default_cookie_attributes: CookieAttributes { same_site: Some("Lax".into()), ..Default::default() },
        ..Default::default()
    };
    options.advanced.database.generate_id = Some(GenerateId::Custom(Arc::new(|table| format!("{table}-1"))));

    let config = Config { database: Some("postgres"), adapter: Some("acme-oracle-adapter"), options: &options };
    let sent = snapshot(&config);
    assert!(!sent.as_json().contains("acme"), "{sent}");
    assert_snapshot!(format!("{sent:#}"));
    assert_eq!(format!("{options:?}"), format!("AuthOptions {}", snapshot(&options)));
}

#[test]
fn everything_set() {
    let vectors = super::read(&super::vector("config.jsonl"));
    let vector = vectors.lines().find(|line| line.contains(r#""core/all/both""#)).unwrap();
    let written = decode(vector).unwrap();
    assert_snapshot!(format!("{:#}", snapshot(&written.config())));
}
