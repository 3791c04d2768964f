//! A migration directory as it lies on disk: its files in order, and what its `atlas.sum` says of them.
//!
//! Invariant: a file that cannot be read is an error, never a file that is not there.
//!
//! Source: reference/migrations.md sections 1, 2 and 14.

use engine::migrate::sum::FILE;
use engine::migrate::{Migration, Mismatch, Sum, SumError};
use project::{Content, Path};

use crate::{Error, World};

/// Whose rules a directory follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Atlas,
    GolangMigrate,
    Goose,
    Flyway,
    Liquibase,
    Dbmate,
}

impl Format {
    const NAMES: [(&'static str, Format); 6] = [
        ("atlas", Format::Atlas),
        ("golang-migrate", Format::GolangMigrate),
        ("goose", Format::Goose),
        ("flyway", Format::Flyway),
        ("liquibase", Format::Liquibase),
        ("dbmate", Format::Dbmate),
    ];

    /// Reads the value of `?format=`.
    ///
    /// # Errors
    /// `unknown dir format "x"`.
    pub fn parse(name: &str) -> Result<Format, Error> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
        found.ok_or_else(|| Error::Request(format!("unknown dir format {name:?}")))
    }

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("atlas", |(name, _)| name)
    }

    /// Whether a file of this name is executed by the format.
    fn lists(self, name: &str) -> bool {
        match self {
            Format::GolangMigrate => name.ends_with(".up.sql"),
            Format::Flyway => {
                let base = name.rsplit('/').next().unwrap_or(name);
                base.len() >= 4 && base.ends_with(".sql") && base.starts_with(['V', 'B', 'R'])
            }
            _ => name.ends_with(".sql"),
        }
    }
}

/// A directory of migrations.
#[derive(Clone, Debug)]
pub struct Directory {
    pub path: Path,
    pub format: Format,
    /// Name and text, in the order of the directory.
    pub files: Vec<(String, String)>,
    /// The text of `atlas.sum`, if there is one.
    pub sum: Option<String>,
}

/// Why a directory is not what its sum says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checksum {
    NotFound,
    Format,
    /// With the place, when the sum file is itself consistent.
    Mismatch(Option<Mismatch>),
}

impl Directory {
    /// Where a URL such as `file://migrations?format=goose` leads, seen from `base`.
    ///
    /// # Errors
    /// A scheme that is no directory's, an unknown format.
    pub fn locate(base: &Path, url: &str, format: &str) -> Result<(Path, Format), Error> {
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(Error::Request(format!(
                "missing scheme for dir url. Did you mean \"file://{url}\"?"
            )));
        };
        match scheme {
            "file" => {}
            "atlas" => {
                return Err(Error::Request(
                    "atlas remote directory is not supported by this release. See: https://atlasgo.io/getting-started"
                        .to_owned(),
                ));
            }
            other => return Err(Error::Request(format!("unsupported driver {other:?}"))),
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = if path.is_empty() { "migrations" } else { path };
        let own = query.split('&').find_map(|pair| pair.strip_prefix("format="));
        let format = own.unwrap_or(if format.is_empty() { "atlas" } else { format });
        Ok((base.join(path), Format::parse(format)?))
    }

    /// Reads the directory at `path`.
    ///
    /// # Errors
    /// `sql/migrate: stat nope: no such file or directory`; a file that cannot be read.
    pub fn open(world: &dyn World, path: &Path, shown: &str, format: Format) -> Result<Self, Error> {
        if !matches!(world.read(path), Content::Missing) {
            return Err(Error::Request(format!("sql/migrate: {shown:?} is not a dir")));
        }
        let mut files = Vec::new();
        Self::collect(world, path, shown, "", format, &mut files)?;
        files.sort();
        if format == Format::Flyway {
            files = flyway_order(files);
        }
        let sum = match world.read(&path.join(FILE)) {
            Content::Text(text) => Some(text.to_string()),
            Content::Missing => None,
            Content::Binary => Some(String::new()),
            Content::Unreadable(reason) => {
                return Err(Error::Request(format!(
                    "sql/migrate: read file {FILE:?}: open {shown}/{FILE}: {reason}"
                )));
            }
        };
        Ok(Self { path: path.clone(), format, files, sum })
    }

    fn collect(
        world: &dyn World,
        path: &Path,
        shown: &str,
        below: &str,
        format: Format,
        files: &mut Vec<(String, String)>,
    ) -> Result<(), Error> {
        let entries = world
            .list(path)
            .map_err(|reason| Error::Request(format!("sql/migrate: stat {shown}: {reason}")))?;
        for entry in entries {
            let name = format!("{below}{}", entry.name);
            if entry.directory {
                if format == Format::Flyway && !entry.name.starts_with('.') {
                    let inner = path.join(&entry.name);
                    Self::collect(world, &inner, shown, &format!("{name}/"), format, files)?;
                } else if format != Format::Flyway && format.lists(&name) {
                    return Err(Error::Request(format!(
                        "sql/migrate: read file {name:?}: read {shown}/{name}: is a directory"
                    )));
                }
                continue;
            }
            if !format.lists(&name) {
                continue;
            }
            let refuse = |reason: &str| {
                Error::Request(format!("sql/migrate: read file {name:?}: open {shown}/{name}: {reason}"))
            };
            match world.read(&path.join(&entry.name)) {
                Content::Text(text) => files.push((name, text.to_string())),
                Content::Binary => return Err(refuse("the file is not UTF-8 text")),
                Content::Unreadable(reason) => return Err(refuse(&reason)),
                Content::Missing => return Err(refuse("no such file or directory")),
            }
        }
        Ok(())
    }

    /// The hashes of the files as they are.
    pub fn computed(&self) -> Sum {
        Sum::of(self.files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
    }

    /// The files with what their names and heads say.
    pub fn migrations(&self) -> Vec<Migration> {
        self.files.iter().map(|(name, text)| Migration::new(name, text)).collect()
    }

    /// Compares the files with `atlas.sum`.
    ///
    /// # Errors
    /// The first difference; a directory without files needs no sum.
    pub fn validate(&self) -> Result<(), Checksum> {
        let Some(text) = &self.sum else {
            return if self.files.is_empty() { Ok(()) } else { Err(Checksum::NotFound) };
        };
        match Sum::parse(text) {
            Ok(sum) => sum.verify(&self.computed()).map_err(|it| Checksum::Mismatch(Some(it))),
            Err(SumError::Format { .. }) => Err(Checksum::Format),
            Err(SumError::Total) => Err(Checksum::Mismatch(None)),
        }
    }
}

impl Checksum {
    /// The error in Atlas's words.
    pub fn text(&self) -> &'static str {
        match self {
            Checksum::NotFound => "checksum file not found",
            Checksum::Format => "checksum file format invalid",
            Checksum::Mismatch(_) => "checksum mismatch",
        }
    }

    /// What the command line says before the error.
    ///
    /// Source: reference/cli.md section 6.1.
    pub fn help(&self) -> String {
        let place = match self {
            Checksum::Mismatch(Some(it)) => {
                format!("\n\tL{}: {} was {}\n\n", it.line, it.file, it.reason.word())
            }
            _ => String::new(),
        };
        format!(
            "You have a checksum error in your migration directory.\n{place}\
             Please check your migration files and run 'atlas migrate hash' to re-hash the contents\n\n"
        )
    }
}

/// The latest baseline, the versions after it by number, then the repeatable files.
///
/// Source: reference/migrations.md section 14, without its comparison of baselines as text, which loses `V10` behind
/// `B2`.
fn flyway_order(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let version = |name: &str| -> Vec<u64> {
        let base = base(name);
        let version = base.get(1..).and_then(|rest| rest.split("__").next()).unwrap_or_default();
        let version = version.strip_suffix(".sql").unwrap_or(version);
        version.split(['.', '_']).map(|part| part.parse().unwrap_or(0)).collect()
    };
    let kind = |name: &str| base(name).chars().next().unwrap_or('V');
    let baseline = files
        .iter()
        .filter(|(name, _)| kind(name) == 'B')
        .max_by_key(|(name, _)| version(name))
        .map(|(name, _)| name.clone());
    let after = baseline.as_deref().map(version);
    let mut kept: Vec<(String, String)> = files
        .into_iter()
        .filter(|(name, _)| match kind(name) {
            'B' => baseline.as_ref() == Some(name),
            'V' => after.as_ref().is_none_or(|after| version(name) > *after),
            _ => true,
        })
        .collect();
    let rank = |name: &str| match kind(name) {
        'B' => 0,
        'V' => 1,
        _ => 2,
    };
    kept.sort_by(|(a, _), (b, _)| {
        rank(a).cmp(&rank(b)).then_with(|| {
            if rank(a) == 1 { version(a).cmp(&version(b)).then_with(|| a.cmp(b)) } else { a.cmp(b) }
        })
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flyway_counts_versions_as_numbers() {
        let names = |list: &[&str]| {
            let files = list.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            flyway_order(files).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
        };
        let all = [
            "R__procs.sql",
            "R__views.sql",
            "V1.5__y.sql",
            "V1.sql",
            "V10__x.sql",
            "V1__init.sql",
            "V2__b_c.sql",
            "sub/R__rep.sql",
            "sub/V3__sub.sql",
        ];
        assert_eq!(
            names(&all),
            "V1.sql V1__init.sql V1.5__y.sql V2__b_c.sql sub/V3__sub.sql V10__x.sql R__procs.sql R__views.sql sub/R__rep.sql"
        );
        let mut with = all.to_vec();
        with.push("B2__base.sql");
        assert_eq!(
            names(&with),
            "B2__base.sql sub/V3__sub.sql V10__x.sql R__procs.sql R__views.sql sub/R__rep.sql"
        );
    }

    #[test]
    fn a_url_says_path_and_format() {
        let base = Path::new("/p");
        let locate = |url: &str, format: &str| match Directory::locate(&base, url, format) {
            Ok((path, format)) => format!("{path} {}", format.name()),
            Err(error) => error.to_string(),
        };
        assert_eq!(locate("file://migrations", ""), "/p/migrations atlas");
        assert_eq!(locate("file://", "goose"), "/p/migrations goose");
        assert_eq!(locate("file://m?format=flyway", "goose"), "/p/m flyway");
        assert_eq!(locate("file://m?format=x", ""), "unknown dir format \"x\"");
    }
}
