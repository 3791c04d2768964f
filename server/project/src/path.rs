//! Paths of the workspace as values: normalized, with forward slashes, never touched.
//!
//! Invariant: an absolute path has no `.` or `..` segment and no slash at its end (but for the root itself), so that
//! equal paths are equal text. Windows drives are upper case (`C:/a`), whatever a client sent.

use std::fmt;

use smol_str::SmolStr;

/// An absolute path, or the name of a document that has none (`untitled:Untitled-1`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(SmolStr);

impl Path {
    /// Normalizes `path`, which must be absolute; anything else is kept as an opaque name.
    pub fn new(path: &str) -> Self {
        let slashes = path.replace('\\', "/");
        let (root, rest) = split_root(&slashes);
        if root.is_empty() {
            return Self(SmolStr::from(slashes));
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in rest.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Self(SmolStr::from(format!("{root}{}", parts.join("/"))))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment: `atlas.hcl`.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The directory this path is in; `None` for a root or an opaque name.
    pub fn parent(&self) -> Option<Path> {
        let (root, rest) = split_root(&self.0);
        if root.is_empty() || rest.is_empty() {
            return None;
        }
        let parent = rest.rsplit_once('/').map_or("", |(parent, _)| parent);
        Some(Self(SmolStr::from(format!("{root}{parent}"))))
    }

    /// `relative` seen from this directory; an absolute one stays itself.
    pub fn join(&self, relative: &str) -> Path {
        let slashes = relative.replace('\\', "/");
        if !split_root(&slashes).0.is_empty() {
            Path::new(&slashes)
        } else {
            Path::new(&format!("{self}/{slashes}"))
        }
    }

    /// Whether this is `directory` or lies in it.
    pub fn is_in(&self, directory: &Path) -> bool {
        self.below(directory).is_some()
    }

    /// The path as seen from `directory`, if it lies in it.
    pub fn below<'a>(&'a self, directory: &Path) -> Option<&'a str> {
        let rest = self.0.strip_prefix(directory.as_str())?;
        if rest.is_empty() || directory.as_str().ends_with('/') { Some(rest) } else { rest.strip_prefix('/') }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `/`, `C:/` or `//host/share/`, and the rest; no root means the path is not absolute.
fn split_root(path: &str) -> (String, &str) {
    let bytes = path.as_bytes();
    if path.starts_with("//") && bytes.get(2).is_some_and(|byte| *byte != b'/') {
        let host_end = path[2..].find('/').map_or(path.len(), |at| at + 2);
        let share_end = path
            .get(host_end + 1..)
            .and_then(|rest| rest.find('/'))
            .map_or(path.len(), |at| host_end + 1 + at);
        let root = path[..share_end].trim_end_matches('/');
        return (format!("{root}/"), path[share_end..].trim_start_matches('/'));
    }
    if let Some(rest) = path.strip_prefix('/') {
        return ("/".to_owned(), rest);
    }
    if bytes.len() >= 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/' {
        return (format!("{}:/", (bytes[0] as char).to_ascii_uppercase()), &path[3..]);
    }
    (String::new(), path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalized_paths_are_equal_text() {
        for (input, expected) in [
            ("/a/./b/../c/", "/a/c"),
            ("/", "/"),
            ("/../a", "/a"),
            (r"c:\Users\x\atlas.hcl", "C:/Users/x/atlas.hcl"),
            (r"\\host\share\dir\f.sql", "//host/share/dir/f.sql"),
            ("untitled:Untitled-1", "untitled:Untitled-1"),
        ] {
            assert_eq!(Path::new(input).as_str(), expected);
        }
    }

    #[test]
    fn join_parent_and_below() {
        let dir = Path::new("/p/db");
        assert_eq!(dir.join("../x.hcl").as_str(), "/p/x.hcl");
        assert_eq!(dir.join("/abs").as_str(), "/abs");
        assert_eq!(dir.join("a.sql").parent(), Some(dir.clone()));
        assert_eq!(Path::new("/p/db/m/1.sql").below(&dir), Some("m/1.sql"));
        assert!(!Path::new("/p/dbx").is_in(&dir));
        assert_eq!(Path::new("C:/a.hcl").parent().map(|path| path.to_string()).as_deref(), Some("C:/"));
    }
}
