//! `version`: the numbers of a version, which may be text that is parsed and never sent.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{Text, through_cells, through_pointers};
use crate::snapshot::{Recorder, Version};

/// Types accepted by `#[telemetry(version)]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(version)]` takes text, or a `semver::Version` with the feature `semver`, not a `{Self}`",
    label = "not a version",
    note = "of a number, `number(max = 100)` sends it within bounds, and `bucket(10, 100)` its range; \
            `version, with = path` computes the text of a version from the field"
)]
pub trait Versioned {
    /// The version. `None` if the value is absent, or is a text that is not a version.
    fn version(&self) -> Option<Version>;

    /// Records the version.
    #[inline]
    fn record_version(&self, recorder: &mut Recorder<'_>) {
        match self.version() {
            Some(version) => recorder.version(version),
            None => recorder.absent(),
        }
    }
}

macro_rules! texts {
    ($($ty:ty: |$text:ident| $version:expr;)+) => {
        $(#[diagnostic::do_not_recommend]
        impl Versioned for $ty {
            #[inline]
            fn version(&self) -> Option<Version> {
                let $text = self;
                $version
            }
        })+
    };
}

texts! {
    str: |text| Version::parse(text);
    String: |text| Version::parse(text);
    char: |text| text.look(Version::parse).flatten();
    OsStr: |text| text.look(Version::parse).flatten();
    OsString: |text| text.look(Version::parse).flatten();
    Path: |text| text.look(Version::parse).flatten();
    PathBuf: |text| text.look(Version::parse).flatten();
}

#[diagnostic::do_not_recommend]
impl Versioned for Version {
    #[inline]
    fn version(&self) -> Option<Version> {
        Some(*self)
    }
}

/// As without an attribute: three numbers, none of them above 65535.
#[cfg(feature = "semver")]
#[diagnostic::do_not_recommend]
impl Versioned for semver::Version {
    fn version(&self) -> Option<Version> {
        let part = |part: u64| u16::try_from(part).ok();
        Some(Version::new(part(self.major)?, part(self.minor)?, part(self.patch)?))
    }
}

#[diagnostic::do_not_recommend]
impl<B: ToOwned + Versioned + ?Sized> Versioned for Cow<'_, B> {
    fn version(&self) -> Option<Version> {
        (**self).version()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned> Versioned for Option<T> {
    #[inline]
    fn version(&self) -> Option<Version> {
        self.as_ref().and_then(Versioned::version)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Versioned + Copy> Versioned for Cell<T> {
    #[inline]
    fn version(&self) -> Option<Version> {
        self.get().version()
    }
}

through_cells!(Versioned {
    fn version(&self) -> Option<Version> {
        self.get().and_then(Versioned::version)
    }
});

through_pointers!(Versioned {
    fn version(&self) -> Option<Version> {
        (**self).version()
    }
});
