//! Where a migration directory is, and reading it from there.
//!
//! Invariant: a file that cannot be read is an error, never a file that is not there.
//!
//! Source: reference/migrations.md section 1.

use std::collections::BTreeMap;

use engine::migrate::sum::FILE;
use engine::migrate::{Directory, Format};
use project::{Content, DataState, Path};
use smol_str::SmolStr;

use crate::{Error, World};

/// A directory of migrations, and where it is.
#[derive(Clone, Debug)]
pub struct Located {
    pub path: Path,
    /// As the user wrote it, for messages.
    pub shown: String,
    pub directory: Directory,
    /// Files that take back what others do, where a format keeps them apart.
    pub companions: Vec<(String, String)>,
}

/// Source: reference/migrations.md section 19.
const REMOTE: &str =
    "atlas remote directory is not supported by this release. See: https://atlasgo.io/getting-started";

/// Where a URL such as `file://migrations?format=goose` leads, seen from `base`.
///
/// # Errors
/// A scheme that is no directory's, an unknown format.
pub fn locate(base: &Path, url: &str, format: &str) -> Result<(Path, Format), Error> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(Error::Request(format!("missing scheme for dir url. Did you mean \"file://{url}\"?")));
    };
    match scheme {
        "file" => {}
        "atlas" => return Err(Error::Request(REMOTE.to_owned())),
        other => return Err(Error::Request(format!("unsupported driver {other:?}"))),
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = if path.is_empty() { "migrations" } else { path };
    let own = query.split('&').find_map(|pair| pair.strip_prefix("format="));
    let format = own.unwrap_or(if format.is_empty() { "atlas" } else { format });
    let format = Format::parse(format).map_err(|error| Error::Request(error.to_string()))?;
    Ok((base.join(path), format))
}

impl Located {
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
        let companion = |(name, _): &(String, String)| {
            let other = format.companion(name)?;
            let text = world.read(&path.join(&other)).text()?.to_string();
            Some((other, text))
        };
        Ok(Self {
            path: path.clone(),
            shown: shown.to_owned(),
            companions: files.iter().filter_map(companion).collect(),
            directory: Directory::new(format, files, sum),
        })
    }

    /// The directory that an `atlas://` URL names.
    ///
    /// # Errors
    /// `atlas remote directory is not supported by this release. See: …` without a registry; what the registry says.
    pub async fn remote(world: &dyn World, url: &str) -> Result<Self, Error> {
        let Some(registry) = world.registry() else { return Err(Error::Request(REMOTE.to_owned())) };
        let name = registry::Name::parse(url).map_err(|error| Error::Request(error.to_string()))?;
        let directory = registry.directory(&name).await.map_err(Error::Request)?;
        Ok(Self { path: Path::new("/"), shown: url.to_owned(), directory, companions: Vec::new() })
    }

    /// Whether it is kept in a registry, where nothing is written from here.
    pub fn is_remote(&self) -> bool {
        self.shown.starts_with("atlas://")
    }

    /// The directory that a `template_dir` data source was rendered into.
    ///
    /// # Errors
    /// `data-source state "mem://x" not found in memory`, an unknown format.
    pub fn rendered(
        states: Option<&BTreeMap<SmolStr, DataState>>,
        url: &str,
        format: &str,
    ) -> Result<Self, Error> {
        let (name, query) = url.split_once('?').unwrap_or((url, ""));
        let own = query.split('&').find_map(|pair| pair.strip_prefix("format="));
        let format = own.unwrap_or(if format.is_empty() { "atlas" } else { format });
        let format = Format::parse(format).map_err(|error| Error::Request(error.to_string()))?;
        let Some(DataState::Directory { root, files }) = states.and_then(|states| states.get(name)) else {
            return Err(Error::Request(format!("data-source state {name:?} not found in memory")));
        };
        let files = files.iter().filter(|(name, _)| format.lists(name));
        let files = files.map(|(name, text)| (name.to_string(), text.to_string())).collect();
        // What was rendered just now is what it should be.
        let directory = Directory::new(format, files, None).summed();
        Ok(Self { path: root.clone(), shown: root.to_string(), directory, companions: Vec::new() })
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
                if format.has_folders() && !entry.name.starts_with('.') {
                    let inner = path.join(&entry.name);
                    Self::collect(world, &inner, shown, &format!("{name}/"), format, files)?;
                } else if !format.has_folders() && format.lists(&name) {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_path_and_format() {
        let base = Path::new("/p");
        let locate = |url: &str, format: &str| match super::locate(&base, url, format) {
            Ok((path, format)) => format!("{path} {}", format.name()),
            Err(error) => error.to_string(),
        };
        assert_eq!(locate("file://migrations", ""), "/p/migrations atlas");
        assert_eq!(locate("file://", "goose"), "/p/migrations goose");
        assert_eq!(locate("file://m?format=flyway", "goose"), "/p/m flyway");
        assert_eq!(locate("file://m?format=x", ""), "unknown dir format \"x\"");
    }
}
