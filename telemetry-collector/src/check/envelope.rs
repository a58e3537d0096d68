//! What is around a payload: the object of a single event, of a line of a batch, and of a request for deletion.
//!
//! All are in the form in which a client writes them, without white space and with their members in this order. The payload is not looked at: the end of
//! the object has a fixed length, and what is before it is the payload, whatever it is. [`KnownSchema::check`](super::KnownSchema::check) or
//! [`well_formed`] decides.

use core::ops::Range;

use data_encoding::{BASE64, HEXLOWER};
use telemetry_spec::name;

use super::cursor::Cursor;
use super::{Fault, LONGEST_PAYLOAD, Reason, json};
use crate::arrival::{AnonymousId, EventId, SchemaHash};

/// The greatest age of an event, in days.
pub const OLDEST: u8 = 7;

/// The longest envelope without its payload: that of a line of a batch, with the longest id and name.
pub const LONGEST_ENVELOPE: usize = 512;

/// The type of a request for deletion.
const DELETION: &[u8] = br#"{"type":"deletion","anonymousId":""#;

const ID: &[u8] = br#","anonymousId":""#;
const END: &[u8] = br#""}"#;

/// An anonymous id as text.
const ID_LENGTH: usize = 44;

/// The body of a request with one event: `{"type":…,"payload":…,"anonymousId":…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single<'b> {
    /// The name of the event.
    pub event: &'b str,
    /// Where its payload is.
    pub payload: Range<usize>,
    /// The installation.
    pub anonymous_id: AnonymousId,
}

/// A line of a batch: `{"id":…,"schema":…,"age":…,"type":…,"payload":…,"anonymousId":…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'b> {
    /// The id of the event.
    pub id: EventId,
    /// The hash of its schema.
    pub schema: SchemaHash,
    /// How many whole days ago it was published, from 0 to 7.
    pub age: u8,
    /// The rest, as in a request with one event. The payload is a range of the line.
    pub event: Single<'b>,
}

/// Takes apart the body of a request with one event.
///
/// # Errors
///
/// If it is not of this form.
pub fn single(bytes: &[u8]) -> Result<Single<'_>, Reason> {
    let mut cursor = Cursor::new(bytes);
    expect(&mut cursor, b"{")?;
    event(cursor, bytes)
}

/// Takes apart a line of a batch, which ends before its newline.
///
/// # Errors
///
/// If it is not of this form.
pub fn line(bytes: &[u8]) -> Result<Line<'_>, Reason> {
    let mut cursor = Cursor::new(bytes);
    expect(&mut cursor, br#"{"id":"#)?;
    let id = event_id(cursor.text().map_err(Reason::whole)?)?;
    expect(&mut cursor, br#","schema":"#)?;
    let schema = schema_hash(cursor.text().map_err(Reason::whole)?)?;
    expect(&mut cursor, br#","age":"#)?;
    let age = cursor.integer().ok().and_then(|age| u8::try_from(age).ok()).filter(|age| *age <= OLDEST);
    let age = age.ok_or(Reason::whole(Fault::Age))?;
    expect(&mut cursor, b",")?;
    Ok(Line { id, schema, age, event: event(cursor, bytes)? })
}

/// The installation whose events a request asks to delete: `{"type":"deletion","anonymousId":…}`. `None` if it is another request.
///
/// # Errors
///
/// If it is such a request, but not of this form.
pub fn deletion(bytes: &[u8]) -> Result<Option<AnonymousId>, Reason> {
    let Some(rest) = bytes.strip_prefix(DELETION) else { return Ok(None) };
    let id = rest.strip_suffix(END).ok_or(Reason::whole(Fault::Envelope))?;
    anonymous_id(id).map(Some)
}

/// The id of an event: 32 hexadecimal digits in lower case, a hyphen and a number, as in the header `Idempotency-Key`.
///
/// # Errors
///
/// If it is not of this form.
pub fn event_id(text: &[u8]) -> Result<EventId, Reason> {
    let parse = || {
        let (series, number) = text.split_at_checked(32)?;
        let mut bytes = [0; 16];
        HEXLOWER.decode_mut(series, &mut bytes).ok()?;
        let number = str::from_utf8(number.strip_prefix(b"-")?).ok()?;
        let is_canonical =
            number.bytes().all(|byte| byte.is_ascii_digit()) && (number.len() == 1 || !number.starts_with('0'));
        Some(EventId(bytes, number.parse().ok().filter(|_| is_canonical)?))
    };
    parse().ok_or(Reason::whole(Fault::EventId))
}

/// The hash of a schema: 64 hexadecimal digits in lower case, as in the header `Telemetry-Schema`.
///
/// # Errors
///
/// If it is not of this form.
pub fn schema_hash(text: &[u8]) -> Result<SchemaHash, Reason> {
    let mut bytes = [0; 32];
    let is_hash = text.len() == 64 && HEXLOWER.decode_mut(text, &mut bytes).is_ok();
    if is_hash { Ok(SchemaHash(bytes)) } else { Err(Reason::whole(Fault::SchemaHash)) }
}

/// The age of an event: one digit from 0 to 7, as in the header `Telemetry-Age`.
///
/// # Errors
///
/// If it is not of this form.
pub const fn age(text: &[u8]) -> Result<u8, Reason> {
    match text {
        [digit @ b'0'..=b'7'] => Ok(*digit - b'0'),
        _ => Err(Reason::whole(Fault::Age)),
    }
}

/// An anonymous id: 32 bytes in padded base64.
///
/// # Errors
///
/// If it is not of this form.
pub fn anonymous_id(text: &[u8]) -> Result<AnonymousId, Reason> {
    let mut bytes = [0; 33];
    let length = if text.len() == ID_LENGTH { BASE64.decode_mut(text, &mut bytes).ok() } else { None };
    match (length, bytes.first_chunk()) {
        (Some(32), Some(id)) => Ok(AnonymousId(*id)),
        _ => Err(Reason::whole(Fault::AnonymousId)),
    }
}

/// Checks that a payload whose schema is not known is JSON, within the limits of all payloads.
///
/// # Errors
///
/// If it is not.
pub fn well_formed(payload: &[u8]) -> Result<(), Reason> {
    if payload.len() > LONGEST_PAYLOAD {
        return Err(Reason::whole(Fault::TooLong { bytes: payload.len() }));
    }
    json::check(payload).map_err(Reason::whole)?;
    // White space around it would be JSON, but not the payload of an object.
    if payload.starts_with(b"{") && payload.ends_with(b"}") { Ok(()) } else { Err(Reason::whole(Fault::Envelope)) }
}

/// The members of an event, of which the first begins at the cursor.
fn event<'b>(mut cursor: Cursor<'b>, bytes: &'b [u8]) -> Result<Single<'b>, Reason> {
    if bytes.len() > LONGEST_PAYLOAD + LONGEST_ENVELOPE {
        return Err(Reason::whole(Fault::TooLong { bytes: bytes.len() }));
    }
    expect(&mut cursor, br#""type":"#)?;
    let event = cursor.text().map_err(Reason::whole)?;
    let event = str::from_utf8(event).ok().filter(|event| name::is_name(event));
    let event = event.ok_or(Reason::whole(Fault::EventName))?;
    expect(&mut cursor, br#","payload":"#)?;
    let split = |before: &[u8]| {
        let (before, id) = before.split_at_checked(before.len().checked_sub(ID_LENGTH)?)?;
        Some((before.strip_suffix(ID)?.len(), anonymous_id(id)))
    };
    let end = bytes.strip_suffix(END).and_then(split).filter(|(end, _)| *end >= cursor.at());
    let (end, anonymous_id) = end.ok_or(Reason::whole(Fault::Envelope))?;
    Ok(Single { event, payload: cursor.at()..end, anonymous_id: anonymous_id? })
}

fn expect(cursor: &mut Cursor<'_>, token: &[u8]) -> Result<(), Reason> {
    if cursor.take(token) { Ok(()) } else { Err(Reason::whole(Fault::Envelope)) }
}
