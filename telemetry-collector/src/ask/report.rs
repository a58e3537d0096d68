//! The numbers of a page and of the API: what is counted, without how it is drawn.
//!
//! All texts are names, words, labels and purposes of the released schemas, so a report can hold nothing else.

use serde::Serialize;
use serde::ser::SerializeStruct;

use crate::arrival::Day;

/// How many installations, or how many events. It is hidden where it would tell of too few installations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// As many.
    Shown(u64),
    /// Fewer than the least number that is shown, or a neighbour from which such a number could be computed.
    Hidden,
}

/// All events, for the first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The day on which the report was made; of what is published, the first day on which it could be.
    pub today: Day,
    /// The least number of installations that is shown. 0 or 1 hides nothing.
    pub least: u64,
    /// The first day that is told.
    pub since: Day,
    /// The last day, inclusive: today, or of what is published, the end of the last complete week.
    pub until: Day,
    /// The first day of what is counted of each event: `since`, or a later day if rows of earlier ones were deleted, of which the activity alone is
    /// known. Of what is published, it is the Monday of the last complete week.
    pub counted_since: Day,
    /// The events in alphabetical order.
    pub events: Vec<EventSummary>,
    /// Installations that sent any event.
    pub activity: Activity,
}

/// One event among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventSummary {
    /// Its name.
    pub event: String,
    /// How many events came.
    pub events: Count,
    /// How many installations sent them.
    pub installs: Count,
    /// The versions of the released schemas, oldest first.
    pub versions: Vec<String>,
    /// Whether it is a counted event: each of its events stands for as many equal ones of one day as it says.
    pub is_counted: bool,
}

/// One event, as far as a filter lets events through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventReport {
    /// Its name.
    pub event: String,
    /// The day on which the report was made; of what is published, the first day on which it could be.
    pub today: Day,
    /// The least number of installations that is shown.
    pub least: u64,
    /// The first day with rows, or that of the filter.
    pub since: Day,
    /// The last day, inclusive.
    pub until: Day,
    /// The first day of the events, the installations and the fields: `since`, or a later day if rows of earlier ones were deleted, of which the
    /// activity alone is known. It is later than `until` if the rows of all of these days were. Of what is published, it is the Monday of the last complete week.
    pub counted_since: Day,
    /// How many events passed the filter, those of ephemeral ids included.
    pub events: Count,
    /// How many of these had an id that lives as long as one process. They are in no other number.
    pub ephemeral: Count,
    /// How many installations have a latest event that has the asked values, of their events of the asked days and version. This is what the
    /// fields are counted over. With [`sums`](Self::sums): how many installations have any event that passed the filter.
    pub installs: Count,
    /// What a filter can ask for: the version of the schema, then the fields.
    pub choices: Vec<Choice>,
    /// Installations over time, by their events that passed the filter: an installation whose latest event has other values was active with
    /// earlier ones.
    pub activity: Activity,
    /// Whether installations come back, by their events that passed the filter.
    pub retention: Vec<Cohort>,
    /// Whether it is a counted event: each of its events stands for as many equal ones of one day as it says.
    pub is_counted: bool,
    /// How often a counted event happened. If it is there, all counts of the fields and of crossed fields are sums, too: of all events that passed the
    /// filter, each as often as it happened, those of ephemeral ids included. It is not there for other events, in what is published, and where small counts are
    /// hidden: a sum over many installations can be that of one.
    pub sums: Option<Sums>,
    /// The fields, in the order of the newest schema, then those that only older ones have.
    pub fields: Vec<FieldReport>,
    /// The two fields that the filter sets against each other.
    pub cross: Option<Cross>,
}

/// A field that a filter can ask for, or the version of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The path of the field; `version` for the version of the schema, which comes first. A field can be called so, too.
    pub path: String,
    /// The values that it can have.
    pub values: Vec<String>,
}

/// Active installations a day, a week and a month, oldest first. Days without events are there, with 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// At most the last 92 days.
    pub days: Vec<Active>,
    /// At most the last 53 weeks, from Monday.
    pub weeks: Vec<Active>,
    /// At most the last 25 months.
    pub months: Vec<Active>,
}

/// The installations of a day, week or month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Active {
    /// Its first day.
    pub first: Day,
    /// Whether all of it is counted: it is over, and no event of it can arrive any more.
    pub is_complete: bool,
    /// All of them.
    pub installs: Count,
    /// Those whose first event ever was in this time. Not known of times whose rows are deleted.
    pub new: Option<Count>,
    /// The others.
    pub returning: Option<Count>,
    /// By the version of the schema of their last event in this time, in the order of [`EventSummary::versions`]. Empty for all events together.
    pub versions: Vec<Bar>,
}

/// Installations whose first event was in one week. Published cohorts are followed for 12 weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cohort {
    /// The Monday of the week.
    pub first: Day,
    /// How many they are.
    pub size: Count,
    /// How many of them were active in each later week that is complete, beginning with the next one.
    pub later: Vec<Count>,
}

/// How often a counted event happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// From [`EventReport::counted_since`] to the last.
    pub all: Sum,
    /// The days of [`Activity::days`], except those whose rows are deleted.
    pub days: Vec<PeriodSum>,
    /// The weeks of [`Activity::weeks`], except those of which rows are deleted.
    pub weeks: Vec<PeriodSum>,
    /// The months of [`Activity::months`], except those of which rows are deleted.
    pub months: Vec<PeriodSum>,
}

/// How often a counted event happened in a day, week or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodSum {
    /// Its first day.
    pub first: Day,
    /// Whether all of it is counted: it is over, and no event of it can arrive any more.
    pub is_complete: bool,
    /// How often.
    pub sum: Sum,
}

/// How often a counted event happened, and on how many days of installations.
///
/// ```
/// use telemetry_collector::ask::report::Sum;
///
/// let sum = Sum { times: 70, ephemeral: 10, install_days: 40 };
/// assert_eq!(sum.per_install_and_day(), Some(1.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// So many times.
    pub times: u64,
    /// How many of these times an id told that lives as long as one process.
    pub ephemeral: u64,
    /// How many installations were active on each day, summed up over the days.
    pub install_days: u64,
}

/// One field over the latest event of each installation; of a counted event with [`sums`](EventReport::sums), over all events, each as often as it
/// happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldReport {
    /// Its path.
    pub path: String,
    /// What it tells, in the words of its author. May be empty.
    pub purpose: String,
    /// Its kind, as the page for users calls it.
    pub kind: String,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Installations that sent a value, or how many times one was sent.
    pub sent: Count,
    /// Installations of a release that has the field that sent none, or how many times none was sent. A value that no known release has counts as
    /// none: one of a release whose file was removed. In a list, or in an enum with data that has no tag, that counts as sent, and the value is in no bar.
    pub absent: Count,
    /// Installations of a release that does not have the field, or how many times such a one sent the event. All installations are these, those that sent a
    /// value and those that sent none.
    pub without: Count,
    /// The values.
    pub values: Values,
}

/// The values of a field, by what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Values {
    /// A flag, presence or change: true and false.
    Share {
        /// True.
        yes: Count,
        /// False.
        no: Count,
    },
    /// Words in the order of the schema. A word that is not used has the count 0. Each installation has at most one word.
    Words {
        /// The words.
        bars: Vec<Bar>,
    },
    /// Words of which an installation can have several: the sum may be more than all installations.
    Sets {
        /// The words.
        bars: Vec<Bar>,
    },
    /// Ranges in ascending order without gaps: the labels of a bucket, or those that numbers and counts are sorted into.
    Ranges {
        /// The ranges.
        bars: Vec<Bar>,
    },
    /// Versions, ascending.
    Versions {
        /// The latest of each installation.
        bars: Vec<Bar>,
        /// By week of activity, in the order of [`Activity::weeks`]: the same versions in the same order. Empty if the bars are sums.
        weeks: Vec<Vec<Count>>,
    },
    /// How many items lists have.
    Items {
        /// The ranges of their lengths.
        lengths: Vec<Bar>,
        /// What is in them, as far as it is words, flags and numbers: for each path in an item, how many installations have it.
        within: Vec<Within>,
        /// Of how many values that are not empty lists nothing is told within. It is not shown.
        #[serde(skip)]
        untold: u64,
    },
}

/// The values of one path in the items of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Within {
    /// The path in an item; empty for the item itself.
    pub path: String,
    /// The values, and how many installations have an item with each.
    pub bars: Vec<Bar>,
    /// How many bars, the last ones, are versions that installations have. The labels of the others are from the schema.
    #[serde(skip)]
    pub versions: usize,
}

/// A value and how many installations have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// A word, a label, or a version.
    pub label: String,
    /// How many.
    pub count: Count,
}

/// Two fields against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cross {
    /// The path of the field that is told by rows.
    pub row_path: String,
    /// The path of the field that is told by columns.
    pub column_path: String,
    /// The values of the first. `None` is "not sent", also by installations of a release that does not have the field.
    pub rows: Vec<Option<String>>,
    /// The values of the second.
    pub columns: Vec<Option<String>>,
    /// The cells, a row after another.
    pub cells: Vec<Vec<Count>>,
    /// The sums of the rows.
    pub row_sums: Vec<Count>,
    /// The sums of the columns.
    pub column_sums: Vec<Count>,
}

impl EventReport {
    /// The fields that a filter can ask for.
    pub(crate) fn asked_fields(&self) -> &[Choice] {
        self.choices.get(1..).unwrap_or_default()
    }
}

impl Sum {
    /// How often it happened on a day of an installation on which it happened at all. Times of ephemeral ids are left out. `None` if there was
    /// no such day.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "it is an average, which is shown with three digits")]
    pub fn per_install_and_day(&self) -> Option<f64> {
        let times = self.times.saturating_sub(self.ephemeral);
        (self.install_days > 0).then(|| times as f64 / self.install_days as f64)
    }
}

impl Serialize for Sum {
    /// The numbers, and `per_install_and_day`, which is `null` if there was no such day.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sum = serializer.serialize_struct("Sum", 4)?;
        sum.serialize_field("times", &self.times)?;
        sum.serialize_field("ephemeral", &self.ephemeral)?;
        sum.serialize_field("install_days", &self.install_days)?;
        sum.serialize_field("per_install_and_day", &self.per_install_and_day())?;
        sum.end()
    }
}

impl Serialize for Count {
    /// A number, or `null` if it is hidden.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(count) => serializer.serialize_u64(*count),
            Self::Hidden => serializer.serialize_none(),
        }
    }
}
