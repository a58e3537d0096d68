//! Tests the whole decision table. The meaning of each value is written out by hand. The product of all inputs is then compared with the
//! rule: the first no, else the first yes, else off.

use super::*;

/// The expected meaning of one value of one input.
type Meaning = Option<Reason>;

fn unreadable_text(ends: &str) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        OsString::from_vec([b"\xff", ends.as_bytes()].concat())
    }
    #[cfg(windows)]
    {
        use std::os::windows::ffi::OsStringExt;
        let mut wide = vec![0xd800];
        wide.extend(ends.encode_utf16());
        OsString::from_wide(&wide)
    }
}

fn set(text: &str) -> Option<OsString> {
    Some(text.into())
}

fn variables() -> Vec<(Option<OsString>, Meaning)> {
    let mut all = vec![
        (None, None),
        (Some(unreadable_text("")), Some(Reason::VariableUnrecognized)),
        (Some(unreadable_text("1")), Some(Reason::VariableUnrecognized)),
    ];
    let of = |words: &[&str], meaning: Meaning| words.iter().map(|word| (set(word), meaning)).collect::<Vec<_>>();
    all.extend(of(&["", " ", "\t\r\n "], None));
    all.extend(of(
        &["1", "true", "yes", "on", "TRUE", "Yes", "oN", " 1", "1\n", "\t true \r\n", "  YES  "],
        Some(Reason::VariableOn),
    ));
    all.extend(of(
        &["0", "false", "no", "off", "FALSE", "No", "oFF", " 0", "0\n", "\t false \r\n", "  NO  "],
        Some(Reason::VariableOff),
    ));
    all.extend(of(
        &[
            "2",
            "01",
            "1.0",
            "-1",
            "+1",
            "11",
            "y",
            "n",
            "t",
            "enable",
            "enabled",
            "disabled",
            "tru",
            "truee",
            "o n",
            "on off",
            "1,0",
            "\"1\"",
            "'on'",
            "ｏｎ",
            "１",
            "1\u{a0}",
            "\u{feff}1",
            "ja",
            "null",
            "none",
            "undefined",
            "1\0",
        ],
        Some(Reason::VariableUnrecognized),
    ));
    all
}

fn do_not_tracks() -> Vec<(Option<OsString>, Meaning)> {
    let mut all = vec![(None, None), (Some(unreadable_text("")), Some(Reason::DoNotTrack))];
    all.extend(["", " ", "0", "false", "False", " 0\n", "\tFALSE "].map(|word| (set(word), None)));
    all.extend(
        ["1", "true", "yes", "on", "no", "off", "00", "0.0", "falsee", "2", "DNT", "\u{a0}"]
            .map(|word| (set(word), Some(Reason::DoNotTrack))),
    );
    all
}

fn tests() -> Vec<(Tests, Meaning)> {
    let environment = Some(Reason::TestEnvironment);
    let none = Tests::default;
    let mut all = vec![(none(), None)];
    for (value, meaning) in [
        (set("test"), environment),
        (set(" TEST\n"), environment),
        (set(""), None),
        (set("production"), None),
        (set("testing"), None),
        (Some(unreadable_text("test")), None),
    ] {
        all.push((Tests { node_env: value.clone(), ..none() }, meaning));
        all.push((Tests { rust_env: value, ..none() }, meaning));
    }
    for (value, meaning) in [
        (set("1"), environment),
        (set("0"), environment),
        (set("true"), environment),
        (Some(unreadable_text("")), environment),
        (set(""), None),
        (set(" "), None),
        (set("false"), None),
        (set(" False "), None),
    ] {
        all.push((Tests { test: value, ..none() }, meaning));
    }
    all.push((Tests { nextest: set("1"), ..none() }, environment));
    all.push((Tests { nextest: set(""), ..none() }, environment));
    all.push((Tests { cargo_bin_exe: true, ..none() }, environment));
    let executable = |path: &str, in_build_directory| Some(Executable { path: path.into(), in_build_directory });
    let test = "/any/where/deps/acme-0123456789abcdef";
    all.push((Tests { executable: executable(test, true), ..none() }, Some(Reason::TestExecutable)));
    all.push((Tests { executable: executable(test, false), ..none() }, None));
    all.push((Tests { executable: executable("/target/debug/acme", true), ..none() }, None));
    let doctest = "/tmp/rustdoctestAb12/rust_out";
    all.push((Tests { executable: executable(doctest, false), ..none() }, Some(Reason::TestExecutable)));
    let everything = Tests {
        skip: false,
        node_env: set("test"),
        rust_env: set("test"),
        test: set("1"),
        nextest: set("1"),
        cargo_bin_exe: true,
        executable: executable(test, true),
    };
    all.push((Tests { skip: true, ..everything.clone() }, None));
    all.push((everything, environment));
    all
}

fn configurations() -> Vec<(Option<bool>, Meaning)> {
    vec![(None, None), (Some(true), Some(Reason::ConfiguredOn)), (Some(false), Some(Reason::ConfiguredOff))]
}

fn choices() -> Vec<(StoredChoice, Meaning)> {
    vec![
        (StoredChoice::NotRead, None),
        (StoredChoice::Absent, None),
        (StoredChoice::Enabled, Some(Reason::StoredOn)),
        (StoredChoice::Disabled, Some(Reason::StoredOff)),
        (StoredChoice::Corrupt, Some(Reason::StoredCorrupt)),
        (StoredChoice::Foreign, Some(Reason::StoredForeign)),
        (StoredChoice::Unreadable, Some(Reason::StoredUnreadable)),
    ]
}

fn is_yes(reason: Reason) -> bool {
    matches!(reason, Reason::VariableOn | Reason::ConfiguredOn | Reason::StoredOn)
}

fn rule(meanings: &[Meaning]) -> (bool, Reason) {
    let said = || meanings.iter().flatten().copied();
    match (said().find(|reason| !is_yes(*reason)), said().find(|reason| is_yes(*reason))) {
        (Some(no), _) => (false, no),
        (None, Some(yes)) => (true, yes),
        (None, None) => (false, Reason::NothingSaidYes),
    }
}

#[test]
fn every_combination_of_inputs_follows_the_one_rule() {
    let (variables, do_not_tracks, tests) = (variables(), do_not_tracks(), tests());
    let mut enabled = 0;
    for (variable, first) in &variables {
        for (do_not_track, second) in &do_not_tracks {
            for (tests, third) in &tests {
                let mut inputs = Inputs {
                    variable: variable.clone(),
                    do_not_track: do_not_track.clone(),
                    tests: tests.clone(),
                    ..Inputs::default()
                };
                for (configured, fourth) in configurations() {
                    for (stored, fifth) in choices() {
                        inputs.configured = configured;
                        inputs.stored = stored;
                        let decision = decide(&inputs);
                        let expected = rule(&[*first, *second, *third, fourth, fifth]);
                        assert_eq!((decision.enabled, decision.reason), expected, "{first:?} {second:?} {third:?}");
                        assert_eq!(inputs.denied(), !decision.enabled && decision.reason != Reason::NothingSaidYes);
                        enabled += usize::from(decision.enabled);
                    }
                }
            }
        }
    }
    assert!(enabled > 0);
}

/// Tests each pair of inputs on its own: one no always denies, and one yes enables if the other input is silent.
#[test]
fn of_each_pair_of_inputs_any_no_wins() {
    type Put = Box<dyn Fn(&mut Inputs)>;
    let mut inputs: Vec<Vec<(Put, Meaning)>> = Vec::new();
    fn column<T: Clone + 'static>(values: Vec<(T, Meaning)>, put: fn(&mut Inputs, T)) -> Vec<(Put, Meaning)> {
        let one = |(value, meaning): (T, Meaning)| {
            let put: Put = Box::new(move |inputs: &mut Inputs| put(inputs, value.clone()));
            (put, meaning)
        };
        values.into_iter().map(one).collect()
    }
    inputs.push(column(vec![(false, None), (true, Some(Reason::CompiledOut))], |i, v| i.compiled_out = v));
    inputs.push(column(vec![(false, None), (true, Some(Reason::UnusableNames))], |i, v| i.unusable_names = v));
    inputs.push(column(variables(), |i, v| i.variable = v));
    inputs.push(column(do_not_tracks(), |i, v| i.do_not_track = v));
    inputs.push(column(tests(), |i, v| i.tests = v));
    inputs.push(column(configurations(), |i, v| i.configured = v));
    inputs.push(column(choices(), |i, v| i.stored = v));
    for (at, first) in inputs.iter().enumerate() {
        for second in &inputs[at + 1..] {
            for (put_first, first) in first {
                for (put_second, second) in second {
                    let mut inputs = Inputs::default();
                    put_first(&mut inputs);
                    put_second(&mut inputs);
                    let decision = decide(&inputs);
                    assert_eq!((decision.enabled, decision.reason), rule(&[*first, *second]));
                }
            }
        }
    }
}

#[test]
fn debug_needs_no_consent_and_changes_none() {
    for (debug, meaning) in variables() {
        for (variable, consent) in variables() {
            let inputs = Inputs { debug: debug.clone(), variable, ..Inputs::default() };
            let decision = decide(&inputs);
            assert_eq!(decision.debug, meaning == Some(Reason::VariableOn));
            assert_eq!(decision.enabled, consent == Some(Reason::VariableOn));
            assert!(!decide(&Inputs { compiled_out: true, ..inputs }).debug);
        }
    }
}

#[test]
fn a_decision_is_told_in_constant_words() {
    let on = decide(&Inputs { configured: Some(true), ..Inputs::default() });
    assert_eq!(on.to_string(), "on: the configuration says yes");
    let off = decide(&Inputs { variable: set("canary"), ..Inputs::default() });
    assert_eq!(
        off.to_string(),
        "off: <PREFIX>_TELEMETRY is none of 1, true, yes, on, 0, false, no, off, and counts as no"
    );
    assert_eq!(
        serde_json::to_string(&off).ok().as_deref(),
        Some(r#"{"enabled":false,"debug":false,"reason":"variable_unrecognized"}"#)
    );
}
