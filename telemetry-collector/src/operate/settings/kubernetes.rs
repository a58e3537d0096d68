//! Variables that Kubernetes sets for the Services of a namespace, in each of its pods.
//!
//! Those of a Service `telemetry-collector`, and of any whose name begins so, begin as those of the settings do:
//! <https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>.

use std::collections::BTreeMap;

/// What the variable with the address of a Service ends with, in the form of settings. Each Service has one.
const HOST: &str = "service-host";

/// Takes away the variables of Services. The names are those of settings.
pub(super) fn pass_over(environment: &mut BTreeMap<String, String>) {
    let services = environment.keys().filter_map(|name| name.strip_suffix(HOST));
    let services: Vec<String> =
        services.filter(|name| name.is_empty() || name.ends_with('-')).map(str::to_owned).collect();
    environment.retain(|name, _| {
        !services.iter().any(|service| name.strip_prefix(service.as_str()).is_some_and(is_of_a_service))
    });
}

/// Whether this is what follows the name of the Service.
fn is_of_a_service(rest: &str) -> bool {
    let parts: Vec<&str> = rest.split('-').collect();
    match parts.as_slice() {
        // A port can have a name.
        ["service", "host"] | ["service", "port", ..] | ["port"] => true,
        ["port", number, "tcp" | "udp" | "sctp"]
        | ["port", number, "tcp" | "udp" | "sctp", "addr" | "port" | "proto"] => number.parse::<u16>().is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CONFIG, KEYS};
    use super::*;

    #[test]
    fn no_setting_has_such_a_name() {
        for name in KEYS.iter().map(|key| key.name).chain([CONFIG]) {
            // Also after the rest of the name of a Service.
            let rests = name.match_indices('-').filter_map(|(at, _)| name.get(at + 1..));
            assert!(![name].into_iter().chain(rests).any(is_of_a_service), "{name}");
        }
    }
}
