//! Holds a payload against a program.

use super::cursor::Cursor;
use super::misfit::{self, Misfit};
use super::program::{Begins, Check, Choice, Item, Keep, Key, Node, NodeId, Object, Program, Untagged, Words};
use super::tried::Tried;
use super::{Cell, Fault};
use telemetry_spec::limit;

/// A fault, and the node at which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fail {
    pub(super) fault: Fault,
    pub(super) node: NodeId,
}

type Checked<T> = Result<T, Fail>;

/// The cells of a payload.
pub(super) fn run(program: &Program, columns: usize, payload: &[u8]) -> Checked<Vec<Cell>> {
    let mut cells = Vec::with_capacity(columns);
    cells.resize_with(columns, || Cell::Absent);
    let mut run = Run {
        nodes: &program.nodes,
        cursor: Cursor::new(payload),
        cells,
        is_inside: false,
        is_trying: false,
        tried: Tried::default(),
    };
    if program.is_required || !run.cursor.take(b"null") {
        run.value(program.root, 0)?;
    }
    if !run.cursor.is_at_end() {
        return Err(Fail { fault: run.cursor.misplaced(), node: program.root });
    }
    Ok(run.cells)
}

pub(super) struct Run<'p, 'b> {
    pub(super) nodes: &'p [Node],
    pub(super) cursor: Cursor<'b>,
    cells: Vec<Cell>,
    /// Whether the value is inside of one that is kept as a whole.
    is_inside: bool,
    /// Whether a fault is forgotten, because another variant is tried then.
    is_trying: bool,
    tried: Tried,
}

/// How far an object is read.
pub(super) struct Members<'p> {
    /// The object or the enum.
    pub(super) node: NodeId,
    /// Where its first member begins.
    pub(super) start: usize,
    /// All that it can hold.
    pub(super) of: Of<'p>,
    level: u8,
    /// Whether the next member begins at the cursor. Otherwise the object has ended.
    pub(super) is_open: bool,
}

/// What the members of an object are.
#[derive(Clone, Copy)]
pub(super) enum Of<'p> {
    Object(&'p Object),
    Tagged(&'p Choice),
}

/// Whether any of some items were there, and the first one that was missing although it is required.
#[derive(Clone, Copy, Default)]
struct Seen {
    any: bool,
    missing: Option<NodeId>,
}

impl<'p> Run<'p, '_> {
    /// Checks the value at the cursor. `level` is the number of levels around it.
    fn value(&mut self, id: NodeId, level: u8) -> Checked<()> {
        let Some(node) = self.nodes.get(id) else { return Err(Fail { fault: Fault::Malformed, node: id }) };
        match node.keep {
            Keep::Json(column) if !self.is_inside => {
                let start = self.cursor.at();
                self.is_inside = true;
                self.bare(id, node, level)?;
                self.is_inside = false;
                self.keep(column, Cell::Json(self.cursor.since(start).to_vec()));
                Ok(())
            }
            _ => self.bare(id, node, level),
        }
    }

    fn bare(&mut self, id: NodeId, node: &'p Node, level: u8) -> Checked<()> {
        let at = |fault| Fail { fault, node: id };
        match &node.check {
            Check::Flag => {
                let flag = self.cursor.flag().map_err(at)?;
                self.keep_value(node, || Cell::Flag(flag));
            }
            Check::Integer(bounds) => {
                let integer = self.cursor.integer().and_then(|integer| bounds.hold(integer)).map_err(at)?;
                self.keep_value(node, || Cell::Integer(integer));
            }
            Check::Word(words) => {
                let word = self.word(words).map_err(at)?;
                self.keep_value(node, || Cell::Word(word));
            }
            Check::Version => {
                let (count, parts) = self.cursor.version().map_err(at)?;
                self.keep_value(node, || Cell::Version(count, parts));
            }
            Check::Words { words, max, is_set } => {
                deeper(level, id)?;
                self.words(words, *max, *is_set).map_err(at)?;
            }
            Check::Object(object) => {
                let level = if object.is_level { deeper(level, id)? } else { level };
                self.object(id, Of::Object(object), level)?;
                self.keep_value(node, || Cell::Flag(true));
            }
            Check::Tagged(choice) => self.object(id, Of::Tagged(choice), deeper(level, id)?)?,
            Check::List { item, max } => self.list(id, *item, *max, deeper(level, id)?)?,
            Check::Untagged(untagged) => {
                let word = self.untagged(id, untagged, deeper(level, id)?)?;
                if let Some(word) = word {
                    self.keep_value(node, || Cell::Word(word));
                }
            }
            Check::Same(above) => self.value(*above, level)?,
            Check::Never => return Err(at(self.cursor.other_kind())),
        }
        Ok(())
    }

    fn keep_value(&mut self, node: &Node, cell: impl FnOnce() -> Cell) {
        if let Keep::Value(column) = node.keep
            && !self.is_inside
        {
            self.keep(column, cell());
        }
    }

    fn keep(&mut self, column: usize, cell: Cell) {
        if let Some(slot) = self.cells.get_mut(column) {
            *slot = cell;
        }
    }

    fn word(&mut self, words: &Words) -> Result<usize, Fault> {
        let text = self.cursor.text()?;
        words.find(text).ok_or(Fault::NotAWord { bytes: text.len() })
    }

    fn words(&mut self, words: &Words, max: u32, is_set: bool) -> Result<(), Fault> {
        let mut last = None;
        self.items(
            max,
            |run| {
                let word = run.word(words)?;
                if is_set && last.is_some_and(|last| last >= word) {
                    return Err(Fault::NotASet);
                }
                last = Some(word);
                Ok(())
            },
            |fault| fault,
        )
    }

    fn list(&mut self, id: NodeId, item: NodeId, max: u32, level: u8) -> Checked<()> {
        self.items(max, |run| run.value(item, level), |fault| Fail { fault, node: id })
    }

    /// A list, each item of which `item` reads.
    fn items<E>(
        &mut self,
        max: u32,
        mut item: impl FnMut(&mut Self) -> Result<(), E>,
        fail: impl Fn(Fault) -> E,
    ) -> Result<(), E> {
        if !self.cursor.take_byte(b'[') {
            return Err(fail(self.cursor.other_kind()));
        }
        if self.cursor.take_byte(b']') {
            return Ok(());
        }
        for count in 0_u32.. {
            if count == max {
                return Err(fail(Fault::TooMany { max }));
            }
            item(self)?;
            if self.cursor.take_byte(b']') {
                break;
            }
            if !self.cursor.take_byte(b',') {
                return Err(fail(self.cursor.misplaced()));
            }
        }
        Ok(())
    }

    fn object(&mut self, id: NodeId, of: Of<'p>, level: u8) -> Checked<()> {
        if !self.cursor.take_byte(b'{') {
            return Err(Fail { fault: self.cursor.other_kind(), node: id });
        }
        let mut members = Members { node: id, start: self.cursor.at(), of, level, is_open: false };
        members.is_open = match self.cursor.peek() {
            Some(b'"') => true,
            Some(b'}') => !self.cursor.take_byte(b'}'),
            _ => return Err(Fail { fault: self.cursor.misplaced(), node: id }),
        };
        let seen = match of {
            Of::Object(object) => self.some(&object.items, &mut members)?,
            Of::Tagged(choice) => self.choice(choice, true, &mut members, 0)?,
        };
        if let Some(missing) = seen.missing {
            return Err(self.misfit(&members, Some(Misfit::Missing(missing))));
        }
        if members.is_open {
            return Err(self.misfit(&members, None));
        }
        Ok(())
    }

    /// Reads those of the items that are there. Ends at the first one that is missing although it is required.
    fn some(&mut self, items: &'p [Item], members: &mut Members<'p>) -> Checked<Seen> {
        let mut seen = Seen::default();
        for item in items {
            let this = match item {
                Item::Member { key, node, is_required } => self.member(key, *node, *is_required, members)?,
                Item::Together(items) => self.together(items, members)?,
                Item::Choice { choice, is_required } => self.choice(choice, *is_required, members, 1)?,
            };
            seen.any |= this.any;
            seen.missing = seen.missing.or(this.missing);
            // What follows in vain would only hide the place.
            if seen.missing.is_some() && seen.any {
                break;
            }
        }
        Ok(seen)
    }

    /// Reads items that are this many levels deeper than the object around them.
    fn deeper_in(&mut self, levels: u8, items: &'p [Item], members: &mut Members<'p>) -> Checked<Seen> {
        let level = members.level;
        members.level = level.saturating_add(levels);
        let seen = self.some(items, members)?;
        if seen.any && members.level > limit::DEPTH {
            return Err(Fail { fault: Fault::TooDeep, node: members.node });
        }
        members.level = level;
        Ok(seen)
    }

    fn member(&mut self, key: &Key, node: NodeId, is_required: bool, members: &mut Members<'p>) -> Checked<Seen> {
        if members.is_open && self.cursor.take(key.bytes()) {
            self.value(node, members.level)?;
            self.next_member(members)?;
            return Ok(Seen { any: true, missing: None });
        }
        Ok(Seen { any: false, missing: is_required.then_some(node) })
    }

    fn next_member(&mut self, members: &mut Members<'p>) -> Checked<()> {
        if self.cursor.take_byte(b',') {
            if self.cursor.peek() == Some(b'"') {
                return Ok(());
            }
        } else if self.cursor.take_byte(b'}') {
            members.is_open = false;
            return Ok(());
        }
        Err(Fail { fault: self.cursor.misplaced(), node: members.node })
    }

    fn together(&mut self, items: &'p [Item], members: &mut Members<'p>) -> Checked<Seen> {
        match self.deeper_in(1, items, members)? {
            Seen { any: true, missing: Some(missing) } => Err(self.misfit(members, Some(Misfit::Incomplete(missing)))),
            Seen { any, .. } => Ok(Seen { any, missing: None }),
        }
    }

    /// Reads a tag and the members of its variant, which are this many levels deeper.
    fn choice(
        &mut self,
        choice: &'p Choice,
        is_required: bool,
        members: &mut Members<'p>,
        levels: u8,
    ) -> Checked<Seen> {
        if !(members.is_open && self.cursor.take(choice.key.bytes())) {
            return Ok(Seen { any: false, missing: is_required.then_some(choice.tag) });
        }
        let Some(Node { check: Check::Word(words), keep, .. }) = self.nodes.get(choice.tag) else {
            return Err(Fail { fault: Fault::Malformed, node: choice.tag });
        };
        let word = self.word(words).map_err(|fault| Fail { fault, node: choice.tag })?;
        if let Keep::Value(column) = keep
            && !self.is_inside
        {
            self.keep(*column, Cell::Word(word));
        }
        self.next_member(members)?;
        let items = choice.variants.get(word).map_or(&[][..], Vec::as_slice);
        let seen = self.deeper_in(levels, items, members)?;
        Ok(Seen { any: true, missing: seen.missing })
    }

    #[cold]
    fn misfit(&self, members: &Members<'p>, missing: Option<Misfit>) -> Fail {
        if self.is_trying {
            return Fail { fault: Fault::Misplaced, node: members.node };
        }
        misfit::explain(self.cursor, members, missing)
    }

    /// The index of the word, if it is one.
    fn untagged(&mut self, id: NodeId, untagged: &'p Untagged, level: u8) -> Checked<Option<usize>> {
        let begins = begins(self.cursor.peek());
        let has_words = !untagged.words.texts().is_empty();
        if begins == Begins::TEXT && has_words {
            let mut cursor = self.cursor;
            if let Some(word) = cursor.text().ok().and_then(|text| untagged.words.find(text)) {
                self.cursor = cursor;
                return Ok(Some(word));
            }
        }
        let mut others = untagged.others.iter().filter(|other| other.begins.can(begins));
        match (others.next(), others.next()) {
            (Some(only), None) => self.value(only.node, level).map(|()| None),
            (Some(_), Some(_)) => self.first_that_fits(id, untagged, begins, level).map(|()| None),
            (None, _) if begins == Begins::TEXT && has_words => {
                let fault = self.word(&untagged.words).err().unwrap_or(Fault::Malformed);
                Err(Fail { fault, node: id })
            }
            (None, _) => Err(Fail { fault: self.cursor.other_kind(), node: id }),
        }
    }

    /// Tries one variant after the other. What is found at a place is remembered: however variants are nested, each is tried at each
    /// place and level at most once, so the time grows with the length of the payload only.
    fn first_that_fits(&mut self, id: NodeId, untagged: &'p Untagged, begins: Begins, level: u8) -> Checked<()> {
        let start = self.cursor;
        let place = (id, start.at(), level);
        let end = match self.tried.get(place) {
            Some(known) => known,
            None => {
                let (mut end, was_trying) = (None, std::mem::replace(&mut self.is_trying, true));
                let mut others = untagged.others.iter().filter(|other| other.begins.can(begins));
                while let (None, Some(other)) = (end, others.next()) {
                    self.cursor = start;
                    end = self.value(other.node, level).is_ok().then(|| self.cursor.at());
                }
                self.is_trying = was_trying;
                self.tried.set(place, end);
                end
            }
        };
        self.cursor = start;
        match end {
            Some(end) => {
                self.cursor.go_to(end);
                Ok(())
            }
            None => {
                let fault = match self.cursor.found() {
                    Some(found) => Fault::NoVariant { found },
                    None => self.cursor.misplaced(),
                };
                Err(Fail { fault, node: id })
            }
        }
    }
}

/// One more level, if that is not too deep.
fn deeper(level: u8, node: NodeId) -> Checked<u8> {
    if level < limit::DEPTH { Ok(level + 1) } else { Err(Fail { fault: Fault::TooDeep, node }) }
}

fn begins(byte: Option<u8>) -> Begins {
    match byte {
        Some(b't' | b'f') => Begins::FLAG,
        Some(b'-' | b'0'..=b'9') => Begins::NUMBER,
        Some(b'"') => Begins::TEXT,
        Some(b'[') => Begins::LIST,
        Some(b'{') => Begins::OBJECT,
        _ => Begins::NOTHING,
    }
}
