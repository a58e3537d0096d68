//! The frame of every page. `maud` writes the HTML and escapes every text in it.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use telemetry_spec::word::is_visible;

use crate::arrival::Day;

/// Where a page lies, from which its links follow. They are relative, so that a proxy can serve the pages below any path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The way up to the first page.
    up: &'static str,
    /// Whether the pages are files.
    pub(crate) is_published: bool,
}

impl Place {
    /// The first page, at `/`.
    pub(crate) const ROOT: Self = Self { up: "", is_published: false };
    /// The page of an event, at `/events/…`.
    pub(super) const EVENT: Self = Self { up: "../", is_published: false };

    /// The same place among published files.
    pub(super) const fn published(self) -> Self {
        Self { is_published: true, ..self }
    }

    fn link(self, served: &str, published: &str) -> String {
        format!("{}{}", self.up, if self.is_published { published } else { served })
    }

    pub(super) fn home(self) -> String {
        self.link(if self.up.is_empty() { "./" } else { "" }, "index.html")
    }

    /// What has just arrived, which is never published.
    fn live(self) -> String {
        self.link("live", "")
    }

    pub(super) fn style(self) -> String {
        self.link("assets/page.css", "page.css")
    }

    pub(super) fn overview_json(self) -> String {
        self.link("api/v1/overview", "overview.json")
    }

    pub(super) fn event(self, event: &str) -> String {
        self.link(&format!("events/{event}"), &format!("events/{event}.html"))
    }

    /// `query` is a filter, or empty.
    pub(super) fn event_json(self, event: &str, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        self.link(&format!("api/v1/events/{event}{mark}{query}"), &format!("events/{event}.json"))
    }
}

/// What surrounds the content of a page.
pub(crate) struct Frame<'a> {
    pub(crate) place: Place,
    pub(crate) title: &'a str,
    /// Where the same numbers are as JSON.
    pub(crate) json: Option<String>,
    /// The least count that is shown, for the explanation of hidden ones.
    pub(crate) least: u64,
}

/// What a browser may do with a page: nothing but use our stylesheet, and send our form to us.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                                 frame-ancestors 'none'; base-uri 'none'";

/// The same for a file. The rule for frames works in a header only, and `'self'` is not the directory of a file.
const FILE_POLICY: &str =
    "default-src 'none'; style-src 'self' file:; img-src 'self' data:; form-action 'none'; base-uri 'none'";

/// An icon with three bars.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%231f5f97' \
                    d='M1 9h4v6H1zM6 5h4v10H6zM11 1h4v14h-4z'/%3E%3C/svg%3E";

pub(crate) fn page(frame: &Frame<'_>, content: &Markup) -> String {
    let place = frame.place;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if place.is_published { meta http-equiv="Content-Security-Policy" content=(FILE_POLICY); }
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (frame.title) }
                link rel="icon" href=(ICON);
                link rel="stylesheet" href=(place.style());
            }
            body {
                a.skip href="#main" { "Skip to the numbers" }
                (hatch())
                header.top {
                    a.brand href=(place.home()) { "Telemetry" }
                    @if !place.is_published { a href=(place.live()) { "Live" } }
                }
                main id="main" tabindex="-1" { (content) }
                footer { (foot(frame)) }
            }
        }
    };
    page.into_string()
}

fn foot(frame: &Frame<'_>) -> Markup {
    html! {
        p {
            "An install counts once, with its latest event. Ids that live only as long as one process are not installs. "
            "Days are those of UTC. Events may arrive up to seven days late."
            @if frame.least <= 1 { " How often a counted event happened is a sum over all of its events." }
        }
        @if frame.least > 1 {
            p {
                "Hidden: a number below " (frame.least)
                ", or one from which such a number could be computed. Charts show it hatched, the JSON as " code { "null" } "."
            }
        }
        @if let Some(json) = &frame.json { p { a href=(json) { "These numbers as JSON" } } }
    }
}

/// The pattern of hidden counts, which the charts of the page refer to.
fn hatch() -> Markup {
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.hatch-ground width="6" height="6" {}
                    rect.hatch-line width="2" height="6" {}
                }
            }
        }
    }
}

/// Text of an author on one line: what could end the line or hide the text after it becomes a space.
pub(super) fn one_line(text: &str) -> String {
    let visible = text.chars().map(|character| if is_visible(character) { character } else { ' ' });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path or a word that may be broken after its dots and underscores.
pub(crate) fn breakable(path: &str) -> Markup {
    html! {
        @for (index, part) in path.split_inclusive(['.', '_']).enumerate() {
            @if index > 0 { wbr; }
            (part)
        }
    }
}

/// A day as a reader writes it.
pub(super) fn date(day: Day) -> String {
    day.date().strftime("%-d %b %Y").to_string()
}

/// Nothing.
pub(super) const fn nothing() -> Markup {
    PreEscaped(String::new())
}
