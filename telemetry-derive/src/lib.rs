//! Derive macros of `telemetry`.
