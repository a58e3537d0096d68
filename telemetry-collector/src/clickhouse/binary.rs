//! The engine's `RowBinary`: rows as bytes, without separators.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::http::EngineError;

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Null,
    Integer(i64),
    /// Where its bytes are in the row.
    Bytes(Range<usize>),
}

/// A row of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'r> {
    fields: &'r [Field],
    bytes: &'r [u8],
}

/// A value of a row, with its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Bytes(&'v [u8]),
}

impl<'r> Row<'r> {
    pub(crate) fn value(self, at: usize) -> Option<Value<'r>> {
        Some(match self.fields.get(at)? {
            Field::Null => Value::Null,
            Field::Integer(integer) => Value::Integer(*integer),
            Field::Bytes(range) => Value::Bytes(self.bytes.get(range.clone())?),
        })
    }

    pub(super) fn integer(self, at: usize) -> Result<i64, EngineError> {
        if let Some(Value::Integer(integer)) = self.value(at) { Ok(integer) } else { Err(EngineError::Malformed) }
    }

    pub(super) fn bytes(self, at: usize) -> Result<&'r [u8], EngineError> {
        if let Some(Value::Bytes(bytes)) = self.value(at) { Ok(bytes) } else { Err(EngineError::Malformed) }
    }

    pub(super) fn text(self, at: usize) -> Result<String, EngineError> {
        String::from_utf8(self.bytes(at)?.to_vec()).map_err(|_| EngineError::Malformed)
    }
}

/// The numbers that stand for words as long as a reader lives. Columns of words are those of the type `LowCardinality`.
#[derive(Debug, Default)]
pub(crate) struct Words(RefCell<HashMap<Vec<u8>, i64>>);

impl Words {
    pub(crate) fn number(&self, word: &[u8]) -> i64 {
        let mut words = self.0.borrow_mut();
        if let Some(number) = words.get(word) {
            return *number;
        }
        let number = i64::try_from(words.len()).unwrap_or(i64::MAX);
        words.insert(word.to_vec(), number);
        number
    }
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// So many bytes, and whether they have a sign.
    Integer(usize, bool),
    Text,
    Fixed(usize),
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Type {
    kind: Kind,
    is_nullable: bool,
    is_word: bool,
}

impl Type {
    fn of(name: &str) -> Option<Self> {
        let inner = |start: &str| name.strip_prefix(start)?.strip_suffix(')');
        if let Some(inner) = inner("Nullable(") {
            return Some(Self { is_nullable: true, ..Self::of(inner)? });
        }
        if let Some(inner) = inner("LowCardinality(") {
            return Some(Self { is_word: true, ..Self::of(inner)? });
        }
        if let Some(inner) = inner("SimpleAggregateFunction(") {
            return Self::of(inner.split_once(", ")?.1);
        }
        let kind = match name {
            "Int8" => Kind::Integer(1, true),
            "Int16" => Kind::Integer(2, true),
            "Int32" => Kind::Integer(4, true),
            "Int64" => Kind::Integer(8, true),
            "UInt8" | "Bool" => Kind::Integer(1, false),
            "UInt16" | "Date" => Kind::Integer(2, false),
            "UInt32" | "DateTime" => Kind::Integer(4, false),
            "UInt64" => Kind::Integer(8, false),
            "String" => Kind::Text,
            "Nothing" => Kind::Nothing,
            _ => Kind::Fixed(inner("FixedString(")?.parse().ok()?),
        };
        Some(Self { kind, is_nullable: false, is_word: false })
    }
}

/// Reads an answer that comes in pieces.
pub(super) struct Decoder<'w> {
    words: &'w Words,
    types: Option<Vec<Type>>,
    /// What is not read yet.
    rest: Vec<u8>,
    fields: Vec<Field>,
}

impl<'w> Decoder<'w> {
    pub(super) const fn new(words: &'w Words) -> Self {
        Self { words, types: None, rest: Vec::new(), fields: Vec::new() }
    }

    /// Takes a piece, and passes the rows that are whole.
    pub(super) fn take<E: From<EngineError>>(
        &mut self,
        piece: &[u8],
        mut read: impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.rest.extend_from_slice(piece);
        let mut at = 0;
        if self.types.is_none() {
            let Some((types, end)) = head(&self.rest)? else { return Ok(()) };
            (self.types, at) = (Some(types), end);
        }
        let types = self.types.as_deref().unwrap_or_default();
        while at < self.rest.len() && !types.is_empty() {
            let bytes = self.rest.get(at..).unwrap_or_default();
            let Some(length) = row(types, bytes, self.words, &mut self.fields) else { break };
            read(Row { fields: &self.fields, bytes })?;
            at += length;
        }
        self.rest.drain(..at);
        Ok(())
    }

    /// Whether the answer ended after a row.
    pub(super) fn finish(&self) -> Result<(), EngineError> {
        // An answer without rows may have no head.
        if self.rest.is_empty() { Ok(()) } else { Err(EngineError::Malformed) }
    }
}

/// The types of the columns, and where the head ends; nothing if it is not whole yet.
fn head(bytes: &[u8]) -> Result<Option<(Vec<Type>, usize)>, EngineError> {
    let whole = || {
        let (columns, mut at) = length(bytes)?;
        let mut texts = Vec::new();
        for _ in 0..2 * columns {
            let (size, start) = length(bytes.get(at..)?)?;
            let start = at + start;
            texts.push(bytes.get(start..start.checked_add(size)?)?);
            at = start + size;
        }
        Some((texts.split_off(columns), at))
    };
    let Some((names, end)) = whole() else { return Ok(None) };
    let kind = |name: &[u8]| Type::of(std::str::from_utf8(name).ok()?);
    let types: Option<Vec<Type>> = names.into_iter().map(kind).collect();
    types.map(|types| Some((types, end))).ok_or(EngineError::Malformed)
}

/// Reads one row, and says how long it is; nothing if it is not whole.
fn row(types: &[Type], bytes: &[u8], words: &Words, fields: &mut Vec<Field>) -> Option<usize> {
    fields.clear();
    let mut at = 0;
    for of in types {
        if of.is_nullable {
            let is_null = *bytes.get(at)? != 0;
            at += 1;
            if is_null {
                fields.push(Field::Null);
                continue;
            }
        }
        let range = match of.kind {
            Kind::Integer(size, is_signed) => {
                fields.push(Field::Integer(integer(bytes.get(at..at + size)?, is_signed)));
                at += size;
                continue;
            }
            Kind::Nothing => at..at,
            Kind::Fixed(size) => at..at.checked_add(size)?,
            Kind::Text => {
                let (size, start) = length(bytes.get(at..)?)?;
                at + start..(at + start).checked_add(size)?
            }
        };
        let text = bytes.get(range.clone())?;
        at = range.end;
        fields.push(if of.is_word { Field::Integer(words.number(text)) } else { Field::Bytes(range) });
    }
    Some(at)
}

fn integer(bytes: &[u8], is_signed: bool) -> i64 {
    let is_negative = is_signed && bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut whole = if is_negative { [0xff; 8] } else { [0; 8] };
    for (to, byte) in whole.iter_mut().zip(bytes) {
        *to = *byte;
    }
    i64::from_le_bytes(whole)
}

/// A number in groups of 7 bits, and how many bytes it has.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

/// Writes a text or bytes.
pub(super) fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    let mut rest = bytes.len();
    while rest >= 0x80 {
        to.push(u8::try_from(rest & 0x7f).unwrap_or_default() | 0x80);
        rest >>= 7;
    }
    to.push(u8::try_from(rest).unwrap_or_default());
    to.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(types: &[&str], rows: &[u8]) -> Vec<u8> {
        let mut answer = vec![u8::try_from(types.len()).unwrap()];
        types.iter().for_each(|_| put_bytes(&mut answer, b"column"));
        types.iter().for_each(|name| put_bytes(&mut answer, name.as_bytes()));
        answer.extend_from_slice(rows);
        answer
    }

    proptest! {
        #[test]
        fn an_answer_is_read_however_it_is_cut(
            values in proptest::collection::vec((any::<i64>(), proptest::option::of(".{0,200}"), any::<i32>()), 0..20),
            piece in 1_usize..50,
        ) {
            let mut rows = Vec::new();
            for (wide, text, narrow) in &values {
                rows.extend(wide.to_le_bytes());
                rows.push(u8::from(text.is_none()));
                if let Some(text) = text {
                    put_bytes(&mut rows, text.as_bytes());
                }
                rows.extend(narrow.to_le_bytes());
            }
            let words = Words::default();
            let mut decoder = Decoder::new(&words);
            let mut found = Vec::new();
            for piece in answer(&["Int64", "Nullable(String)", "SimpleAggregateFunction(min, Int32)"], &rows).chunks(piece) {
                decoder.take(piece, |row| {
                    let text = if row.value(1) == Some(Value::Null) { None } else { Some(row.text(1)?) };
                    found.push((row.integer(0)?, text, i32::try_from(row.integer(2)?).unwrap()));
                    Ok::<(), EngineError>(())
                }).unwrap();
            }
            decoder.finish().unwrap();
            prop_assert_eq!(found, values);
        }

        #[test]
        fn no_answer_is_too_much(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let words = Words::default();
            let mut decoder = Decoder::new(&words);
            let _ = decoder.take(&bytes, |_| Ok::<(), EngineError>(()));
            let _ = decoder.take(&answer(&["String", "FixedString(3)"], &bytes), |_| Ok::<(), EngineError>(()));
        }
    }

    #[test]
    fn words_have_one_number_each() {
        let words = Words::default();
        let mut decoder = Decoder::new(&words);
        let mut found = Vec::new();
        let rows = b"\0\x01a\x01\0\x02bc\0\x01a";
        decoder
            .take(&answer(&["LowCardinality(Nullable(String))"], rows), |row| {
                found.push(row.value(0).map(|value| value == Value::Integer(words.number(b"a"))));
                Ok::<(), EngineError>(())
            })
            .unwrap();
        assert_eq!(found, [Some(true), Some(false), Some(false), Some(true)]);
    }

    #[test]
    fn an_answer_that_ends_within_a_row_is_refused() {
        let words = Words::default();
        let mut decoder = Decoder::new(&words);
        decoder.take(&answer(&["Int64"], &[1, 2]), |_| Ok::<(), EngineError>(())).unwrap();
        assert_eq!(decoder.finish(), Err(EngineError::Malformed));
    }
}
