//! Events of an application in several versions, for tests.

use super::scope::{Scope, ScopedEvent};
use crate::schema::{Field, Kind, Schema, Words};
use crate::snapshot::{Recorder, TelemetryEvent, TelemetrySnapshot};

macro_rules! event {
    ($(#[$doc:meta])* $type:ident is $name:literal: $($field:expr),*) => {
        $(#[$doc])*
        pub(super) struct $type;

        impl TelemetrySnapshot for $type {
            const SCHEMA: Schema = Schema::group(&[$($field),*]);

            fn record(&self, _: &mut Recorder<'_>) {}
        }

        impl TelemetryEvent for $type {
            const NAME: &'static str = $name;
        }
    };
}

event!(Build is "build": Field::new("release", Kind::flag()), Field::new("files", Kind::count(9)));
event!(
    /// It counts only up to five.
    NarrowerBuild is "build": Field::new("release", Kind::flag()), Field::new("files", Kind::count(5))
);
event!(
    /// It has a further field, and counts up to twenty.
    WiderBuild is "build":
    Field::new("release", Kind::flag()),
    Field::new("files", Kind::count(20)),
    Field::new("offline", Kind::flag())
);
event!(
    /// It has a field that no other version has, and lacks those of the others.
    OtherBuild is "build": Field::new("verbose", Kind::flag())
);
event!(Check is "check": Field::new("by_hand", Kind::flag()));
event!(
    /// Its name and its field are as long as they may be.
    Long is "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll":
    Field::new(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        Kind::tag(Words::new(&["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]))
    )
);

pub(super) fn build() -> ScopedEvent {
    ScopedEvent::of::<Build>()
}

pub(super) fn narrower() -> ScopedEvent {
    ScopedEvent::of::<NarrowerBuild>()
}

pub(super) fn wider() -> ScopedEvent {
    ScopedEvent::of::<WiderBuild>()
}

pub(super) fn other() -> ScopedEvent {
    ScopedEvent::of::<OtherBuild>()
}

pub(super) fn check() -> ScopedEvent {
    ScopedEvent::of::<Check>()
}

pub(super) fn long() -> ScopedEvent {
    ScopedEvent::of::<Long>()
}

pub(super) fn scope(events: &[ScopedEvent]) -> Scope {
    Scope::of(events.to_vec())
}
