//! The settings of an editor, as its configuration file has them: 154 fields over 43 types, annotated with the least that is needed.

#![allow(clippy::redundant_closure, clippy::ref_option, reason = "each form of a function is written")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use telemetry::TelemetrySnapshot;

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(event = "settings", budget_bits = 2_000)]
struct Editor {
    appearance: Appearance,
    text: Text,
    cursor: Cursor,
    scrolling: Scrolling,
    files: Files,
    search: Search,
    languages: Languages,
    completion: Completion,
    git: Git,
    terminal: Terminal,
    tasks: Tasks,
    assistant: Assistant,
    extensions: Extensions,
    collaboration: Collaboration,
    keyboard: Keyboard,
    accessibility: Accessibility,
    workspace: Workspace,
    updates: Updates,
    vim_mode: bool,
    restore_session: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Appearance {
    theme: ThemeChoice,
    fonts: Fonts,
    minimap: Minimap,
    status_bar: StatusBar,
    animations: bool,
    #[telemetry(changed)]
    zoom: f64,
    high_contrast: Option<bool>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct ThemeChoice {
    mode: ThemeMode,
    #[telemetry(presence)]
    custom: Option<String>,
    follow_system: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum ThemeMode {
    #[default]
    Light,
    Dark,
    System,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Fonts {
    #[telemetry(changed)]
    family: String,
    #[telemetry(bucket(10, 13, 16, 20))]
    size: f32,
    ligatures: bool,
    fallbacks: Vec<String>,
    features: HashMap<String, bool>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Minimap {
    enabled: bool,
    side: Side,
    slider: Visibility,
    #[telemetry(changed)]
    width: u16,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Side {
    #[default]
    Left,
    Right,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Visibility {
    #[default]
    Always,
    Hover,
    Never,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct StatusBar {
    visible: bool,
    items: Vec<String>,
    cursor_position: bool,
    language: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Text {
    wrap: Wrap,
    indent: Indent,
    trim_on_save: bool,
    final_newline: bool,
    rulers: Option<Vec<u16>>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Wrap {
    #[default]
    Off,
    Viewport,
    Column,
    Bounded,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Indent {
    style: IndentStyle,
    #[telemetry(number(max = 16))]
    width: u8,
    guides: bool,
    detect: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum IndentStyle {
    #[default]
    Tabs,
    Spaces,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Cursor {
    shape: CursorShape,
    blink: bool,
    smooth: bool,
    multiple: MultiCursor,
    surround: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum CursorShape {
    #[default]
    Bar,
    Block,
    Underline,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct MultiCursor {
    modifier: Modifier,
    #[telemetry(changed)]
    limit: u32,
    paste_each: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Modifier {
    #[default]
    Alt,
    Ctrl,
    Meta,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Scrolling {
    past_end: bool,
    smooth: bool,
    #[telemetry(changed)]
    sensitivity: f64,
    #[telemetry(changed)]
    margin: u16,
    scrollbar: Visibility,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Files {
    auto_save: AutoSave,
    #[telemetry(one_of("utf-8", "utf-16", "latin-1"))]
    encoding: String,
    excluded: Vec<String>,
    watch: bool,
    hot_exit: bool,
    #[telemetry(bucket(1 << 20, 1 << 24))]
    large_file: u64,
    trash: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum AutoSave {
    #[default]
    Off,
    Delay,
    Focus,
    Window,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Search {
    regex: bool,
    hidden: bool,
    ignore_files: bool,
    #[telemetry(changed)]
    context: u8,
    #[telemetry(bucket(10, 100))]
    history: Option<u32>,
    seed_from_selection: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Languages {
    servers: Servers,
    #[telemetry(each(one_of("rustfmt", "prettier", "black", "gofmt", other = "custom")))]
    formatters: Vec<String>,
    overrides: HashMap<String, String>,
    format_on_save: FormatOnSave,
    inlay_hints: InlayHints,
    diagnostics: Diagnostics,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Servers {
    enabled: bool,
    #[telemetry(presence)]
    initialization: Option<serde_json::Value>,
    #[telemetry(number(max = 100, digits = 1))]
    restarts: u32,
    binaries: Vec<PathBuf>,
    #[telemetry(bucket(1, 5, 30, unit = "s"))]
    timeout: Duration,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum FormatOnSave {
    #[default]
    Off,
    On,
    Modifications,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct InlayHints {
    enabled: bool,
    types: bool,
    parameters: bool,
    chaining: bool,
    #[telemetry(changed)]
    debounce: Duration,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Diagnostics {
    inline: bool,
    severity: Severity,
    update_while_typing: bool,
    #[telemetry(presence)]
    limit: Option<u32>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Severity {
    #[default]
    Error,
    Warning,
    Information,
    Hint,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Completion {
    enabled: bool,
    documentation: bool,
    fuzzy: bool,
    #[telemetry(changed)]
    delay: Duration,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Git {
    enabled: bool,
    blame: Blame,
    #[telemetry(bucket(1, 15, 60, unit = "min"))]
    fetch: Option<Duration>,
    sign_commits: Option<bool>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Blame {
    inline: bool,
    #[telemetry(changed)]
    delay: Duration,
    author: bool,
    column: Option<bool>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Terminal {
    shell: Shell,
    #[telemetry(presence)]
    font: Option<String>,
    #[telemetry(number(max = 1_000_000, digits = 1))]
    scrollback: u64,
    blinking: bool,
    copy_on_select: bool,
    environment: HashMap<String, String>,
    bell: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Tasks {
    defined: Vec<String>,
    show_output: bool,
    #[telemetry(presence)]
    last_run: Option<SystemTime>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Assistant {
    enabled: AtomicBool,
    #[telemetry(one_of("local", "hosted", other = "custom"))]
    provider: Option<String>,
    #[telemetry(presence)]
    key: Option<String>,
    inline: bool,
    tools: BTreeMap<String, bool>,
    #[telemetry(presence)]
    budget: Option<u64>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Extensions {
    installed: Vec<String>,
    auto_update: bool,
    #[telemetry(version)]
    minimum: Option<String>,
    blocked: BTreeSet<String>,
    sandbox: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Collaboration {
    enabled: bool,
    #[telemetry(changed)]
    server: String,
    audio: bool,
    follow: bool,
    #[telemetry(presence)]
    proxy: Option<SocketAddr>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Keyboard {
    layout: KeyLayout,
    bindings: Vec<Binding>,
    repeat: bool,
    #[telemetry(changed)]
    chord_timeout: Duration,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum KeyLayout {
    #[default]
    Default,
    Vim,
    Emacs,
    Sublime,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Binding {
    keys: String,
    command: String,
    global: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Accessibility {
    screen_reader: Option<bool>,
    reduced_motion: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Workspace {
    trusted: bool,
    folders: Vec<PathBuf>,
    #[telemetry(bucket(1, 10, 50))]
    recent: u32,
    #[serde(skip)]
    #[telemetry(nested, with = |panes| PaneView::of(panes))]
    layout: Mutex<Panes>,
    trash: Option<bool>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Updates {
    channel: Channel,
    automatic: bool,
    #[telemetry(presence)]
    checked_at: Option<SystemTime>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
enum Channel {
    #[default]
    Stable,
    Preview,
    Nightly,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase")]
#[telemetry(tag = "type", rename_all = "camelCase")]
enum Shell {
    #[default]
    System,
    Program {
        #[telemetry(presence)]
        path: PathBuf,
        login: bool,
    },
}

/// What is open: it changes while the editor runs.
#[derive(Default)]
struct Panes {
    files: Vec<PathBuf>,
    split: bool,
}

#[derive(TelemetrySnapshot)]
struct PaneView {
    #[telemetry(bucket(1, 10, 100))]
    files: usize,
    split: bool,
}

impl PaneView {
    fn of(panes: &Mutex<Panes>) -> Option<Self> {
        panes.lock().ok().map(|panes| Self { files: panes.files.len(), split: panes.split })
    }
}

const SETTINGS: &str = r#"{
    "vimMode": true,
    "appearance": { "zoom": 1.5, "theme": { "mode": "dark", "custom": "jane's" }, "fonts": { "family": "Acme Mono", "size": 13.5 } },
    "text": { "indent": { "style": "spaces", "width": 4 } },
    "languages": { "formatters": ["prettier", "acme-fmt"], "servers": { "initialization": { "token": "hunter2" } } },
    "terminal": { "shell": { "program": { "path": "/home/jane/bin/fish", "login": true } }, "scrollback": 123456 },
    "assistant": { "provider": "https://llm.acme.example", "key": "hunter2" },
    "extensions": { "installed": ["jane.theme"], "minimum": "1.2.0-acme" }
}"#;

#[test]
fn an_editor_is_told() {
    let mut editor: Editor = serde_json::from_str(SETTINGS).unwrap();
    editor.workspace.layout = Mutex::new(Panes { files: vec!["/home/jane/secret.rs".into()], split: true });
    let snapshot = telemetry::Snapshot::of(&editor).unwrap();
    insta::assert_snapshot!("editor", format!("{snapshot:#}"));
    for hidden in ["jane", "hunter2", "acme", "Acme"] {
        assert!(!snapshot.as_json().contains(hidden), "{hidden}");
    }
}
