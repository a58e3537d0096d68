//! Rejects lists in place of objects. Serde would accept a list for a struct, as its fields in order.

use serde_json::Value;

use super::DecodeError;
use super::error::CHOSEN;

/// The options that can be lists.
const LISTS: [&str; 11] = [
    "additionalCookies",
    "allowedHosts",
    "clientId",
    "disabledPaths",
    "ipAddressHeaders",
    "scope",
    "secrets",
    "trustedOrigins",
    "trustedProviders",
    "trustedProxies",
    "type",
];

/// Options that hold any JSON value.
const OPEN: [&str; 2] = ["defaultValue", "plugins"];

/// Looks for a list where the option is something else.
pub(super) fn check(root: &str, tree: &Value) -> Result<(), DecodeError> {
    match tree {
        Value::Array(_) => Err(DecodeError::at(root)),
        tree => members(tree, root, false),
    }
}

fn members(tree: &Value, path: &str, are_chosen: bool) -> Result<(), DecodeError> {
    let members = tree.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| are_chosen || !OPEN.contains(&name.as_str())) {
        let (told, may_be_list) =
            if are_chosen { ("*", false) } else { (name.as_str(), LISTS.contains(&name.as_str())) };
        let path = format!("{path}.{told}");
        match value {
            Value::Array(items) if may_be_list && !items.iter().any(Value::is_array) => {
                for (index, item) in items.iter().enumerate() {
                    self::members(item, &format!("{path}[{index}]"), false)?;
                }
            }
            Value::Array(_) => return Err(DecodeError::at(&path)),
            value => self::members(value, &path, CHOSEN.contains(&told))?,
        }
    }
    Ok(())
}
