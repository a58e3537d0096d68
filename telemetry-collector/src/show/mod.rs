//! Shows what was counted: pages, the same numbers as JSON, and files to publish.
//!
//! | path | what |
//! |---|---|
//! | `GET /` | the page of all events |
//! | `GET /events/{event}?filter` | the page of an event; the filter is a [`Filter`](crate::ask::Filter) |
//! | `GET /api/v1/overview`, `/api/v1/events/{event}?filter` | the same numbers as JSON: [`Overview`](crate::ask::report::Overview) and [`EventReport`](crate::ask::report::EventReport), hidden counts are `null` |
//! | `GET /assets/page.css` | the stylesheet |
//!
//! The pages need no script, and name no other host. Every text on them is from a released schema, or from here: `maud` writes the HTML and
//! escapes it. An address whose filter is not in its [canonical form](crate::ask::Filter) leads to the one that is.
//!
//! | status | meaning |
//! |---|---|
//! | 400 | the query is not a filter of this event; the answer says what would be |
//! | 404 | no schema of such an event is known |
//! | 500 | the database cannot be read |
//! | 503 | too many reports are being made, or this one takes too long |

mod activity;
mod asker;
mod chart;
mod counted;
mod event;
mod export;
mod failure;
mod field;
mod form;
mod html;
mod number;
mod overview;
mod router;
mod sums;

pub use asker::{Ask, Asker};
pub use export::{ExportError, LEAST_PUBLISHED, export};
pub use failure::ShowError;
pub(crate) use html::{Frame, Place, breakable, page};
pub(crate) use router::protect;
pub use router::router;

/// The stylesheet of all pages.
const STYLE: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/tables.css"),
    include_str!("style/charts.css"),
    include_str!("style/filter.css"),
    include_str!("style/media.css"),
);
