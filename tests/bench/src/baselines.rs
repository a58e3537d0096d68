//! What was measured before, and the rule that it may rise only where a reason stands beside it.
//!
//! A baseline is a ratio to a reference that is measured in the same run, so that compilers and processors matter less.

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use std::process::Command;

use toml_edit::{DocumentMut, Item, Table, value};

/// How far a ratio may be off its baseline: a part of it, and at least so much, for what is so small that the compiler's mood shows.
const TOLERANCE: f64 = 0.03;
const LEAST: f64 = 0.002;

/// What a run found.
pub struct Found {
    /// What was measured, in which unit.
    pub what: String,
    pub amount: f64,
    /// What it is compared with.
    pub of: &'static str,
    pub reference: f64,
}

impl Found {
    /// What was counted.
    ///
    /// # Errors
    ///
    /// If nothing was: then something is wrong with the counting.
    pub fn new(what: String, amount: f64, of: &'static str, reference: f64) -> io::Result<Self> {
        if [amount, reference].iter().all(|count| count.is_finite() && *count > 0.0) {
            Ok(Self { what, amount, of, reference })
        } else {
            Err(io::Error::other(format!("nothing was counted: {what}")))
        }
    }

    /// The ratio to the reference, with the digits that a baseline has.
    pub fn ratio(&self) -> f64 {
        (self.amount / self.reference * 1e4).round() / 1e4
    }
}

/// How a ratio stands to its baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Within the tolerance.
    Holds,
    /// Below it, and the baseline should follow.
    Fell,
    Rose,
    /// There is no baseline yet.
    New,
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Holds => "holds",
            Self::Fell => "fell; lower it with --lower",
            Self::Rose => "**ROSE**",
            Self::New => "**HAS NO BASELINE**",
        })
    }
}

/// The baselines, as they stand in their file.
pub struct Baselines(DocumentMut);

impl Baselines {
    /// Reads their file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not what it should be: each with a ratio, and the reason for it.
    pub fn parse(text: &str) -> io::Result<Self> {
        let baselines = Self(text.parse().map_err(io::Error::other)?);
        let is_one = |what| baselines.ratio(what).is_some_and(|ratio| ratio > 0.0) && baselines.why(what).is_some();
        if let Some((what, _)) = baselines.0.iter().find(|(what, _)| !is_one(what)) {
            return Err(io::Error::other(format!("the baseline of {what} needs a ratio and its `why`")));
        }
        Ok(baselines)
    }

    pub fn ratio(&self, what: &str) -> Option<f64> {
        self.0.get(what)?.get("ratio")?.as_float()
    }

    fn why(&self, what: &str) -> Option<&str> {
        self.0.get(what)?.get("why")?.as_str().filter(|why| !why.trim().is_empty())
    }

    pub fn verdict(&self, found: &Found) -> Verdict {
        let of = self.0.get(&found.what).and_then(|baseline| baseline.get("of")?.as_str());
        let Some(baseline) = self.ratio(&found.what).filter(|_| of == Some(found.of)) else { return Verdict::New };
        let (change, tolerance) = (found.ratio() - baseline, LEAST.max(TOLERANCE * baseline));
        match change {
            _ if change > tolerance => Verdict::Rose,
            _ if change < -tolerance => Verdict::Fell,
            _ => Verdict::Holds,
        }
    }

    /// What is not as its baseline says, in either direction, and what to do about it by the command of the gate.
    pub fn failures(&self, found: &[Found], command: &str) -> Vec<String> {
        let advice = |found: &Found| match self.verdict(found) {
            Verdict::Holds => None,
            Verdict::Fell => Some(format!("write the lower baseline: {command} --lower")),
            Verdict::Rose | Verdict::New => {
                Some(format!("profile it and mend it; if it must be so: {command} --raise \"why\""))
            }
        };
        let off = found.iter().filter_map(|found| Some(format!("{}: {}", found.what, advice(found)?)));
        let gone = self.without(found).map(|what| format!("{what}: not measured; take it out of the baselines"));
        off.chain(gone).collect()
    }

    /// Baselines of what is no longer measured.
    fn without<'a>(&'a self, found: &'a [Found]) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(what, _)| what).filter(|what| !found.iter().any(|found| found.what == *what))
    }

    /// Takes the ratio that fell as its baseline.
    pub fn lower(&mut self, found: &Found) {
        if let Some(baseline) = self.0.get_mut(&found.what) {
            baseline["ratio"] = value(found.ratio());
        }
    }

    /// Takes a ratio that rose, or has no baseline, as its baseline, and says why.
    pub fn raise(&mut self, found: &Found, why: &str) {
        let mut baseline = Table::new();
        baseline["of"] = value(found.of);
        baseline["ratio"] = value(found.ratio());
        baseline["why"] = value(why);
        self.0[&found.what] = Item::Table(baseline);
    }

    /// What rose since `before`, and has the same reason beside it.
    fn silently_raised<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(what, _)| what).filter(|what| {
            self.ratio(what) > before.ratio(what) && before.ratio(what).is_some() && self.why(what) == before.why(what)
        })
    }
}

impl Display for Baselines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What was lower in an earlier version of the file, with the same reason beside it: as far back as the history goes that is here.
/// Nothing, where there is no history.
///
/// # Errors
///
/// If the file is not what it should be. Earlier versions that are not are passed over.
pub fn silently_raised(file: &Path) -> io::Result<BTreeSet<String>> {
    let (directory, name) = (file.parent().unwrap_or(Path::new(".")), file.file_name().unwrap_or_default());
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(directory).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (now, name) = (Baselines::parse(&std::fs::read_to_string(file)?)?, name.to_string_lossy());
    let mut raised = BTreeSet::new();
    let commits = git(&["log", "--format=%h", "--", &name]);
    if commits.is_none() || git(&["rev-parse", "--is-shallow-repository"]).is_none_or(|is| is.trim() != "false") {
        println!("\nThe history is not here, or not all of it: whether baselines rose without a reason is not known.");
    }
    for commit in commits.unwrap_or_default().lines() {
        // The file is not there where it was taken away.
        let text = git(&["show", &format!("{commit}:./{name}")]);
        if let Some(before) = text.and_then(|text| Baselines::parse(&text).ok()) {
            raised.extend(now.silently_raised(&before).map(str::to_owned));
        }
    }
    Ok(raised)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "# Kept.\n\n[\"lines of a\"]\nof = \"b\"\nratio = 0.5\nwhy = \"first\"\n";

    fn found(amount: f64) -> Found {
        Found { what: "lines of a".into(), amount, of: "b", reference: 100.0 }
    }

    #[test]
    fn a_fifth_more_is_found() {
        let baselines = Baselines::parse(BEFORE).unwrap();
        let verdict = |amount| baselines.verdict(&found(amount));
        assert_eq!(
            [50.0, 51.4, 51.6, 60.0].map(verdict),
            [Verdict::Holds, Verdict::Holds, Verdict::Rose, Verdict::Rose]
        );
        assert_eq!([48.6, 48.4].map(verdict), [Verdict::Holds, Verdict::Fell]);
        let small = Baselines::parse(&BEFORE.replace("0.5", "0.003")).unwrap();
        assert_eq!([0.4, 0.6].map(|amount| small.verdict(&found(amount))), [Verdict::Holds, Verdict::Rose]);
        assert_eq!(baselines.verdict(&Found { what: "c".into(), ..found(1.0) }), Verdict::New);
    }

    #[test]
    fn the_gate_fails_for_what_rose_fell_is_new_or_is_gone() {
        let baselines = Baselines::parse(BEFORE).unwrap();
        let failures = |found: &[Found]| baselines.failures(found, "gate");
        assert_eq!(failures(&[found(50.0)]), [""; 0]);
        assert_eq!(
            failures(&[found(51.6)]),
            ["lines of a: profile it and mend it; if it must be so: gate --raise \"why\""]
        );
        assert_eq!(failures(&[found(48.4)]), ["lines of a: write the lower baseline: gate --lower"]);
        let new = Found { what: "lines of c".into(), ..found(1.0) };
        let [new, gone] = &failures(&[new])[..] else { panic!("two failures") };
        assert!(new.starts_with("lines of c: profile it"), "{new}");
        assert_eq!(gone, "lines of a: not measured; take it out of the baselines");
    }

    #[test]
    fn a_reason_is_demanded_of_what_rises_only() {
        let raised = |change: fn(&mut Baselines)| {
            let mut after = Baselines::parse(BEFORE).unwrap();
            change(&mut after);
            after.silently_raised(&Baselines::parse(BEFORE).unwrap()).count()
        };
        assert_eq!(raised(|_| ()), 0);
        assert_eq!(raised(|baselines| baselines.lower(&found(40.0))), 0);
        assert_eq!(raised(|baselines| baselines.lower(&found(60.0))), 1);
        assert_eq!(raised(|baselines| baselines.raise(&found(60.0), "first")), 1);
        assert_eq!(raised(|baselines| baselines.raise(&found(60.0), "numbers have a unit")), 0);
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        for [amount, reference] in [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [f64::NAN, 1.0]] {
            assert!(Found::new("a".into(), amount, "b", reference).is_err());
        }
        let other = Found { of: "c", ..found(50.0) };
        assert_eq!(Baselines::parse(BEFORE).unwrap().verdict(&other), Verdict::New);
        for change in [["0.5", "nan"], ["0.5", "0.0"], ["\"first\"", "\"\""], ["why", "because"]] {
            assert!(Baselines::parse(&BEFORE.replace(change[0], change[1])).is_err(), "{change:?}");
        }
    }

    #[test]
    fn the_rest_of_the_file_stays() {
        let mut baselines = Baselines::parse(BEFORE).unwrap();
        baselines.lower(&found(40.0));
        assert_eq!(baselines.to_string(), BEFORE.replace("0.5", "0.4"));
    }
}
