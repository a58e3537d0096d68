//! What telemetry adds to a program, layer by layer: crates, and bytes of the executable.

use std::{fs, io};

use telemetry_bench::programs::Program;
use telemetry_bench::report;

fn main() -> io::Result<()> {
    let mut rows = Vec::new();
    let mut below: Option<(&str, u64)> = None;
    for program in Program::ALL {
        let title = match program {
            Program::Hello => "no telemetry",
            Program::File => "telemetry",
            Program::Http => "`http`",
            Program::NativeTls => "`http` and `native-tls`",
            Program::Rustls => "`http` and `rustls`, with ring",
        };
        let [all, linked] = program.crates()?;
        let bytes = fs::metadata(program.build(env!("CARGO_TARGET_TMPDIR"))?)?.len();
        let beyond = below.map_or(String::new(), |(below, fewer)| format!("{} beyond {below}", bytes - fewer));
        // Either provider of TLS is added to `http`.
        if !matches!(program, Program::NativeTls) {
            below = Some((title, bytes));
        }
        rows.push(vec![title.into(), all.to_string(), linked.to_string(), bytes.to_string(), beyond]);
    }
    println!("\n### Crates and bytes\n");
    report::table(&["", "crates", "in the program", "bytes", "added"], &rows);
    Ok(())
}
