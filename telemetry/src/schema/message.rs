//! Compile-time messages, built without formatting, which is unavailable in constants.

use telemetry_spec::counted::COUNT;

use super::name::equal;

pub(super) struct Message {
    bytes: [u8; Message::CAPACITY],
    len: usize,
}

impl Message {
    const CAPACITY: usize = 640;

    /// The type can reveal more bits than its budget.
    pub(super) const fn over(bits: u64, budget: u64) -> Self {
        Self::new().text("this can reveal ").number(bits).text(" bits, more than its budget of ").number(budget)
    }

    /// One of the fields that weigh most, after `before` others.
    pub(super) const fn heavy(self, name: &str, bits: u64, before: usize) -> Self {
        let message = if before == 0 { self.text("; most are those of `") } else { self.text(", `") };
        message.text(name).text("` (").number(bits).text(")")
    }

    /// What to do about a budget.
    pub(super) const fn remedy(self, bits: u64) -> Self {
        self.text(
            ": lower the `max` of lists and numbers, skip fields, or state the number with `#[telemetry(budget_bits = ",
        )
        .number(bits)
        .text(")]`")
    }

    /// The compiler cannot count the bits.
    pub(super) const fn uncounted() -> Self {
        Self::new().text("what this can reveal cannot be counted while compiling, because it nests a type whose implementation is written by hand: state `budget_bits = 18_446_744_073_709_551_615` if that is what you want")
    }

    /// Two fields have the same name.
    pub(super) const fn alike(name: &str) -> Self {
        Self::new()
            .text("two fields are called `")
            .text(name)
            .text("` on the wire: choose one with `#[telemetry(rename = \"...\")]`")
    }

    /// A member of a flattened type has the name of a field before it.
    pub(super) const fn of_flattened(name: &str) -> Self {
        Self::alike(name).text(" where it is declared, or send this type as one member: `#[telemetry(rename = \"...\")]` in place of `flatten`")
    }

    /// A field has the name of a member that the client adds: the count, or one of the context.
    pub(super) const fn of_added(name: &str) -> Self {
        let start = match equal(name, COUNT) {
            true => "the client adds a member called `",
            false => "the context, which this event carries, has a member called `",
        };
        Self::new()
            .text(start)
            .text(name)
            .text("`: choose another name for the field with `#[telemetry(rename = \"...\")]`")
    }

    /// A member of a variant has the name of the tag.
    pub(super) const fn of_tag(name: &str) -> Self {
        Self::new()
            .text("a member of this variant is called `")
            .text(name)
            .text("`, as is the tag of the enum: choose another `tag`, or name the value with `#[telemetry(rename = \"...\")]`")
    }

    /// What is wrong with the member called so.
    pub(super) const fn of_member(name: &str, what: &str) -> Self {
        Self::new().text("`").text(name).text("`: ").text(what)
    }

    const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], len: 0 }
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

    pub(super) const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_both_numbers() {
        let message = Message::over(1_234, 1_024).heavy("hosts", 1_000, 0).heavy("ports", 200, 1).remedy(1_234);
        assert_eq!(
            message.as_str(),
            "this can reveal 1234 bits, more than its budget of 1024; most are those of `hosts` (1000), `ports` (200): lower the `max` of lists and numbers, \
             skip fields, or state the number with `#[telemetry(budget_bits = 1234)]`"
        );
        let name = "n".repeat(64);
        let longest =
            (0..3).fold(Message::over(u64::MAX - 1, u64::MAX), |message, at| message.heavy(&name, u64::MAX, at));
        assert!(longest.remedy(u64::MAX).len < Message::CAPACITY);
    }

    #[test]
    fn a_name_that_the_client_adds_is_told_apart_by_what_adds_it() {
        assert!(
            Message::of_added("runtime")
                .as_str()
                .starts_with("the context, which this event carries, has a member called `runtime`")
        );
        assert!(Message::of_added("count").as_str().starts_with("the client adds a member called `count`"));
    }
}
