//! A bar of two parts: how many say yes.

use maud::{Markup, html};

use super::{HATCH, percent};
use crate::ask::report::Count;
use crate::show::number::{ratio, shown};

/// The bar alone; its numbers stand below it.
pub(in crate::show) fn share(name: &str, yes: Count, no: Count) -> Markup {
    let both = shown(yes).zip(shown(no));
    html! {
        svg.share role="img" aria-label=(name) width="100%" height="20" {
            rect.track width="100%" height="20" rx="3" {}
            @match both {
                Some((yes, no)) => rect.value width=(percent(ratio(yes, yes.saturating_add(no)))) height="20" rx="3" {},
                None => rect.hidden-bar width="100%" height="20" rx="3" fill=(HATCH) {},
            }
        }
    }
}
