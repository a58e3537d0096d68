//! Which values of a schema have a column of their own.

use std::collections::HashSet;

use super::program::{Check, Choice, Item, Keep, Node, NodeId, Program};
use super::{Column, ColumnKind};

/// The columns of a program, in the order of the wire. Notes in its nodes which column each fills.
pub(super) fn assign(program: &mut Program) -> Vec<Column> {
    let mut assigner = Assigner { nodes: &program.nodes, columns: Vec::new(), kept: Vec::new(), paths: HashSet::new() };
    assigner.value(program.root, program.is_required, program.is_required);
    let Assigner { columns, kept, .. } = assigner;
    for (node, keep) in kept {
        if let Some(node) = program.nodes.get_mut(node) {
            node.keep = keep;
        }
    }
    columns
}

struct Assigner<'p> {
    nodes: &'p [Node],
    columns: Vec<Column>,
    kept: Vec<(NodeId, Keep)>,
    /// The paths of the columns.
    paths: HashSet<String>,
}

impl Assigner<'_> {
    /// The columns of a value. `is_present` says whether it is there when the object around it is, `is_required` whether it is in every
    /// payload.
    fn value(&mut self, id: NodeId, is_present: bool, is_required: bool) {
        let Some(node) = self.nodes.get(id) else { return };
        let texts = |texts: &[String]| texts.to_vec();
        match &node.check {
            Check::Flag => self.keep(id, ColumnKind::Flag, Vec::new(), is_required),
            Check::Integer(_) => self.keep(id, ColumnKind::Integer, Vec::new(), is_required),
            Check::Version => self.keep(id, ColumnKind::Version, Vec::new(), is_required),
            Check::Word(words) => self.keep(id, ColumnKind::Word, texts(words.texts()), is_required),
            Check::Untagged(untagged) if untagged.others.is_empty() => {
                self.keep(id, ColumnKind::Word, texts(untagged.words.texts()), is_required);
            }
            Check::Words { .. } | Check::List { .. } | Check::Untagged(_) | Check::Same(_) => {
                self.keep(id, ColumnKind::Json, Vec::new(), is_required);
            }
            Check::Object(object) => {
                if !is_present && !self.has_witness(&object.items) {
                    self.keep(id, ColumnKind::Flag, Vec::new(), false);
                }
                self.items(&object.items, is_required);
            }
            Check::Tagged(choice) => self.choice(choice, is_required),
            Check::Never => {}
        }
    }

    /// `is_required` says whether the object that these items are part of is in every payload.
    fn items(&mut self, items: &[Item], is_required: bool) {
        for item in items {
            match item {
                Item::Member { node, is_required: is_present, .. } => {
                    self.value(*node, *is_present, is_required && *is_present);
                }
                Item::Together(items) => self.together(items),
                Item::Choice { choice, is_required: is_present } => self.choice(choice, is_required && *is_present),
            }
        }
    }

    /// Members that are all there or all missing: each is present when the others are, but none is in every payload.
    fn together(&mut self, items: &[Item]) {
        self.items(items, false);
    }

    fn choice(&mut self, choice: &Choice, is_required: bool) {
        self.value(choice.tag, true, is_required);
        for items in &choice.variants {
            self.items(items, false);
        }
    }

    /// Whether a column of one of these items has a value whenever the object around them is there.
    fn has_witness(&self, items: &[Item]) -> bool {
        items.iter().any(|item| match item {
            Item::Member { node, is_required: true, .. } => match self.nodes.get(*node).map(|node| &node.check) {
                Some(Check::Object(object)) => self.has_witness(&object.items),
                Some(Check::Never) | None => false,
                Some(_) => true,
            },
            Item::Choice { is_required, .. } => *is_required,
            Item::Member { .. } | Item::Together(_) => false,
        })
    }

    fn keep(&mut self, id: NodeId, kind: ColumnKind, texts: Vec<String>, is_required: bool) {
        let Some(node) = self.nodes.get(id) else { return };
        let at = self.columns.len();
        self.kept.push((id, if kind == ColumnKind::Json { Keep::Json(at) } else { Keep::Value(at) }));
        let path = self.unique(&node.path);
        self.columns.push(Column { path, kind, texts, is_required });
    }

    fn unique(&mut self, path: &str) -> String {
        let mut unique = path.to_owned();
        let mut count = 1;
        while !self.paths.insert(unique.clone()) {
            count += 1;
            unique = format!("{path}#{count}");
        }
        unique
    }
}
