//! What is known of the variants that were tried.

use std::collections::HashMap;

use super::program::NodeId;

/// An enum, where it begins in the payload, and at which level.
pub(super) type Place = (NodeId, usize, u8);

/// For each place the end of the value, or that nothing fits. It allocates nothing until something is remembered.
#[derive(Default)]
pub(super) struct Tried(HashMap<Place, Option<usize>>);

impl Tried {
    pub(super) fn get(&self, place: Place) -> Option<Option<usize>> {
        self.0.get(&place).copied()
    }

    pub(super) fn set(&mut self, place: Place, end: Option<usize>) {
        self.0.insert(place, end);
    }
}
