//! What https is spoken with. The choice of the host program, or of its other libraries, plays no part in it.

use reqwest::ClientBuilder;

use super::Endpoint;

pub(super) const AVAILABLE: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// Nothing when the platform's certificates could not be loaded.
#[cfg(feature = "rustls")]
pub(super) fn configure(client: ClientBuilder, endpoint: &Endpoint) -> Option<ClientBuilder> {
    use std::sync::Arc;

    use rustls::crypto::ring::default_provider;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let config =
        ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().ok()?;
    let config = if endpoint.url().scheme() == "https" {
        config.with_platform_verifier().ok()?
    } else {
        // Loading the platform's certificates takes long, and nothing would ask for them.
        config.with_root_certificates(RootCertStore::empty())
    };
    Some(client.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(super) fn configure(client: ClientBuilder, _: &Endpoint) -> Option<ClientBuilder> {
    // As with rustls, which speaks nothing older.
    Some(client.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(client: ClientBuilder, _: &Endpoint) -> Option<ClientBuilder> {
    Some(client)
}
