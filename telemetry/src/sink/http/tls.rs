//! What https is spoken with. The choice of the host program, or of its other libraries, plays no part in it.

use reqwest::ClientBuilder;

use super::Endpoint;
use crate::sink::Obstacle;

pub(super) const AVAILABLE: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// What takes long to load, and serves every connection.
#[cfg(feature = "rustls")]
pub(super) struct Tls(rustls::ClientConfig);

#[cfg(feature = "rustls")]
impl Tls {
    /// An error when no certificate of the platform could be loaded. It is told by the status, and not in the host's log, as
    /// the libraries do that are used elsewhere.
    pub(super) fn load(endpoint: &Endpoint) -> Result<Self, Obstacle> {
        use std::sync::Arc;

        use rustls::crypto::ring::default_provider;
        use rustls::{ClientConfig, RootCertStore};

        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| Obstacle::Other)?;
        let config = if endpoint.url().scheme() == "https" {
            certificates::of_the_platform(config)?
        } else {
            // Loading the platform's certificates takes long, and nothing would ask for them.
            config.with_root_certificates(RootCertStore::empty())
        };
        Ok(Self(config.with_no_client_auth()))
    }

    pub(super) fn configure(&self, client: ClientBuilder) -> ClientBuilder {
        client.tls_backend_preconfigured(self.0.clone())
    }
}

#[cfg(feature = "rustls")]
mod certificates {
    use rustls::client::WantsClientCert;
    use rustls::{ClientConfig, ConfigBuilder, WantsVerifier};

    use crate::sink::Obstacle;

    type Builder<State> = ConfigBuilder<ClientConfig, State>;

    /// As the platform's verifier does it, which warns in the host's log in addition.
    #[cfg(all(unix, not(target_os = "android"), not(target_vendor = "apple")))]
    pub(super) fn of_the_platform(config: Builder<WantsVerifier>) -> Result<Builder<WantsClientCert>, Obstacle> {
        let mut certificates = rustls::RootCertStore::empty();
        certificates.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if certificates.is_empty() {
            return Err(Obstacle::NoCertificates);
        }
        Ok(config.with_root_certificates(certificates))
    }

    #[cfg(not(all(unix, not(target_os = "android"), not(target_vendor = "apple"))))]
    pub(super) fn of_the_platform(config: Builder<WantsVerifier>) -> Result<Builder<WantsClientCert>, Obstacle> {
        use rustls_platform_verifier::BuilderVerifierExt as _;
        config.with_platform_verifier().map_err(|_| Obstacle::NoCertificates)
    }
}

/// The platform's library loads what it needs by itself.
#[cfg(not(feature = "rustls"))]
pub(super) struct Tls;

#[cfg(not(feature = "rustls"))]
impl Tls {
    pub(super) const fn load(_: &Endpoint) -> Result<Self, Obstacle> {
        Ok(Self)
    }

    #[cfg(feature = "native-tls")]
    pub(super) fn configure(&self, client: ClientBuilder) -> ClientBuilder {
        // As with rustls, which speaks nothing older.
        client.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2)
    }

    #[cfg(not(feature = "native-tls"))]
    pub(super) fn configure(&self, client: ClientBuilder) -> ClientBuilder {
        client
    }
}
