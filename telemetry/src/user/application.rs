use std::path::PathBuf;

use crate::client::Telemetry;
use crate::consent::Consent;
use crate::page::Disclosure;
use crate::storage::StateDirectory;

/// The application whose telemetry the user asks about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application<'a> {
    /// `None` if neither the client nor the page names an application.
    pub(super) consent: Option<Consent>,
    pub(super) page: &'a Disclosure,
}

impl<'a> Application<'a> {
    /// The client's consent comes first, since it knows the operator's configuration.
    pub(super) fn of(client: &Telemetry, page: &'a Disclosure) -> Self {
        Self { consent: client.consent().or(page.consent()), page }
    }

    pub(super) fn name(&self) -> &'static str {
        self.consent.map_or("", |consent| consent.application())
    }

    /// The directory for what telemetry keeps.
    pub(super) fn state_directory(&self) -> Option<PathBuf> {
        Some(StateDirectory::find(self.consent?.application())?.directory().to_owned())
    }

    /// The variable by which the user switches telemetry on and off.
    pub(super) fn variable(&self) -> String {
        format!("{}_TELEMETRY", self.consent.map_or("", |consent| consent.prefix()))
    }
}
