//! Single values: flags, counts, numbers, ranges, words and versions.
//!
//! Each kind has a path for a short key and a short value, which nearly all take: it makes no calls, so no register is saved. Everything
//! else, such as a long key or value, the kind of a nested type, a full buffer or a mismatch, takes one path for all kinds.

use super::{OUTSIDE_OF_THE_WORDS, Recorder, node};
use crate::schema::rounded::rounded;
use crate::schema::{Field, Node};
use crate::snapshot::Version;
use crate::snapshot::buffer::value::{short_integer, short_label, short_word};

impl Recorder<'_> {
    /// The next field, if it is of this kind by itself.
    #[inline]
    fn first(&self) -> Option<(&'static Field, &'static Node)> {
        let field = self.fields.as_slice().first()?;
        Some((field, &field.kind.node))
    }

    /// Records a flag, or whether something is present.
    pub fn flag(&mut self, value: bool) {
        if let Some((field, Node::Flag | Node::Presence | Node::Changed)) = self.first()
            && self.out.leaf(&field.key, |free| {
                let (text, len) = flag_text(value);
                free[..8].copy_from_slice(&text);
                Some(len)
            })
        {
            self.fields.next();
        } else {
            self.any_flag(value);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_flag(&mut self, value: bool) {
        self.any(Given::Flag(value));
    }

    /// Records a count; more than the field's maximum is sent as the maximum.
    pub fn count(&mut self, value: usize) {
        if let Some((field, Node::Count { max })) = self.first()
            && self.out.leaf(&field.key, |free| short_integer(free, counted(value, *max)))
        {
            self.fields.next();
        } else {
            self.any_count(value);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_count(&mut self, value: usize) {
        self.any(Given::Count(value));
    }

    /// Records a number; a value outside the field's bounds is sent as the nearer bound.
    pub fn number(&mut self, value: i128) {
        self.integer(saturated(value));
    }

    /// Like `number`, saturated to `i64`, which changes no result.
    pub(crate) fn integer(&mut self, value: i64) {
        if let Some((field, Node::Number { min, max, digits: 0, .. })) = self.first()
            && self.out.leaf(&field.key, |free| short_integer(free, bounded(value, *min, *max)))
        {
            self.fields.next();
        } else {
            self.any_number(value);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_number(&mut self, value: i64) {
        self.any(Given::Number(value));
    }

    /// Records a number, of which only the range is sent.
    pub fn bucket(&mut self, value: i128) {
        self.range(saturated(value));
    }

    /// Like `bucket`.
    pub(crate) fn range(&mut self, value: i64) {
        if let Some((field, Node::Bucket { edges, .. })) = self.first()
            && self.out.leaf(&field.key, |free| short_label(free, edges, range_of(value, edges)))
        {
            self.fields.next();
        } else {
            self.any_range(value);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_range(&mut self, value: i64) {
        self.any(Given::Range(value));
    }

    /// Records the word at `index` of the field's table.
    pub fn tag(&mut self, index: usize) {
        if let Some((field, Node::Tag(words))) = self.first()
            && let Some(word) = words.get(index)
            && self.out.leaf(&field.key, |free| short_word(free, word))
        {
            self.fields.next();
        } else {
            self.any_tag(index);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_tag(&mut self, index: usize) {
        self.any(Given::Tag(index));
    }

    /// Records a version; see [`Version`] for the accepted versions.
    pub fn version(&mut self, version: Version) {
        self.any(Given::Version(version));
    }

    /// Records a value of any kind, where the path for most of its kind does not lead.
    #[cold]
    #[inline(never)]
    fn any(&mut self, given: Given) {
        let Some(field) = self.fields.next() else { return self.fail(None, given.name()) };
        match (node(field), given) {
            (Node::Flag | Node::Presence | Node::Changed, Given::Flag(value)) => {
                let (text, len) = flag_text(value);
                self.out.fixed(&field.key, text, len);
            }
            (Node::Count { max }, Given::Count(value)) => self.out.integer(&field.key, counted(value, *max)),
            (Node::Number { min, max, digits, .. }, Given::Number(value)) => {
                self.out.integer(&field.key, of_leading_digits(bounded(value, *min, *max), *digits));
            }
            (Node::Bucket { edges, .. }, Given::Range(value)) => {
                self.out.range(&field.key, edges, range_of(value, edges));
            }
            (Node::Tag(words), Given::Tag(index)) => match words.get(index) {
                Some(word) => self.out.word(&field.key, word),
                None => self.fail(Some(field), OUTSIDE_OF_THE_WORDS),
            },
            (Node::Version, Given::Version(version)) => {
                self.out.key(&field.key);
                for (at, part) in version.parts().iter().enumerate() {
                    self.out.byte_within_room(if at == 0 { b'"' } else { b'.' });
                    self.out.digits((*part).into());
                }
                self.out.byte_within_room(b'"');
            }
            (_, given) => self.fail(Some(field), given.name()),
        }
    }
}

/// The index of the edge at which the range of a value ends.
#[inline]
fn range_of(value: i64, edges: &[i64]) -> usize {
    edges.iter().take_while(|edge| **edge <= value).count()
}

fn bounded(value: i64, min: i64, max: i64) -> i64 {
    // Unlike `clamp`, this has no path that panics.
    value.min(max).max(min)
}

fn of_leading_digits(value: i64, digits: u8) -> i64 {
    if digits == 0 { value } else { rounded(value, digits) }
}

fn counted(value: usize, max: u32) -> i64 {
    u32::try_from(value).map_or(max, |value| value.min(max)).into()
}

#[inline]
fn flag_text(value: bool) -> ([u8; 8], usize) {
    if value { (*b"true\0\0\0\0", 4) } else { (*b"false\0\0\0", 5) }
}

/// A value that is recorded.
enum Given {
    Flag(bool),
    Count(usize),
    Number(i64),
    Range(i64),
    Tag(usize),
    Version(Version),
}

impl Given {
    fn name(&self) -> &'static str {
        match self {
            Self::Flag(_) => "flag",
            Self::Count(_) => "count",
            Self::Number(_) => "number",
            Self::Range(_) => "bucket",
            Self::Tag(_) => "tag",
            Self::Version(_) => "version",
        }
    }
}

fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
