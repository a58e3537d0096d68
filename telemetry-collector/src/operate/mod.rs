//! Configuration, commands, logs and metrics.
