//! Programs that tests start as separate processes. The first argument names the topic.

mod acme;
mod application;
mod auth;
#[cfg(unix)]
mod closing;
mod consent;
mod counted;
#[cfg(unix)]
mod forked;
mod publish;
mod runtime;
mod traced;
mod user;
mod versions;

use std::process::ExitCode;

fn main() -> ExitCode {
    telemetry::run_uploader();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["auth", rest @ ..] => auth::run(rest),
        ["consent", rest @ ..] => consent::run(rest),
        ["counted", rest @ ..] => counted::run(rest),
        ["publish", rest @ ..] => publish::run(rest),
        ["runtime", rest @ ..] => runtime::run(rest),
        ["traced", rest @ ..] => traced::run(rest),
        ["user", rest @ ..] => user::run(rest),
        ["versions", rest @ ..] => versions::run(rest),
        #[cfg(unix)]
        ["closing", rest @ ..] => closing::run(rest),
        #[cfg(unix)]
        ["forked", rest @ ..] => forked::run(rest),
        _ => {
            eprintln!("no such program: {arguments:?}");
            ExitCode::FAILURE
        }
    }
}
