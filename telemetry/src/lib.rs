//! Learn how Rust software is configured in the wild, without ever holding a user's secret.
//!
//! [`#[derive(TelemetrySnapshot)]`](macro@TelemetrySnapshot) on a configuration type writes a redacted view of it at compile
//! time: secrets become booleans, lists become counts, ids become words from a table that the author wrote. [`Telemetry`]
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
//! telemetry.publish(&options); // sends nothing until the user has said yes
//! # Ok::<(), telemetry::snapshot::RecordError>(())
//! ```
//!
//! An event that declares [`context`](macro@TelemetrySnapshot#event-and-context) also carries where the program runs. It includes the
//! framework and the database that the program was compiled with if the application passes [`app!`].
//!
//! # The guarantee
//!
//! **Safe Rust cannot put run-time text into the body of an event, except two values of fixed form: the anonymous id and the
//! event's id.** Every other string is a constant that the compiler evaluated from source. Every other value is a boolean, a
//! bounded number, or an index into a constant table.
//!
//! Three rules enforce this:
//!
//! 1. Text comes only from an associated constant, [`TelemetrySnapshot::SCHEMA`]. Such a constant cannot hold run-time data, so
//!    neither `Box::leak` nor `LazyLock` can put text into it, even in a hand-written implementation. No method of the
//!    [`Recorder`](snapshot::Recorder) takes text. No function takes a schema, a table of words, or a function that returns one:
//!    nested types are reached by type.
//! 2. A field whose type has no safe default policy does not compile without an attribute: text, numbers, paths, addresses,
//!    dates, JSON values, unknown types. The error says which attribute to add.
//! 3. There is one way out: [`Telemetry::publish`] takes a [`TelemetryEvent`], which is a [`TelemetrySnapshot`]. Implementing
//!    `Serialize` or `Display` does not lead there.
//!
//! # Its limits
//!
//! Events still carry information:
//!
//! - Presence is one bit, and counts and numbers reveal more. [`Schema::bits`](schema::Schema::bits) adds up what a value can
//!   reveal. An event that can reveal more than 1,024 bits does not compile unless it states
//!   [`budget_bits`](macro@TelemetrySnapshot#budget_bits).
//! - An author can deliberately encode anything into numbers. The number of bits shows it.
//! - Compile-time text, such as `env!` in a hand-written implementation, is a constant like any other. The
//!   [page for users](page::Disclosure) shows it.
//! - The settings of the connection belong to the author and are sent unchanged, beside the events: the endpoint, the headers, and with
//!   OpenTelemetry or PostHog the name of the service or the project's token. The application's name and version determine
//!   directories and keys and are never sent as text.
//! - `unsafe` code can do anything.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `http` | yes | sending over HTTP. Without it there are [sinks](sink) for files, tests and your own functions |
//! | `rustls` | yes | `http`, with TLS by rustls, ring and the platform's certificates |
//! | `native-tls` | no | `http`, with TLS by the platform's own library. If both are enabled, rustls is used |
//! | `otlp` | no | `http`, in the form of [OpenTelemetry](sink::Otlp), for authors who run such a receiver already |
//! | `posthog` | no | `http`, in the form of [PostHog](sink::PostHog) |
//! | `app` | yes | [`app!`], which reads Cargo.toml and Cargo.lock while the application compiles |
//! | `auth` | no | the options and events of Better Auth |
//! | `indexmap`, `log`, `secrecy`, `semver` | no | policies for the types of these crates |
//! | `clap` | no | the [commands for users](user) as a subcommand of a parser that clap derives |
//! | `tracing` | no | diagnostics, without payloads, credentials or query strings |
//!
//! With neither `rustls` nor `native-tls`, `http` sends only to `http` endpoints on the same machine, such as a local collector. An
//! `https` endpoint is then [an error](client::ConfigError::NoTls).
//!
//! HTTP is [reqwest](https://docs.rs/reqwest) without its default features. An event is one small POST over HTTP/1.1, and only the
//! status and `Retry-After` of the response matter, so HTTP/2, charsets, compression and cookies are left out. Proxies from
//! the environment (`HTTPS_PROXY` and the like) are used, SOCKS proxies included. Proxies that are set only in macOS or Windows
//! are not used; they would need reqwest's `system-proxy`. TLS is `rustls-no-provider`, configured with ring: reqwest's own
//! `rustls` feature uses aws-lc-rs, which is equally sound but takes 1.7 times as long to build. Measured in November 2026, clean
//! debug builds on x86-64 Linux:
//!
//! | reqwest 0.13 with | crates | processor seconds |
//! |---|---:|---:|
//! | its default features | 104 | 68 |
//! | `rustls` | 89 | 61 |
//! | `rustls-no-provider` and ring, as here | 85 | 36 |
//! | `native-tls` | 86 | 36 |
//! | no TLS | 68 | 25 |
//!
//! A small program, built for release and stripped, grows by 1.1 MB without any feature, by another 1.6 MB with `http`, and then by 1.8 MB with
//! `rustls` or 0.2 MB with `native-tls`, whose TLS is in the system's library. It then depends on 37, 97, 110 and 109 crates of others.
//!
//! 21 of the crates of `http` are Unicode tables, which turn a host such as `bücher.example` into ASCII. An application, not a library, can
//! leave them out with `cargo update -p idna_adapter --precise 1.0.0`. Every URL in the application then needs a host in ASCII.
//!
//! # For reviewers and users
//!
//! [`testing`] has one-line snapshots, a test that locks the [page for users](page::Disclosure), and one that locks the schemas of
//! [all releases](export::released). [`export::difference`] tells in words what one schema can send that another cannot.
//! [`event_json_schema`](event::event_json_schema) describes an event for its receiver. [`consent`] lists what switches telemetry
//! on and off.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "auth")]
pub mod auth;
pub mod client;
pub mod consent;
pub mod context;
pub mod counters;
pub mod event;
pub mod export;
pub mod page;
pub mod schema;
pub mod sink;
pub mod snapshot;
pub mod testing;
pub mod user;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod ci;
mod clock;
mod delivery;
mod diagnostics;
#[cfg(all(feature = "http", any(fuzzing, test)))]
#[doc(hidden)]
pub mod fuzz;
mod identity;
mod panics;
mod storage;
mod sync;
mod threads;

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
#[doc = "Derives an event: like [`TelemetrySnapshot`](macro@TelemetrySnapshot), but requires `#[telemetry(event = \"name\")]`."]
pub use telemetry_derive::TelemetryEvent;
#[doc = include_str!("../docs/attributes.md")]
pub use telemetry_derive::TelemetrySnapshot;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
