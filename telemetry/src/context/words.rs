//! The names that a framework and a database can have.

use core::marker::PhantomData;

use telemetry_spec::packages;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed, Words};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Frameworks, as `telemetry-spec` lists them.
pub(crate) const FRAMEWORKS: Words = Words::exact(&packages::FRAMEWORKS);

/// Databases, drivers and mappers, as `telemetry-spec` lists them.
pub(crate) const DATABASES: Words = Words::exact(&packages::DATABASES);

/// A table of names, as a type.
pub trait Table {
    /// Its names.
    const WORDS: Words;
}

/// The names of frameworks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Frameworks {}

/// The names of databases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Databases {}

impl Table for Frameworks {
    const WORDS: Words = FRAMEWORKS;
}

impl Table for Databases {
    const WORDS: Words = DATABASES;
}

/// A name of the table `T`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Name<T> {
    index: u8,
    table: PhantomData<T>,
}

impl<T: Table> Name<T> {
    /// This name, if the table has it.
    #[must_use]
    pub const fn of(name: &str) -> Option<Self> {
        match T::WORDS.position(name) {
            // A table has at most 255 words.
            Some(index) => Some(Self { index: index as u8, table: PhantomData }),
            None => None,
        }
    }

    #[cfg(feature = "http")]
    pub(super) fn word(&self) -> &'static str {
        T::WORDS.get(self.index.into()).unwrap_or_default()
    }
}

impl<T: Table> TelemetrySnapshot for Name<T> {
    const SCHEMA: Schema = Schema::of(Kind::tag(T::WORDS).always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(self.index.into());
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(self.index.into());
    }
}
