//! Debian's Chromium, driven over the WebDriver protocol, which is JSON over HTTP.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A browser.
pub(crate) struct Browser {
    session: String,
    client: reqwest::Client,
    runtime: Runtime,
    // Dropped in this order.
    _driver: Driver,
    profile: TempDir,
}

/// The driver, and with it all that it started.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// `None` if Chromium or its driver is not installed.
    pub(crate) fn start() -> Option<Self> {
        let is_there = |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
        if !is_there("chromium") || !is_there("chromedriver") {
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("HOME", profile.path())
            .env("TMPDIR", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Driver)
            .unwrap();
        let mut lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
        let port = lines.by_ref().find_map(|line| port(&line.unwrap()));
        // It must be able to go on writing.
        thread::spawn(move || lines.for_each(drop));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // Another crate gives reqwest a TLS that has to be told its cryptography, although nothing here uses it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let session = format!("http://127.0.0.1:{}/session", port.unwrap());
        let mut browser = Self { session, client, runtime, _driver: driver, profile };
        let created = browser.post("", &browser.capabilities());
        browser.session = format!("{}/{}", browser.session, created["sessionId"].as_str().unwrap());
        Some(browser)
    }

    fn capabilities(&self) -> Value {
        let data = format!("--user-data-dir={}", self.profile.path().join("profile").display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            &data,
        ];
        json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } })
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        self.runtime.block_on(async {
            let url = format!("{}{command}", self.session);
            let answer: Value = self.client.post(url).json(body).send().await.unwrap().json().await.unwrap();
            let value = answer["value"].clone();
            assert!(value["error"].is_null(), "{command}: {value}");
            value
        })
    }

    /// Asks Chromium itself.
    fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// How wide the page is, and whether it is dark.
    pub(crate) fn emulate(&self, width: u32, is_dark: bool) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        let scheme = json!({ "name": "prefers-color-scheme", "value": if is_dark { "dark" } else { "light" } });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [scheme] }));
    }

    /// Goes to a page, and returns when it is loaded.
    pub(crate) fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Runs the body of a function in the page. The rules of the page do not hold for it.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The same, for a function that calls its last argument with the result.
    pub(crate) fn run_later(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// What the console says since it was asked last.
    pub(crate) fn console(&self) -> Vec<Value> {
        self.log("browser")
    }

    /// The addresses that were asked for since the last time.
    pub(crate) fn requests(&self) -> Vec<String> {
        let messages = self.log("performance").into_iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let url = message["params"]["request"]["url"].as_str()?;
            (message["method"] == "Network.requestWillBeSent").then(|| url.to_owned())
        });
        messages.collect()
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", &json!({ "type": kind })).as_array().unwrap().clone()
    }

    /// Writes a picture of the whole page.
    pub(crate) fn picture(&self, path: &Path) {
        let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": self.page_size() });
        let picture = self.devtools("Page.captureScreenshot", parameters);
        fs::write(path, BASE64.decode(picture["data"].as_str().unwrap().as_bytes()).unwrap()).unwrap();
    }

    fn page_size(&self) -> Value {
        let size = &self.devtools("Page.getLayoutMetrics", json!({}))["cssContentSize"];
        json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 })
    }
}

fn port(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser ends with its session. If only its driver ended, it would go on.
        self.runtime.block_on(async {
            let _ = self.client.delete(&self.session).send().await;
        });
    }
}
