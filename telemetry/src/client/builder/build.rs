//! What the settings become: the client and its parts.

use std::sync::{Arc, Mutex};

use super::Builder;
use super::destination::Destination;
use crate::client::about::About;
#[cfg(feature = "http")]
use crate::client::about::Upload;
use crate::client::error::ConfigError;
use crate::client::handle::Telemetry;
#[cfg(feature = "http")]
use crate::consent::DeletionStore;
use crate::consent::LiveConsent;
use crate::context::ProjectName;
#[cfg(feature = "http")]
use crate::delivery::{Deletion, Task, Uploader};
use crate::delivery::{Heartbeats, Pipeline, Queue, Schemas};
use crate::identity::AnonymousId;
#[cfg(feature = "http")]
use crate::identity::hmac::derive;
use crate::identity::series;
use crate::identity::{Identity, Origin};
use crate::sink::form::Form;
#[cfg(feature = "http")]
use crate::sink::http::Http;
use crate::sink::{self, Sink};
use crate::storage::{Permit, StateDirectory};

impl Builder {
    pub(in crate::client) fn build_under(mut self, consent: LiveConsent) -> Telemetry {
        let decision = consent.decision();
        let debug = !cfg!(telemetry_off) && (self.debug || decision.debug);
        let about = self.about(debug);
        if cfg!(telemetry_off) || !(decision.enabled || debug) {
            #[cfg(feature = "http")]
            if decision.reason.allows_deletion() {
                return Telemetry::off_after_a_no(about, self.exit_wait);
            }
            return Telemetry::off(about);
        }
        let permit: Permit = {
            let consent = consent.clone();
            Arc::new(move || consent.holds())
        };
        let state = about.state().map(|state| state.permitted_by(permit));
        let journal = about.journal(state.clone());
        #[cfg(feature = "http")]
        let uploader = self.uploader(&about, state.clone());
        #[cfg(feature = "http")]
        let about = About { upload: if uploader.is_some() { about.upload } else { Upload::InProcess }, ..about };
        let (series, randomness) = match series::random() {
            Ok(series) => (series, Ok(())),
            Err(_) => (String::new(), Err(ConfigError::NoRandomness)),
        };
        let identity = Identity::new(self.origin(state, decision.enabled), series);
        let (exit_wait, durability) = (self.exit_wait, self.durability);
        let sink = if debug {
            Ok(Box::new(sink::Debug::new(self.form_in_use().clone())) as Box<dyn Sink>)
        } else {
            self.into_sink()
        };
        let error = randomness.and(sink.as_ref().map(drop).map_err(|error| *error)).err();
        let pipeline = Pipeline {
            queue: Queue::default(),
            journal,
            identity,
            schemas: Schemas::default(),
            heartbeats: Heartbeats::default(),
            consent: if debug { consent.without_sending() } else { consent },
            sink: Mutex::new(sink.ok()),
            thread: Mutex::default(),
            durability,
            #[cfg(feature = "http")]
            deletion: about.deletion.clone(),
            #[cfg(feature = "http")]
            uploader,
        };
        Telemetry::on(about, pipeline, error, exit_wait)
    }

    /// A builder with the same settings, unless it has a sink.
    pub(in crate::client) fn again(&self) -> Self {
        Self {
            consent: self.consent,
            destination: self.destination.again(),
            #[cfg(feature = "http")]
            headers: self.headers.clone(),
            #[cfg(feature = "http")]
            batches: self.batches,
            form: self.form.clone(),
            error: self.error,
            exit_wait: self.exit_wait,
            durability: self.durability,
            upload: self.upload,
            debug: self.debug,
            receiver: self.receiver,
            app: self.app,
            id: self.id.clone(),
            project: self.project.clone(),
            is_one_a_directory: self.is_one_a_directory,
            base_url: self.base_url.clone(),
        }
    }

    pub(super) fn about(&self, debug: bool) -> About {
        About {
            settings: (!matches!(self.destination, Destination::Sink(_))).then(|| Mutex::new(self.again())),
            consent: self.consent,
            receiver: self.receiver,
            endpoint: self.destination.authority(),
            destination: self.destination.binding(&self.form, self.durability),
            form: self.form_in_use().clone(),
            durability: self.durability,
            upload: self.upload,
            debug,
            app: self.app,
            #[cfg(feature = "http")]
            deletion: if debug || cfg!(telemetry_off) { None } else { self.deletion() },
        }
    }

    /// The requests for deletion, which only an endpoint receives.
    #[cfg(feature = "http")]
    fn deletion(&self) -> Option<Arc<Deletion>> {
        let Destination::Endpoint(endpoint) = &self.destination else { return None };
        let file = DeletionStore::find(self.consent).filter(|_| self.error.is_none() && self.form.is_own())?;
        let (endpoint, headers) = (endpoint.clone(), self.headers.clone());
        let to = receiver_label(self.consent.application(), endpoint.url().as_str());
        let send = move |key: &str, body: &str| Http::new(endpoint.clone(), headers.clone()).send_deletion(key, body);
        Some(Arc::new(Deletion::new(self.consent, file, to, Box::new(send))))
    }

    /// A sink gets events as they are.
    pub(super) fn form_in_use(&self) -> &Form {
        match self.destination {
            Destination::Sink(_) => &Form::Own,
            _ => &self.form,
        }
    }

    /// Whether the directory can name the project.
    pub(super) fn is_of_directory(&self) -> bool {
        self.is_one_a_directory || self.id != AnonymousId::PerInstall
    }

    fn origin(&mut self, state: Option<StateDirectory>, has_consent: bool) -> Origin {
        Origin {
            app: self.app,
            application: self.consent.application(),
            project: self.project.take(),
            directory: self.is_of_directory().then(ProjectName::default),
            base_url: self.base_url.take(),
            // Without consent, no id is created.
            id: has_consent.then(|| std::mem::take(&mut self.id)),
            state,
        }
    }

    #[cfg(feature = "http")]
    fn uploader(&self, about: &About, state: Option<StateDirectory>) -> Option<Uploader> {
        match (&self.destination, self.upload) {
            (Destination::Endpoint(endpoint), Upload::Detached) if self.error.is_none() && !about.debug => {
                let (configured, skip_test_check) = self.consent.options();
                let task = Task {
                    prefix: self.consent.prefix().to_owned(),
                    application: self.consent.application().to_owned(),
                    configured,
                    skip_test_check,
                    asks_for_deletion: self.consent.asks_for_deletion(),
                    endpoint: endpoint.url().to_string(),
                    headers: self.headers.pairs(),
                    batches: self.batches,
                    form: self.form.clone(),
                    app: self.app.as_ref().map(Into::into),
                };
                Uploader::new(state?, &task)
            }
            _ => None,
        }
    }

    fn into_sink(self) -> Result<Box<dyn Sink>, ConfigError> {
        self.check()?;
        match self.destination {
            Destination::None => Err(ConfigError::NoEndpoint),
            #[cfg(feature = "http")]
            Destination::Endpoint(endpoint) => {
                Ok(Box::new(Http::new(endpoint, self.headers).with_batches(self.batches).with_form(self.form)))
            }
            Destination::Sink(sink) => Ok(Box::new(sink)),
        }
    }
}

/// Tells one receiver of an application from another, without its address.
#[cfg(feature = "http")]
fn receiver_label(application: &str, address: &str) -> String {
    let mut label = base16ct::lower::encode_string(&derive(&[0; 32], "deletion 1", &[application, address]));
    label.truncate(16);
    label
}
