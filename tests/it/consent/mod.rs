//! Consent as an application sees it, tested in child processes with their own environment and home.

mod sources;

mod again;
mod agree;
// Pseudo-terminals.
#[cfg(unix)]
mod ask;
// System calls, counted by strace.
#[cfg(target_os = "linux")]
mod inert;
// Modes of files, links, and names that are no text.
#[cfg(unix)]
mod inputs;
// Namespaces.
#[cfg(target_os = "linux")]
mod kept;
// System calls, delayed by strace.
#[cfg(target_os = "linux")]
mod left;
// Namespaces and limits of processes.
#[cfg(target_os = "linux")]
mod shortages;
// Pseudo-terminals.
#[cfg(unix)]
mod versions;
