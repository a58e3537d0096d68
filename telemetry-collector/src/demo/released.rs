//! The released schemas of the application, as a collector reads them.

use std::fs;
use std::io;
use std::path::Path;

const FILES: [(&str, &str); 3] = [
    ("init.json", include_str!("../../demo/schemas/init.json")),
    ("signIn.json", include_str!("../../demo/schemas/signIn.json")),
    ("upgraded.json", include_str!("../../demo/schemas/upgraded.json")),
];

/// Writes the files of released schemas into a directory, which it makes if it is missing.
///
/// # Errors
///
/// If they cannot be written.
pub fn write_schemas(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    FILES.iter().try_for_each(|(name, text)| fs::write(directory.join(name), text))
}
