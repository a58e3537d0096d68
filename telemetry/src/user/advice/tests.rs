//! Follows the advice for every combination of inputs. Real processes follow it in tests/it.

use super::*;
use crate::consent::{Executable, Inputs, NoPlace, StoredChoice, Tests};

const FILE: &str = "/home/jane/.config/acme/telemetry-consent";
const ENABLE: &str = "acme telemetry enable";
const STORED: [StoredChoice; 6] = [
    StoredChoice::Absent,
    StoredChoice::Enabled,
    StoredChoice::Disabled,
    StoredChoice::Corrupt,
    StoredChoice::Foreign,
    StoredChoice::Unreadable,
];

fn report(inputs: &Inputs) -> Report {
    Report::of(inputs, "ACME", None)
}

fn is_on(inputs: &Inputs) -> bool {
    report(inputs).decision.enabled
}

fn place(can_store: bool) -> ChoicePlace {
    let yes = if can_store { Ok(()) } else { Err(NoPlace::HomeUnset) };
    ChoicePlace { file: Some(FILE.into()), yes, no: Ok(()) }
}

/// What the inputs are after a step, for each way in which it can be done.
fn follow(inputs: &Inputs, can_store: bool, step: Step<'_>) -> Vec<Inputs> {
    let mut inputs = inputs.clone();
    match step {
        Step::Unset { variable: "DO_NOT_TRACK" } => inputs.do_not_track = None,
        Step::Unset { variable: "ACME_TELEMETRY" } => inputs.variable = None,
        Step::Unset { variable } => panic!("{variable}"),
        Step::LeaveTests => inputs.tests = Tests::default(),
        Step::Configure => inputs.configured = None,
        Step::Delete { file: FILE } => inputs.stored = StoredChoice::Absent,
        Step::Delete { file } => panic!("{file}"),
        Step::SayYes { command, variable } => {
            assert!(
                command.is_none_or(|command| command == ENABLE) && variable.is_none_or(|name| name == "ACME_TELEMETRY")
            );
            let can_store = can_store && inputs.stored != StoredChoice::Unreadable;
            let stored = if can_store { StoredChoice::Enabled } else { inputs.stored };
            let by_command = command.map(|_| Inputs { stored, ..inputs.clone() });
            let by_variable = variable.map(|_| Inputs { variable: Some("1".into()), ..inputs.clone() });
            return by_command.into_iter().chain(by_variable).collect();
        }
    }
    vec![inputs]
}

/// What the inputs are after the steps, for each way.
fn follow_all<'a>(inputs: &Inputs, can_store: bool, steps: impl Iterator<Item = &'a Step<'a>>) -> Vec<Inputs> {
    steps.fold(vec![inputs.clone()], |ways, step| ways.iter().flat_map(|way| follow(way, can_store, *step)).collect())
}

/// Every combination of what the inputs can say, apart from what holds for the program itself.
fn all_inputs() -> Vec<Inputs> {
    let mut all = Vec::new();
    for variable in [None, Some("1"), Some("0"), Some("enable")] {
        for do_not_track in [None, Some("1")] {
            for node_env in [None, Some("test")] {
                for configured in [None, Some(true), Some(false)] {
                    all.extend(STORED.map(|stored| Inputs {
                        variable: variable.map(Into::into),
                        do_not_track: do_not_track.map(Into::into),
                        tests: Tests { node_env: node_env.map(Into::into), ..Tests::default() },
                        configured,
                        stored,
                        ..Inputs::default()
                    }));
                }
            }
        }
    }
    all
}

#[test]
fn whoever_follows_the_advice_has_switched_it_on_and_no_step_was_needless() {
    for inputs in all_inputs().iter().filter(|inputs| !is_on(inputs)) {
        let report = report(inputs);
        for (can_store, enable) in [(true, Some(ENABLE)), (true, None), (false, Some(ENABLE)), (false, None)] {
            let steps = to_switch_on(&report, Some(&place(can_store)), Some(FILE), enable);
            let told = format!("{:?}, {can_store}, {enable:?}: {steps:?}", report.inputs);
            // The user is told then why no choice can be stored.
            let is_stuck = !can_store && matches!(report.reading(Source::Stored), Reading::No(_));
            assert_eq!(steps.is_empty(), is_stuck, "{told}");
            if is_stuck {
                continue;
            }
            assert!(follow_all(inputs, can_store, steps.iter()).iter().all(is_on), "{told}");
            for left_out in 0..steps.len() {
                let rest = steps.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, step)| step);
                assert!(!follow_all(inputs, can_store, rest).iter().any(is_on), "{told} without {left_out}");
            }
        }
    }
}

#[test]
fn where_nothing_switches_it_on_or_nothing_is_left_to_do_there_is_no_advice() {
    let executable = Executable { path: "/tmp/rustdoctestAb12/rust_out".into(), in_build_directory: false };
    for inputs in [
        Inputs { compiled_out: true, ..Inputs::default() },
        Inputs { unusable_names: true, ..Inputs::default() },
        Inputs { tests: Tests { executable: Some(executable), ..Tests::default() }, ..Inputs::default() },
    ] {
        assert_eq!(to_switch_on(&report(&inputs), Some(&place(true)), Some(FILE), Some(ENABLE)), []);
    }
    let late = report(&Inputs { stored: StoredChoice::Enabled, ..Inputs::default() }).of_client_that_is_off();
    assert_eq!(late.decision.reason, Reason::YesForLaterPrograms);
    assert_eq!(to_switch_on(&late, Some(&place(true)), Some(FILE), Some(ENABLE)), []);
}
