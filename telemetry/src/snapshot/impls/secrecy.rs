//! `secrecy`: only the presence of a secret is sent.

use secrecy::SecretBox;
use secrecy::zeroize::Zeroize;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Whether the secret is present; `false` when it is absent. The secret itself is not exposed.
impl<S: Zeroize + ?Sized> TelemetrySnapshot for SecretBox<S> {
    const SCHEMA: Schema = Schema::of(Kind::presence().always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }

    fn record_absent(recorder: &mut Recorder<'_>) {
        recorder.flag(false);
    }
}
