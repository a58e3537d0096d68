//! Facts that distinguish a machine from the copies of its image, which have the same salt. Any user may read them.

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::path::Path;

/// The machine's id (machine-id(5)), or its equivalent on other systems. The first one found is used.
const MACHINE: [&str; 3] = ["etc/machine-id", "var/lib/dbus/machine-id", "etc/hostid"];

/// The id that a cloud assigned to the machine (cloud-init). Images retain their machine id more often than they should.
const INSTANCE: &str = "var/lib/cloud/data/instance-id";

/// Upper limit for reading these files, in bytes, far above their real size.
const LONGEST: u64 = 256;

/// The available facts, below this root directory. They are hashed under the salt and never leave the machine unhashed.
///
/// A shortage, such as of open files, must not change the id, so it is an error.
pub(super) fn facts(root: &Path) -> io::Result<Vec<String>> {
    let mut facts = Vec::new();
    for file in MACHINE {
        if let Some(id) = read(&root.join(file))? {
            facts.push(id);
            break;
        }
    }
    facts.extend(read(&root.join(INSTANCE))?);
    Ok(facts)
}

/// The content of a file. Returns `None` if the file does not exist, is not readable by everyone, or has no usable content.
fn read(path: &Path) -> io::Result<Option<String>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A named pipe in place of the file must not block the host.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let mut bytes = Vec::new();
    let read = options.open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes));
    match read {
        Ok(_) => {
            let text = String::from_utf8_lossy(&bytes).trim().to_owned();
            // An image that gets its id at boot contains this value.
            Ok(Some(text).filter(|text| !text.is_empty() && text != "uninitialized"))
        }
        Err(error) if is_permanent(error.kind()) => Ok(None),
        Err(error) => Err(error),
    }
}

const fn is_permanent(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied};
    matches!(kind, NotFound | NotADirectory | IsADirectory | PermissionDenied)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn machine(files: &[(&str, &str)]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        facts(root.path()).unwrap()
    }

    #[test]
    fn the_first_id_of_the_machine_and_the_clouds_are_told() {
        assert_eq!(machine(&[]), [""; 0]);
        assert_eq!(machine(&[("etc/machine-id", "4b1d\n"), ("var/lib/dbus/machine-id", "other\n")]), ["4b1d"]);
        assert_eq!(machine(&[("etc/machine-id", ""), ("var/lib/dbus/machine-id", "4b1d\n")]), ["4b1d"]);
        assert_eq!(machine(&[("etc/machine-id", "uninitialized\n"), (INSTANCE, "i-0abc\n")]), ["i-0abc"]);
        assert_eq!(machine(&[("etc/machine-id", "4b1d"), (INSTANCE, "i-0abc")]), ["4b1d", "i-0abc"]);
    }

    #[test]
    fn what_is_in_the_way_is_no_fact() {
        assert_eq!(machine(&[("etc/machine-id/below", "x")]), [""; 0]);
        assert_eq!(machine(&[("etc", "x")]), [""; 0]);
    }
}
