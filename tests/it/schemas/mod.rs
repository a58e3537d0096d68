//! Released schemas.

mod kept;

pub(crate) use self::kept::is_kept;
