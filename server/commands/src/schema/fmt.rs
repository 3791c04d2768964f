//! `schema fmt`: the canonical form of HCL files.
//!
//! A file that cannot be read as HCL is formatted as far as its tokens go; nothing but white space ever changes.

use project::{Content, Path};

use crate::World;

/// A file whose text is not canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As the user named it, or below the directory they named.
    pub shown: String,
    pub path: Path,
    pub text: String,
}

/// The files below `paths` that would change, in the order of the arguments. Nothing is written.
///
/// # Errors
/// `stat nope.hcl: no such file or directory`.
///
/// Source: reference/cli.md section 5.6.
pub fn fmt(world: &dyn World, directory: &Path, paths: &[String]) -> Result<Vec<Change>, String> {
    let default = ["./".to_owned()];
    let paths = if paths.is_empty() { &default[..] } else { paths };
    let mut changes = Vec::new();
    for argument in paths {
        let path = directory.join(argument);
        match world.read(&path) {
            Content::Text(text) => {
                if argument.ends_with(".hcl") {
                    changes.extend(change(argument.clone(), path, &text.to_string()));
                }
            }
            Content::Binary => {}
            Content::Unreadable(reason) => return Err(format!("open {argument}: {reason}")),
            Content::Missing => {
                let entries = world.list(&path).map_err(|reason| format!("stat {argument}: {reason}"))?;
                for entry in entries.iter().filter(|entry| !entry.directory && entry.name.ends_with(".hcl")) {
                    let path = path.join(&entry.name);
                    if let Content::Text(text) = world.read(&path) {
                        changes.extend(change(shown(argument, &entry.name), path, &text.to_string()));
                    }
                }
            }
        }
    }
    Ok(changes)
}

fn change(shown: String, path: Path, before: &str) -> Option<Change> {
    let text = syntax::hcl::format(before);
    (text != before).then_some(Change { shown, path, text })
}

/// A directory's file as Go's `filepath.Join` shows it: `sd/` → `sd/x.hcl`, `./` → `x.hcl`.
fn shown(directory: &str, name: &str) -> String {
    let parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if directory.starts_with('/') { "/" } else { "" };
    if parts.is_empty() { format!("{root}{name}") } else { format!("{root}{}/{name}", parts.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_directory_is_shown_cleaned_and_joined() {
        for (directory, expected) in
            [("sd/", "sd/x.hcl"), ("./", "x.hcl"), (".", "x.hcl"), ("/a/b", "/a/b/x.hcl")]
        {
            assert_eq!(shown(directory, "x.hcl"), expected);
        }
    }
}
