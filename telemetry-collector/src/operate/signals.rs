//! The signals that the program follows.

use std::io;

use crate::receive::Stopper;

/// Gives the order to stop on SIGTERM, SIGINT or Ctrl-C. A second one ends the program at once.
#[cfg(unix)]
pub(super) fn listen(stopper: Stopper) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => 143,
                _ = interrupt.recv() => 130,
            }
        };
        next().await;
        tracing::info!("stopping");
        stopper.stop();
        std::process::exit(next().await);
    });
    Ok(())
}

/// Gives the order to stop on Ctrl-C. A second one ends the program at once.
#[cfg(not(unix))]
pub(super) fn listen(stopper: Stopper) -> io::Result<()> {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            tracing::info!("stopping");
            stopper.stop();
            let _ = tokio::signal::ctrl_c().await;
            std::process::exit(130);
        }
    });
    Ok(())
}

/// SIGHUP, on which the schemas are looked at at once.
pub(super) struct Reload(#[cfg(unix)] tokio::signal::unix::Signal);

impl Reload {
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::hangup())?))
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self())
    }

    /// Returns when the signal comes.
    #[cfg(unix)]
    pub(super) async fn asked(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending().await
        }
    }

    /// Never returns.
    #[cfg(not(unix))]
    pub(super) async fn asked(&mut self) {
        std::future::pending().await
    }
}
