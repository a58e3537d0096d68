//! The only writer of Markdown. All author-supplied text goes through it and becomes text or code, never markup.
//!
//! Source: CommonMark 0.31, <https://spec.commonmark.org/0.31.2/>, and the tables of GitHub Flavored Markdown.

use telemetry_spec::word::is_visible;

/// A page being written.
#[derive(Default)]
pub(super) struct Page {
    markdown: String,
}

impl Page {
    /// Markdown written by this crate.
    pub(super) fn own(&mut self, markdown: &str) {
        self.markdown.push_str(markdown);
    }

    /// A line of this crate's Markdown, with author-supplied texts already escaped by [`text`] or [`code`].
    pub(super) fn line(&mut self, markdown: &str) {
        self.markdown.push_str(markdown);
        self.markdown.push('\n');
    }

    /// A row of a table, each cell already escaped by [`text`] or [`code`].
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    pub(super) fn finish(self) -> String {
        self.markdown
    }
}

/// Author-supplied text on one line: characters that Markdown or HTML would treat as markup are escaped.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        match character {
            // Some table parsers do not treat a backslash before a bar as an escape when another backslash precedes it.
            '|' => escaped.push_str("&#124;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '^' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// An author-supplied name, word or command on one line, as code. A text that code cannot hold in every table is written as text.
pub(super) fn code(code: &str) -> String {
    // A reader of Markdown shows several spaces as one, so two words would look the same.
    if !code.is_empty() && code.split(' ').any(str::is_empty) {
        return code.split(' ').map(text).collect::<Vec<_>>().join("&nbsp;");
    }
    let line = one_line(code);
    if line.is_empty() || line.contains(['`', '|', '\\']) { text(&line) } else { format!("`{line}`") }
}

/// Every character that could end a line or hide the following text becomes a space.
fn one_line(text: &str) -> String {
    let shown = |character: char| if is_visible(character) { character } else { ' ' };
    let text: String = text.chars().map(shown).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_line_without_markup() {
        assert_eq!(text("Acme Inc. (support@acme.dev)"), "Acme Inc. (support@acme.dev)");
        assert_eq!(text("a | b\n<script>"), "a &#124; b &lt;script&gt;");
        assert_eq!(text("*a* [b](c) `d` &lt; \\"), r"\*a\* \[b\](c) \`d\` &amp;lt; \\");
        assert_eq!(text("a\u{2028}b\u{202e}c\0d\u{61c}e\u{e0041}f"), "a b c d e f");
    }

    #[test]
    fn code_that_cannot_be_code_is_text() {
        assert_eq!(code("max_age"), "`max_age`");
        assert_eq!(code("a b\n c"), "`a b c`");
        for (hostile, shown) in [("a`b", r"a\`b"), ("a|b", "a&#124;b"), (r"a\|b", r"a\\&#124;b"), ("", "")] {
            assert_eq!(code(hostile), shown);
        }
        for (spaced, shown) in
            [("a  b", "a&nbsp;&nbsp;b"), (" a b", "&nbsp;a&nbsp;b"), ("a* ", r"a\*&nbsp;"), ("  ", "&nbsp;&nbsp;")]
        {
            assert_eq!(code(spaced), shown);
        }
    }
}
