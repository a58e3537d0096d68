//! Further versions of the application, of which a test needs no program of their own.

use std::process::ExitCode;

use telemetry::consent::Scope;

use crate::application::{self, Version, publish};

/// Counts less far than the first version.
mod narrowed {
    crate::application::build_event!(5);
}

/// Has more new fields than a question can show.
mod large {
    crate::application::build_event!(9, first, second, third, fourth, fifth);
}

fn find(name: &str) -> Option<Version> {
    let scope = Scope::new();
    Some(match name {
        "narrowed" => Version {
            scope: scope.event::<narrowed::Build>(),
            publish: |telemetry| publish(telemetry, &narrowed::Build::default()),
        },
        "large" => Version {
            scope: scope.event::<large::Build>(),
            publish: |telemetry| publish(telemetry, &large::Build::default()),
        },
        // Nothing is left of the events.
        "none" => Version { scope, publish: |_| String::new() },
        _ => return None,
    })
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let found = arguments.split_first().and_then(|(name, rest)| Some((find(name)?, rest)));
    let Some((version, rest)) = found else {
        println!("error: which version?");
        return ExitCode::FAILURE;
    };
    application::run(version, rest)
}
