//! What telemetry costs a whole program, beside the same one without: time and memory.
//!
//! The program says hello and publishes one event, with telemetry off, and on with a receiver that answers, or does not. It fails when an
//! event is neither delivered nor kept for a later run.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use telemetry_bench::budgets;
use telemetry_bench::process::{Events, Receiver, Setting};
use telemetry_bench::programs::Program;
use telemetry_bench::report::{self, number};
use telemetry_bench::server::{self, Answered};

/// How often each setting is run, in turns, so that all meet the same noise.
const ROUNDS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let programs = [Program::Hello, Program::File, Program::Rustls];
    let [hello, file, http] = programs.map(|program| program.build(env!("CARGO_TARGET_TMPDIR")));
    let programs = [hello?, file?, http?];
    let mut settings = settings(&programs)?;
    for _ in 0..ROUNDS {
        settings.iter_mut().try_for_each(Setting::run)?;
    }
    report(&settings)
}

/// The first is what the others are compared with. The second is the same: what these two differ by is the machine's doing.
fn settings([hello, file, http]: &[PathBuf; 3]) -> Result<Vec<Setting>, Box<dyn Error>> {
    let answered = Answered::default();
    let answering = server::start_noting(&answered)?;
    let slow = server::start(Duration::from_secs(5))?;
    let hanging = server::start(Duration::from_secs(60 * 60))?;
    // Nobody has this port.
    let closed = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let url = |address| format!("http://{address}/v1/events");
    let unresolvable = "https://telemetry.hello.invalid/v1/events".to_owned();
    Ok(vec![
        Setting::new("without telemetry", hello, Receiver::Nobody)?,
        Setting::new("without telemetry, again", hello, Receiver::Nobody)?,
        Setting::new("off", http, Receiver::Nobody)?,
        on(Setting::new("on, to a file", file, Receiver::File("hello.ndjson"))?),
        to(url(answering), "on, answered", http, Receiver::Answers(answered))?,
        to(url(closed), "on, refused", http, Receiver::Dead)?,
        to(url(slow), "on, answered after 5 s", http, Receiver::Dead)?,
        to(url(hanging), "on, never answered", http, Receiver::Dead)?,
        to(unresolvable, "on, an unresolvable name", http, Receiver::Dead)?,
    ])
}

fn to(endpoint: String, name: &'static str, program: &Path, receiver: Receiver) -> std::io::Result<Setting> {
    Ok(on(Setting::new(name, program, receiver)?).with("HELLO_ENDPOINT", endpoint))
}

fn on(setting: Setting) -> Setting {
    setting.with("HELLO_TELEMETRY", "1")
}

fn report(settings: &[Setting]) -> Result<(), Box<dyn Error>> {
    let without = &settings[0];
    println!("\n### {ROUNDS} runs\n");
    let head = [
        "",
        "ms, median",
        "ms, most",
        "ms over without, median",
        "ms over without, most",
        "KiB, median",
        "KiB over without",
        "delivered",
        "kept for a later run",
    ];
    let mut rows = Vec::new();
    for setting in settings {
        let (times, over) = (setting.times(), setting.times_over(without));
        let [peak, before] = [setting, without].map(|setting| median(&setting.peaks()));
        let more = peak.zip(before).map(|(peak, before)| peak - before);
        let figures = [median(&times), most(&times), median(&over), most(&over), peak, more]
            .map(|figure| figure.map_or_else(|| "not measured".into(), number));
        let Events { delivered, kept } = setting.events()?;
        let events = [delivered, kept].map(|events| events.to_string());
        rows.push([setting.name.to_owned()].into_iter().chain(figures).chain(events).collect());
    }
    report::table(&head, &rows);
    for setting in settings.iter().filter(|setting| setting.is_down()) {
        let over = setting.times_over(without);
        for (which, found) in [("median", median(&over)), ("most", most(&over))] {
            report::budget(&budgets::END, &format!("{}, {which}", setting.name), found);
        }
    }
    Ok(())
}

fn median(figures: &[f64]) -> Option<f64> {
    sorted(figures).get(figures.len() / 2).copied()
}

fn most(figures: &[f64]) -> Option<f64> {
    sorted(figures).last().copied()
}

fn sorted(figures: &[f64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}
