//! Small random schemas, all of whose bodies are enumerated under both versions: a body is new exactly if the difference says so.
//!
//! A body is told together with the kind and unit of each value, since a flag and a presence look alike on the wire and are not.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use telemetry::export::{Effect, difference};
use telemetry::schema::Released;

#[derive(Clone, Debug, PartialEq)]
enum Model {
    Flag,
    Presence,
    Count(u32),
    Number { min: i64, max: i64, digits: u8, unit: &'static str },
    Bucket(Vec<i64>),
    Tag(Vec<&'static str>),
    Tags(Vec<&'static str>, u32),
    Set(Vec<&'static str>, u32),
    Object(Vec<Member>),
    List(Box<Model>, u32),
    Tagged(&'static str, Vec<(&'static str, Vec<Member>)>),
    Untagged(Vec<(&'static str, Held)>),
}

#[derive(Clone, Debug, PartialEq)]
enum Member {
    One { name: &'static str, is_required: bool, model: Model },
    Together(Vec<Member>),
}

/// What a variant holds.
#[derive(Clone, Debug, PartialEq)]
enum Held {
    Nothing,
    Value(Model),
    Object(Vec<Member>),
}

/// Makes a model of bytes, so that few other bytes make a similar model.
struct Source<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Source<'_> {
    fn below(&mut self, end: u8) -> u8 {
        let byte = self.bytes[self.at % self.bytes.len()];
        self.at += 1;
        byte % end
    }

    fn words(&mut self) -> Vec<&'static str> {
        let tables: [&[&str]; 8] =
            [&["x"], &["x", "y"], &["y", "x"], &["x", "z"], &["x", "y", "z"], &["z", "y", "x"], &["y"], &["y", "z"]];
        tables[usize::from(self.below(8))].to_vec()
    }

    fn members(&mut self, depth: u8, names: &mut Vec<&'static str>) -> Vec<Member> {
        let count = self.below(4);
        let mut all = Vec::new();
        for _ in 0..count {
            if self.below(6) == 0 && depth > 0 {
                all.push(Member::Together(self.members(depth - 1, names)));
            } else if !names.is_empty() {
                let name = names.remove(usize::from(self.below(2)) % names.len());
                let is_required = self.below(2) == 0;
                all.push(Member::One { name, is_required, model: self.model(depth.saturating_sub(1)) });
            }
        }
        all
    }

    fn object(&mut self, depth: u8) -> Vec<Member> {
        self.members(depth, &mut vec!["a", "b", "c"])
    }

    fn model(&mut self, depth: u8) -> Model {
        match self.below(if depth == 0 { 8 } else { 16 }) {
            0 => Model::Flag,
            1 => Model::Presence,
            2 => Model::Count(u32::from(self.below(3)) + 1),
            3 => Model::Number {
                min: i64::from(self.below(3)) - 1,
                max: [2, 3, 12, 21][usize::from(self.below(4))],
                digits: self.below(3),
                unit: ["", "s"][usize::from(self.below(5) / 4)],
            },
            4 => Model::Bucket([&[1][..], &[1, 5], &[0, 1], &[5]][usize::from(self.below(4))].to_vec()),
            5 => Model::Tag(self.words()),
            6 => Model::Tags(self.words(), u32::from(self.below(3)) + 1),
            7 => Model::Set(self.words(), u32::from(self.below(4)) + 1),
            8..12 => Model::Object(self.object(depth)),
            12 | 13 => Model::List(Box::new(self.model(depth - 1)), u32::from(self.below(2)) + 1),
            14 => {
                let tag = ["kind", "type"][usize::from(self.below(5) / 4)];
                Model::Tagged(tag, self.words().into_iter().map(|word| (word, self.object(depth - 1))).collect())
            }
            _ => Model::Untagged(self.words().into_iter().map(|word| (word, self.held(depth - 1))).collect()),
        }
    }

    fn held(&mut self, depth: u8) -> Held {
        match self.below(3) {
            0 => Held::Nothing,
            1 => Held::Value(self.model(depth)),
            _ => Held::Object(self.object(depth)),
        }
    }
}

fn model(bytes: &[u8]) -> Model {
    Model::Object(Source { bytes, at: 0 }.object(2))
}

/// The lines of a schema, as a file has them.
#[derive(Default)]
struct Lines(Vec<Json>);

impl Lines {
    fn of(model: &Model) -> String {
        let mut lines = Self::default();
        lines.model("", model, true);
        Json::from(lines.0).to_string()
    }

    fn words(&mut self, line: Json, words: &[&str]) {
        self.0.push(line);
        self.0.extend(words.iter().map(|word| json!({ "word": word })));
    }

    fn around(&mut self, line: Json, content: impl FnOnce(&mut Self)) {
        let path = line["path"].clone();
        self.0.push(line);
        content(self);
        self.0.push(json!({ "end": path }));
    }

    fn model(&mut self, path: &str, model: &Model, is_required: bool) {
        let line = |is: &str, more: Json| {
            let mut line = json!({ "path": path, "is": is, "optional": !is_required });
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        match model {
            Model::Flag => self.0.push(line("flag", json!({}))),
            Model::Presence => self.0.push(line("presence", json!({}))),
            Model::Count(max) => self.0.push(line("count", json!({ "max": max }))),
            Model::Number { min, max, digits, unit } => {
                self.0.push(line("number", json!({ "min": min, "max": max, "digits": digits, "unit": unit })));
            }
            Model::Bucket(edges) => self.0.push(line("bucket", json!({ "edges": edges }))),
            Model::Tag(words) => self.words(line("tag", json!({})), words),
            Model::Tags(words, max) => self.words(line("tags", json!({ "max": max })), words),
            Model::Set(words, max) => self.words(line("set", json!({ "max": max })), words),
            Model::Object(members) => self.around(line("group", json!({})), |lines| lines.members(path, members)),
            Model::List(item, max) => {
                self.around(line("list", json!({ "max": max })), |lines| {
                    lines.model(&format!("{path}[]"), item, true);
                });
            }
            Model::Tagged(tag, variants) => self.around(line("variants", json!({ "tag": tag })), |lines| {
                let words: Vec<&str> = variants.iter().map(|(word, _)| *word).collect();
                for (word, members) in variants {
                    let path = format!("{path}<{word}>");
                    lines.around(json!({ "path": path, "is": "variant", "form": "object" }), |lines| {
                        lines.words(json!({ "path": format!("{path}.{tag}"), "is": "tag" }), &words);
                        lines.members(&path, members);
                    });
                }
            }),
            Model::Untagged(variants) => self.around(line("variants", json!({})), |lines| {
                for (number, (word, held)) in (1..).zip(variants) {
                    // A word that is never sent has a number in its place.
                    let path = match held {
                        Held::Nothing => format!("{path}<{word}>"),
                        _ => format!("{path}({number})"),
                    };
                    let line = |form: &str| json!({ "path": path, "is": "variant", "form": form });
                    match held {
                        Held::Nothing => lines.0.push(line("word")),
                        Held::Value(model) => lines.around(line("value"), |lines| lines.model(&path, model, true)),
                        Held::Object(members) => lines.around(line("object"), |lines| lines.members(&path, members)),
                    }
                }
            }),
        }
    }

    fn members(&mut self, path: &str, members: &[Member]) {
        for member in members {
            match member {
                Member::One { name, is_required, model } => {
                    let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                    self.model(&path, model, *is_required);
                }
                Member::Together(members) => {
                    let line = json!({ "path": path, "is": "together", "optional": true });
                    self.around(line, |lines| lines.members(path, members));
                }
            }
        }
    }
}

/// More bodies than this are not enumerated.
const MOST: usize = 20_000;

/// All bodies, without the members that `kept`, the other version, does not have; `None` if there are too many.
fn bodies(model: &Model, kept: Option<&Model>) -> Option<BTreeSet<String>> {
    let set: BTreeSet<String> = match model {
        Model::Flag => [true, false].map(|on| format!("flag {on}")).into(),
        Model::Presence => [true, false].map(|on| format!("presence {on}")).into(),
        Model::Count(max) => (0..=*max).map(|count| format!("count {count}")).collect(),
        Model::Number { min, max, digits, unit } => {
            let sent = |number: i64| {
                let text = number.unsigned_abs().to_string();
                let zeros = if *digits == 0 { 0 } else { text.len().saturating_sub((*digits).into()) };
                number / 10_i64.pow(zeros as u32) * 10_i64.pow(zeros as u32)
            };
            (*min..=*max).map(|number| format!("number {unit} {}", sent(number))).collect()
        }
        Model::Bucket(edges) => telemetry_labels(edges).into_iter().map(|label| format!("range {label}")).collect(),
        Model::Tag(words) => words.iter().map(|word| format!("word {word}")).collect(),
        Model::Tags(words, max) => {
            let words: BTreeSet<String> = words.iter().map(|word| format!("word {word}")).collect();
            lists(&words, *max)?
        }
        Model::Set(words, max) => (0..1_u32 << words.len())
            .filter(|some| some.count_ones() <= *max)
            .map(|some| {
                let chosen = words.iter().zip(0..).filter(|(_, at)| some & (1 << at) != 0);
                format!("[{}]", chosen.map(|(word, _)| format!("word {word}, ")).collect::<String>())
            })
            .collect(),
        Model::Object(members) => {
            let kept = kept.map(|kept| if let Model::Object(members) = kept { members.as_slice() } else { &[] });
            objects(members, kept)?
        }
        Model::List(item, max) => {
            let kept = kept.map(|kept| if let Model::List(other, _) = kept { &**other } else { &**item });
            lists(&bodies(item, kept)?, *max)?
        }
        Model::Tagged(tag, variants) => {
            let mut all = BTreeSet::new();
            for (word, members) in variants {
                let kept = kept.map(|kept| match kept {
                    Model::Tagged(_, others) => {
                        others.iter().find(|(other, _)| other == word).map_or(&[][..], |(_, members)| members)
                    }
                    _ => &[],
                });
                all.extend(objects(members, kept)?.into_iter().map(|body| format!("{tag} {word} {body}")));
            }
            all
        }
        Model::Untagged(variants) => {
            let others = match kept {
                Some(Model::Untagged(others)) => others.as_slice(),
                _ => &[],
            };
            let mut all = BTreeSet::new();
            for (word, held) in variants {
                all.extend(held_bodies(word, held, None)?);
                // Which variant is a change of which is not told, so all are compared.
                for (_, other) in others {
                    all.extend(held_bodies(word, held, Some(other))?);
                }
            }
            all
        }
    };
    (set.len() <= MOST).then_some(set)
}

/// The bodies of a variant whose word is not sent beside what it holds.
fn held_bodies(word: &str, held: &Held, other: Option<&Held>) -> Option<BTreeSet<String>> {
    Some(match (held, other) {
        (Held::Nothing, _) => BTreeSet::from([format!("word {word}")]),
        (Held::Value(model), Some(Held::Value(other))) => bodies(model, Some(other))?,
        (Held::Value(model), _) => bodies(model, None)?,
        (Held::Object(members), Some(Held::Object(others))) => objects(members, Some(others))?,
        (Held::Object(members), _) => objects(members, None)?,
    })
}

/// Whether it has variants whose words are not sent: then a body of one can be a body of another.
fn is_ambiguous(model: &Model) -> bool {
    let any = |members: &[Member]| names(members).iter().any(|(_, model)| is_ambiguous(model));
    match model {
        Model::Untagged(variants) => variants.iter().any(|(_, held)| *held != Held::Nothing),
        Model::Object(members) => any(members),
        Model::List(item, _) => is_ambiguous(item),
        Model::Tagged(_, variants) => variants.iter().any(|(_, members)| any(members)),
        _ => false,
    }
}

/// The labels of a bucket, written anew.
fn telemetry_labels(edges: &[i64]) -> Vec<String> {
    let between = edges.windows(2).map(|two| match two {
        [from, to] if to - from == 1 => from.to_string(),
        [from, to] => format!("{from}-{}", to - 1),
        _ => unreachable!("windows of two"),
    });
    let first = format!("<{}", edges[0]);
    let last = format!("{}+", edges[edges.len() - 1]);
    std::iter::once(first).chain(between).chain([last]).collect()
}

fn lists(items: &BTreeSet<String>, max: u32) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::from(["[".to_owned()]);
    let mut longest = all.clone();
    for _ in 0..max {
        if longest.len() * items.len() > MOST {
            return None;
        }
        longest = longest.iter().flat_map(|list| items.iter().map(move |item| format!("{list}{item}, "))).collect();
        all.extend(longest.iter().cloned());
    }
    Some(all.into_iter().map(|list| format!("{list}]")).collect())
}

/// The members of an object, those of groups included.
fn names(members: &[Member]) -> Vec<(&'static str, &Model)> {
    let names_of = |member| match member {
        &Member::One { name, ref model, .. } => vec![(name, model)],
        Member::Together(members) => names(members),
    };
    members.iter().flat_map(names_of).collect()
}

type Body = Vec<(&'static str, String)>;

fn objects(members: &[Member], kept: Option<&[Member]>) -> Option<BTreeSet<String>> {
    let kept = kept.map(names);
    let all = products(members, kept.as_deref())?;
    let text = |mut body: Body| {
        body.sort();
        format!("{{{}}}", body.into_iter().map(|(name, value)| format!("{name}: {value}, ")).collect::<String>())
    };
    Some(all.into_iter().map(text).collect())
}

fn products(members: &[Member], kept: Option<&[(&'static str, &Model)]>) -> Option<Vec<Body>> {
    let mut all: Vec<Body> = vec![Vec::new()];
    for member in members {
        let mut choices: Vec<Body> = match member {
            Member::One { name, model, .. } => {
                let other = kept.map(|kept| kept.iter().find(|(known, _)| known == name).map(|(_, model)| *model));
                match other {
                    // It is not in the other version.
                    Some(None) => vec![Vec::new()],
                    Some(Some(other)) => {
                        bodies(model, Some(other))?.into_iter().map(|body| vec![(*name, body)]).collect()
                    }
                    None => bodies(model, None)?.into_iter().map(|body| vec![(*name, body)]).collect(),
                }
            }
            Member::Together(members) => products(members, kept)?,
        };
        if !matches!(member, Member::One { is_required: true, .. }) {
            choices.push(Vec::new());
        }
        if all.len() * choices.len() > MOST {
            return None;
        }
        let with = |body: &Body| choices.iter().map(|more| [body.as_slice(), more].concat()).collect::<Vec<Body>>();
        all = all.iter().flat_map(with).collect();
    }
    Some(all)
}

fn changed(bytes: &[u8], changes: &[(usize, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, byte) in changes {
        let at = at % bytes.len();
        bytes[at] = *byte;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn a_body_is_new_exactly_if_the_difference_says_so(
        bytes in vec(any::<u8>(), 8..40),
        changes in vec((any::<usize>(), any::<u8>()), 0..3),
    ) {
        let (old, new) = (model(&bytes), model(&changed(&bytes, &changes)));
        let (before, after) = (Lines::of(&old), Lines::of(&new));
        let (before, after) = (Released::from_json(&before).unwrap(), Released::from_json(&after).unwrap());
        let difference = difference(&before, &after);
        prop_assert_eq!(difference.is_empty(), before.hash() == after.hash());
        let (Some(known), Some(all)) = (bodies(&old, Some(&new)), bodies(&new, None)) else { return Ok(()) };
        let added = all.difference(&known).next();
        prop_assert!(difference.widens() || added.is_none(), "{}\nnew: {:?}\n{:?}\n{:?}", difference, added, old, new);
        if !is_ambiguous(&old) && !is_ambiguous(&new) {
            prop_assert_eq!(difference.widens(), added.is_some(), "{}\n{:?}\n{:?}", difference, old, new);
        }
        prop_assert_eq!(difference.widens(), !difference.rows().is_empty(), "{}\n{:?}\n{:?}", difference, old, new);
        let is_wider = difference.changes().iter().any(|change| change.effect >= Effect::Widened);
        prop_assert_eq!(difference.widens(), is_wider);
    }
}

#[test]
fn the_random_schemas_change_in_every_way() {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let (mut seen, mut counted) = (BTreeSet::new(), 0);
    for _ in 0..200 {
        let bytes: Vec<u8> = (0..32).map(|_| next() as u8).collect();
        let other = changed(&bytes, &[(next(), next() as u8)]);
        let (old, new) = (model(&bytes), model(&other));
        counted += usize::from(bodies(&new, None).is_some_and(|bodies| bodies.len() > 1));
        let (old, new) =
            (Released::from_json(&Lines::of(&old)).unwrap(), Released::from_json(&Lines::of(&new)).unwrap());
        seen.extend(difference(&old, &new).changes().iter().map(|change| change.effect));
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(counted > 100, "{counted}");
}
