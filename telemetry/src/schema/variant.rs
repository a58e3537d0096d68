//! One variant of an enum with data.

use telemetry_spec::word;

use super::field::{check_names, has_member};
use super::kind::Asked;
use super::message::Message;
use super::{Field, Kind};

/// One variant of an enum with data.
#[derive(Clone, Copy)]
pub struct Variant {
    pub(crate) word: &'static str,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Unit,
    Value(Field),
    Group(&'static [Field]),
}

impl Variant {
    /// A variant without data.
    #[must_use]
    pub const fn unit(word: &'static str) -> Self {
        Self::new(word, Shape::Unit)
    }

    /// A variant with one value.
    #[must_use]
    pub const fn value(word: &'static str, kind: Kind) -> Self {
        Self::new(word, Shape::Value(Field::value(kind)))
    }

    /// A variant with named fields.
    #[must_use]
    #[track_caller]
    pub const fn group(word: &'static str, fields: &'static [Field]) -> Self {
        check_names(fields);
        Self::new(word, Shape::Group(fields))
    }

    /// Its members, if it is sent as an object.
    pub(crate) const fn members(&self) -> &'static [Field] {
        match self.shape {
            Shape::Group(members) => members,
            Shape::Unit | Shape::Value(_) => &[],
        }
    }

    /// Fails the compilation when a field of the variant has the name of the tag, or has no name.
    #[track_caller]
    pub(crate) const fn check_tag(&self, tag: &Field) {
        assert!(!matches!(self.shape, Shape::Value(_)), "a variant under a tag has named fields, or none");
        check_tag(self.members(), tag);
    }

    /// Whether the variant always sends a value.
    pub(super) fn is_required_within(&self, above: Option<&Asked<'_>>) -> bool {
        match &self.shape {
            Shape::Value(value) => value.kind.is_required_within(above),
            Shape::Unit | Shape::Group(_) => true,
        }
    }

    #[track_caller]
    const fn new(word: &'static str, shape: Shape) -> Self {
        assert!(word::is_word(word), "{}", word::RULE);
        Self { word, shape }
    }
}

/// Fails the compilation when a member of a variant has the name of the tag.
#[track_caller]
pub const fn check_tag(members: &[Field], tag: &Field) {
    if has_member(members, tag) {
        panic!("{}", Message::of_tag(tag.key.name()).as_str());
    }
}
