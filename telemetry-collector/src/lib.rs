//! Receives, checks, stores and shows the events of programs that use `telemetry`.
//!
//! The modules are laid out in the order in which an event passes through them:
//! [`receive`] takes requests, [`check`] holds each event against the schema that it names, [`store`] keeps it, [`ask`] counts what is
//! stored, and [`show`] draws the numbers.
//! [`operate`] makes a program of them, and a [`Collector`](operate::Collector) for authors who embed one.
//! [`live`] tells authors what has just arrived. [`demo`] simulates installations that send to it.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod arrival;
pub mod ask;
pub mod check;
#[cfg(feature = "clickhouse")]
pub mod clickhouse;
pub mod demo;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzz;
pub mod live;
pub mod operate;
pub mod receive;
pub mod show;
pub mod store;
