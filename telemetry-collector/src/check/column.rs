//! A schema as a flat list of columns.

/// The most columns that the schemas of an event may have together. A table of SQLite has at most 2,000, and some are the collector's own.
pub const MOST_COLUMNS: usize = 1_990;

/// A column: a place of the schema where at most one value is sent, or a list, which is kept as JSON.
///
/// The cells of an event hold all of its payload. An optional object has a column of its own only where nothing else tells whether it
/// is there: not if one of its members always has a value when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The path of the value, unique in its schema: `database.adapter`, `command<run>.fast`.
    ///
    /// Names are joined by dots, one with a dot stands in square brackets, and the word of a variant stands in angle brackets. The tag of an enum has the path of a member of
    /// the enum: `command.name`. Words can contain brackets, so two places can have the same path. The second one then gets
    /// `#2` at its end, the third `#3`.
    pub path: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// The texts that a [`Cell::Word`] counts in: the words of a tag, the labels of a bucket.
    pub texts: Vec<String>,
    /// Whether it always has a value.
    pub is_required: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// A flag, a presence, a change from the default, or that an optional object is there, which is then `true`.
    Flag,
    /// A count or a number.
    Integer,
    /// A tag, a bucket, or the tag of an enum with data.
    Word,
    /// A version.
    Version,
    /// A list, a map, an untagged enum, or a value that contains itself, as JSON in the canonical form of the wire.
    Json,
}

/// The value of a column in one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Not sent.
    Absent,
    /// `true` or `false`.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// The index of a text in [`Column::texts`].
    Word(usize),
    /// A version: the number of parts, from 1 to 3, and the parts; those that were not sent are 0.
    Version(u8, [u16; 3]),
    /// The bytes of the value. They hold nothing that its schema does not allow.
    Json(Vec<u8>),
}
