//! The engine that the environment names.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use telemetry_collector::clickhouse::{Address, ClickHouse, Options};
use telemetry_collector::store::Store;

use super::both::wait;

/// The variable with the address of the engine: `http://127.0.0.1:8123/`.
pub(crate) const VARIABLE: &str = "COLLECTOR_TEST_CLICKHOUSE";

/// A database of its own, which is dropped in the end.
pub(crate) struct Engine {
    pub(crate) clickhouse: ClickHouse,
    pub(crate) database: Database,
    /// What waits beside.
    pub(crate) beside: Store,
    path: PathBuf,
}

/// A database.
pub(crate) struct Database {
    server: String,
    pub(crate) name: String,
}

/// How the tests write: nobody waits for more to come, and rows are kept for as long as there can be any.
pub(crate) fn options() -> Options {
    Options { pause: Duration::ZERO, retention_days: 36_500, patience: Duration::from_secs(2), ..Options::default() }
}

impl Engine {
    /// Nothing if the environment names none.
    pub(crate) fn of_the_environment(beside: &Path) -> Option<Self> {
        let server = env::var(VARIABLE).ok()?;
        Some(Self::new(&server, beside))
    }

    pub(crate) fn new(server: &str, path: &Path) -> Self {
        let database = Database::new(server);
        let beside = Store::open(path).unwrap();
        let clickhouse = ClickHouse::open(&database.address(), &beside, options()).unwrap();
        Self { clickhouse, database, beside, path: path.to_owned() }
    }

    pub(crate) fn arguments(&self) -> Vec<String> {
        let path = self.path.to_str().unwrap();
        ["--store", "clickhouse", "--url", &self.database.url(), "--database", path].map(str::to_owned).to_vec()
    }
}

impl Database {
    pub(crate) fn new(server: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server: server.to_owned(), name };
        post(server, &format!("CREATE DATABASE {}", database.name)).unwrap();
        database
    }

    pub(crate) fn url(&self) -> String {
        format!("{}?database={}", self.server, self.name)
    }

    pub(crate) fn address(&self) -> Address {
        Address::new(&self.url(), "", "").unwrap()
    }

    /// The answer of a query, as text.
    pub(crate) fn ask(&self, sql: &str) -> String {
        post(&self.url(), sql).unwrap()
    }

    /// The answer of a query that is a number.
    pub(crate) fn number(&self, sql: &str) -> u64 {
        self.ask(sql).trim().parse().unwrap()
    }

    /// Makes a statement that begins so fail, after as many that do not.
    pub(crate) fn refuse(&self, of: &str, after: usize) {
        let of = of.replace(' ', "%20");
        post(&format!("{}fault/refuse/1?database={}&of={of}&after={after}", self.server, self.name), "").unwrap();
    }

    /// Makes the next inserts of events fail.
    pub(crate) fn fault(&self, kind: &str, count: usize) {
        post(&format!("{}fault/{kind}/{count}?database={}", self.server, self.name), "").unwrap();
    }

    /// Makes as many of the next statements that begin so fail in this way.
    pub(crate) fn fault_of(&self, kind: &str, of: &str, count: usize) {
        let of = of.replace(' ', "%20").replace('"', "%22");
        post(&format!("{}fault/{kind}/{count}?database={}&of={of}", self.server, self.name), "").unwrap();
    }

    /// How many statements it was asked for.
    pub(crate) fn statements(&self) -> usize {
        post(&format!("{}fault/statements/0?database={}", self.server, self.name), "").unwrap().parse().unwrap()
    }

    /// How many statements are to fail still.
    pub(crate) fn faults_left(&self) -> usize {
        post(&format!("{}fault/left/0?database={}", self.server, self.name), "").unwrap().parse().unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that a test has ended has none.
        let _ = post(&self.server, &format!("DROP DATABASE IF EXISTS {}", self.name));
    }
}

/// An engine of its own, which a test can end.
pub(crate) struct Own {
    child: Child,
    pub(crate) server: String,
}

impl Own {
    pub(crate) fn start(place: &Path, port: u16) -> Self {
        let python = env::var("COLLECTOR_TEST_CLICKHOUSE_PYTHON").expect("no Python with chdb; .ci/clickhouse has one");
        let mut command = Command::new(python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clickhouse/front.py")).arg(place).arg(port.to_string());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut server = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut server).unwrap();
        Self { child, server: server.trim().to_owned() }
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Returns when it has ended.
    pub(crate) fn wait(&mut self) {
        self.child.wait().unwrap();
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn post(url: &str, body: &str) -> Result<String, reqwest::Error> {
    // A test that waits may already be within a runtime.
    std::thread::scope(|scope| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let post = async {
            let answer = reqwest::Client::builder().no_proxy().build()?.post(url).body(body.to_owned()).send().await?;
            answer.error_for_status()?.text().await
        };
        scope.spawn(|| wait(post)).join().unwrap()
    })
}
