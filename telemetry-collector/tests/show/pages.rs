//! The pages and the API over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use proptest::prelude::*;
use telemetry_collector::ask::report::{Activity, Bar, Choice, Count, EventReport, FieldReport, Overview, Values};
use telemetry_collector::ask::{AskError, Filter};
use telemetry_collector::show::{Ask, router};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::fixture::{Broken, Fixture, Nothing, empty, overview, report};
use super::http::{Reply, ask, get};

/// Pages that are served until it is dropped.
pub(super) struct Pages {
    _runtime: Runtime,
    pub(super) address: SocketAddr,
}

impl Pages {
    pub(super) fn new(ask: impl Ask) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router(Arc::new(ask))).await.unwrap() });
        Self { _runtime: runtime, address }
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        ask(self.address, &get(path, &[]))
    }
}

#[test]
fn every_answer_is_closed_to_other_sites_and_is_not_kept() {
    let pages = Pages::new(Fixture);
    for path in ["/", "/events/init", "/events/no", "/api/v1/overview", "/api/v1/events/init", "/events/init?x=1"] {
        let reply = pages.get(path);
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        let is_page = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        assert!(!is_page || !(reply.body.contains("<script") || reply.body.contains(" style=")), "{path}");
    }
    let style = pages.get("/assets/page.css");
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(style.body.starts_with(":root"));
}

#[test]
fn the_api_has_the_numbers_of_the_pages() {
    let pages = Pages::new(Fixture);
    let reply = pages.get("/api/v1/overview");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.body, serde_json::to_string(&overview()).unwrap());
    let query = "where=os:linux&rows=os&columns=database.engine";
    let reply = pages.get(&format!("/api/v1/events/init?{query}"));
    assert_eq!(reply.body, serde_json::to_string(&report(&Filter::parse(query).unwrap())).unwrap());
    assert!(reply.body.contains(r#"{"label":"mssql","count":null}"#), "{}", reply.body);

    let page = pages.get(&format!("/events/init?{query}")).body;
    let link = format!(r#"href="../api/v1/events/init?{}""#, query.replace('&', "&amp;"));
    assert!(page.contains(&link), "{page}");
}

#[test]
fn what_is_wrong_is_told_without_what_was_asked() {
    let pages = Pages::new(Fixture);
    let secret = "hunter2";
    for (path, status, said) in [
        ("events/hunter2", 404, "o event has this name"),
        ("events/hunter2%20x", 404, "o event has this name"),
        ("events/%ff?hunter2", 404, "o event has this name"),
        ("events/init?hunter2=1", 400, "there are `version`, `from`"),
        ("events/init?from=hunter2", 400, "`from` is not a date such as 2026-11-27"),
        ("events/init?where=unknown:hunter2", 400, "`where` names a field"),
    ] {
        let page = pages.get(&format!("/{path}"));
        assert_eq!(page.status, status, "{path}");
        let json = pages.get(&format!("/api/v1/{path}"));
        assert_eq!((json.status, json.header("content-type")), (status, Some("application/json")), "{path}");
        for body in [&page.body, &json.body] {
            assert!(body.contains(said) && !body.contains(secret), "{path}: {body}");
        }
        assert!(page.body.contains("<h1>"), "an error is a page");
    }
    let reply = Pages::new(Broken).get("/");
    assert!(reply.status == 500 && reply.body.contains("he log of the collector says why"), "{}", reply.body);
}

#[test]
fn a_filter_has_one_address() {
    let pages = Pages::new(Fixture);
    let form = "/events/init?version=&from=2026-09-01&until=&where=os%3Alinux&rows=&columns=";
    let reply = pages.get(form);
    assert_eq!((reply.status, reply.header("location")), (303, Some("?from=2026-09-01&where=os:linux")));
    let reply = pages.get("/events/init?version=");
    assert_eq!((reply.status, reply.header("location")), (303, Some("./init")));
    let reply = pages.get("/events/init?from=2026-09-01&where=os:linux");
    assert_eq!(reply.status, 200);
    // Each part can be removed, and the form keeps the conditions.
    for text in [
        r#"href="?where=os:linux""#,
        r#"href="?from=2026-09-01""#,
        r#"<input type="hidden" name="where" value="os:linux">"#,
        r#"name="from" type="date" value="2026-09-01""#,
        r#"href="?from=2026-09-01&amp;where=os:linux&amp;where=database.engine:postgres""#,
    ] {
        assert!(reply.body.contains(text), "{text}: {}", reply.body);
    }
}

#[test]
fn a_colon_in_a_path_is_escaped() {
    const PATH: &str = "command<db:migrate>.fast";
    struct Colon;
    impl Ask for Colon {
        fn overview(&self) -> Result<Overview, AskError> {
            Ok(overview())
        }
        fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
            assert!(filter.conditions.iter().all(|condition| condition.path == PATH && condition.value == "true"));
            let mut report = report(filter);
            report.choices.push(Choice { path: PATH.to_owned(), values: vec!["true".to_owned()] });
            report.fields.truncate(1);
            report.fields[0].path = PATH.to_owned();
            Ok(Some(report))
        }
    }
    let address = r"?where=command%3Cdb%5C:migrate%3E.fast:true";
    let reply = Pages::new(Colon).get(&format!("/events/init{address}"));
    assert_eq!(reply.status, 200);
    for text in [
        r#"<input type="hidden" name="where" value="command&lt;db\:migrate&gt;.fast:true">"#,
        r#"<option value="command&lt;db\:migrate&gt;.fast:true">"#,
        r#"<option value="command&lt;db\:migrate&gt;.fast:">"#,
        &format!(r#"href="{address}&amp;where=command%3Cdb%5C:migrate%3E.fast:"#),
    ] {
        assert!(reply.body.contains(text), "{text}: {}", reply.body);
    }
}

#[test]
fn a_page_without_numbers_teaches() {
    assert!(Pages::new(Nothing).get("/").body.contains("schemas add"));
    assert!(Pages::new(Fixture).get("/events/migrated").body.contains("No event has come yet"));
    struct Quiet;
    impl Ask for Quiet {
        fn overview(&self) -> Result<Overview, AskError> {
            let mut all = overview();
            all.events.retain(|event| event.event == "migrated");
            all.activity = Activity::default();
            Ok(all)
        }
        fn event(&self, event: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
            Ok(Some(empty(event)))
        }
    }
    let pages = Pages::new(Quiet);
    assert!(pages.get("/").body.contains("Telemetry::builder(CONSENT).endpoint("));
    let body = pages.get("/events/migrated?where=os:linux").body;
    assert!(body.contains("No event passes the filter") && body.contains("Remove the filter"), "{body}");
}

/// Has no rows of the first days any more, and a report of `until` if a filter names a day.
struct Deleted;

const KEPT_FROM: &str = "2026-10-19";

impl Ask for Deleted {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(Overview { counted_since: KEPT_FROM.parse().unwrap(), ..overview() })
    }

    fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let counted_since = KEPT_FROM.parse().unwrap();
        let all = report(filter);
        let Some(until) = filter.until else { return Ok(Some(EventReport { counted_since, ..all })) };
        let activity = if filter.conditions.is_empty() { all.activity } else { Activity::default() };
        Ok(Some(EventReport { until, counted_since, activity, ..empty("init") }))
    }
}

#[test]
fn a_page_says_of_which_days_the_rows_were_deleted() {
    let pages = Pages::new(Deleted);
    for path in ["/", "/events/init"] {
        let page = pages.get(path).body;
        for said in ["From 4 Sep 2026 to 27 Nov 2026.", "fields are counted from 19 Oct 2026 on."] {
            assert!(page.contains(said), "{path} {said}: {page}");
        }
    }
    let gone = pages.get("/events/init?until=2026-09-20").body;
    for said in ["The rows of these days were deleted. Rows are there from 19 Oct 2026 on.", "Active installs a week"] {
        assert!(gone.contains(said), "{said}: {gone}");
    }
    for untrue in ["<dt>Events</dt>", "<dt>Installs</dt>", "No event", "<h2>Fields</h2>"] {
        assert!(!gone.contains(untrue), "{untrue}: {gone}");
    }
    let none = pages.get("/events/init?until=2026-09-20&where=os:linux").body;
    assert!(none.contains("whatever values they sent") && !none.contains("No event"), "{none}");
    // Of all days that are told, the rows are there.
    assert!(!Pages::new(Fixture).get("/events/init").body.contains("deleted"));
}

#[test]
fn a_share_is_of_those_whose_release_has_the_field() {
    struct Partial(Count);
    impl Ask for Partial {
        fn overview(&self) -> Result<Overview, AskError> {
            Ok(overview())
        }
        fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
            let mut all = report(filter);
            for field in all.fields.iter_mut().filter(|field| field.path == "database.engine") {
                field.without = self.0;
                let counts =
                    if self.0 == Count::Hidden { [Count::Hidden; 2] } else { [Count::Shown(8_270), Count::Shown(42)] };
                [field.sent, field.absent] = counts;
            }
            Ok(Some(all))
        }
    }
    let query = "/events/init?rows=database.engine&columns=os";
    let page = |without| super::counted::text(&Pages::new(Partial(without)).get(query).body);
    let shown = page(Count::Shown(1_100));
    for said in [
        "sent by 8,270 installs (99% of 8,312 of a release that has it) \u{b7} release without it: 1,100",
        // 62% of those who could have sent it, of whom 42 did not.
        "postgres 5,120 62%",
        "not sent 42 0.5%",
        "release without it 1,100 os",
        "not sent or release without it 1,142",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let hidden = page(Count::Hidden);
    assert!(hidden.contains("a hidden number of installs \u{b7} release without it: hidden"), "{hidden}");
    assert!(!page(Count::Shown(0)).contains("release without it"));
}

#[test]
fn a_small_page() {
    struct Small;
    impl Ask for Small {
        fn overview(&self) -> Result<Overview, AskError> {
            Ok(overview())
        }
        fn event(&self, event: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
            let fields = report(&Filter::default()).fields.into_iter().filter(|field| field.path.starts_with("email"));
            let counts = (Count::Shown(1_234), Count::Shown(1_200), Count::Shown(0));
            let (events, installs, ephemeral) = counts;
            Ok(Some(EventReport { events, installs, ephemeral, fields: fields.collect(), ..empty(event) }))
        }
    }
    let page = Pages::new(Small).get("/events/started").body;
    insta::assert_snapshot!(page.replace('<', "\n<").replace("\n</", "</").trim_start());
}

/// Gives any text wherever a report has one.
struct Texts(String);

impl Ask for Texts {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(overview())
    }

    fn event(&self, event: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let text = || self.0.clone();
        let mut all = report(filter);
        event.clone_into(&mut all.event);
        for choice in &mut all.choices {
            choice.path = text();
            choice.values = vec![text()];
        }
        for field in &mut all.fields {
            *field = FieldReport { path: text(), purpose: text(), kind: text(), unit: Some(text()), ..field.clone() };
            if let Values::Words { bars }
            | Values::Sets { bars }
            | Values::Ranges { bars }
            | Values::Versions { bars, .. } = &mut field.values
            {
                bars.iter_mut().for_each(|bar| *bar = Bar { label: text(), count: bar.count });
            }
        }
        if let Some(cross) = &mut all.cross {
            (cross.row_path, cross.column_path) = (text(), text());
            cross.rows.iter_mut().chain(&mut cross.columns).for_each(|value| *value = Some(text()));
        }
        Ok(Some(all))
    }
}

/// The tags of a page, and the names of their attributes: all that a text could change if it broke out.
fn skeleton(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let mut tag = String::new();
        let mut is_quoted = false;
        let end = rest.find(|character: char| {
            is_quoted ^= character == '"';
            if !is_quoted && character != '"' {
                tag.push(character);
            }
            !is_quoted && character == '>'
        });
        rest = &rest[end.unwrap_or(rest.len())..];
        // Where a path may be broken depends on its text.
        if tag != "wbr>" {
            tags.push(tag);
        }
    }
    tags
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_text_breaks_out(text in r#"[<>"'&;/= a-z!\-\]\[{}\u{0}-\u{20}\u{202e}é]{1,40}"#) {
        let query = "where=a:b&rows=a&columns=b";
        let page = |text: &str| Pages::new(Texts(text.to_owned())).get(&format!("/events/init?{query}")).body;
        // How many labels there is room for depends on their length.
        let plain = "x".repeat(text.chars().count());
        let is_same = skeleton(&page(&text)) == skeleton(&page(&plain));
        prop_assert!(is_same, "{:?} changes the page", text);
    }
}

/// Has a field of versions with this path.
struct Versioned(&'static str);

impl Ask for Versioned {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(overview())
    }

    fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let mut report = report(filter);
        let versions = |field: &&mut FieldReport| matches!(field.values, Values::Versions { .. });
        report.fields.iter_mut().find(versions).unwrap().path = self.0.to_owned();
        report.choices.push(Choice { path: self.0.to_owned(), values: vec!["7.1".to_owned()] });
        Ok(Some(report))
    }
}

#[test]
fn a_field_that_is_called_version_is_in_the_form_beside_the_version_of_the_schema() {
    let page = Pages::new(Versioned("version")).get("/events/init").body;
    assert!(page.contains(r#"<option value="2.0.0">2.0.0</option>"#), "{page}");
    assert!(page.contains(r#"<option value="version:7.1">version: 7.1</option>"#), "{page}");
}

#[test]
fn only_fields_that_can_be_crossed_are_offered_for_it() {
    let page = Pages::new(Versioned("compiler")).get("/events/init").body;
    let of = |name: &str| {
        let (_, rest) = page.split_once(&format!(r#"<select id="{name}""#)).unwrap();
        rest.split_once("</select>").unwrap().0.to_owned()
    };
    assert!(of("where").contains("compiler: 7.1"));
    for name in ["rows", "columns"] {
        let select = of(name);
        assert!(select.contains(r#"value="os""#) && !select.contains("compiler"), "{select}");
    }
}

/// Has no field of versions, and one of words whose path is that of the version of the schema, which no filter can name.
struct Unasked;

impl Ask for Unasked {
    fn overview(&self) -> Result<Overview, AskError> {
        Ok(overview())
    }

    fn event(&self, _: &str, filter: &Filter) -> Result<Option<EventReport>, AskError> {
        let mut report = report(filter);
        let bars = vec![Bar { label: "hunter2".to_owned(), count: Count::Shown(50) }];
        let values = Values::Words { bars };
        let field = FieldReport { path: "version".to_owned(), values, ..report.fields[0].clone() };
        report.fields = vec![field];
        Ok(Some(report))
    }
}

#[test]
fn values_of_a_field_that_no_filter_can_name_are_no_links() {
    let page = Pages::new(Unasked).get("/events/init").body;
    assert!(page.contains("hunter2") && !page.contains("where=version:hunter2"), "{page}");
}
