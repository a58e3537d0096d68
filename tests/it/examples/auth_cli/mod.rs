//! The command line as a person uses it: its questions, the files that it leaves, and the event that arrives.

mod ends;
mod generate;
mod migrate;
mod view;

use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use rexpect::session::spawn_command;
use serde_json::Value;

use crate::home::{Home, PATIENCE, Result, wait_until};
use crate::server::Server;

/// A configuration whose texts must not be in events, and whose secrets must not be in any output.
const CONFIG: &str = r#"
appName = "canary-app"
baseURL = "https://canary.example"
secret = "hunter2-secret"

[database]
type = "sqlite"
url = "canary.db"
password = "hunter2-password"

[socialProviders.canary-sso]
clientId = "canary-client"
clientSecret = "hunter2-client"

[user]
modelName = "canary people"

[telemetry]
enabled = true
projectKey = "hunter2-5f0c1e9b7a3d2846a1b2c3d4e5f60718"
"#;

/// A user in a project, with a home and a receiver of events.
struct Person {
    home: Home,
    program: PathBuf,
    endpoint: String,
    /// The number of commands so far.
    typed: Cell<usize>,
}

/// How a command ended, and what it printed.
#[derive(Debug)]
struct End {
    code: i32,
    printed: String,
}

impl Person {
    fn new(server: &Server) -> Result<Self> {
        Self::sending_to(server.url())
    }

    fn sending_to(endpoint: String) -> Result<Self> {
        let home = Home::new()?;
        fs::create_dir(home.path().join("project"))?;
        let person = Self { home, program: super::build_package("auth-cli")?, endpoint, typed: Cell::new(0) };
        person.writes("auth.toml", CONFIG)?;
        Ok(person)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("project").join(name)
    }

    fn writes(&self, name: &str, text: &str) -> Result {
        Ok(fs::write(self.file(name), text)?)
    }

    fn reads(&self, name: &str) -> Result<String> {
        Ok(fs::read_to_string(self.file(name))?)
    }

    /// The state directory of the last command. Each command has its own, since an uploader starts at most once an hour for each
    /// directory.
    fn state(&self) -> PathBuf {
        self.home.path().join(format!("state-{}/better-auth/telemetry", self.typed.get()))
    }

    fn types(&self, arguments: &str) -> Command {
        self.typed.set(self.typed.get() + 1);
        let mut command = self.home.command(&self.program, arguments);
        command
            .current_dir(self.file(""))
            .env("XDG_STATE_HOME", self.home.path().join(format!("state-{}", self.typed.get())))
            .env("BETTER_AUTH_TELEMETRY_ENDPOINT", &self.endpoint);
        command
    }

    /// Runs a command that asks no question.
    fn runs(&self, arguments: &str) -> Result<End> {
        let output = self.types(arguments).output()?;
        let printed = String::from_utf8([output.stdout, output.stderr].concat())?;
        let end = End { code: output.status.code().ok_or("it was killed")?, printed };
        end.check()?;
        Ok(end)
    }

    /// Runs a command on a terminal and answers its question.
    fn answers(&self, arguments: &str, question: &str, line: &str) -> Result<End> {
        let mut session = spawn_command(self.types(arguments), Some(PATIENCE.as_millis() as u64))?;
        let before = session.exp_string(&format!("{question} [y/N] "))?;
        session.send(line)?;
        session.flush()?;
        let after = session.exp_eof()?;
        // The status is printed like `Exited(Pid(7), 0)`.
        let status = format!("{:?}", session.process().wait()?);
        let code = status.strip_prefix("Exited(").and_then(|rest| rest.strip_suffix(')')?.rsplit(' ').next());
        let code = code.ok_or("it was killed")?.parse()?;
        let end = End { code, printed: before + &after };
        end.check()?;
        Ok(end)
    }

    /// Waits for the event of the last command.
    fn event(&self, server: &Server) -> Result<Value> {
        wait_until(|| server.requests().len() == self.typed.get())?;
        let request = server.requests().pop().ok_or("no request")?;
        assert!(!["hunter2", "canary"].iter().any(|text| request.body.contains(text)), "{}", request.body);
        Ok(serde_json::from_str(&request.body)?)
    }

    /// Whether no uploader runs any more for the last command.
    fn is_quiet(&self) -> bool {
        is_free(&self.state().join("upload.lock"))
    }
}

impl Drop for Person {
    /// A running uploader would create its files again in the deleted home. A no ends it.
    fn drop(&mut self) {
        let choices = self.home.path().join(".config/better-auth");
        let _ = fs::create_dir_all(&choices).and_then(|()| fs::write(choices.join("telemetry-consent"), "disabled\n"));
        let homes = fs::read_dir(self.home.path()).into_iter().flatten().flatten();
        for place in homes {
            let lock = place.path().join("better-auth/telemetry/upload.lock");
            let _ = wait_until(|| !lock.exists() || is_free(&lock));
        }
    }
}

fn is_free(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|lock| lock.try_lock().is_ok())
}

impl End {
    fn check(&self) -> Result {
        assert!(!self.printed.contains("hunter2"), "{}", self.printed);
        Ok(())
    }
}
