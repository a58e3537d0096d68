//! The parts of the soak: programs that publish, a receiver that changes its behaviour, and the account of every event.

pub mod account;
pub mod behavior;
pub mod choices;
pub mod crowd;
pub mod house;
pub mod idle;
pub mod program;
pub mod receiver;
pub mod run;
pub mod storm;
pub mod verdict;
pub mod witness;
