//! The page for users.

mod disclosure;

pub use disclosure::Disclosure;
