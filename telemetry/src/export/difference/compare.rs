//! Follows two schemas at once, and notes where they differ.

use std::collections::BTreeSet;

use super::found::{At, Found};
use super::sentence::{Detail, form};
use super::tree::{Alternative, Is, Node, Object, Tree};
use super::values::{self, Compared};
use super::{Change, Effect};
use crate::export::hash::hash;
use crate::export::rows::{Row, rows};
use crate::schema::walk::{AnySchema, Part, Value};

/// The changes, and the indices of the new rows that say what is new.
pub(super) fn compare<'s>(old: impl AnySchema<'s>, new: impl AnySchema<'s>) -> (Vec<Change>, BTreeSet<usize>) {
    let (old_tree, new_tree) = (Tree::of(old), Tree::of(new));
    let (old_rows, new_rows) = (rows(old), rows(new));
    let mut comparison = Comparison {
        old: &old_tree,
        new: &new_tree,
        old_rows: &old_rows,
        seen: BTreeSet::new(),
        found: Found::new(&old_rows, &new_rows),
    };
    if let (Some(before), Some(after)) = (old_tree.place(0), new_tree.place(0)) {
        comparison.absence(before, after, before.is_required, after.is_required);
        comparison.values(0, 0);
    }
    if comparison.found.is_empty() && hash(old) != hash(new) {
        comparison.found.add(&At::whole(), Effect::Restated, Detail::Declared, (0, 0));
    }
    comparison.found.finish()
}

/// Two schemas, and what has been found.
struct Comparison<'t, 's> {
    old: &'t Tree<'s>,
    new: &'t Tree<'s>,
    old_rows: &'t [Row<'s>],
    /// Pairs of values that have been compared, or are being compared.
    seen: BTreeSet<(usize, usize)>,
    found: Found<'t, 's>,
}

impl<'t, 's> Comparison<'t, 's> {
    /// Compares the values with these indices.
    fn values(&mut self, old: usize, new: usize) {
        let (Some((before, old)), Some((after, new))) = (self.old.at(old), self.new.at(new)) else { return };
        // A type that contains itself leads here again.
        if self.seen.insert((before, after)) {
            self.nodes(old, new);
        }
    }

    fn nodes(&mut self, old: &'t Node<'s>, new: &'t Node<'s>) {
        if let (Some(before), Some(after)) = (as_value(self.old, old), as_value(self.new, new)) {
            return match values::compare(&before, &after) {
                Some(compared) => self.value(old, new, &before, &after, compared),
                None => self.broken(old, new),
            };
        }
        match (&old.is, &new.is) {
            (Is::Object(before), Is::Object(after)) => self.objects(old, new, before, after),
            (Is::List { max: before, item: old_item }, Is::List { max: after, item: new_item }) => {
                if before != after {
                    let effect = if after > before { Effect::Widened } else { Effect::Narrowed };
                    self.note(old, new, effect, self.phrases(old, new));
                }
                if let (Some(before), Some(after)) = (old_item, new_item) {
                    self.values(*before, *after);
                }
            }
            (Is::Variants { tag, variants: before }, Is::Variants { tag: same, variants: after }) if tag == same => {
                self.variants(old, new, before, after);
            }
            _ => self.broken(old, new),
        }
    }

    fn value(
        &mut self,
        old: &'t Node<'s>,
        new: &'t Node<'s>,
        before: &Value<'s>,
        after: &Value<'s>,
        compared: Compared,
    ) {
        let effect = match compared {
            Compared { is_wider: true, .. } => Effect::Widened,
            Compared { is_narrower: true, .. } => Effect::Narrowed,
            _ if values::is_same(before, after) => return,
            _ => Effect::Restated,
        };
        let (had, has) = (before.texts(), after.texts());
        let is_same_but_for_words = values::is_same_but_for_words(before, after);
        let detail = if effect == Effect::Restated && is_same_but_for_words {
            Detail::Order
        } else if is_same_but_for_words && (values::has_more(&has, &had) || values::has_more(&had, &has)) {
            Detail::words(&had, &has)
        } else {
            self.phrases(old, new)
        };
        self.note(old, new, effect, detail);
    }

    fn objects(&mut self, old: &'t Node<'s>, new: &'t Node<'s>, before: &'t Object<'s>, after: &'t Object<'s>) {
        for (name, index) in &after.members {
            match before.member(name) {
                Some(known) => {
                    self.presence(name, (before, known), (after, *index));
                    self.values(known, *index);
                }
                None => self.added(*index),
            }
        }
        for (name, index) in &before.members {
            if after.member(name).is_none() {
                self.removed(*index);
            }
        }
        let order = |one: &'t Object<'s>, other: &Object<'s>| -> Vec<&'s str> {
            let names = one.members.iter().map(|(name, _)| *name);
            names.filter(|name| other.member(name).is_some()).collect()
        };
        if order(before, after) != order(after, before) {
            self.note(old, new, Effect::Restated, Detail::Order);
        }
    }

    /// Compares when a member is present, as far as members that both have tell.
    fn presence(&mut self, name: &'s str, old: (&'t Object<'s>, usize), new: (&'t Object<'s>, usize)) {
        let (Some(was), Some(is)) = (self.old.place(old.1), self.new.place(new.1)) else { return };
        let (before, after) = (old.0.present(None), new.0.present(None));
        self.absence(was, is, before.contains(name), after.contains(name));
        let shared = |name: &&str| old.0.member(name).is_some() && new.0.member(name).is_some();
        let with =
            |object: &'t Object<'s>| object.present(Some(name)).into_iter().filter(shared).collect::<BTreeSet<_>>();
        let (with_old, with_new) = (with(old.0), with(new.0));
        let apart: Vec<&str> =
            with_old.difference(&with_new).filter(|other| !before.contains(**other)).copied().collect();
        if !apart.is_empty() {
            self.note(was, is, Effect::Widened, Detail::apart(&apart));
        }
        let tied: Vec<&str> =
            with_new.difference(&with_old).filter(|other| !after.contains(**other)).copied().collect();
        if !tied.is_empty() {
            self.note(was, is, Effect::Narrowed, Detail::tied(&tied));
        }
    }

    fn absence(&mut self, old: &Node<'s>, new: &Node<'s>, was_required: bool, is_required: bool) {
        match (was_required, is_required) {
            (true, false) => self.note(old, new, Effect::Widened, Detail::CanBeLeftOut),
            (false, true) => self.note(old, new, Effect::Narrowed, Detail::IsAlwaysSent),
            _ => {}
        }
    }

    fn variants(
        &mut self,
        old: &'t Node<'s>,
        new: &'t Node<'s>,
        before: &'t [Alternative<'s>],
        after: &'t [Alternative<'s>],
    ) {
        let growth = (new.bits.saturating_sub(old.bits), old.bits.saturating_sub(new.bits));
        let pairs = self.pairs(before, after);
        for (at, variant) in after.iter().enumerate() {
            let known = pairs.iter().find(|(_, new)| *new == at).and_then(|(old, _)| before.get(*old));
            let Some(known) = known else {
                let gained = variant.bits.max(growth.0);
                self.found.add(
                    &At::variant(new, variant.part),
                    Effect::Added,
                    Detail::variant(variant.part, variant.form),
                    (gained, 0),
                );
                continue;
            };
            if known.form != variant.form {
                let detail = Detail::Other { new: form(variant.form).to_owned(), old: form(known.form).to_owned() };
                self.found.add(&At::variant(new, variant.part), Effect::Broken, detail, (variant.bits, known.bits));
            } else if let (Some(before), Some(after)) = (known.holds, variant.holds) {
                self.values(before, after);
            }
        }
        for (at, variant) in before.iter().enumerate() {
            if !pairs.iter().any(|(old, _)| *old == at) {
                let lost = variant.bits.max(growth.1);
                self.found.add(
                    &At::variant(old, variant.part),
                    Effect::Removed,
                    Detail::variant(variant.part, variant.form),
                    (0, lost),
                );
            }
        }
        if !pairs.iter().map(|(old, _)| *old).is_sorted() {
            self.note(old, new, Effect::Restated, Detail::Order);
        }
    }

    /// The variants that both have: pairs of an old and a new one, in the order of the new ones.
    ///
    /// A variant whose word is never sent has no name. It is the one that sends the same, or else the next one of which it is a change.
    fn pairs(&self, before: &[Alternative<'s>], after: &[Alternative<'s>]) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for is_pair in [Self::is_unchanged, Self::is_change] {
            for (new, variant) in after.iter().enumerate() {
                if pairs.iter().any(|(_, paired)| *paired == new) {
                    continue;
                }
                let known = before.iter().enumerate().find(|(old, known)| {
                    !pairs.iter().any(|(paired, _)| paired == old)
                        && match variant.part {
                            Part::Alternative(_) => is_pair(self, known, variant),
                            word => known.part == word,
                        }
                });
                pairs.extend(known.map(|(old, _)| (old, new)));
            }
        }
        pairs.sort_by_key(|(_, new)| *new);
        pairs
    }

    fn is_unchanged(&self, old: &Alternative<'s>, new: &Alternative<'s>) -> bool {
        self.trial(old, new).is_some_and(|found| found.is_empty())
    }

    fn is_change(&self, old: &Alternative<'s>, new: &Alternative<'s>) -> bool {
        self.trial(old, new).is_some_and(|found| !found.breaks())
    }

    /// What differs between two variants without names of the same form.
    fn trial(&self, old: &Alternative<'s>, new: &Alternative<'s>) -> Option<Found<'t, 's>> {
        let is_named = matches!(old.part, Part::Variant(_));
        let (Some(before), Some(after)) = (old.holds, new.holds) else { return None };
        if is_named || old.form != new.form {
            return None;
        }
        let mut trial = Comparison {
            old: self.old,
            new: self.new,
            old_rows: self.old_rows,
            seen: self.seen.clone(),
            found: self.found.anew(),
        };
        trial.values(before, after);
        Some(trial.found)
    }

    fn added(&mut self, index: usize) {
        if let Some(new) = self.new.place(index) {
            let at = At::node(new);
            let detail = Detail::What(self.found.phrase(&at));
            self.found.add(&at, Effect::Added, detail, (new.bits, 0));
        }
    }

    fn removed(&mut self, index: usize) {
        if let Some(old) = self.old.place(index) {
            let at = At::node(old);
            let detail = Detail::What(at.phrase(self.old_rows));
            self.found.add(&at, Effect::Removed, detail, (0, old.bits));
        }
    }

    fn broken(&mut self, old: &Node<'s>, new: &Node<'s>) {
        self.found.add(&At::node(new), Effect::Broken, self.phrases(old, new), (new.bits, old.bits));
    }

    fn note(&mut self, old: &Node<'s>, new: &Node<'s>, effect: Effect, detail: Detail) {
        let bits = (new.bits.saturating_sub(old.bits), old.bits.saturating_sub(new.bits));
        self.found.add(&At::node(new), effect, detail, bits);
    }

    fn phrases(&self, old: &Node<'s>, new: &Node<'s>) -> Detail {
        Detail::Other { new: self.found.phrase(&At::node(new)), old: At::node(old).phrase(self.old_rows) }
    }
}

/// The value of a node. A list of words is one, whether its words come from text or from an enum.
fn as_value<'s>(tree: &Tree<'s>, node: &Node<'s>) -> Option<Value<'s>> {
    match node.is {
        Is::Value(value) => Some(value),
        Is::List { max, item: Some(item) } => match tree.place(item)?.is {
            Is::Value(Value::Tag { words }) => Some(Value::Tags { words, max }),
            _ => None,
        },
        _ => None,
    }
}
