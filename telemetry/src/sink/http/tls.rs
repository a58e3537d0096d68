//! The TLS setup for https. It does not depend on choices of the host program or its other libraries.

use reqwest::ClientBuilder;

use super::Endpoint;
use crate::sink::Obstacle;

pub(super) const AVAILABLE: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// TLS data that is slow to load and shared by all connections.
#[cfg(feature = "rustls")]
pub(super) struct Tls(rustls::ClientConfig);

#[cfg(feature = "rustls")]
impl Tls {
    /// Returns an error if no certificate could be loaded. The error is reported in the status, not in the host's log,
    /// where the usual libraries report it.
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
            // Loading the platform's certificates is slow, and they would not be used.
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

    /// The same certificates as those of the platform's verifier, which additionally warns in the host's log.
    #[cfg(all(unix, not(target_os = "android"), not(target_vendor = "apple")))]
    pub(super) fn of_the_platform(config: Builder<WantsVerifier>) -> Result<Builder<WantsClientCert>, Obstacle> {
        let mut certificates = rustls::RootCertStore::empty();
        certificates.add_parsable_certificates(files::load());
        if certificates.is_empty() {
            return Err(Obstacle::NoCertificates);
        }
        Ok(config.with_root_certificates(certificates))
    }

    /// They may be anywhere, so nothing is read that has no end or blocks.
    #[cfg(all(unix, not(target_os = "android"), not(target_vendor = "apple")))]
    mod files {
        use std::collections::HashSet;
        use std::env;
        use std::fs;
        use std::os::unix::fs::MetadataExt as _;
        use std::path::PathBuf;

        use openssl_probe::ProbeResult;
        use rustls::pki_types::CertificateDer;
        use rustls::pki_types::pem::PemObject as _;

        use crate::storage::read_regular;

        /// The most that is read of all files together, in bytes. The certificates of a platform take less than one MiB.
        const MOST: u64 = 16 * 1024 * 1024;

        /// What the user names takes the place of the platform's. An empty variable names nothing.
        fn places() -> ProbeResult {
            let [file, directories] =
                ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| env::var_os(name).unwrap_or_default());
            let is_named = |path: &PathBuf| !path.as_os_str().is_empty();
            let cert_file = Some(PathBuf::from(file)).filter(is_named);
            let cert_dir: Vec<PathBuf> = env::split_paths(&directories).filter(is_named).collect();
            if cert_file.is_none() && cert_dir.is_empty() {
                return openssl_probe::probe();
            }
            ProbeResult { cert_file, cert_dir }
        }

        pub(super) fn load() -> Vec<CertificateDer<'static>> {
            let places = places();
            let entries =
                places.cert_dir.iter().filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
            let (mut left, mut seen, mut certificates) = (MOST, HashSet::new(), Vec::new());
            for path in places.cert_file.into_iter().chain(entries.map(|entry| entry.path())) {
                let Ok(found) = fs::metadata(&path) else { continue };
                // A directory of the platform has several links to each file.
                if found.len() > left || !seen.insert((found.dev(), found.ino())) {
                    continue;
                }
                let text = read_regular(&path, left).unwrap_or_default();
                left = left.saturating_sub(text.len() as u64);
                certificates.extend(CertificateDer::pem_slice_iter(&text).flatten());
            }
            certificates.sort_unstable_by(|one, other| one.cmp(other));
            certificates.dedup();
            certificates
        }
    }

    #[cfg(not(all(unix, not(target_os = "android"), not(target_vendor = "apple"))))]
    pub(super) fn of_the_platform(config: Builder<WantsVerifier>) -> Result<Builder<WantsClientCert>, Obstacle> {
        use rustls_platform_verifier::BuilderVerifierExt as _;
        config.with_platform_verifier().map_err(|_| Obstacle::NoCertificates)
    }
}

/// The platform's library loads its own certificates.
#[cfg(not(feature = "rustls"))]
pub(super) struct Tls;

#[cfg(not(feature = "rustls"))]
impl Tls {
    pub(super) const fn load(_: &Endpoint) -> Result<Self, Obstacle> {
        Ok(Self)
    }

    #[cfg(feature = "native-tls")]
    pub(super) fn configure(&self, client: ClientBuilder) -> ClientBuilder {
        // Same minimum version as rustls.
        client.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2)
    }

    #[cfg(not(feature = "native-tls"))]
    pub(super) fn configure(&self, client: ClientBuilder) -> ClientBuilder {
        client
    }
}
