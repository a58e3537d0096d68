use std::fmt;

use super::{Outgoing, SendError, Sink};

/// A sink that wraps a function, see [`from_fn`].
pub struct Function<F> {
    function: F,
    destination: Option<String>,
}

/// Creates a sink from a function.
///
/// ```
/// use telemetry::sink;
///
/// let sink = sink::from_fn(|event| {
///     println!("{} {}", event.id(), event.body());
///     Ok(())
/// });
/// ```
pub const fn from_fn<F>(function: F) -> Function<F>
where
    F: FnMut(&Outgoing) -> Result<(), SendError> + Send + 'static,
{
    Function { function, destination: None }
}

impl<F> Function<F> {
    /// Names the place to which the function delivers, see [`Sink::destination`].
    #[must_use]
    pub fn to(mut self, destination: impl Into<String>) -> Self {
        self.destination = Some(destination.into());
        self
    }
}

impl<F> Sink for Function<F>
where
    F: FnMut(&Outgoing) -> Result<(), SendError> + Send + 'static,
{
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        (self.function)(event)
    }

    fn destination(&self) -> Option<String> {
        self.destination.clone()
    }
}

impl<F> fmt::Debug for Function<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}
