//! Simulated installations of an application, for a first look at the page and for tests that count apart.
//!
//! A [`Plan`] is drawn from a seed: who installs the application, how it is configured, when it starts, when it is upgraded and given up.
//! [`run`] carries it out, day after day: each start is a client of the library with an id of its own, which publishes its events; they are sent over HTTP
//! to a collector that listens on this machine. The [`Record`] that is left says what was sent, and what the collector answered.
//!
//! One thing differs from a real application: the clients of a simulation share connections, through a sink of the simulation, where a real one
//! opens its own. The sink makes the same requests as the client's own. Those of version 1.1.0 and later send
//! batches (`Builder::batches`), which they share as well: a request has events of up to 100 starts, where that of a real client
//! has only its own.

pub mod app;
mod calendar;
mod habits;
mod line;
mod plan;
mod record;
mod released;
mod run;
pub mod settings;
mod sink;
mod taste;
mod wire;

pub use calendar::{Calendar, DAYS};
pub use plan::{Origin, Plan, Run, Treatment};
pub use record::{Record, Sent};
pub use released::write_schemas;
pub use run::{DemoError, run};
