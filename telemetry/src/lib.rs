//! Anonymous, opt-in telemetry whose events cannot carry run-time text.
