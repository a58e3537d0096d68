//! The modules of the library stand on floors, and a module uses only what stands below it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The top-level modules of `telemetry`, from the top. A module may name those that come after it.
///
/// Modules in one line share a floor of the design; their order within the line keeps them free of cycles.
pub(crate) const FLOORS: &[&[&str]] = &[
    // What derived code, authors' tests and the fuzz targets name: nothing in the library names them.
    &["private", "testing", "fuzz"],
    &["auth", "user", "page"],
    &["client"],
    &["delivery"],
    &["event", "identity"],
    &["context"],
    &["sink", "consent", "export", "counters", "snapshot"],
    &["schema", "storage", "diagnostics"],
    // Helpers that know nothing of telemetry.
    &["clock", "sync", "threads", "panics", "ci"],
];

/// A place where one module names another, or an item of the crate's root.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Arrow {
    file: String,
    line: usize,
    from: String,
    to: String,
}

fn height(module: &str) -> Option<usize> {
    let floors = FLOORS.iter().rev().flat_map(|floor| floor.iter().rev());
    floors.clone().position(|name| *name == module)
}

/// Collects the arrows of a file.
struct Reader<'a> {
    file: &'a str,
    found: BTreeSet<Arrow>,
}

impl Reader<'_> {
    /// `module` is the path of the module that holds these tokens, from the root of the crate.
    fn read(&mut self, tokens: TokenStream, module: &[String]) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at..] {
                [TokenTree::Punct(hash), TokenTree::Group(attribute), ..]
                    if hash.as_char() == '#' && is_test_only(&attribute.stream()) =>
                {
                    after_item(&tokens, at + 2)
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..]
                    if word == "mod" && body.delimiter() == Delimiter::Brace =>
                {
                    let inner = [module, &[name.to_string()]].concat();
                    self.read(body.stream(), &inner);
                    at + 3
                }
                [TokenTree::Ident(word), ..]
                    if word == "crate" && !is_visibility(&tokens, at) && !is_for_authors(&tokens, at) =>
                {
                    self.path(&tokens, at + 1, &[], word.span().start().line, module);
                    at + 1
                }
                [TokenTree::Ident(word), ..]
                    if word == "super" && !is_visibility(&tokens, at) && !is_after_super(&tokens, at) =>
                {
                    let (parent, after) = climb(&tokens, at, module);
                    self.path(&tokens, after, parent, word.span().start().line, module);
                    at + 1
                }
                [TokenTree::Group(group), ..] => {
                    self.read(group.stream(), module);
                    at + 1
                }
                _ => at + 1,
            }
        }
    }

    /// What stands behind `base`, whose `::` is at `at`: a name, or several in braces.
    fn path(&mut self, tokens: &[TokenTree], at: usize, base: &[String], line: usize, from: &[String]) {
        let end = match base.first() {
            Some(top) => vec![(top.clone(), line)],
            None => first_names(tokens, at),
        };
        let Some(from) = from.first() else { return };
        for (to, line) in end {
            self.found.insert(Arrow { file: self.file.to_owned(), line, from: from.clone(), to });
        }
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(colon)) if colon.as_char() == ':')
}

/// The names directly below the root: that behind `::`, or the first of each path in braces.
fn first_names(tokens: &[TokenTree], at: usize) -> Vec<(String, usize)> {
    if !is_colon(tokens.get(at)) || !is_colon(tokens.get(at + 1)) {
        return Vec::new();
    }
    match tokens.get(at + 2) {
        Some(TokenTree::Ident(name)) => vec![(name.to_string(), name.span().start().line)],
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            inner
                .split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
                .filter_map(|path| match path.first() {
                    Some(TokenTree::Ident(name)) => Some((name.to_string(), name.span().start().line)),
                    _ => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Follows `super::super::…` from a module: where it leads, and the place of the `::` behind it.
fn climb<'m>(tokens: &[TokenTree], mut at: usize, mut module: &'m [String]) -> (&'m [String], usize) {
    loop {
        module = module.split_last().map_or(&[], |(_, parent)| parent);
        let again = is_colon(tokens.get(at + 1))
            && is_colon(tokens.get(at + 2))
            && matches!(tokens.get(at + 3), Some(TokenTree::Ident(word)) if word == "super");
        if !again {
            return (module, at + 1);
        }
        at += 3;
    }
}

fn is_after_super(tokens: &[TokenTree], at: usize) -> bool {
    at >= 3 && matches!(&tokens[at - 3], TokenTree::Ident(word) if word == "super") && is_colon(tokens.get(at - 1))
}

/// `pub(crate)` and `pub(super)` hold the word alone, `pub(in crate::x)` names who may look, which is no use.
fn is_visibility(tokens: &[TokenTree], at: usize) -> bool {
    tokens.len() == 1 || (at > 0 && matches!(&tokens[at - 1], TokenTree::Ident(word) if word == "in"))
}

/// `$crate::__private` is what an exported macro names in the crate of an author.
fn is_for_authors(tokens: &[TokenTree], at: usize) -> bool {
    let is_of_macro = at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(dollar) if dollar.as_char() == '$');
    is_of_macro && first_names(tokens, at + 1).iter().all(|(name, _)| name == "__private")
}

/// Whether an attribute leaves its item to tests.
fn is_test_only(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text == "cfg(test)" || (text.starts_with("cfg(all(") && text.contains("test")) || text == "test"
}

/// The end of the item that begins at `at`: behind its braces or its semicolon.
fn after_item(tokens: &[TokenTree], at: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Punct(end) => end.as_char() == ';',
        TokenTree::Group(body) => body.delimiter() == Delimiter::Brace,
        _ => false,
    };
    // `use a::{b, c};` ends with its semicolon.
    let is_use = tokens[at..].iter().take(6).any(|token| matches!(token, TokenTree::Ident(word) if word == "use"));
    let end = if is_use {
        tokens[at..].iter().position(|token| matches!(token, TokenTree::Punct(end) if end.as_char() == ';'))
    } else {
        tokens[at..].iter().position(is_end)
    };
    end.map_or(tokens.len(), |end| at + end + 1)
}

/// The path of a file's module, from the root of the crate; nothing for the root itself and for tests.
fn module_of(file: &Path) -> Option<Vec<String>> {
    let mut names: Vec<String> = file.with_extension("").iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    let is_test = names.iter().any(|name| name == "tests" || name.starts_with("test_"));
    (!is_test && names != ["lib"]).then_some(names)
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn arrows() -> BTreeSet<Arrow> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../telemetry/src");
    let mut all = BTreeSet::new();
    for file in files(&root) {
        let name = file.strip_prefix(&root).unwrap();
        let Some(module) = module_of(name) else { continue };
        let tokens = fs::read_to_string(&file).unwrap().parse().unwrap();
        let mut reader = Reader { file: name.to_str().unwrap(), found: BTreeSet::new() };
        reader.read(tokens, &module);
        all.extend(reader.found);
    }
    all
}

/// Whether an arrow runs down, or stays in its module.
fn runs_down(arrow: &Arrow) -> bool {
    arrow.from == arrow.to || height(&arrow.to).is_some_and(|to| height(&arrow.from).is_some_and(|from| to < from))
}

#[test]
fn a_module_uses_only_what_stands_below_it() {
    let arrows = arrows();
    assert!(arrows.len() > 100, "only {} arrows were found", arrows.len());
    let up: Vec<String> = arrows
        .iter()
        .filter(|arrow| !runs_down(arrow))
        .map(|arrow| format!("{}:{}: {} -> {}", arrow.file, arrow.line, arrow.from, arrow.to))
        .collect();
    assert!(up.is_empty(), "{} arrows run up:\n{}", up.len(), up.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../telemetry/src");
    let all: BTreeSet<String> = files(&root)
        .iter()
        .filter_map(|file| module_of(file.strip_prefix(&root).unwrap()))
        .map(|module| module[0].clone())
        .collect();
    let without: Vec<&String> = all.iter().filter(|module| height(module).is_none()).collect();
    assert!(without.is_empty(), "these modules have no floor: {without:?}");
}

fn read(module: &str, source: &str) -> Vec<(usize, String)> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    let mut reader = Reader { file: "", found: BTreeSet::new() };
    reader.read(source.parse().unwrap(), &module);
    reader.found.into_iter().map(|arrow| (arrow.line, arrow.to)).collect()
}

#[test]
fn arrows_are_found_wherever_they_stand() {
    let found =
        |module: &str, source: &str| -> Vec<String> { read(module, source).into_iter().map(|(_, to)| to).collect() };
    assert_eq!(found("schema::kind", "use crate::client::Telemetry;"), ["client"]);
    assert_eq!(found("schema", "use crate::{client::{A, B}, page, Snapshot};"), ["Snapshot", "client", "page"]);
    assert_eq!(found("schema::kind", "fn f() -> crate::event::Draft { crate::page::x!() }"), ["event", "page"]);
    assert_eq!(found("schema::kind", "use super::super::client::X; use super::Field;"), ["client", "schema"]);
    assert_eq!(found("schema", "mod inner { use super::super::client::X; use super::Y; }"), ["client", "schema"]);
    assert_eq!(found("schema", "macro_rules! m { () => { $crate::client::f() } }"), ["client"]);
    assert_eq!(found("schema", "macro_rules! m { () => { $crate::__private::f() } }"), [""; 0]);
    assert_eq!(found("schema", "fn f() { crate::__private::f() }"), ["__private"]);
    assert_eq!(found("schema", "pub(crate) fn f() {} pub(in crate::schema) fn g() {}"), [""; 0]);
    assert_eq!(found("schema", "/// [`x`](crate::client)\nfn f() {} // crate::page"), [""; 0]);
    let tests = "#[cfg(test)] mod tests { use crate::client::X; } #[cfg(test)] use crate::{page}; use crate::event::E;";
    assert_eq!(found("schema", tests), ["event"]);
}

#[test]
fn arrows_up_and_to_the_root_are_told_from_those_down() {
    let arrow = |from: &str, to: &str| Arrow { file: String::new(), line: 1, from: from.into(), to: to.into() };
    assert!(runs_down(&arrow("client", "schema")) && runs_down(&arrow("schema", "schema")));
    assert!(!runs_down(&arrow("schema", "client")) && !runs_down(&arrow("client", "Snapshot")));
    assert!(!runs_down(&arrow("storage", "schema")));
}
