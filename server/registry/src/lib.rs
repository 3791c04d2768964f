//! The registry, as the commands see it: directories and schemas that are kept elsewhere under a name.
//!
//! An interface only; whoever speaks to a registry implements it. Invariant: no error text holds a token.
//!
//! Source: reference/registry-api.md sections 2.1 and 4 (`atlas://name?tag=…`).

use std::fmt;

use async_trait::async_trait;
use engine::migrate::Directory;

/// What `atlas://name?tag=t&version=v` names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// May contain `/`.
    pub slug: String,
    pub tag: Option<String>,
    pub version: Option<String>,
}

/// The URL of something in a registry cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid registry url {:?}", self.0)
    }
}

impl std::error::Error for NameError {}

impl Name {
    /// Reads a URL.
    ///
    /// # Errors
    /// `invalid registry url "atlas://"`.
    pub fn parse(url: &str) -> Result<Name, NameError> {
        let rest = url.strip_prefix("atlas://").ok_or_else(|| NameError(url.to_owned()))?;
        let (slug, query) = rest.split_once('?').unwrap_or((rest, ""));
        let slug = slug.trim_matches('/');
        if slug.is_empty() {
            return Err(NameError(url.to_owned()));
        }
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .filter(|(key, value)| *key == name && !value.is_empty())
                .map(|(_, value)| value.to_owned())
                .next()
        };
        Ok(Name { slug: slug.to_owned(), tag: value("tag"), version: value("version") })
    }
}

/// A registry.
#[async_trait]
pub trait Registry: Send + Sync {
    /// The migration directory of that name, with its sum.
    ///
    /// # Errors
    /// Why it cannot be had, in words for the user: `dir "x" not found`.
    async fn directory(&self, name: &Name) -> Result<Directory, String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_a_tag() {
        let read = |url: &str| match Name::parse(url) {
            Ok(name) => format!("{} {:?} {:?}", name.slug, name.tag, name.version),
            Err(error) => error.to_string(),
        };
        assert_eq!(read("atlas://app"), "app None None");
        assert_eq!(read("atlas://org/app/?tag=v1&version="), "org/app Some(\"v1\") None");
        assert_eq!(read("atlas://?tag=v1"), "invalid registry url \"atlas://?tag=v1\"");
        assert_eq!(read("file://x"), "invalid registry url \"file://x\"");
    }
}
