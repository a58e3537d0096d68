//! `one_of`: text that is compared, and never sent.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{through_cells, through_pointers};
use crate::schema::Words;
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(one_of(...))]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(one_of(...))]` takes text, not a `{Self}`",
    label = "not text",
    note = "for a list of texts: `each(one_of(...))`; an enum that derives `TelemetrySnapshot` needs no attribute; \
            `one_of(...), with = path` computes a text from the field"
)]
pub trait Text {
    /// Whether there is always a text.
    const REQUIRED: bool = true;

    /// Passes the text to `look`; returns `None` if there is none. Invalid Unicode becomes the replacement character.
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R>;

    /// Records the word that the text matches.
    #[inline]
    fn record_word(&self, recorder: &mut Recorder<'_>) {
        match self.look(|text| index_of_next(recorder, text)) {
            Some(index) => recorder.tag(index),
            None => recorder.absent(),
        }
    }
}

/// The index of `text` among the words of the next field. Where it is inlined, each field takes more code.
#[inline(never)]
pub(super) fn index_of_next(recorder: &Recorder<'_>, text: &str) -> usize {
    index_of(recorder.words(), text)
}

/// The index of `text` among the words; without words, an index that no table has, which the recorder reports.
#[inline]
pub(crate) fn index_of(words: Option<&Words>, text: &str) -> usize {
    words.map_or(usize::MAX, |words| words.index_of(text))
}

#[diagnostic::do_not_recommend]
impl Text for str {
    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        Some(look(self))
    }
}

#[diagnostic::do_not_recommend]
impl Text for String {
    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        Some(look(self))
    }
}

#[diagnostic::do_not_recommend]
impl Text for char {
    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        Some(look(self.encode_utf8(&mut [0; 4])))
    }
}

#[diagnostic::do_not_recommend]
impl Text for OsStr {
    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        Some(look(self.to_str().unwrap_or("\u{fffd}")))
    }
}

macro_rules! as_os_str {
    ($($ty:ty)+) => {
        $(#[diagnostic::do_not_recommend]
        impl Text for $ty {
            #[inline]
            fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
                AsRef::<OsStr>::as_ref(self).look(look)
            }
        })+
    };
}

as_os_str!(OsString Path PathBuf);

#[diagnostic::do_not_recommend]
impl<B: ToOwned + Text + ?Sized> Text for Cow<'_, B> {
    const REQUIRED: bool = B::REQUIRED;

    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        (**self).look(look)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text> Text for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        self.as_ref().and_then(|text| text.look(look))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text + Copy> Text for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        self.get().look(look)
    }
}

through_cells!(Text {
    const REQUIRED: bool = false;

    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        self.get().and_then(|text| text.look(look))
    }
});

through_pointers!(Text {
    const REQUIRED: bool = T::REQUIRED;

    fn look<R>(&self, look: impl FnOnce(&str) -> R) -> Option<R> {
        (**self).look(look)
    }
});
