//! A released schema that events can be checked against.

use data_encoding::HEXLOWER;
use telemetry::schema::Released;
use telemetry_spec::limit;

use super::columns::assign;
use super::compile::compile;
use super::program::Program;
use super::run::run;
use super::{Cell, Column, Fault, Reason, json};
use crate::arrival::SchemaHash;

/// The longest payload, in bytes: what a recorder writes at most, and room for the context, which the client adds.
pub const LONGEST_PAYLOAD: usize = limit::BODY_BYTES + 8 * 1_024;

/// A released schema, compiled for checking.
#[derive(Debug)]
pub struct KnownSchema {
    event: String,
    version: String,
    date: String,
    hash: SchemaHash,
    schema: Released,
    program: Program,
    columns: Vec<Column>,
}

impl KnownSchema {
    /// Compiles a schema that was released as that of `event`, with the version of the package that first had it, and the day of that
    /// release as `YYYY-MM-DD`.
    #[must_use]
    pub fn new(event: &str, version: &str, date: &str, schema: Released) -> Self {
        let mut program = compile(&schema);
        let columns = assign(&mut program);
        let mut hash = [0; 32];
        // It is SHA-256 in hexadecimal.
        let _ = HEXLOWER.decode_mut(schema.hash().as_bytes(), &mut hash);
        let (event, version, date) = (event.to_owned(), version.to_owned(), date.to_owned());
        Self { event, version, date, hash: SchemaHash(hash), schema, program, columns }
    }

    /// The name of the event.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The version of the package that first had the schema.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The day of that release, as `YYYY-MM-DD` in UTC.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The hash that events of this schema carry.
    #[must_use]
    pub const fn hash(&self) -> SchemaHash {
        self.hash
    }

    /// The schema.
    #[must_use]
    pub const fn schema(&self) -> &Released {
        &self.schema
    }

    /// The columns in which its events are stored, in the order of the cells.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Each text that a payload may have, except versions: names of members, words and labels.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.program.texts().into_iter()
    }

    /// Whether each of its payloads is an object, as those of all events are.
    pub(crate) fn is_object(&self) -> bool {
        self.program.is_object()
    }

    /// The values of a payload, one for each column.
    ///
    /// # Errors
    ///
    /// If no client can send these bytes as the payload of an event with this schema.
    ///
    /// ```
    /// use telemetry::TelemetrySnapshot;
    /// use telemetry::schema::Released;
    /// use telemetry_collector::check::{Cell, KnownSchema};
    ///
    /// #[derive(TelemetrySnapshot)]
    /// struct Pool {
    ///     #[telemetry(number(max = 1_000))]
    ///     size: u32,
    ///     #[telemetry(one_of("postgres", "sqlite"))]
    ///     engine: Option<String>,
    /// }
    ///
    /// let schema = KnownSchema::new("pool", "0.1.0", "2026-11-26", Released::of(&Pool::SCHEMA));
    /// assert_eq!(schema.check(br#"{"size":10,"engine":"sqlite"}"#)?, [Cell::Integer(10), Cell::Word(1)]);
    /// assert_eq!(schema.check(br#"{"size":10}"#)?, [Cell::Integer(10), Cell::Absent]);
    /// let reason = schema.check(br#"{"size":1001}"#).unwrap_err();
    /// assert_eq!(reason.to_string(), "size: the number is out of bounds");
    /// # Ok::<(), telemetry_collector::check::Reason>(())
    /// ```
    pub fn check(&self, payload: &[u8]) -> Result<Vec<Cell>, Reason> {
        if payload.len() > LONGEST_PAYLOAD {
            return Err(Reason::whole(Fault::TooLong { bytes: payload.len() }));
        }
        run(&self.program, self.columns.len(), payload).map_err(|fail| match json::check(payload) {
            // What is not JSON has no place in a schema.
            Err(fault) => Reason::whole(fault),
            Ok(()) => Reason { fault: fail.fault, path: self.program.path(fail.node).to_owned() },
        })
    }
}
