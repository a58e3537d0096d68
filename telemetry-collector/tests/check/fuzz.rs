//! The targets `checker` and `any_schema` of `tests/fuzz`, which reads this file as well: any payload, with the crate `jsonschema` as judge.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::check::{Fault, KnownSchema};

use super::rebuild::rebuild;
use super::shapes::{
    Enums, Flattened, Foreign, Generic, Level, Maps, Nested, Optional, Plain, Small, Tagged, Tree, Tuple, Untagged,
};
use super::variants::{Command, Keyed};

/// A schema, and both judges of its payloads.
struct Judges {
    known: KnownSchema,
    validator: Validator,
}

impl Judges {
    fn new(schema: Released) -> Self {
        let validator = jsonschema::validator_for(&schema.to_json_schema()).unwrap();
        Self { known: KnownSchema::new("tested", "0.1.0", "2026-11-26", schema), validator }
    }

    fn of<T: TelemetrySnapshot>() -> Self {
        Self::new(Released::of(&T::SCHEMA))
    }

    /// What is accepted is valid and comes back from its cells; what is valid and rejected is spelled otherwise.
    fn judge(&self, payload: &[u8]) {
        let value = serde_json::from_slice(payload);
        let is_valid = value.as_ref().is_ok_and(|value| self.validator.is_valid(value));
        match self.known.check(payload) {
            Ok(cells) => {
                assert!(is_valid, "accepted: {}", String::from_utf8_lossy(payload));
                assert_eq!(rebuild(&self.known, &cells).as_bytes(), payload);
            }
            Err(reason) if is_valid && serde_json::from_slice::<Unrepeated>(payload).is_ok() => {
                let is_stricter = matches!(reason.fault, Fault::Misplaced | Fault::NoVariant { .. } | Fault::TooDeep)
                    || is_spelled_otherwise(payload);
                assert!(is_stricter, "rejected: {reason} {}", String::from_utf8_lossy(payload));
            }
            Err(_) => {}
        }
    }
}

macro_rules! all {
    ($($name:ident: $shape:ty),+ $(,)?) => {
        vec![$(Judges::of::<$shape>()),+]
    };
}

static ALL: LazyLock<Vec<Judges>> = LazyLock::new(|| for_each_shape!(all));

/// The first byte chooses a schema.
pub(crate) fn checker(bytes: &[u8]) {
    if let Some((first, payload)) = bytes.split_first() {
        ALL[usize::from(*first) % ALL.len()].judge(payload);
    }
}

/// A schema, and a payload after a line `%%`.
pub(crate) fn any_schema(bytes: &[u8]) {
    let parts = str::from_utf8(bytes).ok().and_then(|text| text.split_once("\n%%\n"));
    if let Some((schema, payload)) = parts
        && let Ok(schema) = Released::from_json(schema)
    {
        let judges = Judges::new(schema);
        let paths: HashSet<&str> = judges.known.columns().iter().map(|column| column.path.as_str()).collect();
        assert_eq!(paths.len(), judges.known.columns().len());
        judges.judge(payload.as_bytes());
    }
}

/// Whether there is white space between values, an escape, or a number that is not an integer in decimal.
fn is_spelled_otherwise(payload: &[u8]) -> bool {
    let mut is_text = false;
    let outside = |byte: &&u8| {
        is_text ^= **byte == b'"';
        !is_text
    };
    payload.contains(&b'\\')
        || payload.windows(2).any(|two| two == b"-0")
        || payload.iter().filter(outside).any(|byte| b" \t\r\n.E+".contains(byte))
        || payload.windows(2).any(|two| two[0].is_ascii_digit() && two[1] == b'e')
}

/// JSON in which no object has a member twice: readers differ in which one they take.
struct Unrepeated;

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unrepeated {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self, A::Error> {
        while all.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some((name, Self)) = all.next_entry::<String, Self>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member is there twice"));
            }
        }
        Ok(self)
    }
}

#[test]
fn the_targets_hold_over_their_corpora() {
    for (name, run) in [("checker", checker as fn(&[u8])), ("any_schema", any_schema)] {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus").join(name);
        let files: Vec<_> = std::fs::read_dir(corpus).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(!files.is_empty(), "{name} has no corpus");
        files.iter().for_each(|file| run(&std::fs::read(file).unwrap()));
    }
}
