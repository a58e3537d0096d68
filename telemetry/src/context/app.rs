/// What was known of the application when it was compiled: made by `app!()`.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// The package's name, which goes into the anonymous id and nowhere else.
    name: &'static str,
}

impl App {
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }
}
