//! Who the installations are: when they come, how long they stay, how often they start, and when they are upgraded.

use fastrand::Rng;

use super::app::{SignIn, Version};
use super::calendar::DAYS;
use super::settings::Settings;
use super::taste::{chance, pick};

/// Who operates an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One person.
    Hobby,
    /// A small firm.
    Team,
    /// A large one.
    Company,
}

impl Kind {
    pub(super) const fn of<T: Copy>(self, hobby: T, team: T, company: T) -> T {
        match self {
            Self::Hobby => hobby,
            Self::Team => team,
            Self::Company => company,
        }
    }

    pub(super) fn draw(rng: &mut Rng) -> Self {
        pick(rng, &[(Self::Hobby, 52), (Self::Team, 36), (Self::Company, 12)]).unwrap_or(Self::Hobby)
    }

    /// Whether it starts on a day, in percent. Firms deploy on working days.
    pub(super) const fn starts(self, day: i32) -> u32 {
        match day % 7 {
            5 | 6 => self.of(21, 5, 2),
            4 => self.of(15, 14, 7),
            _ => self.of(13, 20, 16),
        }
    }
}

/// The day on which an installation begins. More come each week, fewer at weekends, and many when the application is talked about.
pub(super) fn birth(rng: &mut Rng) -> i32 {
    const TALK: i32 = 31;
    let weight = |day: i32| {
        let growth = 60 + day;
        let weekday = if day % 7 >= 5 { 55 } else { 100 };
        let talk = if (TALK..TALK + 6).contains(&day) { 260 >> (day - TALK) } else { 0 };
        u32::try_from(growth * weekday / 100 + talk).unwrap_or_default()
    };
    let days: Vec<(i32, u32)> = (0..DAYS).map(|day| (day, weight(day))).collect();
    pick(rng, &days).unwrap_or_default()
}

/// How many days it is used. Many only try it.
pub(super) fn life(rng: &mut Rng, kind: Kind) -> i32 {
    if chance(rng, kind.of(42, 24, 11)) {
        return rng.i32(1..6);
    }
    waiting(rng, kind.of(34.0, 70.0, 160.0)).max(3)
}

/// The days on which an installation gets each version. It begins with the newest, unless somebody holds an old one.
pub(super) fn upgrades(rng: &mut Rng, kind: Kind, birth: i32) -> [i32; 4] {
    let mean = match rng.u32(0..100) {
        0..35 => 2.5,
        35..80 => kind.of(9.0, 12.0, 21.0),
        _ => 75.0,
    };
    let holds_back = chance(rng, kind.of(4, 8, 16));
    let mut last = 0;
    Version::ALL.map(|version| {
        let released = version.released();
        let is_there_at_birth = released == 0 || (released + if holds_back { 14 } else { 1 } <= birth);
        let day = if is_there_at_birth { birth } else { released.max(birth) + 1 + waiting(rng, mean) };
        last = day.max(last);
        last
    })
}

/// The version on a day.
pub(super) fn version(upgrades: &[i32; 4], day: i32) -> Version {
    let had = Version::ALL.into_iter().zip(upgrades).filter(|(_, upgraded)| **upgraded <= day);
    had.map(|(version, _)| version).next_back().unwrap_or(Version::V1_0)
}

/// How users sign in between a start and the end: each way that is set up, and how often. It is counted since version 1.2.0.
pub(super) fn sign_ins(rng: &mut Rng, version: Version, settings: &Settings) -> Vec<(SignIn, u32)> {
    if version < Version::V1_2 {
        return Vec::new();
    }
    let has_plugin = |name| settings.plugins.contains(&name);
    let ways = [
        ("password", settings.password.is_some(), 12, 35),
        ("passkey", has_plugin("passkey"), 5, 4),
        ("magic-link", has_plugin("magic-link"), 4, 9),
        ("provider", !settings.providers.is_empty(), 20, 6),
    ];
    let mut all = Vec::new();
    for (method, _, most, refused) in ways.into_iter().filter(|(_, is_set_up, ..)| *is_set_up) {
        all.push((SignIn { method, refused: false }, rng.u32(1..=most)));
        if chance(rng, refused) {
            all.push((SignIn { method, refused: true }, rng.u32(1..=3)));
        }
    }
    all
}

/// A time until something happens that can happen on any day, in days.
fn waiting(rng: &mut Rng, mean: f64) -> i32 {
    let days = -mean * (1.0 - rng.f64()).ln();
    // The cast keeps to the bounds of the type.
    days.min(10_000.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_each_other() {
        let mut rng = Rng::with_seed(7);
        for _ in 0..500 {
            let birth = birth(&mut rng);
            let upgrades = upgrades(&mut rng, Kind::Team, birth);
            let all: Vec<Version> = (birth..DAYS).map(|day| version(&upgrades, day)).collect();
            assert!(all.is_sorted(), "{upgrades:?}");
            for (day, version) in (birth..).zip(all) {
                assert!(version.released() <= day, "{version:?} on day {day}");
            }
        }
    }
}
