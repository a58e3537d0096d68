use super::batches::Batches;
use super::{Obstacle, Outgoing, SendError, Sink};
use crate::panics;

/// A sink of the application, whose destructor may panic. Such a panic is caught wherever the sink is dropped.
pub(crate) struct Guarded {
    /// An `Option`, so that dropping can take the sink out.
    sink: Option<Box<dyn Sink>>,
}

impl Guarded {
    pub(crate) fn new(sink: impl Sink) -> Self {
        Self { sink: Some(Box::new(sink)) }
    }
}

impl Sink for Guarded {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        self.sink.as_mut().map_or(Err(SendError::Unsendable), |sink| sink.send(event))
    }

    fn rest(&mut self) {
        if let Some(sink) = &mut self.sink {
            sink.rest();
        }
    }

    fn obstacle(&self) -> Option<Obstacle> {
        self.sink.as_ref()?.obstacle()
    }

    fn batches(&mut self) -> Option<&mut dyn Batches> {
        self.sink.as_mut()?.batches()
    }

    fn destination(&self) -> Option<String> {
        panics::catch(|| self.sink.as_ref()?.destination()).flatten()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        panics::discard(self.sink.take());
    }
}
