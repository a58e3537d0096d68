//! `telemetry-collector` in the process of an example.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use telemetry_collector::check::Known;
use telemetry_collector::operate::{Collector, Settings};
use telemetry_collector::receive::{Clock, PATH, Stop, Stopper};
use telemetry_collector::show::{self, Asker};
use telemetry_collector::store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// A collector with its page, and a database that is deleted in the end.
pub struct Served {
    address: SocketAddr,
    runtime: Runtime,
    served: JoinHandle<bool>,
    stopper: Stopper,
    asker: Arc<Asker>,
    store: Store,
    _place: TempDir,
}

impl Served {
    /// Takes events of the released schemas in this directory, on a free port of this machine.
    ///
    /// # Errors
    ///
    /// If the schemas cannot be read, or no database can be created.
    pub fn start(schemas: &Path) -> Result<Self, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let store = Store::open(&place.path().join("telemetry.sqlite"))?;
        let settings = Settings { listen: "127.0.0.1:0".parse()?, ..Settings::default() };
        let least = settings.least_installs;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let known = Known::read(schemas)?;
        let collector = Collector::bind(settings, known, Arc::new(store.writer()), Clock::system());
        let collector = runtime.block_on(collector)?;
        let asker = Asker::new(store.readers(), Arc::clone(collector.receiver()), Clock::system(), least);
        let (address, (stopper, stop)) = (collector.address(), Stop::new());
        let served = runtime.spawn(collector.serve(show::router(Arc::<Asker>::clone(&asker)), stop));
        Ok(Self { address, runtime, served, stopper, asker, store, _place: place })
    }

    /// The address to which events are sent.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{PATH}", self.page().trim_end_matches('/'))
    }

    /// The address of the page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until Ctrl-C.
    ///
    /// # Errors
    ///
    /// If signals cannot be listened to.
    pub fn wait(self) -> Result<(), Box<dyn Error>> {
        self.runtime.block_on(tokio::signal::ctrl_c())?;
        self.stop()
    }

    fn stop(self) -> Result<(), Box<dyn Error>> {
        self.stopper.stop();
        self.runtime.block_on(self.served)?;
        self.asker.close();
        self.store.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn the_page_knows_the_event_of_the_quickstart() -> Result<(), Box<dyn Error>> {
        let served = Served::start(Path::new("schemas/quickstart"))?;
        let mut stream = TcpStream::connect(served.address)?;
        write!(stream, "GET / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", served.address)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("events/init"), "{answer}");
        served.stop()
    }
}
