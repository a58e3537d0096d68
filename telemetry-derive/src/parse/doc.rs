//! Doc comments, which state the purpose of a field.

use std::ops::Range;

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// What ends with a full stop within a sentence, whatever follows.
const ABBREVIATIONS: [&str; 6] = ["approx.", "cf.", "e.g.", "i.e.", "incl.", "vs."];

/// What ends with a full stop before a name. In small letters, `ms.` is a unit.
const TITLES: [&str; 5] = ["Dr.", "Mr.", "Mrs.", "Ms.", "Prof."];

/// The first sentence of the doc comment, on one line. Headings, and a list after the first paragraph's text, are left out.
pub(crate) fn purpose(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(comment).flat_map(|comment| lines(&comment));
    let is_between = |line: &String| line.is_empty() || is_heading(line);
    let mut lines = lines.skip_while(is_between).take_while(|line| !is_between(line));
    let paragraph: Vec<String> = lines.next().into_iter().chain(lines.take_while(|line| !is_item(line))).collect();
    let mut text = paragraph.join(" ");
    text.truncate(end(&text).unwrap_or(text.len()));
    text
}

/// The text of a doc comment, which has several lines only if it is a block.
fn comment(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else { return None };
    meta.path.is_ident("doc").then(|| text.value())
}

/// The lines, without the stars at which those of a block may begin.
fn lines(comment: &str) -> Vec<String> {
    // An empty comment is a line, too.
    let mut lines: Vec<&str> = comment.split('\n').map(str::trim).collect();
    let is_starred = |line: &&str| line.is_empty() || line.starts_with('*') && !line.starts_with("**");
    if let [_, later @ ..] = &mut lines[..]
        && later.iter().all(is_starred)
    {
        later.iter_mut().for_each(|line| *line = line.strip_prefix('*').unwrap_or(line).trim());
    }
    lines.into_iter().map(str::to_owned).collect()
}

/// A heading of Markdown.
fn is_heading(line: &str) -> bool {
    line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
}

/// The first line of an item of a list.
fn is_item(line: &str) -> bool {
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// The end of the first sentence. What stands in a code span ends none.
fn end(text: &str) -> Option<usize> {
    let spans = code_spans(text);
    let is_code = |at: &usize| spans.iter().any(|span| span.contains(at));
    let ends =
        |mark: char| text.match_indices(mark).filter(|(at, _)| !is_code(at)).map(move |(at, _)| at + mark.len_utf8());
    let of_cjk = ends('。').next();
    let of_others = ends('.').find(|end| {
        let (sentence, rest) = text.split_at(*end);
        let word = sentence.rsplit(' ').next().unwrap_or_default();
        let word = word.trim_start_matches(|first: char| !first.is_alphanumeric());
        let is_title = TITLES.contains(&word);
        let word = word.to_lowercase();
        let is_abbreviation = is_title || ABBREVIATIONS.contains(&word.as_str());
        let rest_begins = |is: fn(char) -> bool| rest.trim_start().starts_with(is);
        let goes_on = rest_begins(char::is_lowercase) || word == "no." && rest_begins(char::is_numeric);
        (rest.is_empty() || rest.starts_with(' ')) && !is_abbreviation && !goes_on
    });
    of_cjk.into_iter().chain(of_others).min()
}

/// The code spans of Markdown: from a run of backticks to the next run of the same length.
fn code_spans(text: &str) -> Vec<Range<usize>> {
    let (mut spans, mut at) = (Vec::new(), 0);
    while let Some(open) = text[at..].find('`').map(|found| at + found) {
        let mark = run(&text[open..]);
        at = open + mark.len();
        let mut rest = at;
        while let Some(close) = text[rest..].find('`').map(|found| rest + found) {
            let found = run(&text[close..]);
            rest = close + found.len();
            if found == mark {
                spans.push(open..rest);
                at = rest;
                break;
            }
        }
    }
    spans
}

/// The backticks at the beginning.
fn run(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches('`').len()]
}

#[cfg(test)]
mod tests {
    use syn::{Field, parse_quote};

    use super::*;

    fn of(field: &Field) -> String {
        purpose(&field.attrs)
    }

    #[test]
    fn a_purpose_is_the_first_sentence() {
        assert_eq!(of(&parse_quote!(#[doc = " One. Two."] a: u8)), "One.");
        assert_eq!(of(&parse_quote!(#[doc = " One"] #[doc = " and more."] #[doc = " Two."] a: u8)), "One and more.");
        assert_eq!(of(&parse_quote!(#[doc = " One"] #[doc = ""] #[doc = " Two."] a: u8)), "One");
        assert_eq!(of(&parse_quote!(#[doc = " Since 1.2, a.b.c! Yes"] a: u8)), "Since 1.2, a.b.c! Yes");
    }

    #[test]
    fn an_abbreviation_does_not_end_it() {
        assert_eq!(of(&parse_quote!(#[doc = " Time-out, e.g. 30 s. More."] a: u8)), "Time-out, e.g. 30 s.");
        assert_eq!(of(&parse_quote!(#[doc = " The system, i.e."] #[doc = " Linux."] a: u8)), "The system, i.e. Linux.");
        assert_eq!(of(&parse_quote!(#[doc = " Files, links etc. in it. More."] a: u8)), "Files, links etc. in it.");
        assert_eq!(
            of(&parse_quote!(#[doc = " Files, links etc."] #[doc = " in it."] a: u8)),
            "Files, links etc. in it."
        );
        assert_eq!(of(&parse_quote!(#[doc = " Time-out (e.g. 30 s). More."] a: u8)), "Time-out (e.g. 30 s).");
    }

    #[test]
    fn a_code_span_is_not_cut() {
        assert_eq!(of(&parse_quote!(#[doc = " Print `foo. Bar` in code. Then"] a: u8)), "Print `foo. Bar` in code.");
        assert_eq!(of(&parse_quote!(#[doc = " As ``a ` b. C``. Then"] a: u8)), "As ``a ` b. C``.");
        assert_eq!(of(&parse_quote!(#[doc = " Of `一。 A`, `B. C. Then"] a: u8)), "Of `一。 A`, `B.");
        assert_eq!(of(&parse_quote!(#[doc = " Print `foo."] #[doc = " Bar`. Then"] a: u8)), "Print `foo. Bar`.");
    }

    #[test]
    fn an_ideographic_full_stop_ends_it() {
        assert_eq!(of(&parse_quote!(#[doc = " 一つ。二つ。"] a: u8)), "一つ。");
        assert_eq!(of(&parse_quote!(#[doc = " One. 二つ。"] a: u8)), "One.");
    }

    #[test]
    fn a_title_and_a_number_do_not_end_it() {
        assert_eq!(of(&parse_quote!(#[doc = " Dr. Who's no. 1 setting. More."] a: u8)), "Dr. Who's no. 1 setting.");
        assert_eq!(of(&parse_quote!(#[doc = " Yes or no. More."] a: u8)), "Yes or no.");
        assert_eq!(of(&parse_quote!(#[doc = " Time-out, in ms. Zero is none."] a: u8)), "Time-out, in ms.");
    }

    #[test]
    fn a_heading_and_a_list_are_no_part_of_it() {
        assert_eq!(of(&parse_quote!(#[doc = " # Heading"] #[doc = " The text."] a: u8)), "The text.");
        assert_eq!(of(&parse_quote!(#[doc = " The text"] #[doc = " # Heading"] a: u8)), "The text");
        assert_eq!(of(&parse_quote!(#[doc = " One of"] #[doc = " - this"] #[doc = " - that"] a: u8)), "One of");
        assert_eq!(of(&parse_quote!(#[doc = " #1 of all."] a: u8)), "#1 of all.");
    }

    #[test]
    fn a_block_has_no_stars() {
        assert_eq!(of(&parse_quote!(#[doc = "\n * How long\n * it lasts.\n * More.\n "] a: u8)), "How long it lasts.");
        assert_eq!(of(&parse_quote!(#[doc = " One\n **two** three. "] a: u8)), "One **two** three.");
        assert_eq!(of(&parse_quote!(#[doc = "\n *How long\n *it lasts.\n "] a: u8)), "How long it lasts.");
        assert_eq!(of(&parse_quote!(#[doc = " **Wall** time.\n * More. "] a: u8)), "**Wall** time.");
        assert_eq!(of(&parse_quote!(#[doc = " * a list"] a: u8)), "* a list");
        assert_eq!(of(&parse_quote!(#[doc = " One\n  two."] a: u8)), "One two.");
    }
}
