//! One file of a migration directory: what its name and its head say.

use super::{Directives, Format};

/// A migration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// With its suffix; the path below the directory where a format has folders.
    pub name: String,
    pub version: String,
    pub description: String,
    pub directives: Directives,
}

impl Migration {
    /// The file called `name` with this text, by the rules of `format`.
    ///
    /// Source: reference/migrations.md section 14.
    pub fn of(format: Format, name: &str, text: &str) -> Migration {
        let file = Migration::new(name, text);
        match format {
            Format::GolangMigrate => {
                let description =
                    file.description.strip_suffix(".up").unwrap_or(&file.description).to_owned();
                Migration { description, ..file }
            }
            Format::Flyway => {
                let base = name.rsplit('/').next().unwrap_or(name);
                let stem = base.strip_suffix(".sql").unwrap_or(base);
                let (head, description) = stem.split_once("__").unwrap_or((stem, ""));
                let version = if head.starts_with('R') { "" } else { head.get(1..).unwrap_or_default() };
                Migration { version: version.to_owned(), description: description.to_owned(), ..file }
            }
            _ => file,
        }
    }

    /// The file called `name` with this text, by Atlas's rules: the version goes up to the first `_`.
    pub fn new(name: &str, text: &str) -> Migration {
        let stem = name.strip_suffix(".sql").unwrap_or(name);
        let (version, description) = stem.split_once('_').unwrap_or((stem, ""));
        Migration {
            name: name.to_owned(),
            version: version.to_owned(),
            description: description.to_owned(),
            directives: Directives::of_file(text),
        }
    }

    /// Whether it stands for all files before it.
    pub fn is_checkpoint(&self) -> bool {
        self.directives.get("checkpoint").is_some()
    }

    /// The tag of a checkpoint.
    pub fn tag(&self) -> Option<&str> {
        self.directives.get("checkpoint").filter(|tag| !tag.is_empty())
    }
}

/// The name of a new file: `20261121093000_add_users.sql`.
pub fn file_name(version: &str, name: &str) -> String {
    if name.is_empty() { format!("{version}.sql") } else { format!("{version}_{name}.sql") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_version_and_a_description() {
        let parts = |name: &str| {
            let file = Migration::new(name, "");
            format!("{}|{}", file.version, file.description)
        };
        assert_eq!(parts("20261121093000_add_users.sql"), "20261121093000|add_users");
        assert_eq!(parts("1.sql"), "1|");
        assert_eq!(parts("1_a_b.sql"), "1|a_b");
    }

    #[test]
    fn foreign_names() {
        let parts = |format, name: &str| {
            let file = Migration::of(format, name, "");
            format!("{}|{}", file.version, file.description)
        };
        assert_eq!(parts(Format::GolangMigrate, "1_a.up.sql"), "1|a");
        assert_eq!(parts(Format::GolangMigrate, "1.up.sql"), "1.up|");
        assert_eq!(parts(Format::Flyway, "sub/V1.5__b_c.sql"), "1.5|b_c");
        assert_eq!(parts(Format::Flyway, "R__views.sql"), "|views");
    }

    #[test]
    fn a_checkpoint_may_have_a_tag() {
        let file = Migration::new("2_checkpoint.sql", "-- atlas:checkpoint v1\n\nCREATE TABLE t (id int);\n");
        assert_eq!((file.is_checkpoint(), file.tag()), (true, Some("v1")));
    }
}
