//! `secrecy`: a secret sends whether it is there.

use secrecy::SecretBox;
use secrecy::zeroize::Zeroize;

use crate::schema::{Kind, Schema};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Whether the secret is there; `false` when it is absent. The secret itself is not exposed.
impl<S: Zeroize + ?Sized> TelemetrySnapshot for SecretBox<S> {
    const SCHEMA: Schema = Schema::of(Self::KIND);
    const KIND: Kind = Kind::presence().always();

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
