//! Everything that will be sent, drawn from a seed before anything is.

use std::sync::Arc;

use data_encoding::BASE64;
use fastrand::Rng;

use super::app::{SignIn, Upgraded, Version};
use super::calendar::DAYS;
use super::habits::{self, Kind};
use super::settings::Settings;
use super::taste::{self, chance};

/// All starts of all installations, by the day on which their events arrive.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) days: Vec<Vec<Run>>,
}

/// One start of the application, and the events that it sends.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which installation it is, counted from 0.
    pub install: usize,
    /// Where its anonymous id comes from.
    pub origin: Origin,
    /// The day of the simulation on which it starts, counted from 0.
    pub day: i32,
    /// How many days pass before its events arrive, from 0 to 7.
    pub age: u8,
    /// The version of the application.
    pub version: Version,
    /// Its settings, which `init` tells of.
    pub settings: Arc<Settings>,
    /// The event of the first start of a version.
    pub upgraded: Option<Upgraded>,
    /// Each distinct sign-in, and how often it happens before it ends.
    pub sign_ins: Vec<(SignIn, u32)>,
    /// What becomes of `init` on its way.
    pub treatment: Treatment,
}

/// Where an anonymous id comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A key of the installation.
    Key(Arc<str>),
    /// It cannot be kept, so each start has a new one, as in a container.
    Nowhere,
}

/// What becomes of an event on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It arrives.
    Plain,
    /// Its answer is lost, so it is sent again.
    Repeated,
    /// It comes from somebody's own build, with a word that no released schema has.
    OtherWord,
    /// The same, with a number that is too large.
    OtherNumber,
}

impl Plan {
    /// Draws the plan of so many installations.
    #[must_use]
    pub fn new(installs: usize, seed: u64) -> Self {
        let mut days = vec![Vec::new(); usize::try_from(DAYS).unwrap_or_default()];
        for install in 0..installs {
            // What one does must not depend on the others, so that a plan of fewer installations is a part of a larger one.
            let mut rng = Rng::with_seed(seed ^ (install as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            for mut run in Life::draw(&mut rng, install).runs(&mut rng) {
                run.sign_ins = habits::sign_ins(&mut rng, run.version, &run.settings);
                let arrives = usize::try_from(run.day + i32::from(run.age)).ok();
                if let Some(day) = arrives.and_then(|day| days.get_mut(day)) {
                    day.push(run);
                }
            }
        }
        Self { days }
    }

    /// How many starts there are.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.days.iter().map(Vec::len).sum()
    }
}

/// One installation.
struct Life {
    install: usize,
    kind: Kind,
    origin: Origin,
    begin: i32,
    end: i32,
    upgrades: [i32; 4],
    /// Whether its build is somebody's own.
    is_altered: bool,
}

impl Life {
    fn draw(rng: &mut Rng, install: usize) -> Self {
        let kind = Kind::draw(rng);
        let mut key = [0; 32];
        rng.fill(&mut key);
        let is_container = chance(rng, kind.of(2, 7, 5));
        let origin = if is_container { Origin::Nowhere } else { Origin::Key(BASE64.encode(&key).into()) };
        let begin = habits::birth(rng);
        let end = begin.saturating_add(habits::life(rng, kind)).min(DAYS);
        let upgrades = habits::upgrades(rng, kind, begin);
        Self { install, kind, origin, begin, end, upgrades, is_altered: rng.u32(0..1_000) < 4 }
    }

    fn runs(&self, rng: &mut Rng) -> Vec<Run> {
        let mut settings = Arc::new(taste::settings(rng, self.kind));
        let mut runs = Vec::new();
        let mut last: Option<Version> = None;
        for day in self.begin..self.end {
            if rng.u32(0..1_000) < 6 {
                taste::change(rng, self.kind, Arc::make_mut(&mut settings));
            }
            // It starts when it is installed and upgraded, and otherwise by chance.
            let version = habits::version(&self.upgrades, day);
            let is_due = last.is_none_or(|last| last != version);
            if !is_due && !chance(rng, self.kind.starts(day)) {
                continue;
            }
            // A part of them is started again at once.
            for _ in 0..=u32::from(chance(rng, 9)) {
                let upgraded = last.filter(|last| *last < version).and_then(|last| upgraded(rng, last, version));
                runs.push(self.run(rng, day, version, &settings, upgraded));
                last = Some(version);
            }
        }
        runs
    }

    fn run(
        &self,
        rng: &mut Rng,
        day: i32,
        version: Version,
        settings: &Arc<Settings>,
        upgraded: Option<Upgraded>,
    ) -> Run {
        let age = if chance(rng, self.kind.of(6, 2, 1)) { rng.u8(1..=7) } else { 0 };
        let treatment = match rng.u32(0..1_000) {
            _ if self.is_altered && chance(rng, 50) => Treatment::OtherWord,
            _ if self.is_altered => Treatment::OtherNumber,
            0..14 => Treatment::Repeated,
            _ => Treatment::Plain,
        };
        let (install, origin, settings) = (self.install, self.origin.clone(), Arc::clone(settings));
        Run { install, origin, day, age, version, settings, upgraded, sign_ins: Vec::new(), treatment }
    }
}

/// The event `upgraded`, which is known since version 1.1.0.
fn upgraded(rng: &mut Rng, from: Version, to: Version) -> Option<Upgraded> {
    if to < Version::V1_1 {
        return None;
    }
    let migrations = rng.u32(1..5) + if to == Version::V2_0 { 9 } else { 0 };
    Some(Upgraded {
        from: from.name(),
        migrations,
        duration: migrations * rng.u32(0..9),
        rolled_back: rng.u32(0..100) < if to == Version::V2_0 { 6 } else { 1 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_plan() {
        let all = |plan: &Plan| format!("{plan:?}");
        assert_eq!(all(&Plan::new(40, 1)), all(&Plan::new(40, 1)));
        assert_ne!(all(&Plan::new(40, 1)), all(&Plan::new(40, 2)));
    }

    #[test]
    fn everything_that_a_demonstration_is_for_is_there() {
        let plan = Plan::new(2_000, 1);
        let runs = || plan.days.iter().flatten();
        for version in Version::ALL {
            assert!(runs().filter(|run| run.version == version).count() > 500, "{version:?}");
        }
        for treatment in [Treatment::Repeated, Treatment::OtherWord, Treatment::OtherNumber] {
            assert!(runs().any(|run| run.treatment == treatment), "{treatment:?}");
        }
        assert!(runs().any(|run| run.origin == Origin::Nowhere));
        assert!(runs().any(|run| run.age == 7));
        assert!(runs().any(|run| run.upgraded.is_some()));
        assert!(runs().any(|run| run.sign_ins.iter().any(|(_, times)| *times > 1)));
    }

    #[test]
    fn events_of_an_installation_that_wait_arrive_after_later_ones() {
        let plan = Plan::new(500, 1);
        let is_behind = |(at, run): (usize, &Run)| usize::try_from(run.day).is_ok_and(|day| day < at);
        let waited = plan.days.iter().enumerate().flat_map(|(at, runs)| runs.iter().map(move |run| (at, run)));
        assert!(waited.filter(|waited| is_behind(*waited)).count() > 10);
    }
}
