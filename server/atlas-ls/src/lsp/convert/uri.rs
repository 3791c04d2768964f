//! URIs and paths, on every system.
//!
//! Works on strings, so that Windows' rules are tested everywhere. Only `file:` URIs have a path; `untitled:`,
//! `atlas-plan:` and other schemes name documents that are nowhere on disk. Invariant: `path_of(uri_of(p)) = p`, and
//! two spellings of one file have one [`canonical`] form.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

/// Whose rules a path follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Unix,
    Windows,
}

const HERE: System = if cfg!(windows) { System::Windows } else { System::Unix };

/// The path of a `file:` URI; `None` for another scheme, another host, or bytes that no path can have.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    to_path(uri.as_str(), HERE).map(PathBuf::from)
}

/// The URI of an absolute path; `None` for a relative one or one that is not Unicode.
pub(crate) fn uri_of(path: &Path) -> Option<Uri> {
    Uri::parse(&to_uri(path.to_str()?, HERE)?).ok()
}

/// One spelling for all the ways to write a URI: `file:///C%3A/a%20b` and `file:///c:/a b` are one document.
pub(crate) fn canonical(uri: &str) -> Cow<'_, str> {
    match to_path(uri, System::Windows).filter(|path| path.as_bytes().get(1) == Some(&b':')) {
        Some(windows) => Cow::Owned(to_uri(&windows, System::Windows).unwrap_or(windows)),
        None => match to_path(uri, System::Unix) {
            Some(path) => to_uri(&path, System::Unix).map_or(Cow::Borrowed(uri), Cow::Owned),
            None => Cow::Borrowed(uri),
        },
    }
}

fn to_path(uri: &str, system: System) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let host = if host.eq_ignore_ascii_case("localhost") { "" } else { host };
    let path = decode(path)?;
    match system {
        System::Unix if host.is_empty() && path.starts_with('/') => Some(path),
        System::Unix => None,
        System::Windows => {
            let back = path.replace('/', "\\");
            if !host.is_empty() {
                return Some(format!("\\\\{host}{back}"));
            }
            let drive = back.strip_prefix('\\')?;
            let letter = drive.chars().next().filter(char::is_ascii_alphabetic)?;
            let tail = drive[1..].strip_prefix([':', '|'])?;
            let tail = if tail.is_empty() { "\\" } else { tail };
            tail.starts_with('\\').then(|| format!("{}:{tail}", letter.to_ascii_uppercase()))
        }
    }
}

fn to_uri(path: &str, system: System) -> Option<String> {
    match system {
        System::Unix => path.starts_with('/').then(|| encode("file://", path)),
        System::Windows => {
            let path = path.replace('\\', "/");
            // `\\?\C:\x` and `\\?\UNC\host\share` are what Windows answers when asked for a canonical path.
            let path = match path.strip_prefix("//?/") {
                Some(rest) => rest.strip_prefix("UNC/").map_or(rest.to_owned(), |rest| format!("//{rest}")),
                None => path,
            };
            match path.strip_prefix("//") {
                Some(share) => Some(encode("file://", share)),
                None => {
                    let drive = path.as_bytes();
                    let absolute = drive.len() > 2
                        && drive[0].is_ascii_alphabetic()
                        && drive[1] == b':'
                        && drive[2] == b'/';
                    absolute.then(|| encode("file:///", &path))
                }
            }
        }
    }
}

/// Percent-encodes one segment of a path, so that it holds no sign that means something in a URI.
pub(crate) fn encode_segment(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Percent-decodes; `None` for what is no UTF-8 or holds a zero byte.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let code = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// Percent-encodes all that RFC 3986 does not allow in a path.
fn encode(prefix: &str, path: &str) -> String {
    let mut out = String::with_capacity(prefix.len() + path.len());
    out.push_str(prefix);
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b':' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*'
            | b'+' | b',' | b';' | b'=' | b'@' => out.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(uri: &str) -> Option<String> {
        to_path(uri, System::Windows)
    }

    #[test]
    fn drive_letters_are_read_in_every_spelling() {
        for uri in [
            "file:///c%3A/data/schema.hcl",
            "file:///C:/data/schema.hcl",
            "file:///c:/data/schema.hcl",
            "file://localhost/C%3a/data/schema.hcl",
            "file:/C:/data/schema.hcl",
            "FILE:///C|/data/schema.hcl",
        ] {
            assert_eq!(windows(uri).as_deref(), Some("C:\\data\\schema.hcl"), "{uri}");
            assert_eq!(canonical(uri), "file:///C:/data/schema.hcl", "{uri}");
        }
        assert_eq!(windows("file:///c:").as_deref(), Some("C:\\"));
    }

    #[test]
    fn a_share_has_its_host() {
        assert_eq!(windows("file://nas/db/a%20b.sql").as_deref(), Some("\\\\nas\\db\\a b.sql"));
        assert_eq!(
            to_uri("\\\\nas\\db\\a b.sql", System::Windows).as_deref(),
            Some("file://nas/db/a%20b.sql")
        );
        assert_eq!(to_path("file://nas/db/x", System::Unix), None, "another host has no path here");
    }

    #[test]
    fn verbatim_paths_lose_their_prefix() {
        let uri = |path| to_uri(path, System::Windows);
        assert_eq!(uri("\\\\?\\C:\\x").as_deref(), Some("file:///C:/x"));
        assert_eq!(uri("\\\\?\\UNC\\nas\\x").as_deref(), Some("file://nas/x"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for uri in ["file:///c:x", "file:///", "file://", "file:x", "file:///1:/x"] {
            assert_eq!(windows(uri), None, "{uri}");
        }
        for uri in ["untitled:Untitled-1", "atlas-plan:/folder/atlas.hcl/dev", "http://x/y", "x", ""] {
            assert_eq!((windows(uri), to_path(uri, System::Unix)), (None, None), "{uri}");
            assert_eq!(canonical(uri), uri);
        }
        assert_eq!(to_path("file:///a%00b", System::Unix), None);
        assert_eq!(to_path("file:///a%ffb", System::Unix), None, "not UTF-8");
        for path in ["x", "C:x", "C:", "\\x"] {
            assert_eq!(to_uri(path, System::Windows), None, "{path}");
        }
    }

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for path in ["/", "/a b/ü/字😀.hcl", "/50%/c#d?e", "/a%20b", "/c:/x", "/[x]{y}|\\\"^`"] {
            let uri = to_uri(path, System::Unix).expect(path);
            assert_eq!(to_path(&uri, System::Unix).as_deref(), Some(path), "{uri}");
            let parsed = Uri::parse(&uri).expect(&uri);
            assert_eq!(to_path(parsed.as_str(), System::Unix).as_deref(), Some(path), "{parsed}");
        }
        for path in ["C:\\", "D:\\a b\\ü.hcl", "\\\\host\\share\\50%.sql"] {
            let uri = to_uri(path, System::Windows).expect(path);
            assert_eq!(to_path(&uri, System::Windows).as_deref(), Some(path), "{uri}");
        }
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(decode("100%/%zz%4").as_deref(), Some("100%/%zz%4"));
    }
}
