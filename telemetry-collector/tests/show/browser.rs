//! The pages in Chromium. Pictures of them are written below `target/show/`.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use telemetry_collector::ask::Filter;
use telemetry_collector::show::export;

use super::chromium::Browser;
use super::fixture::{Fixture, Nothing, published, report};
use super::pages::Pages;

/// What finds mistakes that hinder people with disabilities; `.ci/run` installs it there with npm.
const AXE: &str = "target/tools/node_modules/axe-core/axe.min.js";

/// The pages: the names of their pictures, their addresses, and how many charts they have.
const PAGES: [(&str, &str, usize); 5] = [
    ("overview", "/", 3),
    ("event", "/events/init", 9),
    ("filtered", "/events/init?version=2.0.0&where=os:linux&where=database.engine:&rows=database.engine&columns=os", 9),
    ("empty", "/events/migrated", 0),
    ("wrong", "/events/init?where=unknown:1", 0),
];

/// How a page is shown: the name, the width, whether it is dark, and which barriers can be there that are not there otherwise.
const MODES: [(&str, u32, bool, &str); 3] = [
    ("wide", 1440, false, "null"),
    ("narrow", 360, false, "['scrollable-region-focusable', 'target-size']"),
    ("dark", 1440, true, "['color-contrast']"),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// In the gate, nothing is skipped.
fn skip(what: &str) {
    assert!(env::var_os("COLLECTOR_TEST_BROWSER").is_none(), "{what}");
    // Past the capture of the test's output, so that it is seen in a run that passes.
    let _ = writeln!(io::stderr(), "not shown: {what}");
}

#[test]
fn chromium_shows_the_pages() {
    let Some(browser) = Browser::start() else {
        return skip(
            "Chromium is not installed, so nobody looked at the pages (apt-get install chromium chromium-driver)",
        );
    };
    let axe = fs::read_to_string(workspace().join(AXE)).ok();
    if axe.is_none() {
        skip(
            "axe-core is not installed, so the pages were not searched for barriers (npm install --prefix target/tools axe-core)",
        );
    }
    let pictures = workspace().join("target/show");
    fs::create_dir_all(&pictures).unwrap();
    let (served, other) = (Pages::new(Fixture), Pages::new(Nothing));
    let (address, unknowing) = (served.address, other.address);
    let pages = PAGES.map(|(name, path, charts)| (name, format!("http://{address}{path}"), charts));
    let pages = pages.into_iter().chain([("beginning", format!("http://{unknowing}/"), 0)]);
    for (name, url, charts) in pages {
        browser.emulate(1440, false);
        browser.open(&url);
        // With a filter, the page of an event has all that it has without one; the small pages have nothing that the large ones have not.
        let modes = if charts > 0 && name != "event" { &MODES[..] } else { &MODES[..1] };
        for &(mode, width, is_dark, rules) in modes {
            browser.emulate(width, is_dark);
            browser.picture(&pictures.join(format!("{name}-{mode}.png")));
            check_width(&browser, name, width);
            if let Some(axe) = axe.as_ref().filter(|_| name != "event") {
                check_barriers(&browser, &format!("{name} {mode}"), axe, rules);
            }
        }
        check_charts(&browser, name, charts);
        let is_wrong = name == "wrong";
        for entry in browser.console() {
            // Chromium reports each answer that is not 2xx.
            let is_expected = is_wrong && entry["message"].as_str().is_some_and(|message| message.contains("400"));
            assert!(is_expected, "{name}: the console says {entry}");
        }
        for request in browser.requests() {
            let is_ours = [address, unknowing].iter().any(|own| request.starts_with(&format!("http://{own}/")));
            // Its own first page is that of a new tab.
            let is_local = ["data:", "chrome:"].iter().any(|scheme| request.starts_with(scheme));
            assert!(is_ours || is_local, "{name}: it asks for {request}");
        }
    }
    check_published(&browser, &pictures);
}

/// Published files work from a disk as they do from a server.
fn check_published(browser: &Browser, pictures: &Path) {
    let place = tempfile::tempdir().unwrap();
    export(place.path(), &published(vec![report(&Filter::default())])).unwrap();
    browser.emulate(1440, false);
    browser.open(&format!("file://{}/index.html", place.path().display()));
    let link = browser.run("return document.querySelector('tbody a').href");
    browser.open(link.as_str().unwrap());
    browser.picture(&pictures.join("published-wide.png"));
    let found =
        browser.run("return [document.querySelector('h1').textContent, getComputedStyle(document.body).margin]");
    assert_eq!(found, json!(["init", "0px"]), "the stylesheet is read");
    for address in browser.run("return [...document.links].map(link => link.href)").as_array().unwrap() {
        let address = address.as_str().unwrap();
        let path = address.strip_prefix("file://").unwrap_or_else(|| panic!("{address} is elsewhere"));
        let path = path.split('#').next().unwrap();
        assert!(Path::new(path).is_file(), "{path} is not there");
    }
    assert_eq!(browser.console(), Vec::<Value>::new());
    assert!(browser.requests().iter().all(|request| request.starts_with("file:") || request.starts_with("data:")));
}

fn check_width(browser: &Browser, page: &str, width: u32) {
    let wide = browser.run("return document.scrollingElement.scrollWidth");
    assert!(wide.as_u64().unwrap() <= width.into(), "{page} is {wide} wide at {width}");
}

/// Each chart has a name and a table beside it, and the page has no script.
fn check_charts(browser: &Browser, page: &str, expected: usize) {
    let charts = browser.run(
        "return [...document.querySelectorAll('svg[role=img]')].map(svg => [
             svg.getAttribute('aria-label'),
             svg.closest('section').querySelectorAll('table').length,
             svg.getBoundingClientRect().width,
         ])",
    );
    let charts = charts.as_array().unwrap();
    assert_eq!(charts.len(), expected, "{page}");
    for chart in charts {
        let name = chart[0].as_str().unwrap_or_default();
        assert!(name.len() > 3 && chart[1].as_u64() > Some(0) && chart[2].as_f64() > Some(100.0), "{page}: {chart}");
    }
    let scripts = browser.run("return document.scripts.length");
    assert_eq!(scripts.as_u64(), Some(0), "{page}");
}

/// `rules` are the only ones that are tried, unless it is `null`.
fn check_barriers(browser: &Browser, page: &str, axe: &str, rules: &str) {
    if browser.run("return !window.axe") == Value::Bool(true) {
        browser.run(axe);
    }
    let found = browser.run_later(&format!(
        "const done = arguments[arguments.length - 1];
         axe.run({{ resultTypes: ['violations'], runOnly: {rules} ?? undefined }}).then(
             found => done(found.violations.map(one => [one.id, one.help, one.nodes.slice(0, 3).map(node => node.html)])),
             error => done([[String(error)]]))"
    ));
    assert_eq!(found, Value::Array(Vec::new()), "{page}");
}
