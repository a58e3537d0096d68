//! Learn how Rust software is configured in the wild, without ever holding a user's secret.
//!
//! [`#[derive(TelemetrySnapshot)]`](macro@TelemetrySnapshot) on a configuration type writes, at compile time, a redacted view
//! of it: secrets become booleans, lists become counts, ids become words of a table that the author wrote. [`Telemetry`]
//! publishes events that carry such views and nothing else, in the background and only with [`Consent`].
//!
//! ```
//! use telemetry::{Consent, Snapshot, Telemetry, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! #[telemetry(event = "init", rename_all = "camelCase")]
//! struct Options {
//!     /// The key that signs cookies.
//!     #[telemetry(presence)]
//!     secret: String,
//!     /// Origins that may call the application.
//!     trusted_origins: Vec<String>,
//!     /// Where sessions are kept.
//!     #[telemetry(one_of("redis", "memory"))]
//!     store: String,
//! }
//!
//! let options = Options {
//!     secret: "Zk3v-9tQw1XhYb7L".into(),
//!     trusted_origins: vec!["https://jane-doe.example".into()],
//!     store: "jane's store".into(),
//! };
//! assert_eq!(Snapshot::of(&options)?.as_json(), r#"{"secret":true,"trustedOrigins":1,"store":"other"}"#);
//!
//! let telemetry = Telemetry::builder(Consent::new("ACME", "acme-cli")).build();
//! telemetry.publish(&options); // nobody said yes: this does nothing
//! # Ok::<(), telemetry::snapshot::RecordError>(())
//! ```
//!
//! An event that declares [`context`](macro@TelemetrySnapshot#event-and-context) also tells where the program runs. Which framework and which
//! database it is built with is known since it was compiled, if the application passes [`app!`].
//!
//! # The guarantee
//!
//! **No run-time text reaches an event's body from safe Rust, but for two values of fixed form: the anonymous id and the
//! event's id.** Every other text is a constant that the compiler evaluated from source, and every other value is a boolean, a
//! bounded number, or an index into a constant table.
//!
//! Three things make it so:
//!
//! 1. Text comes out of an associated constant only, [`TelemetrySnapshot::SCHEMA`]. Such a constant cannot hold run-time data, so
//!    neither `Box::leak` nor `LazyLock` can bring a text into it, not even in an implementation by hand. No method of the
//!    [`Recorder`](snapshot::Recorder) takes text, and nothing takes a schema, a table of words, or a function that yields one:
//!    nested types are reached by type.
//! 2. A field whose type has no safe policy does not compile: text, numbers, paths, addresses, dates, JSON values, unknown types.
//!    The error says which attribute mends it.
//! 3. There is one way out: [`Telemetry::publish`] takes a [`TelemetryEvent`], which is a [`TelemetrySnapshot`]. Nothing that is
//!    `Serialize` or `Display` gets there.
//!
//! # Its limits
//!
//! It is not that no information flows:
//!
//! - Presence is a bit, and counts and numbers inform. [`Schema::bits`](schema::Schema::bits) adds up what a value can reveal; an event that
//!   can reveal more than 1,024 bits does not compile unless it states [`budget_bits`](macro@TelemetrySnapshot#budget_bits).
//! - An author can encode anything into numbers on purpose. The bits show it.
//! - Text of compile time, such as `env!` in an implementation by hand, is a constant like any other. It shows on the
//!   [page for users](page::Disclosure).
//! - Endpoint and headers are the author's and are sent as they are. The application's name and version choose
//!   directories and keys and are never sent as text.
//! - `unsafe` code can do anything.
//!
//! # Features
//!
//! | feature | default | what for |
//! |---|---|---|
//! | `http` | yes | sending over HTTP; without it, [sinks](sink) for tests, files and functions of yours |
//! | `rustls` | yes | `http`, and https with rustls, ring and the platform's certificates |
//! | `native-tls` | no | `http`, and https with the platform's own library; with both, rustls |
//! | `app` | yes | [`app!`], which reads Cargo.toml and Cargo.lock when the application is compiled |
//! | `auth` | no | the options and events of Better Auth |
//! | `indexmap`, `secrecy` | no | options of these types |
//! | `tracing` | no | diagnostics, without payloads, credentials or query strings |
//!
//! With neither `rustls` nor `native-tls`, `http` sends to `http` endpoints of the same machine only, such as a collector beside the
//! application; an `https` endpoint is then [an error](client::ConfigError::NoTls).
//!
//! HTTP is [reqwest](https://docs.rs/reqwest) without its default features: an event is one small POST over HTTP/1.1, and of the answer only the
//! status and `Retry-After` matter, so HTTP/2, charsets, compression and cookies stay out. Proxies of the environment (`HTTPS_PROXY` and the
//! like) are used, `socks` for those of that kind; those that are set in macOS or Windows alone are not, which would take
//! `system-proxy`. TLS is `rustls-no-provider`, configured here with ring: reqwest's own
//! `rustls` takes aws-lc-rs, which is as sound, and with which the same takes 1.7 times as long to build. Measured in November 2026, clean
//! debug builds on x86-64 Linux:
//!
//! | reqwest 0.13 with | crates | seconds of a processor |
//! |---|---:|---:|
//! | its default features | 104 | 68 |
//! | `rustls` | 89 | 61 |
//! | `rustls-no-provider` and ring, as here | 85 | 36 |
//! | `native-tls` | 86 | 36 |
//! | no TLS | 68 | 25 |
//!
//! # For reviewers and users
//!
//! [`testing`] has one-line snapshots and a test that locks the [page for users](page::Disclosure);
//! [`Schema::to_json_schema`](schema::Schema::to_json_schema) describes the events to those who receive them. What switches telemetry on
//! and off is told in [`consent`].

#[cfg(feature = "auth")]
pub mod auth;
pub mod client;
pub mod consent;
pub mod context;
pub mod event;
pub mod export;
pub mod page;
pub mod schema;
pub mod sink;
pub mod snapshot;
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod delivery;
mod diagnostics;
mod identity;
mod panics;
mod storage;

#[cfg(feature = "http")]
#[doc(inline)]
pub use client::run_uploader;
#[doc(inline)]
pub use client::{Status, Telemetry};
#[doc(inline)]
pub use consent::Consent;
#[doc(inline)]
pub use event::TelemetryEvent;
#[doc(inline)]
pub use sink::Sink;
#[doc(inline)]
pub use snapshot::{Snapshot, TelemetrySnapshot};
#[doc = "Derives an event; as [`TelemetrySnapshot`](macro@TelemetrySnapshot) with `#[telemetry(event = \"name\")]`, which it requires."]
pub use telemetry_derive::TelemetryEvent;
#[doc = include_str!("../docs/attributes.md")]
pub use telemetry_derive::TelemetrySnapshot;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
