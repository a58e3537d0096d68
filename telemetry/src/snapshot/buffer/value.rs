//! Values, written into the space after a key.
//!
//! Most values are short: a word of 2 to 16 bytes, numbers of up to eight digits without a sign. For these there are functions that make no call,
//! and return `None` for others. Functions that take a position return the one after what they wrote, all others its length.

/// The longest value written in one piece: a word of 64 bytes in quotes.
pub(super) const VALUE: usize = 72;

/// Writes a short word in quotes.
#[inline]
pub(in crate::snapshot) fn short_word(free: &mut [u8; VALUE], word: &str) -> Option<usize> {
    let word = word.as_bytes();
    // Two pieces that overlap are a word of any length between.
    match word.len() {
        8..=16 => ends::<8>(free, word)?,
        4..8 => ends::<4>(free, word)?,
        2..4 => ends::<2>(free, word)?,
        _ => return None,
    }
    let end = (word.len() + 1) & 31;
    (free[0], free[end]) = (b'"', b'"');
    Some(end + 1)
}

/// Writes the first and the last bytes of a word, after its quote.
#[inline]
fn ends<const SIZE: usize>(free: &mut [u8; VALUE], word: &[u8]) -> Option<()> {
    let at = (word.len() + 1 - SIZE) & 31;
    *free[1..].first_chunk_mut::<SIZE>()? = *word.first_chunk()?;
    *free[at..].first_chunk_mut::<SIZE>()? = *word.last_chunk()?;
    Some(())
}

/// Writes any word in quotes.
pub(super) fn word(free: &mut [u8; VALUE], word: &str) -> usize {
    let end = word.len() + 1;
    free[0] = b'"';
    if let Some(text) = free.get_mut(1..end) {
        text.copy_from_slice(word.as_bytes());
    }
    if let Some(quote) = free.get_mut(end) {
        *quote = b'"';
    }
    end + 1
}

/// Writes the label of the range before the edge `at`, as [`label`](telemetry_spec::bucket::label) gives it, if its edges are short.
#[inline]
pub(in crate::snapshot) fn short_label(free: &mut [u8; VALUE], edges: &[i64], at: usize) -> Option<usize> {
    label_with(free, edges, at, short_integer_at)
}

/// Writes any such label.
pub(super) fn label(free: &mut [u8; VALUE], edges: &[i64], at: usize) -> usize {
    label_with(free, edges, at, |free, at, edge| Some(integer_at(free, at, edge))).unwrap_or_default()
}

#[inline]
fn label_with(
    free: &mut [u8; VALUE],
    edges: &[i64],
    at: usize,
    write: impl Fn(&mut [u8; VALUE], usize, i64) -> Option<usize>,
) -> Option<usize> {
    free[0] = b'"';
    let end = match (at.checked_sub(1).and_then(|before| edges.get(before)), edges.get(at)) {
        (Some(from), Some(next)) => {
            let (end, last) = (write(free, 1, *from)?, next.wrapping_sub(1));
            if last == *from {
                end
            } else {
                let after = put(free, end, b'-');
                write(free, after, last)?
            }
        }
        (None, Some(first)) => {
            let after = put(free, 1, b'<');
            write(free, after, *first)?
        }
        (Some(last), None) => {
            let end = write(free, 1, *last)?;
            put(free, end, b'+')
        }
        (None, None) => 1,
    };
    Some(put(free, end, b'"'))
}

/// Writes an integer in decimal, if it is short.
#[inline]
pub(in crate::snapshot) fn short_integer(free: &mut [u8; VALUE], value: i64) -> Option<usize> {
    short_integer_at(free, 0, value)
}

#[inline]
fn short_integer_at(free: &mut [u8; VALUE], at: usize, value: i64) -> Option<usize> {
    // As `u64`, a negative number is at least 2^63.
    let number = value as u64;
    if number >= EIGHT {
        return None;
    }
    let (text, len) = decimal(number);
    let at = at & LAST;
    free[at..at + 8].copy_from_slice(&text);
    Some(at + len)
}

/// Writes any integer in decimal.
pub(super) fn integer(free: &mut [u8; VALUE], value: i64) -> usize {
    integer_at(free, 0, value)
}

#[inline(never)]
fn integer_at(free: &mut [u8; VALUE], mut at: usize, value: i64) -> usize {
    if value < 0 {
        at = put(free, at, b'-');
    }
    let number = value.unsigned_abs();
    let mut is_first = true;
    for part in [number / EIGHT / EIGHT, number / EIGHT % EIGHT, number % EIGHT] {
        let (text, len) = if is_first { decimal(part) } else { ((eight(part) + ASCII).to_le_bytes(), 8) };
        at &= LAST;
        free[at..at + 8].copy_from_slice(&text);
        // What was written before the first digit is overwritten.
        is_first &= part == 0;
        at += if is_first { 0 } else { len };
    }
    if is_first { at + 1 } else { at }
}

/// The largest index at which a part of a value begins, as a mask.
const LAST: usize = 63;

/// Writes a byte, and returns where the next one stands.
#[inline]
fn put(free: &mut [u8; VALUE], at: usize, byte: u8) -> usize {
    let at = at & LAST;
    free[at] = byte;
    at + 1
}

/// Numbers below this have at most eight digits.
const EIGHT: u64 = 100_000_000;

/// The digits of a number that has at most eight, and how many there are. What stands after them has no meaning.
#[inline]
fn decimal(number: u64) -> ([u8; 8], usize) {
    // Most counts and edges have one or two digits.
    if number < 10 {
        return ((number + ASCII).to_le_bytes(), 1);
    }
    if number < 100 {
        let ten = (number * 103) >> 10;
        return ((ten + ((number - 10 * ten) << 8) + ASCII).to_le_bytes(), 2);
    }
    let digits = eight(number);
    let zeros = digits.trailing_zeros() & 0x38;
    (((digits + ASCII) >> zeros).to_le_bytes(), 8 - zeros as usize / 8)
}

const ASCII: u64 = u64::from_le_bytes(*b"00000000");

/// The eight digits of a number, with leading zeros, as numbers: the first digit is in the lowest byte. Each step divides all parts of the
/// number at once, by a multiplication that is exact for parts so small.
#[inline]
const fn eight(number: u64) -> u64 {
    let parts = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((parts * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((parts - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - 10 * tens) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut [u8; VALUE]) -> Option<usize>) -> Option<String> {
        let mut free = [b'#'; VALUE];
        let len = write(&mut free)?;
        Some(str::from_utf8(&free[..len]).unwrap().to_owned())
    }

    #[test]
    fn integers_have_the_digits_of_std() {
        let mut numbers: Vec<i64> = (0..if cfg!(miri) { 200 } else { 20_000 }).chain([i64::MAX]).collect();
        for power in (0..19).map(|power| 10_i64.pow(power)) {
            numbers.extend([power - 1, power, power + 1, power / 2, power.saturating_mul(3)]);
        }
        for number in numbers.into_iter().flat_map(|number| [number, -number]).chain([i64::MIN]) {
            let expected = Some(number.to_string());
            assert_eq!(written(|free| Some(integer(free, number))), expected);
            let is_short = (0..100_000_000).contains(&number);
            assert_eq!(written(|free| short_integer(free, number)), expected.filter(|_| is_short));
        }
    }

    #[test]
    fn each_group_of_digits_is_divided_exactly() {
        for part in (0..10_000).step_by(if cfg!(miri) { 97 } else { 1 }) {
            for number in [part, part * 10_000 + part] {
                let expected = format!("{number:08}");
                assert_eq!((eight(number) + ASCII).to_le_bytes(), expected.as_bytes());
            }
        }
    }

    #[test]
    fn words_of_each_length_are_in_quotes() {
        let text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789é";
        for len in (0..=text.len()).filter(|len| text.is_char_boundary(*len)) {
            let expected = Some(format!("\"{}\"", &text[..len]));
            assert_eq!(written(|free| Some(word(free, &text[..len]))), expected);
            let is_short = (2..=16).contains(&len);
            assert_eq!(written(|free| short_word(free, &text[..len])), expected.filter(|_| is_short), "{len}");
        }
    }

    #[test]
    fn ranges_have_the_labels_of_the_schema() {
        let mut edges = vec![0, 1, telemetry_spec::limit::NUMBER];
        for power in (0..15).map(|power| 10_i64.pow(power)) {
            edges.extend([power - 1, power, power + 1, power * 2 + 7, power * 9]);
        }
        edges.extend(edges.clone().into_iter().map(|edge| -edge));
        edges.sort_unstable();
        edges.dedup();
        let mut short = 0;
        for at in 0..=edges.len() {
            let expected = format!("\"{}\"", telemetry_spec::bucket::label(&edges, at).as_str());
            assert_eq!(written(|free| Some(label(free, &edges, at))).as_ref(), Some(&expected));
            if let Some(label) = written(|free| short_label(free, &edges, at)) {
                assert_eq!(label, expected);
                short += 1;
            }
        }
        assert!(short > 30 && short < edges.len());
    }
}
