//! A snapshot that has been taken.

use core::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::buffer::Buffer;
use super::recorder::{Recorder, root};
use super::{RecordError, TelemetrySnapshot};
use crate::schema::weight::total;

/// The redacted view of a value: JSON, keys in the order of declaration.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// Words and names of the schema, digits and punctuation, so it is UTF-8. This is checked only where somebody asks for text.
    json: Vec<u8>,
}

impl Snapshot {
    /// Takes a snapshot of `value`.
    ///
    /// # Errors
    ///
    /// An implementation of [`TelemetrySnapshot`] that is written by hand can
    /// record what its schema does not declare. A derived one cannot; it fails only when the
    /// snapshot is larger than 64 KiB or nested deeper than 16 groups.
    ///
    /// ```
    /// use telemetry::{Snapshot, TelemetrySnapshot};
    ///
    /// #[derive(TelemetrySnapshot)]
    /// struct Session {
    ///     secure: bool,
    ///     #[telemetry(presence)]
    ///     secret: String,
    /// }
    ///
    /// let session = Session { secure: true, secret: "hunter2".into() };
    /// assert_eq!(Snapshot::of(&session)?.as_json(), r#"{"secure":true,"secret":true}"#);
    /// # Ok::<(), telemetry::snapshot::RecordError>(())
    /// ```
    pub fn of<T: TelemetrySnapshot + ?Sized>(value: &T) -> Result<Self, RecordError> {
        let mut bytes = write_into(value, Vec::new())?;
        if bytes.is_empty() {
            bytes.extend_from_slice(b"null");
        }
        Ok(Self { json: bytes })
    }

    /// The snapshot as compact JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        str::from_utf8(&self.json).unwrap_or_default()
    }

    /// The snapshot as a JSON value.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }
}

/// Appends the snapshot of `value` to `out`; appends nothing when the value is absent.
pub(crate) fn write_into<T: TelemetrySnapshot + ?Sized>(value: &T, out: Vec<u8>) -> Result<Vec<u8>, RecordError> {
    let mut out = Buffer::after(out, const { total::<T>().size });
    let mut recorder = Recorder::new(root::<T>(), &mut out);
    value.record_nested(&mut recorder);
    recorder.finish().map_err(|failure| failure.into_error())?;
    Ok(out.finish())
}

impl fmt::Display for Snapshot {
    /// Compact JSON; the alternate form `{:#}` is indented.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            let pretty =
                serde_json::from_slice::<Ordered>(&self.json).and_then(|json| serde_json::to_string_pretty(&json));
            f.write_str(pretty.as_deref().unwrap_or(self.as_json()))
        } else {
            f.write_str(self.as_json())
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Serializes the JSON in any data format, with keys in their order.
impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: Ordered = serde_json::from_slice(&self.json).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

/// JSON whose objects keep their order, unlike `serde_json::Value`.
enum Ordered {
    Null,
    Bool(bool),
    Number(i64),
    Word(String),
    List(Vec<Ordered>),
    Object(Vec<(String, Ordered)>),
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_i64(*value),
            Self::Word(value) => serializer.serialize_str(value),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderedVisitor)
    }
}

struct OrderedVisitor;

impl<'de> Visitor<'de> for OrderedVisitor {
    type Value = Ordered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the JSON of a snapshot")
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Ordered, E> {
        Ok(Ordered::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Ordered, E> {
        Ok(Ordered::Number(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Ordered, E> {
        i64::try_from(value).map(Ordered::Number).map_err(E::custom)
    }

    fn visit_str<E>(self, value: &str) -> Result<Ordered, E> {
        Ok(Ordered::Word(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Ordered, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Ordered::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Ordered::Object(members))
    }
}
