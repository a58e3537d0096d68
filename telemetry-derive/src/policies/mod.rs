//! The policies of fields, a file each: what it is called, its arguments with their messages, and its code.
//!
//! A new policy is a new file, and its line in [`ALL`]. The keys that messages list, and what reads them, follow from there.

mod bucket;
mod count;
mod each;
mod flag;
mod flatten;
mod natural;
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

pub(crate) use self::natural::Natural;
pub(crate) use self::skip::Skip;

/// How a policy is written.
pub(crate) struct Definition {
    pub(crate) key: &'static str,
    /// Other words that people try for it,
    pub(crate) synonyms: &'static [&'static str],
    /// and the message that they get.
    pub(crate) advice: &'static str,
    /// Reads its arguments; none after an error.
    pub(crate) read: fn(&Ident, &Args, &Errors) -> Option<Box<dyn Policy>>,
}

/// All policies that have a key, in the order in which messages list them.
pub(crate) const ALL: [&Definition; 10] = [
    &flag::DEFINITION,
    &presence::DEFINITION,
    &count::DEFINITION,
    &number::DEFINITION,
    &bucket::DEFINITION,
    &one_of::DEFINITION,
    &each::DEFINITION,
    &version::DEFINITION,
    &flatten::DEFINITION,
    &skip::DEFINITION,
];

/// The policy, where nothing stands behind its key.
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
