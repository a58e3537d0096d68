//! The programs under `programs/`: one that says hello, and the same one with telemetry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use crate::compile;

/// How a program is built: with optimizations, and without symbols.
#[derive(Clone, Copy)]
pub enum Program {
    /// Without telemetry.
    Hello,
    /// With telemetry that writes to a file.
    File,
    /// With telemetry that sends over HTTP alone.
    Http,
    /// With telemetry that sends over https, by the library of the system.
    NativeTls,
    /// With telemetry that sends over https, by rustls.
    Rustls,
}

impl Program {
    /// Each after the one that it adds something to.
    pub const ALL: [Self; 5] = [Self::Hello, Self::File, Self::Http, Self::NativeTls, Self::Rustls];

    /// Builds it in a directory below one for temporary files, and yields the executable.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn build(self, temporary: impl AsRef<Path>) -> io::Result<PathBuf> {
        let target = temporary.as_ref().join("programs");
        let mut cargo = self.cargo("build");
        cargo.args(["--release", "--config", "profile.release.strip=true"]).env("CARGO_TARGET_DIR", &target);
        compile::run(&mut cargo)?;
        // The next one that is built of this package takes its place.
        let built = target.join("release").join(self.package()).with_extension(env::consts::EXE_EXTENSION);
        let executable = target.join(self.name()).with_extension(env::consts::EXE_EXTENSION);
        fs::copy(built, &executable)?;
        Ok(executable)
    }

    /// The crates that it depends on, except those of this project: all, and those of which something is in the program, not only in the compiler.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn crates(self) -> io::Result<[usize; 2]> {
        let [all, linked] = ["normal", "normal,no-proc-macro"].map(|edges| self.dependencies(edges));
        Ok([all?, linked?])
    }

    fn dependencies(self, edges: &str) -> io::Result<usize> {
        let output = compile::run(self.cargo("tree").args(["--edges", edges, "--prefix", "none", "--format", "{p}"]))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let of_others = text.lines().filter(|line| !line.starts_with("hello") && !line.starts_with("telemetry"));
        // A name and a version, and perhaps that it was listed before.
        Ok(of_others.map(|line| line.split_whitespace().take(2).collect()).collect::<BTreeSet<Vec<_>>>().len())
    }

    fn cargo(self, command: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args([command, "--locked", "--package", self.package(), "--no-default-features"]);
        cargo.args(self.feature().map(|feature| format!("--features={feature}")));
        cargo
    }

    fn package(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            _ => "hello-telemetry",
        }
    }

    fn feature(self) -> Option<&'static str> {
        match self {
            Self::Hello | Self::File => None,
            Self::Http => Some("http"),
            Self::NativeTls => Some("native-tls"),
            Self::Rustls => Some("rustls"),
        }
    }

    fn name(self) -> String {
        format!("{}-{}", self.package(), self.feature().unwrap_or("plain"))
    }
}
