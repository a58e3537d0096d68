//! What the directory of schemas lacks of what the store has, as warnings: pages leave it out.

use std::path::Path;

use crate::ask::Lacking;

pub(super) fn warn(directory: &Path, lacking: Vec<Lacking>) {
    let directory = directory.display();
    for lacking in lacking {
        tracing::warn!(
            "{directory} has {lacking}, which the database knows: numbers that need it are left out until its file is back"
        );
    }
}
