//! What the compiler proves about a type besides its fields. A derive states these as constants.

use super::field::contains;
use super::measure::total;
use super::{Field, Node};
use crate::snapshot::TelemetrySnapshot;

/// Fails the compilation when what was flattened is no group.
pub const fn check_flattened(members: &Field) {
    assert!(matches!(members.kind.node, Node::Flatten(_)), "only a type that is sent as an object can be flattened");
}

/// Fails the compilation when the key of a map's entries is also a member of its values.
pub const fn check_entry<T: TelemetrySnapshot>(key: &Field) {
    let Node::Group(fields) = T::SCHEMA.node else {
        panic!("only a map whose values are structs can be sent with `each(key = ...)`");
    };
    let mut at = 0;
    while at < fields.len() {
        assert!(
            !contains(&fields[at], key),
            "the key of the entries has the name of one of their fields: choose another `key`"
        );
        at += 1;
    }
}

/// Fails the compilation when an event is not an object.
pub const fn check_event<T: TelemetrySnapshot + ?Sized>() {
    assert!(matches!(T::SCHEMA.node, Node::Group(_)), "an event is an object: derive it on a struct with named fields");
}

/// Fails the compilation when a value can reveal more bits than `budget`.
pub const fn check_budget<T: TelemetrySnapshot + ?Sized>(budget: u64) {
    let bits = total::<T>();
    if bits > budget {
        let message = Message::over(bits, budget);
        panic!("{}", message.as_str());
    }
}

/// A message put together while compiling, where nothing can be formatted.
struct Message {
    bytes: [u8; Message::CAPACITY],
    len: usize,
}

impl Message {
    const CAPACITY: usize = 256;

    const fn over(bits: u64, budget: u64) -> Self {
        let message = Self { bytes: [0; Self::CAPACITY], len: 0 };
        if bits == u64::MAX {
            return message.text("what this can reveal cannot be counted: it is recursive, or nests a type whose implementation is written by hand");
        }
        message
            .text("this can reveal ")
            .number(bits)
            .text(" bits, more than its budget of ")
            .number(budget)
            .text(": lower the `max` of lists and numbers, skip fields, or state the number with `#[telemetry(budget_bits = ")
            .number(bits)
            .text(")]`")
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < Self::CAPACITY {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    const fn number(mut self, number: u64) -> Self {
        if number > 9 {
            self = self.number(number / 10);
        }
        let digit = [b'0' + (number % 10) as u8];
        match core::str::from_utf8(&digit) {
            Ok(digit) => self.text(digit),
            Err(_) => self,
        }
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "this can reveal more bits than its budget",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_both_numbers() {
        let message = Message::over(1_234, 1_024);
        assert_eq!(
            message.as_str(),
            "this can reveal 1234 bits, more than its budget of 1024: lower the `max` of lists and numbers, \
             skip fields, or state the number with `#[telemetry(budget_bits = 1234)]`"
        );
        assert!(Message::over(u64::MAX - 1, 1_000_000_000).len < Message::CAPACITY);
    }
}
