//! The page for users.

mod disclosure;
mod markdown;
mod sections;

pub use disclosure::Disclosure;
