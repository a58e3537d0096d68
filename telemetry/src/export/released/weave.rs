//! All releases in one list of lines, of which each says in which versions it is.

use super::Release;
use crate::schema::Released;
use crate::schema::released::{Line, lines_with_bits};

/// The lines of all releases. Those of `newest` get its purposes.
pub(super) fn weave(releases: &[Release], newest: &Released) -> Vec<Line> {
    let mut woven = Vec::new();
    for (number, release) in releases.iter().enumerate() {
        woven = add(woven, lines_with_bits(&release.schema), (number > 0).then_some(release.version.as_str()));
    }
    let stated = lines_with_bits(newest);
    let is_newest = |release: &&Release| release.hash == newest.hash();
    let Some((number, _)) = releases.iter().enumerate().find(|(_, release)| is_newest(release)) else { return woven };
    let position = |version: &Option<String>, none: usize| {
        version.as_ref().map_or(Some(none), |version| releases.iter().position(|release| release.version == *version))
    };
    let is_in = |line: &&mut Line| {
        position(&line.since, 0).is_some_and(|since| since <= number)
            && position(&line.until, releases.len()).is_some_and(|until| until > number)
    };
    for (line, stated) in woven.iter_mut().filter(|line| is_in(line)).zip(stated) {
        line.purpose = stated.purpose;
    }
    woven
}

/// The woven lines with those of one more release.
fn add(woven: Vec<Line>, new: Vec<Line>, version: Option<&str>) -> Vec<Line> {
    let version = version.map(str::to_owned);
    let current: Vec<Line> = woven.iter().filter(|line| line.until.is_none()).map(bare).collect();
    let kept = common(&current, &new.iter().map(bare).collect::<Vec<_>>());
    let mut all = Vec::with_capacity(woven.len() + new.len());
    let (mut new, mut kept) = (new.into_iter().enumerate(), kept.into_iter().peekable());
    let mut at = 0;
    for mut line in woven {
        if line.until.is_none() {
            match kept.next_if(|(old, _)| *old == at) {
                Some((_, same)) => {
                    for (number, fresh) in new.by_ref() {
                        if number == same {
                            line.purpose = fresh.purpose;
                            break;
                        }
                        all.push(Line { since: version.clone(), ..fresh });
                    }
                }
                None => line.until.clone_from(&version),
            }
            at += 1;
        }
        all.push(line);
    }
    all.extend(new.map(|(_, line)| Line { since: version.clone(), ..line }));
    all
}

/// What a line says of what can be sent, to which its purpose does not belong.
fn bare(line: &Line) -> Line {
    Line { purpose: None, since: None, until: None, ..line.clone() }
}

/// The longest common subsequence: pairs of indices of lines that stay.
fn common(old: &[Line], new: &[Line]) -> Vec<(usize, usize)> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let old_rest = old_rest.get(..old_rest.len() - end).unwrap_or_default();
    let new_rest = new_rest.get(..new_rest.len() - end).unwrap_or_default();
    let middle = longest(old_rest, new_rest);
    let before = (0..start).map(|at| (at, at));
    let after = (1..=end).rev().map(|back| (old.len() - back, new.len() - back));
    before.chain(middle.into_iter().map(|(one, other)| (one + start, other + start))).chain(after).collect()
}

/// If there are more pairs of lines, none of them stays.
const MOST_PAIRS: usize = 16 << 20;

fn longest(old: &[Line], new: &[Line]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MOST_PAIRS {
        return Vec::new();
    }
    // The lengths of what the ends of both have in common, row by row.
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let get = |lengths: &[u32], one: usize, other: usize| lengths.get(one * width + other).copied().unwrap_or_default();
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let is_pair = matches!((old.get(one), new.get(other)), (Some(old), Some(new)) if old == new);
            let length = if is_pair {
                get(&lengths, one + 1, other + 1) + 1
            } else {
                get(&lengths, one + 1, other).max(get(&lengths, one, other + 1))
            };
            if let Some(slot) = lengths.get_mut(one * width + other) {
                *slot = length;
            }
        }
    }
    let (mut one, mut other, mut pairs) = (0, 0, Vec::new());
    while let (Some(before), Some(after)) = (old.get(one), new.get(other)) {
        if before == after {
            pairs.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if get(&lengths, one + 1, other) >= get(&lengths, one, other + 1) {
            one += 1;
        } else {
            other += 1;
        }
    }
    pairs
}
