//! A project as an author would have it. The test writes its files, builds it offline and runs it in an empty environment.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Result, printed};

/// The program of every application: it prints the event that it would send.
const MAIN: &str = r#"
use telemetry::{Consent, Telemetry, TelemetryEvent};

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context)]
struct Init {}

fn main() {
    let telemetry = Telemetry::builder(Consent::new("ACME", "acme")).app(telemetry::app!()).build();
    println!("{}", telemetry.preview(&Init {}).unwrap());
}
"#;

/// Each project has its own registry, with packages in the directory `vendor`.
const REGISTRY: &str = r#"
[registries.acme]
index = "sparse+https://PROJECT.acme.example/"

[source.acme]
registry = "sparse+https://PROJECT.acme.example/"
replace-with = "vendored"

[source.vendored]
directory = "vendor"
"#;

pub(crate) struct Project {
    directory: PathBuf,
    /// Projects share a target directory, so the names of their packages have different prefixes.
    name: &'static str,
}

impl Project {
    /// Always the same directory, so that shared dependencies are compiled once.
    pub(crate) fn new(name: &'static str) -> Result<Self> {
        let directory = shared().join(name);
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        let project = Self { directory, name };
        project.write(".cargo/config.toml", REGISTRY)?;
        fs::create_dir(project.path("vendor"))?;
        Ok(project)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.join(path)
    }

    /// In the text, `PROJECT` stands for the name of the project, and `TELEMETRY` for the dependency.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) -> Result {
        let path = path.as_ref();
        assert!(path.is_relative(), "{} is not in the project", path.display());
        let path = self.directory.join(path);
        fs::create_dir_all(path.parent().ok_or("the path has no parent")?)?;
        let telemetry = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("telemetry");
        let telemetry =
            format!("telemetry = {{ path = {telemetry:?}, default-features = false, features = [\"app\"] }}");
        Ok(fs::write(path, text.replace("PROJECT", self.name).replace("TELEMETRY", &telemetry))?)
    }

    /// The root of a workspace, with a lock file.
    pub(crate) fn workspace(&self, path: &str, manifest: &str) -> Result {
        let text = format!("[workspace]\nresolver = '3'\n{manifest}");
        self.write(Path::new(path).join("Cargo.toml"), &text)?;
        self.lock(path)
    }

    /// Writes a lock file into a directory. Cargo completes it.
    pub(crate) fn lock(&self, path: &str) -> Result {
        // The dependencies of telemetry get the versions that this test was built with, since the machine has those.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
        fs::copy(lock, self.path(path).join("Cargo.lock"))?;
        Ok(())
    }

    /// An application, named after its directory.
    pub(crate) fn application(&self, path: &str, dependencies: &str) -> Result {
        self.application_with(path, "", dependencies)
    }

    /// An application whose manifest has more keys of the package than name, version and edition.
    pub(crate) fn application_with(&self, path: &str, package: &str, dependencies: &str) -> Result {
        let directory = Path::new(path);
        let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or("app");
        let manifest = format!(
            "[package]\nname = \"PROJECT-{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{package}\n\
             [dependencies]\nTELEMETRY\n{dependencies}"
        );
        self.write(directory.join("Cargo.toml"), &manifest)?;
        self.write(directory.join("src/main.rs"), MAIN)
    }

    /// A wrapper of the compiler that changes something before an application is compiled.
    pub(crate) fn wrapper(&self, path: &str, change: &str) -> Result<PathBuf> {
        let wrapper = Path::new(path).join("wrapper");
        self.write(&wrapper, &format!("#!/bin/sh\ncase \"$*\" in *main.rs*) {change} ;; esac\nexec \"$@\"\n"))?;
        let wrapper = self.directory.join(wrapper);
        fs::set_permissions(&wrapper, Permissions::from_mode(0o755))?;
        Ok(wrapper)
    }

    /// A package with only a name and a version.
    pub(crate) fn library(&self, path: &str, name: &str, version: &str, dependencies: &str) -> Result {
        self.write(
            Path::new(path).join("Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n[dependencies]\n{dependencies}"),
        )?;
        self.write(Path::new(path).join("src/lib.rs"), "")
    }

    /// A published package in the registry `acme`.
    pub(crate) fn published(&self, name: &str, version: &str) -> Result {
        self.vendored(&format!("{name}-{version}"), name, version)
    }

    /// A published package in a directory of this name.
    pub(crate) fn vendored(&self, directory: &str, name: &str, version: &str) -> Result {
        let path = format!("vendor/{directory}");
        self.library(&path, name, version, "")?;
        self.write(Path::new(&path).join(".cargo-checksum.json"), r#"{"files":{},"package":null}"#)
    }

    /// Builds the packages in a directory and returns their executables.
    pub(crate) fn build(&self, path: &str) -> Result<Vec<Executable>> {
        self.build_with(path, |_| {})
    }

    pub(crate) fn build_with(&self, path: &str, change: impl FnOnce(&mut Command)) -> Result<Vec<Executable>> {
        let mut cargo = self.cargo(path);
        cargo.args(["build", "--quiet", "--offline", "--message-format", "json-render-diagnostics"]);
        change(&mut cargo);
        let output = cargo.output()?;
        if !output.status.success() {
            return Err(format!("{} was not built: {}", self.name, String::from_utf8_lossy(&output.stderr)).into());
        }
        let messages = String::from_utf8(output.stdout)?;
        let messages = messages.lines().map(serde_json::from_str).collect::<std::result::Result<Vec<Value>, _>>()?;
        Ok(messages.iter().filter_map(Executable::of).collect())
    }

    /// Cargo in a directory. Nothing is debugged, and little is compiled twice.
    fn cargo(&self, path: &str) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(self.path(path)).env("CARGO_TARGET_DIR", shared().join("target"));
        cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "none");
        cargo
    }

    /// Installs an application.
    pub(crate) fn install(&self, path: &str, arguments: &[&str]) -> Result<Executable> {
        let root = self.path("installed");
        let mut cargo = self.cargo("");
        cargo.args(["install", "--quiet", "--debug", "--offline", "--force", "--no-track", "--path", path, "--root"]);
        let output = cargo.arg(&root).args(arguments).output()?;
        if !output.status.success() {
            return Err(format!("{} was not installed: {}", self.name, String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(Executable { path: root.join("bin").join(format!("{}-{path}", self.name)), is_new: true })
    }

    /// The framework and database that the only application in a directory sends.
    pub(crate) fn found(&self, path: &str) -> Result<String> {
        match self.build(path)?.as_slice() {
            [executable] => executable.found(),
            executables => Err(format!("{} executables were made", executables.len()).into()),
        }
    }
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("app")
}

pub(crate) struct Executable {
    pub(crate) path: PathBuf,
    /// Whether this build compiled it.
    pub(crate) is_new: bool,
}

impl Executable {
    fn of(message: &Value) -> Option<Self> {
        let is_new = !message["fresh"].as_bool()?;
        Some(Self { path: message["executable"].as_str()?.into(), is_new })
    }

    /// Its name without the prefix of the project.
    pub(crate) fn name(&self) -> &str {
        let name = self.path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        name.split_once('-').map_or("", |(_, name)| name)
    }

    /// The payload that a copy of the program prints in an empty directory, with only its home in the environment.
    pub(crate) fn payload(&self) -> Result<Value> {
        let home = Home::new()?;
        let copy = home.path().join("copy");
        // Another process writes the copy. If this one did, a child that another test forks meanwhile could inherit the
        // descriptor, and a file that is open for writing cannot be executed.
        let status = Command::new("cp").arg(&self.path).arg(&copy).status()?;
        assert!(status.success(), "{status}");
        let event: Value = serde_json::from_str(&printed(home.command(copy, "").current_dir(home.path()))?)?;
        Ok(event["payload"].clone())
    }

    /// The framework and database that it sends, such as `axum 0.8.4, sqlx`.
    pub(crate) fn found(&self) -> Result<String> {
        let payload = self.payload()?;
        let told = ["framework", "database"].iter().filter_map(|member| {
            let name = payload[member]["name"].as_str()?;
            let version = payload[member]["version"].as_str().map(|version| format!(" {version}"));
            Some(name.to_owned() + &version.unwrap_or_default())
        });
        Ok(told.collect::<Vec<_>>().join(", "))
    }
}
