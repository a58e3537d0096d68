//! The keys of attributes, by the place where they are allowed.

use crate::policies;

/// On a struct or an enum.
pub(crate) const CONTAINER: [&str; 12] = [
    "rename_all",
    "names",
    "event",
    "context",
    "counted",
    "budget_bits",
    "tag",
    "content",
    "untagged",
    "transparent",
    "crate",
    "bound",
];

/// On a variant.
pub(crate) const VARIANT: [&str; 2] = ["rename", "rename_all"];

/// On a field: the policies, and the keys that accompany one.
pub(crate) fn field() -> Vec<&'static str> {
    policies::ALL.iter().map(|policy| policy.key).chain(["with", "rename"]).collect()
}

/// The message for a container's key that is used elsewhere.
pub(crate) fn of_container(name: &str, place: &str) -> String {
    format!("`{name}` belongs on the container, not on {place}")
}
