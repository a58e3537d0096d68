//! Consent as an application sees it: child processes with an environment and a home of their own.

mod sources;

#[cfg(unix)]
mod agree;
#[cfg(unix)]
mod ask;
#[cfg(target_os = "linux")]
mod inert;
#[cfg(unix)]
mod inputs;
