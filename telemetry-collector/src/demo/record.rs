//! What was sent, and what the collector answered: the simulation's own account, by which the collector's numbers can be judged.

use super::plan::Run;
use crate::arrival::Fate;

/// Everything that was sent, in an order that is true for each installation.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The starts, by the day on which their events arrived.
    pub sent: Vec<Sent>,
}

/// The events of one start.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The start.
    pub run: Run,
    /// The anonymous id that its events carried.
    pub anonymous_id: String,
    /// What the collector answered to each request with `init`.
    pub init: Vec<Fate>,
    /// The same of `upgraded`.
    pub upgraded: Vec<Fate>,
    /// The same of `signIn`, of which each distinct one was sent once.
    pub sign_ins: Vec<Fate>,
}

impl Record {
    /// How many requests had this answer.
    #[must_use]
    pub fn answered(&self, fate: Fate) -> usize {
        let all = self.sent.iter().flat_map(|sent| sent.init.iter().chain(&sent.upgraded).chain(&sent.sign_ins));
        all.filter(|answer| **answer == fate).count()
    }
}
