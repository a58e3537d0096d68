//! Consent as an application sees it, tested in child processes with their own environment and home.

mod sources;

mod again;
#[cfg(unix)]
mod agree;
#[cfg(unix)]
mod ask;
#[cfg(target_os = "linux")]
mod inert;
#[cfg(unix)]
mod inputs;
#[cfg(target_os = "linux")]
mod kept;
#[cfg(target_os = "linux")]
mod left;
#[cfg(target_os = "linux")]
mod shortages;
