//! The programs under `programs/`: one that says hello, and the same one with telemetry.

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
    /// With telemetry that sends.
    Http,
}

impl Program {
    pub const ALL: [Self; 3] = [Self::Hello, Self::File, Self::Http];

    /// Builds it in a directory below one for temporary files, and yields the executable.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn build(self, temporary: impl AsRef<Path>) -> io::Result<PathBuf> {
        let target = temporary.as_ref().join("programs");
        let (package, feature) = match self {
            Self::Hello => ("hello", None),
            Self::File => ("hello-telemetry", None),
            Self::Http => ("hello-telemetry", Some("http")),
        };
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", &target);
        cargo.args(["build", "--locked", "--release", "--config", "profile.release.strip=true", "--package", package]);
        cargo.arg("--no-default-features").args(feature.map(|feature| format!("--features={feature}")));
        compile::run(&mut cargo)?;
        // The next one that is built of this package takes its place.
        let built = target.join("release").join(package).with_extension(env::consts::EXE_EXTENSION);
        let executable = target.join(self.name()).with_extension(env::consts::EXE_EXTENSION);
        fs::copy(built, &executable)?;
        Ok(executable)
    }

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Hello => "without telemetry",
            Self::File => "telemetry without http",
            Self::Http => "telemetry with http",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::File => "hello-file",
            Self::Http => "hello-http",
        }
    }
}
