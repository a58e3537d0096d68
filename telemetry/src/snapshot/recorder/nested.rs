//! Entering and leaving a nested value.

use telemetry_spec::limit;

use super::{LEFT_MIDWAY, Recorder, node};
use crate::schema::{Field, Node, Shape};

/// The position of the cursor before it entered a nested value.
pub(super) struct Frame {
    rest: core::slice::Iter<'static, Field>,
    field: &'static Field,
    start: usize,
    /// The depth of its contents.
    depth: u8,
    shape: Opened,
}

#[derive(Clone, Copy, PartialEq)]
enum Opened {
    Group,
    /// A single value under the key of the field, which has not been written yet, or the members of a flattened group.
    Same,
    /// A single value whose key has been written.
    Value {
        before_key: usize,
    },
    /// A word that has already been written.
    Word,
}

impl Recorder<'_> {
    pub(super) fn deeper(&mut self, field: &'static Field) -> bool {
        if self.depth >= limit::DEPTH {
            self.fail(Some(field), "a nesting of more than 16 groups");
            return false;
        }
        self.depth += 1;
        true
    }

    /// Enters a nested value. Nearly all are groups, and take a path that makes only the call that returns their schema.
    pub(super) fn enter(&mut self) -> Option<Frame> {
        let mut rest = self.fields.clone();
        if let Some(field) = rest.next()
            && self.depth < limit::DEPTH
            && let Node::Nested(schema) = &field.kind.node
            && let Node::Group(fields) = &schema().node
            && self.out.leaf(&field.key, |_| Some(0))
        {
            self.depth += 1;
            self.fields = fields.iter();
            return Some(Frame { rest, field, start: self.out.len(), depth: self.depth, shape: Opened::Group });
        }
        self.enter_any()
    }

    #[cold]
    #[inline(never)]
    fn enter_any(&mut self) -> Option<Frame> {
        let frame = self.enter_same()?;
        match node(frame.field) {
            Node::Group(fields) => {
                self.out.key(&frame.field.key);
                self.fields = fields.iter();
                return Some(Frame { start: self.out.len(), shape: Opened::Group, ..frame });
            }
            Node::Flatten(fields) => self.fields = fields.iter(),
            _ => {}
        }
        Some(frame)
    }

    /// Enters a value that is recorded as the next field itself, not as the members of a group.
    #[inline]
    pub(super) fn enter_same(&mut self) -> Option<Frame> {
        let before = self.fields.clone();
        let Some(field) = self.fields.next() else {
            self.fail(None, "group");
            return None;
        };
        if field.is_added() {
            self.fail(Some(field), "what the client adds");
            return None;
        }
        if !self.deeper(field) {
            return None;
        }
        let one = before.as_slice().get(..1).unwrap_or_default();
        let rest = core::mem::replace(&mut self.fields, one.iter());
        Some(Frame { rest, field, start: self.out.len(), depth: self.depth, shape: Opened::Same })
    }

    pub(super) fn leave(&mut self, frame: &Frame) {
        if frame.shape == Opened::Group
            && frame.depth == self.depth
            && self.fields.as_slice().is_empty()
            && self.out.close_object(frame.start)
        {
            self.depth -= 1;
            self.fields = frame.rest.clone();
        } else {
            self.leave_any(frame);
        }
    }

    #[cold]
    #[inline(never)]
    fn leave_any(&mut self, frame: &Frame) {
        if self.depth == frame.depth {
            self.depth -= 1;
        } else {
            self.fail(Some(frame.field), LEFT_MIDWAY);
        }
        self.end(frame.field, frame.rest.clone());
        match frame.shape {
            Opened::Group => self.out.close(frame.start, b'{', b'}'),
            Opened::Value { before_key } if self.out.len() == frame.start => {
                self.out.rewind(before_key);
                if frame.field.kind.is_required() {
                    self.fail(Some(frame.field), "absent");
                }
            }
            Opened::Same | Opened::Value { .. } | Opened::Word => {}
        }
    }

    /// Ends a nested value: checks that all of its fields were recorded, or adds its location to the failure.
    pub(super) fn end(&mut self, field: &'static Field, rest: core::slice::Iter<'static, Field>) {
        if let (None, Some(missing)) = (&self.failure, self.fields.as_slice().first()) {
            self.fail(Some(missing), "nothing");
        }
        match &mut self.failure {
            Some(failure) => failure.inside(field),
            None => self.fields = rest,
        }
    }

    pub(super) fn enter_variant(&mut self, index: usize) -> Option<Frame> {
        let Some(field) = self.fields.next() else {
            self.fail(None, "variant");
            return None;
        };
        let (tag, variants, shape) = match *node(field) {
            Node::Variants { tag, variants } => (tag, variants, Opened::Group),
            Node::FlattenVariants { tag, variants } => (Some(tag), variants, Opened::Same),
            _ => {
                self.fail(Some(field), "variant");
                return None;
            }
        };
        let Some(variant) = variants.get(index) else {
            self.fail(Some(field), "an index outside of the variants");
            return None;
        };
        if !self.deeper(field) {
            return None;
        }
        let rest = self.fields.clone();
        let before_key = self.out.len();
        if let Some(tag) = tag {
            self.out.key(&field.key);
            let start = self.out.len();
            self.out.word(&tag.key, variant.word);
            self.fields = match &variant.shape {
                Shape::Unit => [].iter(),
                Shape::Value(value) => core::slice::from_ref(value).iter(),
                Shape::Group(fields) => fields.iter(),
            };
            return Some(Frame { rest, field, start, depth: self.depth, shape });
        }
        let shape = match &variant.shape {
            Shape::Unit => {
                self.out.word(&field.key, variant.word);
                self.fields = [].iter();
                Opened::Word
            }
            Shape::Value(value) => {
                self.out.key(&field.key);
                self.fields = core::slice::from_ref(value).iter();
                Opened::Value { before_key }
            }
            Shape::Group(fields) => {
                self.out.key(&field.key);
                self.fields = fields.iter();
                Opened::Group
            }
        };
        Some(Frame { rest, field, start: self.out.len(), depth: self.depth, shape })
    }
}
