//! What is known of the application.

use ::signals::context::App;

/// In a constant.
pub const APP: App = ::signals::app!();

/// In a static.
pub static STATIC: App = ::signals::app![];

/// In a function.
#[must_use]
pub const fn app() -> App {
    ::signals::app!()
}
