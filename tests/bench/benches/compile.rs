//! What compiling a derive costs, beside the same code without it and with serde's `Serialize`; and what a dependency costs.

use std::io;

use telemetry_bench::budgets;
use telemetry_bench::compile::{Code, Crate, Derive, Effort, Graph, Workspace};
use telemetry_bench::llvm;
use telemetry_bench::report::{self, number};

/// How often each crate is compiled, in turns.
const CHECKS: usize = 15;
const BUILDS: usize = 7;

fn main() -> io::Result<()> {
    let workspace = Workspace::write(env!("CARGO_TARGET_TMPDIR"))?;
    let records = beside("100 structs of 10 fields", &workspace, Code::Records)?;
    report::budget(&budgets::RECORDS_LINES, "", records.lines.of_serde());
    report::budget(&budgets::RECORDS_CHECK, "", records.check.of_serde());
    report::budget(&budgets::RECORDS_RELEASE, "", records.release.of_serde());
    report::budget(&budgets::RECORDS_SIZE, "", records.size.beyond_plain());
    beside("The options of Better Auth", &workspace, Code::Options)?;
    beside("A command line, which clap reads", &workspace, Code::Commands)?;
    graphs(&workspace)
}

/// One measure of the three: plain, with `TelemetrySnapshot`, with `Serialize`.
struct Measure([Option<f64>; 3]);

impl Measure {
    fn of_plain(&self) -> Option<f64> {
        Some(self.0[1]? / self.0[0]?)
    }

    fn of_serde(&self) -> Option<f64> {
        Some(self.0[1]? / self.0[2]?)
    }

    fn beyond_plain(&self) -> Option<f64> {
        let [plain, telemetry, serde] = self.0;
        Some((telemetry? - plain?) / (serde? - plain?))
    }

    fn row(&self, what: &str) -> Vec<String> {
        let measures = self.0.iter().map(|found| found.map_or("not measured".into(), number));
        let ratios = [self.of_plain(), self.of_serde(), self.beyond_plain()]
            .map(|ratio| ratio.filter(|ratio| ratio.is_finite()).map_or(String::new(), |ratio| format!("{ratio:.3}x")));
        std::iter::once(what.to_owned()).chain(measures).chain(ratios).collect()
    }
}

struct Found {
    check: Measure,
    release: Measure,
    lines: Measure,
    size: Measure,
}

fn beside(title: &str, workspace: &Workspace, code: Code) -> io::Result<Found> {
    let crates = Derive::ALL.map(|derive| Crate::new(code, derive));
    let checks = in_turns(CHECKS, &crates, |krate| workspace.check(krate))?;
    let builds = in_turns(BUILDS, &crates, |krate| workspace.build(krate))?;
    let lines = each(&crates, |krate| llvm::lines(workspace, krate))?;
    let sizes = each(&crates, |krate| workspace.size(krate))?;
    let (check, release) = (cpu(&checks), wall(&builds));
    println!("\n### {title}\n");
    let head =
        ["", "plain", "TelemetrySnapshot", "Serialize", "of plain", "of Serialize", "of Serialize, beyond plain"];
    let rows = [
        check.row("check, s of the processors"),
        wall(&checks).row("check, s"),
        cpu(&builds).row("release, s of the processors"),
        release.row("release, s"),
        lines.row("LLVM lines"),
        sizes.row("bytes of a program"),
    ];
    report::table(&head, &rows);
    Ok(Found { check, release, lines, size: sizes })
}

/// The medians. One crate after the other, round by round, so that all meet the same noise.
fn in_turns(
    rounds: usize,
    crates: &[Crate; 3],
    measure: impl Fn(Crate) -> io::Result<Effort>,
) -> io::Result<[Effort; 3]> {
    let mut efforts = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (efforts, krate) in efforts.iter_mut().zip(crates) {
            efforts.push(measure(*krate)?);
        }
    }
    Ok(efforts.map(|efforts| Effort::median(&efforts)))
}

fn each(crates: &[Crate; 3], measure: impl Fn(Crate) -> io::Result<u64>) -> io::Result<Measure> {
    let [plain, telemetry, serde] = crates.map(|krate| measure(krate).map(|found| Some(found as f64)));
    Ok(Measure([plain?, telemetry?, serde?]))
}

fn cpu(efforts: &[Effort; 3]) -> Measure {
    Measure(efforts.map(|effort| Some(effort.cpu?.as_secs_f64())))
}

fn wall(efforts: &[Effort; 3]) -> Measure {
    Measure(efforts.map(|effort| Some(effort.wall.as_secs_f64())))
}

/// What comes with a dependency, built from nothing.
fn graphs(workspace: &Workspace) -> io::Result<()> {
    let mut rows = Vec::new();
    for graph in Graph::ALL {
        let effort = workspace.clean_build(graph)?;
        let cpu = effort.cpu.map_or("not measured".into(), |cpu| number(cpu.as_secs_f64()));
        let crates = workspace.crates(graph)?;
        rows.push(vec![graph.to_string(), crates.to_string(), cpu, number(effort.wall.as_secs_f64())]);
    }
    println!("\n### A dependency, built from nothing\n");
    report::table(&["", "crates", "build, s of the processors", "build, s"], &rows);
    Ok(())
}
