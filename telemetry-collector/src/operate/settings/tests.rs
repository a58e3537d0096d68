use std::fs;

use super::*;

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn error(flags: &[(&str, &str)], environment: &[(&str, &str)]) -> String {
    Loaded::read(&pairs(flags), pairs(environment)).unwrap_err().to_string()
}

fn with_file(text: &str, flags: &[(&str, &str)], environment: &[(&str, &str)]) -> Result<Loaded, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("collector.toml");
    fs::write(&path, text).unwrap();
    let mut flags = pairs(flags);
    flags.push((CONFIG.to_owned(), path.to_str().unwrap().to_owned()));
    Loaded::read(&flags, pairs(environment)).map_err(|error| error.to_string())
}

#[test]
fn a_flag_overrides_the_environment_which_overrides_the_file() {
    let file = "burst = 1\nevents-per-second = 1\nconnections = 10\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]";
    let environment =
        [("TELEMETRY_COLLECTOR_BURST", "2"), ("TELEMETRY_COLLECTOR_EVENTS_PER_SECOND", "2"), ("HOME", "x")];
    let loaded = with_file(file, &[("burst", "3")], &environment).unwrap();
    let limits = &loaded.settings.limits;
    assert_eq!((limits.burst, limits.events_per_second, limits.connections), (3, 2, 10));
    assert_eq!(loaded.settings.proxies.networks.len(), 2);
    assert_eq!(loaded.sources["burst"], Source::Flag);
    assert_eq!(loaded.sources["events-per-second"], Source::Environment);
    assert!(matches!(loaded.sources["connections"], Source::File(_)));
}

#[test]
fn what_is_shown_reads_as_the_same_settings() {
    let loaded = Loaded::read(&pairs(&[("trusted-proxies", "10.0.0.0/8,::1/128"), ("log", "json")]), []).unwrap();
    let shown = loaded.to_string();
    assert_eq!(with_file(&shown, &[], &[]).unwrap().settings, loaded.settings, "{shown}");
    assert!(shown.contains("log = \"json\"  # flag") && shown.contains("burst = \"1000\"  # default"), "{shown}");
}

#[test]
fn an_unknown_setting_is_refused_with_the_nearest() {
    assert_eq!(
        error(&[], &[("TELEMETRY_COLLECTOR_LISTN", "x")]),
        "environment: there is no setting `listn` (did you mean `listen`?)"
    );
    let message = with_file("schema = \"x\"", &[], &[]).unwrap_err();
    assert!(message.ends_with("there is no setting `schema` (did you mean `schemas`?)"), "{message}");
    assert_eq!(error(&[("colour", "x")], &[]), "flag: there is no setting `colour`");
    for section in ["[schema]\nurl = \"x\"", "schema = 1.5", "schema = true"] {
        let message = with_file(section, &[], &[]).unwrap_err();
        assert!(message.ends_with("there is no setting `schema` (did you mean `schemas`?)"), "{section}: {message}");
    }
}

#[test]
fn what_kubernetes_sets_for_a_service_is_passed_over() {
    let of_services = [
        ("SERVICE_HOST", "10.0.0.11"),
        ("SERVICE_PORT", "8787"),
        ("SERVICE_PORT_HTTP", "8787"),
        ("PORT", "tcp://10.0.0.11:8787"),
        ("PORT_8787_TCP", "tcp://10.0.0.11:8787"),
        ("PORT_8787_TCP_PROTO", "tcp"),
        ("PORT_8787_TCP_PORT", "8787"),
        ("PORT_8787_TCP_ADDR", "10.0.0.11"),
        ("DB_SERVICE_HOST", "10.0.0.12"),
        ("DB_PORT_53_UDP", "udp://10.0.0.12:53"),
    ];
    let variables = of_services.map(|(name, value)| (format!("{PREFIX}{name}"), value.to_owned()));
    assert_eq!(Loaded::read(&[], variables.clone()).unwrap(), Loaded::default());
    for typo in ["PORTS", "PORT_TCP", "PORT_8787_HTTP", "SERVICES_PORT", "LISTEN_PORT", "SERVICE", "XSERVICE_HOST"] {
        let with_typo = variables.clone().into_iter().chain([(format!("{PREFIX}{typo}"), "1".to_owned())]);
        let message = Loaded::read(&[], with_typo).unwrap_err().to_string();
        assert!(message.starts_with("environment: there is no setting `"), "{typo}: {message}");
    }
    // There is no such Service.
    assert_eq!(error(&[], &[("TELEMETRY_COLLECTOR_PORT", "80")]), "environment: there is no setting `port`");
}

#[test]
fn a_wrong_value_is_refused_without_being_shown() {
    for key in KEYS.iter().filter(|key| !matches!(key.name, "database" | "schemas")) {
        let value = "hunter2 \u{e9}";
        let message = error(&[], &[(&variable(key.name), value)]);
        assert!(message.contains(key.name) && !message.contains("hunter2"), "{message}");
    }
    for bad in ["burst = 0", "burst = -1", "burst = 1.5", "burst = true", "[burst]\na = 1", "trusted-proxies = [1]"] {
        let message = with_file(bad, &[], &[]).unwrap_err();
        assert!(message.contains("must be"), "{bad}: {message}");
    }
    for (file, reason) in [
        ("burst = 1\nhunter2", "line 2: not TOML: "),
        ("burst = 1\nburst = 2", "line 2: not TOML: duplicate key"),
        ("burst = 1\ntoken = \"hunter2", "line 2: not TOML: "),
        ("burst = 1\ntoken = hunter2", "line 2: not TOML: "),
        ("burst = 1\nburst.hunter2 = 2", "line 2: not TOML: "),
        ("burst = 1\ntoken = \"hunter2\" hunter2", "line 2: not TOML: "),
    ] {
        let message = with_file(file, &[], &[]).unwrap_err();
        let (_, told) = message.split_once(reason).unwrap_or_else(|| panic!("{file:?}: {message}"));
        assert!(!message.contains("hunter2") && !message.contains('\n'), "{file:?}: {message}");
        assert!(reason.ends_with("key") || told.len() > 5, "{file:?}: {message}");
    }
    let whole = with_file("events-per-second = 1.5", &[], &[]).unwrap_err();
    assert!(whole.ends_with("`events-per-second` must be a whole number, or a text"), "{whole}");
    assert!(error(&[("burst", "1.5")], &[]).ends_with("must be a whole number from 1 to 1000000"));
    for url in ["http://me:hunter2@h/", "https://hunter2@h/"] {
        let message = error(&[("url", url)], &[]);
        assert!(message.contains("without a user and a password") && !message.contains("hunter2"), "{message}");
    }
    let missing = error(&[("config", "/nowhere/collector.toml")], &[]);
    assert!(missing.starts_with("cannot read the settings in /nowhere/collector.toml"), "{missing}");
}

#[test]
fn a_file_of_the_token_that_cannot_be_read_is_told_with_the_reason() {
    let told = error(&[("token-file", "/nowhere/token")], &[]);
    assert!(told.starts_with("flag: the file /nowhere/token that `token-file` names cannot be read: "), "{told}");
    assert!(told.len() > "flag: the file /nowhere/token that `token-file` names cannot be read: ".len(), "{told}");
    let told = error(&[], &[("TELEMETRY_COLLECTOR_TOKEN_FILE", "hunter2")]);
    assert!(told.starts_with("environment: the file that `token-file` names cannot be read: "), "{told}");
}

#[test]
fn an_empty_name_of_the_file_of_settings_is_none() {
    let loaded = Loaded::read(&[], pairs(&[("TELEMETRY_COLLECTOR_CONFIG", "")])).unwrap();
    assert_eq!(loaded, Loaded::default());
}

#[test]
fn a_token_comes_from_the_environment_or_a_file_and_is_not_shown() {
    let secret = "hunter2-hunter2-hunter2";
    let loaded = Loaded::read(&[], pairs(&[("TELEMETRY_COLLECTOR_TOKEN", secret)])).unwrap();
    assert!(loaded.settings.token.as_ref().unwrap().is(secret.as_bytes()));
    assert!(!format!("{loaded}{loaded:?}").contains("hunter2"));
    for message in [
        error(&[("token", secret)], &[]),
        with_file(&format!("token = {secret:?}"), &[], &[]).unwrap_err(),
        error(&[], &[("TELEMETRY_COLLECTOR_TOKEN", "hunter2")]),
    ] {
        assert!(!message.contains("hunter2"), "{message}");
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, format!("{secret}\n")).unwrap();
    let loaded = Loaded::read(&pairs(&[("token-file", path.to_str().unwrap())]), []).unwrap();
    assert!(loaded.settings.token.unwrap().is(secret.as_bytes()));
}

#[test]
fn the_token_is_shown_as_set_with_its_source() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, "hunter2-hunter2-hunter2").unwrap();
    let path = path.to_str().unwrap();
    let in_environment = [("TELEMETRY_COLLECTOR_TOKEN", "hunter3-hunter3-hunter3")];
    let shown = |flags: &[(&str, &str)], environment: &[(&str, &str)]| {
        let loaded = Loaded::read(&pairs(flags), pairs(environment)).unwrap();
        let token = loaded.settings.token.clone();
        let shown = loaded.to_string();
        assert!(!shown.contains("hunter"), "{shown}");
        let lines = shown.lines().filter(|line| line.contains("token")).map(str::to_owned).collect::<Vec<_>>();
        (lines.join("\n"), token)
    };
    assert_eq!(shown(&[], &[]).0, "# token-file is not set  # default\n# token is not set  # default");
    assert_eq!(shown(&[], &in_environment).0, "# token-file is not set  # default\n# token is set  # environment");
    let both = format!("token-file = {path:?}  # flag\n# token is set by token-file  # default");
    let (lines, token) = shown(&[("token-file", path)], &in_environment);
    assert_eq!(lines, both);
    assert!(token.unwrap().is(b"hunter2-hunter2-hunter2"), "the flag overrides the environment");
    let file = format!("token-file = {path:?}");
    let loaded = with_file(&file, &[], &in_environment).unwrap();
    assert!(
        loaded.to_string().contains("# token-file is not set  # default\n# token is set  # environment\n"),
        "{loaded}"
    );
    assert!(loaded.settings.token.unwrap().is(b"hunter3-hunter3-hunter3"));
    let twice = [in_environment[0], ("TELEMETRY_COLLECTOR_TOKEN_FILE", path)];
    assert_eq!(error(&[], &twice), "environment: `token-file` must be the only one of `token` and `token-file`");
}

#[test]
fn the_documentation_names_settings_that_there_are() {
    let texts = [
        include_str!("../../../README.md"),
        include_str!("../../../deploy/Containerfile"),
        include_str!("../../../deploy/telemetry-collector.service"),
    ];
    let is_known = |name: &str| name == CONFIG || KEYS.iter().any(|key| key.name == name);
    let mut found = 0;
    for after in texts.iter().flat_map(|text| text.split(PREFIX).skip(1)) {
        let end = after.find(|letter: char| letter != '_' && !letter.is_ascii_uppercase()).unwrap_or(after.len());
        let name = after[..end].to_lowercase().replace('_', "-");
        assert!(is_known(&name), "{name}");
        found += 1;
    }
    assert!(found > 5, "{found}");
    let loaded = with_file(include_str!("../../../deploy/telemetry-collector.toml"), &[], &[]).unwrap();
    assert_eq!(loaded.sources.len(), 7);
    let flags = texts[0].split("serve --").nth(1).unwrap();
    assert!(flags.starts_with("schemas ") && flags.contains(" --database "));
}
