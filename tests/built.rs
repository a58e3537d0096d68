//! Mistakes that only show when code is generated, which `cargo check` and the programs in `ui` do not do: each first without the
//! mistake, then with it.
//!
//! # A generic event reveals more than its budget
//!
//! ```
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Provider {
//!     #[telemetry(number(max = 1_000_000))]
//!     scopes: u64,
//! }
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "init", budget_bits = 20)]
//! struct Init<T> {
//!     value: T,
//! }
//!
//! Telemetry::disabled().publish(&Init { value: Provider { scopes: 3 } });
//! ```
//!
//! ```compile_fail
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Provider {
//!     #[telemetry(number(max = 1_000_000))]
//!     scopes: u64,
//! }
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "init", budget_bits = 19)]
//! struct Init<T> {
//!     value: T,
//! }
//!
//! Telemetry::disabled().publish(&Init { value: Provider { scopes: 3 } });
//! ```
//!
//! # A generic type is flattened into one that has a field of that name
//!
//! ```
//! use telemetry::{Snapshot, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Cookies {
//!     secure: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Options<T> {
//!     #[telemetry(rename = "https")]
//!     tls: bool,
//!     #[telemetry(flatten)]
//!     inner: T,
//! }
//!
//! let _ = Snapshot::of(&Options { tls: true, inner: Cookies { secure: true } });
//! ```
//!
//! ```compile_fail
//! use telemetry::{Snapshot, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Cookies {
//!     secure: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Options<T> {
//!     #[telemetry(rename = "secure")]
//!     tls: bool,
//!     #[telemetry(flatten)]
//!     inner: T,
//! }
//!
//! let _ = Snapshot::of(&Options { tls: true, inner: Cookies { secure: true } });
//! ```
//!
//! # A generic type that is flattened is no object
//!
//! ```
//! use telemetry::{Snapshot, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Cookies {
//!     secure: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Options<T> {
//!     #[telemetry(flatten)]
//!     inner: T,
//! }
//!
//! let _ = Snapshot::of(&Options { inner: Cookies { secure: true } });
//! ```
//!
//! ```compile_fail
//! use telemetry::{Snapshot, TelemetrySnapshot};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Cookies {
//!     secure: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Options<T> {
//!     #[telemetry(flatten)]
//!     inner: T,
//! }
//!
//! let _ = Snapshot::of(&Options { inner: true });
//! ```
//!
//! # An event that is written by hand has an ill-formed name
//!
//! ```
//! use telemetry::schema::{Field, Kind, Schema};
//! use telemetry::snapshot::Recorder;
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! struct Init;
//!
//! impl TelemetrySnapshot for Init {
//!     const SCHEMA: Schema = Schema::group(&[Field::new("first", Kind::flag())]);
//!
//!     fn record(&self, recorder: &mut Recorder<'_>) {
//!         recorder.flag(true);
//!     }
//! }
//!
//! impl TelemetryEvent for Init {
//!     const NAME: &'static str = "init";
//! }
//!
//! Telemetry::disabled().publish(&Init);
//! ```
//!
//! ```compile_fail
//! use telemetry::schema::{Field, Kind, Schema};
//! use telemetry::snapshot::Recorder;
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! struct Init;
//!
//! impl TelemetrySnapshot for Init {
//!     const SCHEMA: Schema = Schema::group(&[Field::new("first", Kind::flag())]);
//!
//!     fn record(&self, recorder: &mut Recorder<'_>) {
//!         recorder.flag(true);
//!     }
//! }
//!
//! impl TelemetryEvent for Init {
//!     const NAME: &'static str = "in it";
//! }
//!
//! Telemetry::disabled().publish(&Init);
//! ```
//!
//! # An event that is written by hand is no object
//!
//! ```
//! use telemetry::schema::{Field, Kind, Schema};
//! use telemetry::snapshot::Recorder;
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! struct Init;
//!
//! impl TelemetrySnapshot for Init {
//!     const SCHEMA: Schema = Schema::group(&[Field::new("first", Kind::flag())]);
//!
//!     fn record(&self, recorder: &mut Recorder<'_>) {
//!         recorder.flag(true);
//!     }
//! }
//!
//! impl TelemetryEvent for Init {
//!     const NAME: &'static str = "init";
//! }
//!
//! Telemetry::disabled().publish(&Init);
//! ```
//!
//! ```compile_fail
//! use telemetry::schema::{Field, Kind, Schema};
//! use telemetry::snapshot::Recorder;
//! use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};
//!
//! struct Init;
//!
//! impl TelemetrySnapshot for Init {
//!     const SCHEMA: Schema = Schema::of(Kind::flag());
//!
//!     fn record(&self, recorder: &mut Recorder<'_>) {
//!         recorder.flag(true);
//!     }
//! }
//!
//! impl TelemetryEvent for Init {
//!     const NAME: &'static str = "init";
//! }
//!
//! Telemetry::disabled().publish(&Init);
//! ```
//!
//! # An event that is counted is a field
//!
//! ```
//! use telemetry::{Snapshot, TelemetryEvent};
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "command", counted)]
//! struct Command {
//!     failed: bool,
//! }
//!
//! let _ = Snapshot::of(&Command { failed: true });
//! ```
//!
//! ```compile_fail
//! use telemetry::{Snapshot, TelemetryEvent, TelemetrySnapshot};
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "command", counted)]
//! struct Command {
//!     failed: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Session {
//!     last: Option<Command>,
//! }
//!
//! let _ = Snapshot::of(&Session { last: Some(Command { failed: true }) });
//! ```
//!
//! # An event that carries the context is in a list
//!
//! ```
//! use telemetry::{Snapshot, TelemetryEvent};
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "command", context, budget_bits = 500)]
//! struct Command {
//!     failed: bool,
//! }
//!
//! let _ = Snapshot::of(&Command { failed: true });
//! ```
//!
//! ```compile_fail
//! use telemetry::{Snapshot, TelemetryEvent, TelemetrySnapshot};
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "command", context, budget_bits = 500)]
//! struct Command {
//!     failed: bool,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Session {
//!     #[telemetry(each)]
//!     commands: Vec<Command>,
//! }
//!
//! let _ = Snapshot::of(&Session { commands: vec![Command { failed: true }] });
//! ```
