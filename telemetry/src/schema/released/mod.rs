//! A schema that is kept outside of the program: in a file of released schemas, or beside a stored choice.

mod build;
mod kept;
mod line;
mod read;
mod replay;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

use self::build::Builder;
use self::kept::{Action, KeptContainer, Stage};
use super::bits::{log2, of_value};
use super::walk::{AnySchema, Visitor};

pub(crate) use self::line::{Is, Line, Lines, lines, lines_with_bits};
pub use self::read::ReadError;
pub(crate) use self::read::{parse, released};

/// A schema that was released: what a version of a program could send, as data.
///
/// It has the [hash](Self::hash), the [bits](Self::bits), the [JSON Schema](Self::to_json_schema) and the
/// [rows](crate::export::rows) of the [`Schema`](super::Schema) it was made of, since it is that schema's walk, step by step. Nothing can
/// be recorded or published with it: a recorder writes from a type's constant, never from a value.
///
/// As JSON, it is an array with an object for each step. Reading accepts what writing gives, at most 4 MiB, 20,000 steps and 128 levels.
///
/// ```
/// use telemetry::TelemetrySnapshot;
/// use telemetry::schema::Released;
///
/// #[derive(TelemetrySnapshot)]
/// struct Pool {
///     #[telemetry(number(max = 1_000))]
///     size: u32,
/// }
///
/// let released = Released::of(&Pool::SCHEMA);
/// let read = Released::from_json(&released.to_json())?;
/// assert_eq!(read, released);
/// assert_eq!(read.hash(), Pool::SCHEMA.hash());
/// # Ok::<(), telemetry::schema::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    stages: Vec<Stage>,
}

impl Released {
    /// What this schema can send.
    #[must_use]
    pub fn of<'s>(schema: impl AnySchema<'s>) -> Self {
        let mut builder = Builder::default();
        schema.report(&mut builder);
        builder.finish()
    }

    /// Reads a schema that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    ///
    /// If the text is not such a schema, or exceeds the limits.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        read::parse::<Lines>(text).and_then(|lines| read::released(&lines.0))
    }

    /// The schema as JSON, in one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Keys are texts, and numbers are integers, so there is nothing that JSON cannot express.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reports to a visitor everything that can be sent, in wire order, as [`Schema::walk`](super::Schema::walk) does.
    pub fn walk<'s>(&'s self, visitor: &mut dyn Visitor<'s>) {
        if !self.stages.is_empty() {
            self.walk_from(0, &[], visitor);
        }
    }

    /// The index of the last stage of the value that begins at `index`.
    fn end(&self, index: usize) -> usize {
        match self.stages.get(index).map(|stage| &stage.action) {
            Some(Action::Enter { end, .. }) => *end,
            _ => index,
        }
    }

    /// Whether an object without members begins at `index`.
    pub(super) fn is_empty_group(&self, index: usize) -> bool {
        matches!(
            self.stages.get(index).map(|stage| &stage.action),
            Some(Action::Enter { container: KeptContainer::Group, end }) if *end == index + 1
        )
    }

    /// The bits of the value that begins at `index`, without those of its contents.
    pub(super) fn own_bits(&self, index: usize) -> u64 {
        let Some(stage) = self.stages.get(index) else { return 0 };
        let absent = u64::from(!stage.is_required);
        match &stage.action {
            Action::Value(value) => of_value(&value.get(), absent),
            Action::Enter { container, .. } => log2(self.states(index, container) + absent),
            Action::Recursion { to, .. } => {
                let target = to.and_then(|to| Some((to, self.stages.get(to)?)));
                let states = match target {
                    Some((to, Stage { action: Action::Enter { container, .. }, .. })) => self.states(to, container),
                    _ => 1,
                };
                log2(states + absent)
            }
            Action::Leave { .. } => 0,
        }
    }

    /// The number of states of a container itself.
    fn states(&self, index: usize, container: &KeptContainer) -> u64 {
        match container {
            KeptContainer::List { max } => u64::from(*max) + 1,
            KeptContainer::Variants { .. } | KeptContainer::FlattenVariants { .. } => {
                let (mut at, mut count) = (index + 1, 0);
                while at < self.end(index) {
                    count += 1;
                    at = self.end(at) + 1;
                }
                count
            }
            KeptContainer::Group | KeptContainer::Flatten | KeptContainer::Variant { .. } => 1,
        }
    }
}

impl Serialize for Released {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Lines(lines(self)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Released {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = Lines::deserialize(deserializer)?;
        read::released(&lines.0).map_err(D::Error::custom)
    }
}
