//! The application of the simulation, in four versions: Acme Console of `examples/quickstart.rs`, as it could have gone on.
//!
//! | version | what it sends that the one before does not |
//! |---|---|
//! | 1.0.0 | `init` |
//! | 1.1.0 | where sessions are cached, and the event `upgraded`; from here on in batches |
//! | 1.2.0 | two more databases and one more plugin by name: fields that were there are widened; and the counted event `signIn` |
//! | 2.0.0 | how many requests are allowed |

mod shared;
mod sign_in;
mod upgraded;
mod v1_0;
mod v1_1;
mod v1_2;
mod v2_0;

use telemetry::page::Disclosure;
use telemetry::{Consent, Telemetry};

pub use sign_in::SignIn;
pub use upgraded::Upgraded;

use super::settings::Settings;

/// Stands for every secret of the simulated settings. It must be nowhere in what is received.
pub const SECRET: &str = "correct-horse-battery-staple";

/// A version of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 1.0.0
    V1_0,
    /// 1.1.0
    V1_1,
    /// 1.2.0
    V1_2,
    /// 2.0.0
    V2_0,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 4] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V2_0];

    /// As the package names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0.0",
            Self::V1_1 => "1.1.0",
            Self::V1_2 => "1.2.0",
            Self::V2_0 => "2.0.0",
        }
    }

    /// The day of the simulation on which it was released.
    #[must_use]
    pub const fn released(self) -> i32 {
        match self {
            Self::V1_0 => 0,
            Self::V1_1 => 15,
            Self::V1_2 => 37,
            Self::V2_0 => 58,
        }
    }

    /// Whether its author has turned on `Builder::batches`, so that events are sent together.
    #[must_use]
    pub const fn batches(self) -> bool {
        !matches!(self, Self::V1_0)
    }

    /// What this version tells its users of its events.
    #[must_use]
    pub fn disclosure(self, consent: Consent) -> Disclosure {
        let page = Disclosure::new(consent);
        match self {
            Self::V1_0 => page.event::<v1_0::Init>(),
            Self::V1_1 => page.event::<v1_1::Init>().event::<Upgraded>(),
            Self::V1_2 => page.event::<v1_2::Init>().event::<Upgraded>().event::<SignIn>(),
            Self::V2_0 => page.event::<v2_0::Init>().event::<Upgraded>().event::<SignIn>(),
        }
    }

    /// Publishes the event with which this version begins.
    pub(super) fn publish(self, telemetry: &Telemetry, settings: &Settings) {
        match self {
            Self::V1_0 => telemetry.publish(&v1_0::Init::of(settings)),
            Self::V1_1 => telemetry.publish(&v1_1::Init::of(settings)),
            Self::V1_2 => telemetry.publish(&v1_2::Init::of(settings)),
            Self::V2_0 => telemetry.publish(&v2_0::Init::of(settings)),
        };
    }
}
