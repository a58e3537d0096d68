//! The page for users.

mod disclosure;
mod files;
mod markdown;
mod sections;

pub use disclosure::Disclosure;
