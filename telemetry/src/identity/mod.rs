//! The anonymous id, its key and its salt.

pub(crate) mod anonymous_id;
pub(crate) mod hmac;
mod machine;
mod origin;
mod salt;
pub(crate) mod series;

pub(crate) use anonymous_id::AnonymousId;
pub(crate) use origin::{Identity, Origin};
pub(crate) use salt::Salt;
