//! The text of the question: at most ten lines of eighty columns.

use telemetry_spec::word::is_visible;

use super::covered::Covered;
use super::names::Names;
use super::scope::ScopedEvent;

/// The information shown to the user before the question, in the application's own words.
///
/// Each text is printed on one line: characters that are not visible become spaces, and text beyond its limit is cut and ends in `…`. A
/// character that a terminal may show twice as wide, such as one of Chinese, counts as two.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The recipient of the data, such as `Acme Inc. (telemetry.acme.dev)`. At most 64 characters.
    pub receiver: &'a str,
    /// Descriptions of the data that is sent, such as `which options are set`. They are joined by commas. Those that do not fit into 120
    /// characters are only counted.
    pub categories: &'a [&'a str],
    /// The command that prints what would be sent, such as `acme telemetry preview`. At most 64 characters.
    pub preview: &'a str,
    /// The command that stores a no, such as `acme telemetry disable`. At most 64 characters.
    pub disable: &'a str,
}

const LONGEST: usize = 64;
/// The name shares its line with a sentence, of which there are two.
const LONGEST_NAME: usize = 48;
const LONGEST_NAME_AGAIN: usize = 43;
const LONGEST_CATEGORIES: usize = 120;

/// How many lines tell what is new, and how many characters of a row fit on one of them.
const LINES_OF_NEW: usize = 4;
const LONGEST_ROW: usize = 80 - NEXT_ROW.len() + 1;
const NEXT_ROW: &str = "\n             ";

/// What else stopping does. It takes a line from what is new.
const DELETION: &str = "             (then one last request asks the receiver to delete what it has)\n";

impl Question<'_> {
    /// The question where no choice is stored.
    pub(super) fn text(&self, names: Names) -> String {
        let application = cut(names.application, LONGEST_NAME);
        let about = self.about(names, "what: ", &self.categories());
        format!("May {application} send anonymous usage data?\n{about}Send it? [y/N] ")
    }

    /// The question after a yes that does not cover these events.
    pub(super) fn text_again(&self, names: Names, covered: &Covered, events: &[ScopedEvent]) -> String {
        let application = cut(names.application, LONGEST_NAME_AGAIN);
        let lines = LINES_OF_NEW - usize::from(names.asks_for_deletion);
        let about = self.about(names, "new:  ", &new_rows(covered, events, lines));
        format!(
            "May {application} send more anonymous usage data?\n{about}\
             What you agreed to before goes on either way. Send more? [y/N] "
        )
    }

    fn about(&self, names: Names, title: &str, what: &str) -> String {
        let receiver = cut(self.receiver, LONGEST);
        let preview = cut(self.preview, LONGEST);
        let disable = cut(self.disable, LONGEST);
        let deletion = if names.asks_for_deletion { DELETION } else { "" };
        format!(
            "  to:        {receiver}\n  \
             {title}     {what}\n  \
             see first: {preview}\n  \
             stop:      {disable}\n\
             {deletion}  \
             or set:    {}_TELEMETRY=0\n",
            names.prefix
        )
    }

    /// Lists only whole categories: a truncated one could mislead.
    fn categories(&self) -> String {
        let mut text = String::new();
        for (index, category) in self.categories.iter().enumerate() {
            let category = cut(category, LONGEST);
            let separator = if index == 0 { "" } else { ", " };
            if width(&text) + separator.len() + width(&category) > LONGEST_CATEGORIES {
                let more = self.categories.len() - index;
                return format!("{text}, and {more} more");
            }
            text.push_str(separator);
            text.push_str(&category);
        }
        text
    }
}

/// What is new, one value on each line. Values beyond the last line are counted, and the next line of the question names the command that
/// shows them.
fn new_rows(covered: &Covered, events: &[ScopedEvent], lines: usize) -> String {
    let new: Vec<String> = events.iter().flat_map(|event| rows_of(covered, event)).collect();
    let shown = if new.len() > lines { lines - 1 } else { new.len() };
    let mut rows: Vec<String> = new.iter().take(shown).map(|row| cut(row, LONGEST_ROW)).collect();
    if new.len() > shown {
        rows.push(format!("and {} more values", new.len() - shown));
    }
    rows.join(NEXT_ROW)
}

/// Each value under the name of its event.
fn rows_of(covered: &Covered, event: &ScopedEvent) -> Vec<String> {
    covered.new_in(event).into_iter().map(|new| format!("{}: {new}", event.name)).collect()
}

fn cut(text: &str, longest: usize) -> String {
    let (mut line, mut width) = (String::new(), 0);
    for character in text.trim().chars() {
        width += columns(character);
        if width > longest {
            line.pop();
            line.push('…');
            break;
        }
        line.push(if is_visible(character) { character } else { ' ' });
    }
    line
}

fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// How many columns of a terminal a character takes at most. Some symbols among the wide ones take one (Unicode, UAX #11).
const fn columns(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}' | '\u{231a}'.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::test_events::{build, long};

    const ACME: Question<'_> = Question {
        receiver: "Acme Inc. (telemetry.acme.dev)",
        categories: &["which options are set", "versions", "operating system"],
        preview: "acme telemetry preview",
        disable: "acme telemetry disable",
    };

    const NAMES: Names = Names { application: "acme", prefix: "ACME", asks_for_deletion: false };

    /// As long as they may be.
    const LONG_NAMES: Names = Names {
        application: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        prefix: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        asks_for_deletion: false,
    };

    #[test]
    fn it_tells_what_whom_how_to_see_and_how_to_stop() {
        assert_eq!(
            ACME.text(NAMES),
            "May acme send anonymous usage data?\n  \
             to:        Acme Inc. (telemetry.acme.dev)\n  \
             what:      which options are set, versions, operating system\n  \
             see first: acme telemetry preview\n  \
             stop:      acme telemetry disable\n  \
             or set:    ACME_TELEMETRY=0\n\
             Send it? [y/N] "
        );
    }

    fn lines_of_a_terminal(text: &str) -> usize {
        text.lines().map(|line| width(line).div_ceil(80)).sum()
    }

    #[test]
    fn it_never_takes_more_than_eight_lines_nor_prints_a_control_character() {
        for endless in ["\u{1b}[2J spam\r\nspam ", "\u{202e}東京🦀", "a京"] {
            let endless = endless.repeat(100);
            let categories = vec![endless.as_str(); 50];
            let question =
                Question { receiver: &endless, categories: &categories, preview: &endless, disable: &endless };
            let text = question.text(LONG_NAMES);
            assert!(lines_of_a_terminal(&text) <= 8, "{text}");
            assert!(text.replace('\n', "").chars().all(is_visible));
            assert!(text.ends_with("[y/N] "));
        }
    }

    #[test]
    fn the_second_question_tells_only_what_is_new() {
        let text = ACME.text_again(NAMES, &Covered::default(), &[build()]);
        assert_eq!(
            text,
            "May acme send more anonymous usage data?\n  \
             to:        Acme Inc. (telemetry.acme.dev)\n  \
             new:       build: `release` is new: yes or no; or left out.\n             \
             build: `files` is new: how many, at most 9; or left out.\n  \
             see first: acme telemetry preview\n  \
             stop:      acme telemetry disable\n  \
             or set:    ACME_TELEMETRY=0\n\
             What you agreed to before goes on either way. Send more? [y/N] "
        );
    }

    #[test]
    fn the_second_question_never_takes_more_than_ten_lines_and_counts_what_does_not_fit() {
        let endless = "\u{1b}[2J spam\r\nspam ".repeat(100);
        let question = Question { receiver: &endless, categories: &[], preview: &endless, disable: &endless };
        for (events, told) in [(4, None), (5, Some("and 2 more values\n")), (50, Some("and 47 more values\n"))] {
            let events = vec![long(); events];
            let text = question.text_again(LONG_NAMES, &Covered::default(), &events);
            assert_eq!(lines_of_a_terminal(&text), 10, "{text}");
            assert!(!text.replace('\n', "").contains(char::is_control));
            assert!(text.ends_with("[y/N] "));
            assert_eq!(text.contains("more values"), told.is_some());
            assert!(told.is_none_or(|told| text.contains(told)), "{text}");
        }
    }

    #[test]
    fn the_request_for_deletion_is_told_within_the_same_ten_lines() {
        let told = "stop:      acme telemetry disable\n             (then one last request asks the receiver to delete what it has)\n";
        let text = ACME.text(Names { asks_for_deletion: true, ..NAMES });
        assert!(text.contains(told), "{text}");
        let names = Names { asks_for_deletion: true, ..LONG_NAMES };
        let endless = "spam ".repeat(100);
        let question =
            Question { receiver: &endless, categories: &[endless.as_str(); 9], preview: &endless, disable: &endless };
        let again = question.text_again(names, &Covered::default(), &vec![long(); 50]);
        assert!(lines_of_a_terminal(&question.text(names)) <= 9);
        assert_eq!(lines_of_a_terminal(&again), 10, "{again}");
        assert!(again.contains(DELETION) && again.contains("and 48 more values\n"), "{again}");
    }

    #[test]
    fn a_category_is_told_whole_or_counted() {
        let categories = [&*"a".repeat(60), &"b".repeat(60), "c", "d"];
        let question = Question { categories: &categories, ..ACME };
        assert!(question.text(NAMES).contains(&format!("{}, and 3 more\n", "a".repeat(60))));
    }
}
