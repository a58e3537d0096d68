//! The text of the question: at most eight lines of eighty columns, so that two repetitions add up to ten lines.

/// The information shown to the user before the question, in the application's own words.
///
/// Each text is printed on one line: control characters become spaces, and text beyond its limit is cut and ends in `…`.
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
/// The name shares its line with a sentence.
const LONGEST_NAME: usize = 48;
const LONGEST_CATEGORIES: usize = 120;

impl Question<'_> {
    pub(crate) fn text(&self, application: &str, prefix: &str) -> String {
        let application = cut(application, LONGEST_NAME);
        let receiver = cut(self.receiver, LONGEST);
        let categories = self.categories();
        let preview = cut(self.preview, LONGEST);
        let disable = cut(self.disable, LONGEST);
        format!(
            "May {application} send anonymous usage data?\n\
             \x20 to:        {receiver}\n\
             \x20 what:      {categories}\n\
             \x20 see first: {preview}\n\
             \x20 stop:      {disable}\n\
             \x20 or set:    {prefix}_TELEMETRY=0\n\
             Send it? [y/N] "
        )
    }

    /// Lists only whole categories: a truncated one could mislead.
    fn categories(&self) -> String {
        let mut text = String::new();
        for (index, category) in self.categories.iter().enumerate() {
            let category = cut(category, LONGEST);
            let separator = if index == 0 { "" } else { ", " };
            if text.chars().count() + separator.len() + category.chars().count() > LONGEST_CATEGORIES {
                let more = self.categories.len() - index;
                return format!("{text}, and {more} more");
            }
            text.push_str(separator);
            text.push_str(&category);
        }
        text
    }
}

fn cut(text: &str, longest: usize) -> String {
    let printable = |char: char| if char.is_control() { ' ' } else { char };
    let mut characters = text.trim().chars().map(printable);
    let mut line: String = characters.by_ref().take(longest).collect();
    if characters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: Question<'_> = Question {
        receiver: "Acme Inc. (telemetry.acme.dev)",
        categories: &["which options are set", "versions", "operating system"],
        preview: "acme telemetry preview",
        disable: "acme telemetry disable",
    };

    #[test]
    fn it_tells_what_whom_how_to_see_and_how_to_stop() {
        assert_eq!(
            ACME.text("acme", "ACME"),
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
        text.lines().map(|line| line.chars().count().div_ceil(80)).sum()
    }

    #[test]
    fn it_never_takes_more_than_eight_lines_nor_prints_a_control_character() {
        let endless = "\u{1b}[2J spam\r\nspam ".repeat(100);
        let categories = vec![endless.as_str(); 50];
        let question = Question { receiver: &endless, categories: &categories, preview: &endless, disable: &endless };
        let text = question.text(&"a".repeat(64), &"A".repeat(48));
        assert!(lines_of_a_terminal(&text) <= 8, "{text}");
        assert!(!text.replace('\n', "").contains(char::is_control));
        assert!(text.ends_with("[y/N] "));
    }

    #[test]
    fn a_category_is_told_whole_or_counted() {
        let categories = [&*"a".repeat(60), &"b".repeat(60), "c", "d"];
        let question = Question { categories: &categories, ..ACME };
        assert!(question.text("acme", "ACME").contains(&format!("{}, and 3 more\n", "a".repeat(60))));
    }
}
