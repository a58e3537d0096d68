//! Compares the checker with the JSON Schema.

use std::collections::BTreeMap;

use jsonschema::Validator;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::check::{Fault, KnownSchema};

use super::json::Json;
use super::mutate::{Change, Pool, mutations, with_more};
use super::rebuild::rebuild;

/// A schema under both.
pub(super) struct Both {
    pub(super) known: KnownSchema,
    validator: Validator,
    pool: Pool,
    /// How many changes of each kind were judged, and how many of them the JSON Schema accepts.
    pub(super) judged: BTreeMap<Change, (u32, u32)>,
}

impl Both {
    pub(super) fn of<T: TelemetrySnapshot + ?Sized>() -> Self {
        let released = Released::of(&T::SCHEMA);
        let schema = released.to_json_schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let known = KnownSchema::new("tested", "0.1.0", "2026-11-26", released);
        Self { known, validator, pool: Pool::of(&schema), judged: BTreeMap::new() }
    }

    fn is_valid(&self, bytes: &[u8]) -> bool {
        serde_json::from_slice(bytes).is_ok_and(|value| self.validator.is_valid(&value))
    }

    /// A payload that a client wrote is accepted, and its cells hold all of it.
    pub(super) fn accepts(&self, payload: &str) {
        assert!(self.is_valid(payload.as_bytes()), "{payload}");
        let cells = self.known.check(payload.as_bytes()).unwrap_or_else(|reason| panic!("{reason}: {payload}"));
        assert_eq!(rebuild(&self.known, &cells), payload);
    }

    /// Reports each change of a payload, and whether the checker accepts it.
    pub(super) fn for_changes(&self, payload: &str, report: &mut dyn FnMut(Change, &[u8], bool)) {
        mutations(&Json::read(payload), &self.pool, &mut |change, bytes| {
            report(change, bytes, self.known.check(bytes).is_ok());
        });
    }

    /// Whatever is changed in a payload, the checker and the JSON Schema agree, unless only the spelling is another one.
    pub(super) fn agrees_around(&mut self, payload: &str) {
        let payload = Json::read(payload);
        let mut judged = std::mem::take(&mut self.judged);
        mutations(&payload, &self.pool, &mut |change, bytes| {
            let is_valid = self.is_valid(bytes);
            judge(&self.known, bytes, change, is_valid);
            let count = judged.entry(change).or_default();
            count.0 += 1;
            count.1 += u32::from(is_valid);
        });
        self.judged = judged;
    }

    /// One more member of the schema is accepted in one place if the JSON Schema accepts it, or else in none.
    pub(super) fn agrees_about_more(&self, payload: &str) {
        for positions in with_more(&Json::read(payload), &self.pool) {
            let is_valid = self.is_valid(positions[0].as_bytes());
            let accepted = positions.iter().filter(|payload| self.known.check(payload.as_bytes()).is_ok()).count();
            assert_eq!(accepted, usize::from(is_valid), "{positions:#?}");
        }
    }
}

/// Asserts that the checker judges bytes as the JSON Schema does, unless it is stricter for a reason.
pub(super) fn judge(known: &KnownSchema, bytes: &[u8], change: Change, is_valid: bool) {
    match known.check(bytes) {
        Ok(cells) => {
            assert!(is_valid && change == Change::Value, "accepted: {change:?} {}", String::from_utf8_lossy(bytes));
            assert_eq!(rebuild(known, &cells).as_bytes(), bytes);
        }
        Err(reason) if is_valid => {
            let is_stricter = is_stricter(change, reason.fault);
            assert!(is_stricter, "rejected: {change:?} {reason:?} {}", String::from_utf8_lossy(bytes));
        }
        Err(_) => {}
    }
}

/// The reasons for being stricter than the JSON Schema, as the documentation of the module lists them.
fn is_stricter(change: Change, fault: Fault) -> bool {
    match change {
        Change::Value => false,
        // An enum without a tag says only that nothing fits.
        _ if matches!(fault, Fault::NoVariant { .. }) => true,
        Change::Order => matches!(fault, Fault::Misplaced),
        Change::WhiteSpace => matches!(fault, Fault::WhiteSpace),
        Change::Escape => matches!(fault, Fault::Escape),
        Change::NumberForm => matches!(fault, Fault::NumberForm),
        Change::Repetition => matches!(fault, Fault::Repeated),
    }
}
