//! The workspace of the crates to compile, and what is asked of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;
use std::{env, fs, io};

use super::{Code, Crate, Derive, Effort, Graph, Package};

const MANIFEST: &str = "[workspace]\nresolver = '3'\nmembers = ['*-*']\n\n[profile.release]\nstrip = true\n";

/// A workspace of all crates to compile.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Writes it into a directory below one for temporary files. Files that say the same already are left alone, and so is what was
    /// compiled of them.
    ///
    /// Versions are those of the benchmarks, so nothing is downloaded.
    ///
    /// # Errors
    ///
    /// If a file cannot be written, or the options of Better Auth not be read.
    pub fn write(temporary: impl AsRef<Path>) -> io::Result<Self> {
        let root = temporary.as_ref().join("compile");
        let crates = Code::ALL.into_iter().flat_map(|code| Derive::ALL.map(|derive| Crate::new(code, derive)));
        let packages = Graph::ALL.into_iter().map(|graph| Ok(graph.package())).chain(crates.map(Crate::package));
        for package in packages {
            package?.write(&root)?;
        }
        write(&root.join("Cargo.toml"), MANIFEST)?;
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), root.join("Cargo.lock"))?;
        Ok(Self { root })
    }

    /// `cargo check` of the crate alone, all of it.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn check(&self, krate: Crate) -> io::Result<Effort> {
        self.anew(krate, &["check"])
    }

    /// `cargo build --release` of the crate alone, all of it.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn build(&self, krate: Crate) -> io::Result<Effort> {
        self.anew(krate, &["build", "--release"])
    }

    /// A first time for what it depends on, and once more for what is measured.
    fn anew(&self, krate: Crate, arguments: &[&str]) -> io::Result<Effort> {
        let mut cargo = self.cargo(arguments);
        cargo.args(["--lib", "--package", &krate.name()]);
        run(&mut cargo)?;
        let library = self.root.join(krate.name()).join("src/lib.rs");
        fs::File::options().append(true).open(library)?.set_modified(SystemTime::now())?;
        Effort::of(&mut cargo)
    }

    /// The bytes of a program that calls the crate's function, without symbols.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn size(&self, krate: Crate) -> io::Result<u64> {
        let name = krate.name();
        run(&mut self.cargo(&["build", "--release", "--package", &name]))?;
        let program = self.target().join("release").join(name).with_extension(env::consts::EXE_EXTENSION);
        Ok(fs::metadata(program)?.len())
    }

    /// The crate as LLVM gets it, before it does anything: release, in one piece.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn llvm_ir(&self, krate: Crate) -> io::Result<String> {
        let name = krate.name();
        let path = self.root.join(format!("{name}.ll"));
        let mut cargo = self.cargo(&["rustc", "--release", "--lib", "--package", &name, "--"]);
        cargo.args(["-Ccodegen-units=1", "-Cno-prepopulate-passes"]).arg(format!("--emit=llvm-ir={}", path.display()));
        run(&mut cargo)?;
        fs::read_to_string(path)
    }

    /// `cargo build` of a dependency and all that comes with it.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn clean_build(&self, graph: Graph) -> io::Result<Effort> {
        let target = tempfile::tempdir_in(&self.root)?;
        Effort::of(self.cargo(&["build", "--package", graph.name()]).arg("--target-dir").arg(target.path()))
    }

    /// The crates that come with a dependency, it included.
    ///
    /// # Errors
    ///
    /// If cargo fails.
    pub fn crates(&self, graph: Graph) -> io::Result<usize> {
        let arguments = ["tree", "--package", graph.name(), "--edges", "normal", "--prefix", "none", "--format", "{p}"];
        let output = run(&mut self.cargo(&arguments))?;
        let text = String::from_utf8_lossy(&output.stdout);
        // A version, and perhaps where it lies, or that it was listed before.
        let crates: BTreeSet<String> =
            text.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect();
        // The package that depends on it is listed, too.
        Ok(crates.len() - 1)
    }

    fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).args(arguments);
        cargo.env("CARGO_NET_OFFLINE", "true").env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", self.target());
        cargo
    }
}

/// Runs the command to its end.
///
/// # Errors
///
/// What it wrote, if it fails.
pub(crate) fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    Err(io::Error::other(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr))))
}

impl Package {
    fn write(&self, root: &Path) -> io::Result<()> {
        let Self { name, dependencies, files } = self;
        let package = root.join(name);
        let head = format!("[package]\nname = '{name}'\nversion = '0.0.0'\nedition = '2024'\n\n[dependencies]\n");
        write(&package.join("Cargo.toml"), &(head + dependencies))?;
        files.iter().try_for_each(|(path, text)| write(&package.join("src").join(path), text))
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}
