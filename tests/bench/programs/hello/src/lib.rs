//! What the program does with telemetry and without.

/// The work of the program.
pub fn greet() {
    println!("Hello, world!");
}

/// Prints the most memory that the program had, in KiB, if whoever started it asks, and the system tells.
pub fn print_peak_if_asked() {
    if std::env::var_os("HELLO_PEAK").is_none() {
        return;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", line.unwrap_or_default().trim().trim_end_matches(" kB"));
}
