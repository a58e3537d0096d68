//! The rendered page for users: any text by an author is shown as text, never as markup.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use telemetry::page::Disclosure;
use telemetry::schema::{Field, Kind, Schema, Variant, Words};
use telemetry::snapshot::Recorder;
use telemetry::{Consent, TelemetryEvent, TelemetrySnapshot};

/// The text in each place where an author can write.
struct Texts {
    application: &'static str,
    prefix: &'static str,
    receiver: &'static str,
    retention: &'static str,
    contact: &'static str,
    header: &'static str,
    disable: &'static str,
    preview: &'static str,
}

/// Replaces a hostile text, and occurs nowhere else.
const HARMLESS: &str = "harmless";

const TEXTS: Texts = Texts {
    application: "acme",
    prefix: "ACME",
    receiver: "Acme Inc.",
    retention: "a year",
    contact: "privacy",
    header: "X-Token",
    disable: "acme disable",
    preview: "acme preview",
};

fn page<E: TelemetryEvent>(texts: &Texts) -> String {
    Disclosure::new(Consent::new(texts.prefix, texts.application))
        .receiver(texts.receiver)
        .endpoint("https://telemetry.acme.dev")
        .retention(texts.retention)
        .contact(texts.contact)
        .header(texts.header)
        .disable(texts.disable)
        .preview(texts.preview)
        .event::<E>()
        .to_markdown()
}

/// The page without its texts: starts and ends of elements, and whether there is text in between.
#[derive(Debug, PartialEq, Eq, Clone)]
enum Mark {
    Start(String),
    End(TagEnd),
    Rule,
    Html(String),
    Other(String),
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

/// The result of rendering a page: its marks and its text.
fn rendered(markdown: &str) -> (Vec<Mark>, String) {
    let (mut marks, mut text) = (Vec::new(), String::new());
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(tag) => marks.push(Mark::Start(kind(&tag))),
            Event::End(tag) => marks.push(Mark::End(tag)),
            Event::Text(more) | Event::Code(more) => text.push_str(&more),
            Event::SoftBreak => text.push(' '),
            Event::Html(html) | Event::InlineHtml(html) => marks.push(Mark::Html(html.to_string())),
            Event::Rule => marks.push(Mark::Rule),
            other => marks.push(Mark::Other(format!("{other:?}"))),
        }
        // Keep the texts of cells and paragraphs apart.
        if matches!(marks.last(), Some(Mark::End(_))) && !text.ends_with('\n') {
            text.push('\n');
        }
    }
    (marks, text)
}

fn kind(tag: &Tag<'_>) -> String {
    match tag {
        Tag::Heading { level, .. } => format!("{level}"),
        Tag::Table(columns) => format!("table of {}", columns.len()),
        other => format!("{other:?}"),
    }
}

/// Replaces each zero-width character and each kind of space with a space.
fn one_line(text: &str) -> String {
    let is_space = |character: char| {
        let is_invisible = matches!(character, '\u{200b}' | '\u{202e}' | '\u{feff}');
        character.is_whitespace() || character.is_control() || is_invisible
    };
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Asserts that both pages have the same structure.
#[track_caller]
fn same_structure(hostile: &str, harmless: &str) {
    let (marks, expected) = (rendered(hostile).0, rendered(harmless).0);
    let at = marks.iter().zip(&expected).position(|(found, expected)| found != expected);
    let at = at.unwrap_or_else(|| marks.len().min(expected.len()));
    assert_eq!(marks.get(at), expected.get(at), "at mark {at} of\n{hostile}");
}

/// Asserts that both pages have the same structure, with the exact hostile text in place of the harmless one.
#[track_caller]
fn same_page(hostile: &str, harmless: &str, shown: &str) {
    same_structure(hostile, harmless);
    let lines = |markdown: &str| -> Vec<String> {
        // The hash depends on the words.
        rendered(markdown).1.lines().map(one_line).filter(|line| !line.starts_with("At most")).collect()
    };
    let expected: Vec<String> =
        lines(harmless).iter().map(|line| one_line(&line.replace(HARMLESS, &one_line(shown)))).collect();
    // Spaces at the ends of a text are dropped.
    let squeezed = |lines: &[String]| -> Vec<String> { lines.iter().map(|line| line.replace(' ', "")).collect() };
    assert_eq!(squeezed(&lines(hostile)), squeezed(&expected), "{shown:?} gives\n{hostile}");
}

/// Types whose schemas contain the text in every place where a schema can.
macro_rules! hostile {
    ($($name:ident: $text:literal,)+) => {
        const HOSTILE: &[&str] = &[$($text),+];

        $(mod $name {
            use super::*;

            struct Hostile;

            impl TelemetrySnapshot for Hostile {
                const SCHEMA: Schema = super::schema!($text);

                fn record(&self, _: &mut Recorder<'_>) {}
            }

            impl TelemetryEvent for Hostile {
                const NAME: &'static str = "event";
            }

            #[test]
            fn in_a_schema() {
                same_page(&page::<Hostile>(&TEXTS), &page::<Harmless>(&TEXTS), $text);
            }
        })+
    };
}

macro_rules! schema {
    ($text:expr) => {
        Schema::group(&[
            Field::new("flag", Kind::flag()).purpose($text).required(),
            Field::new("number", Kind::number(0, 15).unit($text)).purpose($text),
            Field::new("bucket", Kind::bucket(&[1, 10]).unit($text)).purpose("fine"),
            Field::new("group", Kind::group::<Purposeful>()).purpose($text),
            Field::new("list", Kind::list::<Purposeful>(3)).purpose($text),
        ])
    };
}
use schema;

struct Purposeful;

impl TelemetrySnapshot for Purposeful {
    const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag()).purpose("fine").required()]);

    fn record(&self, _: &mut Recorder<'_>) {}
}

struct Harmless;

impl TelemetrySnapshot for Harmless {
    const SCHEMA: Schema = schema!(HARMLESS);

    fn record(&self, _: &mut Recorder<'_>) {}
}

impl TelemetryEvent for Harmless {
    const NAME: &'static str = "event";
}

struct Plain;

impl TelemetrySnapshot for Plain {
    const SCHEMA: Schema = schema!("fine");

    fn record(&self, _: &mut Recorder<'_>) {}
}

impl TelemetryEvent for Plain {
    const NAME: &'static str = "event";
}

hostile! {
    a_bar: "|",
    a_row: "s | 1 | not stated |",
    another_row: "x |\n| `forged` | yes or no | 0 | nothing |",
    another_table: "x\n\n| a | b |\n|---|---|\n| c | d |",
    a_row_with_returns: "x |\r| a | b | c | d |\r\n| e |",
    an_escaped_bar: "\\| \\` \\< \\",
    bars_and_backslashes: "a \\\\| b \\\\\\| c",
    a_backtick: "`",
    two_backticks: "`` a | b `` ``",
    a_backtick_within: "a ` b <b>bold</b>",
    a_fence: "x\n```\ncode",
    a_fence_of_tildes: "x\n~~~\ncode",
    html: "<b>bold</b><script>alert(1)</script>",
    a_block_of_html: "x\n\n<div>\n\nhidden\n\n</div>",
    a_comment: "<!-- hidden -->",
    the_beginning_of_a_comment: "x <!--",
    a_comment_in_a_line_of_its_own: "x\n\n<!--\n",
    the_end_of_a_comment: "-->",
    a_declaration: "<!DOCTYPE html> <?php ?> <![CDATA[x]]>",
    a_heading: "x\n# Heading",
    an_underlined_heading: "x\n===",
    a_rule: "x\n\n---\n",
    a_list: "x\n\n- item\n1. item",
    a_quote: "x\n\n> [!NOTE]\n> quote",
    code_by_indent: "x\n\n    code",
    emphasis: "*em* _em_ **strong** __strong__ ***both***",
    struck: "~~struck~~ ~struck~",
    a_link: "[text](https://evil.example \"title\")",
    a_link_by_reference: "[text][ref]\n\n[ref]: https://evil.example",
    an_image: "![text](https://evil.example/pixel.png)",
    an_address: "<https://evil.example> <jane@evil.example>",
    an_entity: "&lt;b&gt; &amp; &#124; &copy;",
    a_hard_break: "x  \ny\\\nz",
    a_footnote: "x[^1]\n\n[^1]: note",
    a_task: "- [x] done",
    math: "$x$ $$y$$",
    a_tab: "x\ty",
    a_line_of_unicode: "x\u{2028}| a |\u{2029}| b |\u{85}| c |",
    from_right_to_left: "x\u{202e}y",
    nothing_visible: "x\u{200b}\u{feff}y",
    a_form_feed: "x\u{c}\u{b}y",
    a_nul: "x\0y",
    not_ascii: "größer → 漢字",
    whatever_follows: "of `",
}

#[test]
fn in_what_the_application_states() {
    let places: &[fn(&'static str) -> Texts] = &[
        |text| Texts { receiver: text, ..TEXTS },
        |text| Texts { retention: text, ..TEXTS },
        |text| Texts { contact: text, ..TEXTS },
        |text| Texts { header: text, ..TEXTS },
        |text| Texts { disable: text, ..TEXTS },
        |text| Texts { preview: text, ..TEXTS },
        |text| Texts { prefix: text, ..TEXTS },
        |text| Texts {
            receiver: text,
            retention: text,
            contact: text,
            header: text,
            disable: text,
            preview: text,
            ..TEXTS
        },
    ];
    for place in places {
        for text in HOSTILE {
            same_page(&page::<Plain>(&place(text)), &page::<Plain>(&place(HARMLESS)), text);
        }
    }
}

/// The name's effect on the paths of directories depends on the platform.
#[test]
fn in_the_name_of_the_application() {
    let harmless = page::<Plain>(&Texts { application: HARMLESS, ..TEXTS });
    for text in HOSTILE {
        let hostile = page::<Plain>(&Texts { application: text, ..TEXTS });
        same_structure(&hostile, &harmless);
        let heading = rendered(&hostile).1.lines().next().map(one_line);
        assert_eq!(heading.unwrap(), format!("Telemetry of {}", one_line(text)));
    }
}

/// Words that a table may hold and that Markdown could interpret as markup.
const WORDS: &[&str] = &[
    "|",
    "a | b | c |",
    "`",
    "``",
    "a ` b",
    "` <b>bold</b> `",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "*a* _b_ ~c~",
    "[a](b)",
    "![a](b)",
    "&lt; &amp; &#124;",
    "$x$",
    "~~a~~",
    "# a",
    "- a",
    " a ",
    "^a [^1]",
];

const HARMLESS_WORDS: &[&str] =
    &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s"];

macro_rules! worded {
    ($name:ident, $words:expr, $one:expr, $other:expr) => {
        struct $name;

        impl TelemetrySnapshot for $name {
            const SCHEMA: Schema = Schema::group(&[
                Field::new("tag", Kind::tag(Words::new($words))),
                Field::new("tags", Kind::tags(Words::new($words).other($one), 4)).required(),
                Field::new(
                    "untagged",
                    Kind::variants(&[
                        Variant::unit($one),
                        Variant::value($other, Kind::flag()),
                        Variant::group("third", &[Field::new("on", Kind::flag())]),
                    ]),
                ),
                Field::new(
                    "tagged",
                    Kind::tagged(
                        &Field::new("kind", Kind::tag(Words::new(&[$one]).other($other))),
                        &[Variant::unit($one), Variant::group($other, &[Field::new("on", Kind::flag())])],
                    ),
                ),
            ]);

            fn record(&self, _: &mut Recorder<'_>) {}
        }

        impl TelemetryEvent for $name {
            const NAME: &'static str = "event";
        }
    };
}

worded!(Worded, WORDS, "` | <b> <!--", "| x | y |");
worded!(HarmlesslyWorded, HARMLESS_WORDS, "one", "another");

#[test]
fn in_words() {
    let (hostile, harmless) = (page::<Worded>(&TEXTS), page::<HarmlesslyWorded>(&TEXTS));
    same_structure(&hostile, &harmless);
    let (_, text) = rendered(&hostile);
    for word in WORDS {
        assert!(one_line(&text).contains(&one_line(word)), "{word:?} is not in\n{text}");
    }
}

/// A renderer that treated everything as text would make the other tests pass for the wrong reason.
#[test]
fn the_renderer_finds_markup() {
    let (plain, _) = rendered("a\n\n| b | c |\n|---|---|\n| d | e |\n");
    for forged in [
        "a\n\n| b | c |\n|---|---|\n| d | e |\n| f | g |\n",
        "a\n\n| b | c |\n|---|---|\n| d<!-- --> | e |\n",
        "a\n\n<!--\n\n| b | c |\n|---|---|\n| d | e |\n",
        "a\n\n| b | c |\n|---|---|\n| *d* | e |\n",
        "# a\n\n| b | c |\n|---|---|\n| d | e |\n",
        "a\n\n| b | c |\n|---|---|\n| d<b> | e |\n",
    ] {
        assert_ne!(rendered(forged).0, plain, "{forged}");
    }
}
