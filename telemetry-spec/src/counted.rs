//! Events that are counted by day and sent once.

/// The member with the count, after the members of the payload.
pub const COUNT: &str = "count";

/// The unit of the count. With the bounds and the name, it tells a receiver that the event stands for so many.
pub const COUNT_UNIT: &str = "events";

/// The largest count of one snapshot and day.
pub const MAX_COUNT: u32 = 1_000_000;

/// The maximum number of distinct snapshots of one event that are counted on one day.
pub const MAX_DISTINCT: usize = 64;
