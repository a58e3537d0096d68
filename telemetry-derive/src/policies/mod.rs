//! The policies of fields, one per file: the policy's key, its arguments with their error messages, and its code.
//!
//! A new policy needs a new file and an entry in [`ALL`]. The list of keys in messages and the parser both use that table.

mod beside;
mod bound;
mod bucket;
mod changed;
mod count;
mod each;
mod entries;
mod flag;
mod flatten;
mod merge;
mod natural;
mod nested;
mod number;
mod one_of;
mod presence;
mod skip;
mod unit;
mod version;
mod words;

use proc_macro2::Ident;

use crate::errors::Errors;
use crate::model::Policy;
use crate::parse::attr::Args;

pub(crate) use self::beside::Beside;
pub(crate) use self::changed::default_value;
pub(crate) use self::merge::Merge;
pub(crate) use self::natural::Natural;
pub(crate) use self::skip::Skip;

/// The definition of a policy.
pub(crate) struct Definition {
    pub(crate) key: &'static str,
    /// Other words that people try for this policy.
    pub(crate) synonyms: &'static [&'static str],
    /// The message for these words.
    pub(crate) advice: &'static str,
    /// The names of its options.
    pub(crate) options: &'static [&'static str],
    /// Reads the policy's arguments; `None` after an error.
    pub(crate) read: fn(&Ident, &Args, &Errors) -> Option<Box<dyn Policy>>,
}

/// All policies that have a key, in the order in which messages list them.
pub(crate) const ALL: [&Definition; 12] = [
    &flag::DEFINITION,
    &presence::DEFINITION,
    &changed::DEFINITION,
    &count::DEFINITION,
    &number::DEFINITION,
    &bucket::DEFINITION,
    &one_of::DEFINITION,
    &each::DEFINITION,
    &version::DEFINITION,
    &nested::DEFINITION,
    &flatten::DEFINITION,
    &skip::DEFINITION,
];

/// The policy, if its key has no arguments.
fn without_arguments(
    key: &Ident,
    args: &Args,
    policy: impl Policy + 'static,
    errors: &Errors,
) -> Option<Box<dyn Policy>> {
    if matches!(args, Args::None) {
        return Some(Box::new(policy));
    }
    errors.at(key.span(), format!("`{key}` takes no arguments"));
    None
}
