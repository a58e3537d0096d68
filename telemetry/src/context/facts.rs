//! What was known when the application was compiled, as one of its processes tells it to another.

use serde::{Deserialize, Serialize};

use super::app::App;
use super::package::Package;
use super::words::Table;
use crate::snapshot::Version;

/// What the shared part of the context takes from an [`App`].
#[derive(Deserialize, PartialEq, Serialize)]
pub(crate) struct Facts {
    framework: Option<Stated>,
    database: Option<Stated>,
}

/// A package. What the tables of the other process do not have is left out there.
#[derive(Deserialize, PartialEq, Serialize)]
struct Stated {
    name: String,
    version: Option<String>,
}

impl Stated {
    fn of<T: Table>(package: &Package<T>) -> Self {
        let text = |version: Version| version.parts().iter().map(u16::to_string).collect::<Vec<_>>().join(".");
        Self { name: package.name().to_owned(), version: package.version().map(text) }
    }

    fn package<T: Table>(&self) -> Option<Package<T>> {
        Package::named(&self.name, self.version.as_deref().and_then(Version::parse))
    }
}

impl From<&App> for Facts {
    fn from(app: &App) -> Self {
        Self { framework: app.framework().as_ref().map(Stated::of), database: app.database().as_ref().map(Stated::of) }
    }
}

impl From<&Facts> for App {
    fn from(facts: &Facts) -> Self {
        let framework = facts.framework.as_ref().and_then(Stated::package);
        let database = facts.database.as_ref().and_then(Stated::package);
        Self::new("", None, framework, database, cfg!(debug_assertions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Database, Framework};

    #[test]
    fn another_process_knows_the_same_packages() -> serde_json::Result<()> {
        for (framework, database) in [
            (Framework::named("axum", Some(Version::new(0, 8, 4))), Database::named("sqlx", Version::parse("8.1"))),
            (Framework::named("hyper", None), None),
        ] {
            let app = App::new("acme", Some(Version::new(1, 0, 0)), framework, database, true);
            let told = serde_json::to_string(&Facts::from(&app))?;
            assert!(!told.contains("acme"), "{told}");
            let again = App::from(&serde_json::from_str::<Facts>(&told)?);
            assert_eq!((again.framework(), again.database()), (framework, database));
        }
        Ok(())
    }

    #[test]
    fn no_other_name_becomes_a_package() -> serde_json::Result<()> {
        let told = r#"{"framework":{"name":"jane-doe","version":null},"database":{"name":"sqlx","version":"jane"}}"#;
        let app = App::from(&serde_json::from_str::<Facts>(told)?);
        assert_eq!((app.framework(), app.database()), (None, Database::named("sqlx", None)));
        Ok(())
    }
}
