//! Crates that are written to be compiled, and what compiling them takes.
//!
//! The same code thrice: as it is, with `TelemetrySnapshot` derived, and with serde's `Serialize` derived. Each crate has one function
//! that takes a value and yields the length of what comes of it, so that all that was derived is compiled to the end.

mod commands;
mod effort;
mod graph;
mod options;
mod records;
mod workspace;

use std::io;
use std::path::{Path, PathBuf};

pub use effort::Effort;
pub use graph::Graph;
pub use workspace::Workspace;
pub(crate) use workspace::run;

/// What the crate holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Code {
    /// 100 structs of 10 fields.
    Records,
    /// The options of Better Auth.
    Options,
    /// A command line with subcommands, which clap reads.
    Commands,
}

/// What is derived.
#[derive(Clone, Copy, PartialEq)]
pub enum Derive {
    Nothing,
    Telemetry,
    Serde,
}

/// A crate to compile.
#[derive(Clone, Copy, PartialEq)]
pub struct Crate {
    pub code: Code,
    pub derive: Derive,
}

impl Code {
    pub const ALL: [Self; 3] = [Self::Records, Self::Options, Self::Commands];

    /// The type that holds all others, and an expression of one.
    fn root(self) -> (&'static str, &'static str) {
        match self {
            Self::Records => ("Root", "Root::default()"),
            Self::Options => ("AuthOptions", "AuthOptions::default()"),
            Self::Commands => ("Tables", "<Tables as clap::Parser>::parse()"),
        }
    }
}

impl Derive {
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Telemetry, Self::Serde];
}

impl Crate {
    pub const fn new(code: Code, derive: Derive) -> Self {
        Self { code, derive }
    }

    pub fn name(self) -> String {
        let code = match self.code {
            Code::Records => "records",
            Code::Options => "options",
            Code::Commands => "commands",
        };
        let derive = match self.derive {
            Derive::Nothing => "plain",
            Derive::Telemetry => "telemetry",
            Derive::Serde => "serde",
        };
        format!("{code}-{derive}")
    }

    fn package(self) -> io::Result<Package> {
        let name = self.name();
        let (root, value) = self.code.root();
        let mut files = match self.code {
            Code::Records => records::files(self.derive),
            Code::Options => options::files(self.derive)?,
            Code::Commands => commands::files(self.derive)?,
        };
        let length = match self.derive {
            Derive::Nothing => "size_of_val(value)",
            Derive::Telemetry => "telemetry::Snapshot::of(value).map_or(0, |snapshot| snapshot.as_json().len())",
            Derive::Serde => "serde_json::to_vec(value).map_or(0, |json| json.len())",
        };
        if let Some((_, library)) = files.iter_mut().find(|(path, _)| path == "lib.rs") {
            library.push_str(&format!("\npub fn length(value: &{root}) -> usize {{\n    {length}\n}}\n"));
        }
        let library = name.replace('-', "_");
        let value = format!("std::hint::black_box({value})");
        files.push((
            "main.rs".into(),
            format!(
                "use {library}::{root};\n\nfn main() {{\n    println!(\"{{}}\", {library}::length(&{value}));\n}}\n"
            ),
        ));
        Ok(Package { name, dependencies: dependencies(), files })
    }
}

/// All crates have the same ones; those that a crate does not name are not looked at when it is compiled.
fn dependencies() -> String {
    telemetry("default-features = false, features = ['indexmap']")
        + "clap = { version = '4', default-features = false, features = ['derive', 'std'] }\n"
        + "indexmap = { version = '2', default-features = false, features = ['std', 'serde'] }\n"
        + "serde = { version = '1', features = ['derive'] }\n"
        + "serde_json = '1'\n"
}

/// A package of the workspace: its files are those under `src`.
struct Package {
    name: String,
    dependencies: String,
    files: Vec<(String, String)>,
}

/// The directory of a package of this project.
fn project(package: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(package)
}

fn telemetry(features: &str) -> String {
    format!("telemetry = {{ path = '{}', {features} }}\n", project("telemetry").display())
}
