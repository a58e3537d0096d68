//! What a reader can tell of hidden counts, from everything that is published and what is known of the relations between counts.

use std::collections::HashMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use telemetry_collector::ask::report::Count;

/// Counts as terms of equations.
#[derive(Default)]
pub(crate) struct Solver {
    names: Vec<String>,
    index: HashMap<String, usize>,
    shown: Vec<Option<u64>>,
    relations: Vec<(Vec<(usize, f64)>, Relation)>,
    /// Counts that nothing publishes: their names, and the sums of which each is the difference.
    differences: Vec<(String, Vec<String>, Vec<String>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The left side is that of the right side.
    Equal,
    /// The left side is at most the right side.
    AtMost,
}

impl Solver {
    /// Notes a published count.
    pub(crate) fn publish(&mut self, name: &str, count: Count) {
        let at = self.at(name);
        match count {
            Count::Shown(count) => {
                assert!(self.shown[at].is_none_or(|known| known == count), "{name} has two values");
                self.shown[at] = Some(count);
            }
            Count::Hidden => {}
        }
    }

    fn at(&mut self, name: &str) -> usize {
        let next = self.names.len();
        let at = *self.index.entry(name.to_owned()).or_insert(next);
        if at == next {
            self.names.push(name.to_owned());
            self.shown.push(None);
        }
        at
    }

    /// Notes a relation between sums.
    pub(crate) fn relate(&mut self, left: &[String], relation: Relation, right: &[String]) {
        let mut terms = Vec::new();
        for (side, factor) in [(left, 1.0), (right, -1.0)] {
            for name in side {
                let at = self.at(name);
                match terms.iter_mut().find(|(known, _)| *known == at) {
                    Some((_, own)) => *own += factor,
                    None => terms.push((at, factor)),
                }
            }
        }
        self.relations.push((terms, relation));
    }

    /// Notes that the difference of two sums is a number of installations.
    pub(crate) fn differ(&mut self, whole: &[String], part: &[String]) {
        let difference = format!("{} without {}", whole.join(" + "), part.join(" + "));
        if !self.index.contains_key(&difference) {
            self.relate(&[part, std::slice::from_ref(&difference)].concat(), Relation::Equal, whole);
            self.differences.push((difference, whole.to_vec(), part.to_vec()));
        }
    }

    /// The names of all counts.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Adds the differences to the true counts.
    pub(crate) fn add_differences(&self, truth: &mut HashMap<String, u64>) {
        for (name, whole, part) in &self.differences {
            let sum = |names: &[String]| names.iter().map(|name| truth[name]).sum::<u64>();
            let (whole, part) = (sum(whole), sum(part));
            truth.insert(name.clone(), whole.checked_sub(part).unwrap_or_else(|| panic!("{name}: {whole} - {part}")));
        }
    }

    /// Checks that the relations hold for the true counts, so that the solver is told nothing that is wrong.
    pub(crate) fn verify(&self, truth: &HashMap<String, u64>) {
        for (terms, relation) in &self.relations {
            let sum: f64 = terms.iter().map(|(at, factor)| factor * truth[&self.names[*at]] as f64).sum();
            let holds = if *relation == Relation::Equal { sum == 0.0 } else { sum <= 0.0 };
            let terms: Vec<_> =
                terms.iter().map(|(at, factor)| (factor, &self.names[*at], truth[&self.names[*at]])).collect();
            assert!(holds, "{terms:?}");
        }
    }

    /// The hidden counts of 1 to `least` - 1 that a reader knows to be less than `least`.
    pub(crate) fn found(&self, truth: &HashMap<String, u64>, least: u64) -> Vec<String> {
        let is_small = |at: usize| (1..least).contains(&truth[&self.names[at]]);
        let mut left: Vec<usize> =
            (0..self.names.len()).filter(|at| self.shown[*at].is_none() && is_small(*at)).collect();
        let mut found = Vec::new();
        while let Some(at) = left.pop() {
            let values = self.most(at);
            if values[at] < least as f64 - 1e-6 {
                found.push(self.names[at].clone());
            }
            // One solution can show of several counts that they can be as many.
            left.retain(|other| values[*other] < least as f64 - 1e-6);
        }
        found
    }

    /// Values with the largest one at `at`.
    fn most(&self, at: usize) -> Vec<f64> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        // Shown counts are constants.
        let variable = |index: usize| {
            let is_wanted = if index == at { 1.0 } else { 0.0 };
            self.shown[index].is_none().then(|| problem.add_var(is_wanted, (0.0, 1_000.0)))
        };
        let variables: Vec<Option<Variable>> = (0..self.names.len()).map(variable).collect();
        for (terms, relation) in &self.relations {
            let op = if *relation == Relation::Equal { ComparisonOp::Eq } else { ComparisonOp::Le };
            let hidden = terms.iter().filter_map(|(index, factor)| Some((variables[*index]?, *factor)));
            let hidden: Vec<(Variable, f64)> = hidden.collect();
            let shown: f64 = terms.iter().filter_map(|(index, factor)| Some(self.shown[*index]? as f64 * factor)).sum();
            if !hidden.is_empty() {
                problem.add_constraint(hidden.as_slice(), op, -shown);
            }
        }
        match problem.solve() {
            Ok(SolveOutcome::Solution(solution)) => {
                let value = |index: usize| {
                    self.shown[index].map_or_else(|| solution[variables[index].unwrap()], |count| count as f64)
                };
                (0..self.names.len()).map(value).collect()
            }
            outcome => panic!("{}: {outcome:?}", self.names[at]),
        }
    }
}
