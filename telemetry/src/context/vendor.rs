//! The platform that the program is deployed on.

use super::Context;
use super::machine::Machine;
use telemetry_derive::TelemetrySnapshot;

/// Platforms that programs are deployed on.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Vendor {
    Cloudflare,
    Vercel,
    Netlify,
    Render,
    Aws,
    Gcp,
    Azure,
    DenoDeploy,
    FlyIo,
    Railway,
    Heroku,
    #[telemetry(rename = "digitalocean")]
    DigitalOcean,
    Koyeb,
}

/// The variables of each platform, in the order of Better Auth. The first platform with a variable that is not empty counts.
const SIGNS: [(Vendor, &[&str]); 13] = [
    (Vendor::Cloudflare, &["CF_PAGES", "CF_PAGES_URL", "CF_ACCOUNT_ID"]),
    (Vendor::Vercel, &["VERCEL", "VERCEL_URL", "VERCEL_ENV"]),
    (Vendor::Netlify, &["NETLIFY", "NETLIFY_URL"]),
    (Vendor::Render, &["RENDER", "RENDER_URL", "RENDER_INTERNAL_HOSTNAME", "RENDER_SERVICE_ID"]),
    (Vendor::Aws, &["AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT"]),
    (Vendor::Gcp, &["GOOGLE_CLOUD_FUNCTION_NAME", "GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "K_SERVICE"]),
    (Vendor::Azure, &["AZURE_FUNCTION_NAME", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME"]),
    (Vendor::DenoDeploy, &["DENO_DEPLOYMENT_ID", "DENO_REGION"]),
    (Vendor::FlyIo, &["FLY_APP_NAME", "FLY_REGION", "FLY_ALLOC_ID"]),
    (Vendor::Railway, &["RAILWAY_STATIC_URL", "RAILWAY_ENVIRONMENT_NAME"]),
    (Vendor::Heroku, &["DYNO", "HEROKU_APP_NAME"]),
    (Vendor::DigitalOcean, &["DO_DEPLOYMENT_ID", "DO_APP_NAME", "DIGITALOCEAN"]),
    (Vendor::Koyeb, &["KOYEB", "KOYEB_DEPLOYMENT_ID", "KOYEB_APP_NAME"]),
];

pub(super) fn detect(machine: &dyn Machine, context: &mut Context) {
    let found = SIGNS.iter().find(|(_, names)| names.iter().any(|name| machine.has_variable(name)));
    context.system_info.deployment_vendor = found.map(|(vendor, _)| *vendor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::fake_machine::FakeMachine;
    use crate::snapshot::Snapshot;

    fn vendor(variables: &[(&str, &str)]) -> Option<String> {
        let machine =
            variables.iter().fold(FakeMachine::default(), |machine, (name, value)| machine.with_variable(name, value));
        let context: Context = machine.run(detect);
        let sent = Snapshot::of(&context.system_info).unwrap();
        sent.to_value()["deploymentVendor"].as_str().map(str::to_owned)
    }

    #[test]
    fn each_variable_that_is_set_names_its_vendor() {
        for (name, expected) in [
            ("CF_PAGES", "cloudflare"),
            ("CF_PAGES_URL", "cloudflare"),
            ("CF_ACCOUNT_ID", "cloudflare"),
            ("VERCEL", "vercel"),
            ("VERCEL_URL", "vercel"),
            ("VERCEL_ENV", "vercel"),
            ("NETLIFY", "netlify"),
            ("NETLIFY_URL", "netlify"),
            ("RENDER", "render"),
            ("RENDER_URL", "render"),
            ("RENDER_INTERNAL_HOSTNAME", "render"),
            ("RENDER_SERVICE_ID", "render"),
            ("AWS_LAMBDA_FUNCTION_NAME", "aws"),
            ("AWS_EXECUTION_ENV", "aws"),
            ("LAMBDA_TASK_ROOT", "aws"),
            ("GOOGLE_CLOUD_FUNCTION_NAME", "gcp"),
            ("GOOGLE_CLOUD_PROJECT", "gcp"),
            ("GCP_PROJECT", "gcp"),
            ("K_SERVICE", "gcp"),
            ("AZURE_FUNCTION_NAME", "azure"),
            ("FUNCTIONS_WORKER_RUNTIME", "azure"),
            ("WEBSITE_INSTANCE_ID", "azure"),
            ("WEBSITE_SITE_NAME", "azure"),
            ("DENO_DEPLOYMENT_ID", "deno-deploy"),
            ("DENO_REGION", "deno-deploy"),
            ("FLY_APP_NAME", "fly-io"),
            ("FLY_REGION", "fly-io"),
            ("FLY_ALLOC_ID", "fly-io"),
            ("RAILWAY_STATIC_URL", "railway"),
            ("RAILWAY_ENVIRONMENT_NAME", "railway"),
            ("DYNO", "heroku"),
            ("HEROKU_APP_NAME", "heroku"),
            ("DO_DEPLOYMENT_ID", "digitalocean"),
            ("DO_APP_NAME", "digitalocean"),
            ("DIGITALOCEAN", "digitalocean"),
            ("KOYEB", "koyeb"),
            ("KOYEB_DEPLOYMENT_ID", "koyeb"),
            ("KOYEB_APP_NAME", "koyeb"),
        ] {
            for value in ["1", "0", "false", "jane's own"] {
                assert_eq!(vendor(&[(name, value)]).as_deref(), Some(expected), "{name}={value}");
            }
            assert_eq!(vendor(&[(name, "")]), None, "{name}");
        }
        for name in ["AWS_REGION", "KUBERNETES_SERVICE_HOST", "CF_WORKER", "WEBSITE_HOSTNAME"] {
            assert_eq!(vendor(&[(name, "x")]), None, "{name}");
        }
    }

    #[test]
    fn the_first_vendor_counts() {
        let mut variables = vec![
            ("CF_PAGES", "1"),
            ("VERCEL", "1"),
            ("NETLIFY", "1"),
            ("RENDER", "1"),
            ("LAMBDA_TASK_ROOT", "1"),
            ("K_SERVICE", "1"),
            ("WEBSITE_SITE_NAME", "1"),
            ("DENO_REGION", "1"),
            ("FLY_REGION", "1"),
            ("RAILWAY_STATIC_URL", "1"),
            ("DYNO", "1"),
            ("DIGITALOCEAN", "1"),
            ("KOYEB", "1"),
        ];
        for expected in [
            "cloudflare",
            "vercel",
            "netlify",
            "render",
            "aws",
            "gcp",
            "azure",
            "deno-deploy",
            "fly-io",
            "railway",
            "heroku",
            "digitalocean",
            "koyeb",
        ] {
            assert_eq!(vendor(&variables).as_deref(), Some(expected));
            variables.remove(0);
        }
        assert_eq!(vendor(&variables), None);
    }
}
