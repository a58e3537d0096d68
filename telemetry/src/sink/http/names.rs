//! Looks up addresses by name, without the thread pool of the HTTP library's runtime, which panics if no thread can be created.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

use crate::threads;

/// The system's name lookup, which cannot be given a time limit.
///
/// It runs on a separate thread, so that a request can abandon it. A lookup that hangs is left running, and no other is started beside it.
/// If no thread can be created, it runs on the worker.
#[derive(Clone, Default)]
pub(super) struct Names {
    is_busy: Arc<AtomicBool>,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.start(name.as_str().to_owned());
        Box::pin(async {
            let addresses = match found {
                Found::Soon(found) => found.await.map_err(io::Error::other)?,
                Found::Now(found) => found,
            };
            Ok(Box::new(addresses?.into_iter()) as Addrs)
        })
    }
}

type Addresses = io::Result<Vec<SocketAddr>>;

enum Found {
    Now(Addresses),
    Soon(oneshot::Receiver<Addresses>),
}

impl Names {
    fn start(&self, name: String) -> Found {
        if self.is_busy.swap(true, Ordering::SeqCst) {
            return Found::Now(Err(io::ErrorKind::TimedOut.into()));
        }
        let (sender, receiver) = oneshot::channel();
        let (is_busy, looked_up) = (Busy(Arc::clone(&self.is_busy)), name.clone());
        let started = threads::spawn("telemetry-names", move || {
            let found = look_up(&looked_up);
            drop(is_busy);
            let _ = sender.send(found);
        });
        match started {
            Ok(_) => Found::Soon(receiver),
            Err(_) => Found::Now(look_up(&name)),
        }
    }
}

fn look_up(name: &str) -> Addresses {
    // The caller sets the port.
    Ok((name, 0).to_socket_addrs()?.collect())
}

/// A lookup is in progress as long as this value lives.
struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(names: &Names, name: &str) -> Option<Vec<SocketAddr>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(names.resolve(name.parse().unwrap()));
        found.ok().map(Iterator::collect)
    }

    #[test]
    fn names_are_found_one_after_the_other() {
        let names = Names::default();
        for _ in 0..2 {
            let found = resolve(&names, "localhost").unwrap();
            assert!(!found.is_empty() && found.iter().all(|address| address.ip().is_loopback()));
            assert!(resolve(&names, "telemetry.invalid").is_none());
        }
    }

    #[test]
    fn a_look_up_that_hangs_is_not_joined_by_others() {
        let names = Names::default();
        names.is_busy.store(true, Ordering::SeqCst);
        assert!(resolve(&names, "localhost").is_none());
    }
}
