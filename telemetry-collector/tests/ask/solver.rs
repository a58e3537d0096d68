//! What a reader can tell of hidden counts, from everything that is published and what is known of the relations between counts.

use std::collections::{BTreeMap, HashMap};

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
        let parts = self.parts();
        let small = (0..self.names.len()).filter(|at| self.shown[*at].is_none() && is_small(*at));
        let mut left: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        small.for_each(|at| left.entry(parts[at]).or_default().push(at));
        let mut found = Vec::new();
        for (part, mut left) in left {
            while let Some(last) = left.last().copied() {
                // One solution shows of several counts that they can be as many. Where it shows it of none, they are tried one by one.
                let most = |wanted: &[usize]| {
                    let values = self.most(wanted, part, &parts, least);
                    wanted.iter().copied().filter(|at| values[at] < least as f64 - 1e-6).collect::<Vec<_>>()
                };
                let less = most(&left);
                if less.len() == left.len() {
                    left.pop();
                    if !most(&[last]).is_empty() {
                        self.print(last, &parts, truth);
                        found.push(self.names[last].clone());
                    }
                } else {
                    left = less;
                }
            }
        }
        found
    }

    /// Prints what is known of a count, for those who mend what was found: each term with its factor, and its number if it is shown.
    fn print(&self, at: usize, parts: &[usize], truth: &HashMap<String, u64>) {
        println!("{} is {}, which is told by:", self.names[at], truth[&self.names[at]]);
        let is_own = |index: usize| self.shown[index].is_none() && parts[index] == parts[at];
        for (terms, relation) in self.relations.iter().filter(|(terms, _)| terms.iter().any(|(at, _)| is_own(*at))) {
            let term = |(index, factor): &(usize, f64)| match self.shown[*index] {
                Some(shown) => format!("{factor:+} * {shown} [{}]", self.names[*index]),
                None => format!("{factor:+} [{}: hidden {}]", self.names[*index], truth[&self.names[*index]]),
            };
            let sign = if *relation == Relation::Equal { "=" } else { "<=" };
            println!("    {} {sign} 0", terms.iter().map(term).collect::<Vec<_>>().join(" "));
        }
    }

    /// Numbers the hidden counts such that those with the same number depend on each other, and on no others.
    fn parts(&self) -> Vec<usize> {
        let mut parts: Vec<usize> = (0..self.names.len()).collect();
        loop {
            let before = parts.clone();
            for (terms, _) in &self.relations {
                let hidden = || terms.iter().map(|(at, _)| *at).filter(|at| self.shown[*at].is_none());
                if let Some(least) = hidden().map(|at| parts[at]).min() {
                    hidden().for_each(|at| parts[at] = least);
                }
            }
            if parts == before {
                return parts;
            }
        }
    }

    /// Values of a part, of which as many of the wanted ones as can be are `least`.
    fn most(&self, wanted: &[usize], part: usize, parts: &[usize], least: u64) -> HashMap<usize, f64> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let own = (0..self.names.len()).filter(|index| self.shown[*index].is_none() && parts[*index] == part);
        let variables: HashMap<usize, Variable> =
            own.map(|index| (index, problem.add_var(0.0, (0.0, 1_000.0)))).collect();
        for at in wanted {
            let wanted = problem.add_var(1.0, (0.0, least as f64));
            problem.add_constraint([(wanted, 1.0), (variables[at], -1.0)].as_slice(), ComparisonOp::Le, 0.0);
        }
        for (terms, relation) in &self.relations {
            if !terms.iter().any(|(index, _)| variables.contains_key(index)) {
                continue;
            }
            let op = if *relation == Relation::Equal { ComparisonOp::Eq } else { ComparisonOp::Le };
            let hidden = terms.iter().filter_map(|(index, factor)| Some((*variables.get(index)?, *factor)));
            // Shown counts are constants.
            let shown: f64 = terms.iter().filter_map(|(index, factor)| Some(self.shown[*index]? as f64 * factor)).sum();
            problem.add_constraint(hidden.collect::<Vec<_>>().as_slice(), op, -shown);
        }
        match problem.solve() {
            Ok(SolveOutcome::Solution(solution)) => {
                variables.iter().map(|(index, variable)| (*index, solution[*variable])).collect()
            }
            outcome => panic!("{}: {outcome:?}", self.names[part]),
        }
    }
}
