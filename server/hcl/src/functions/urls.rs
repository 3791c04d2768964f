//! Functions of URLs, as Go's `net/url` reads and writes them.
//!
//! Messages never show a URL, which may hold a password.
//!
//! Source: Go 1.22, `net/url`; project.md §8.

use super::{Outcome, pure, string, text_at, value_at};
use crate::function::{CallError, Function, Group, Param, ParamType, Purity, Run};
use crate::scope::Scope;
use crate::value::Value;

const G: Group = Group::Url;

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "urlescape", &[string("string")], "string", urlescape, "The string with what a URL's query cannot hold escaped."),
    pure(G, "urlqueryset", &[string("url"), string("key"), string("value")], "string", urlqueryset, "The URL with a query parameter set."),
    pure(G, "urlsetpath", &[string("url"), string("path")], "string", urlsetpath, "The URL with another path."),
    Function {
        name: "urluserinfo",
        params: &[string("url"), string("user")],
        variadic: Some(Param::new("pass", ParamType::String).nullable()),
        returns: "string",
        doc: "The URL with another user and password.",
        group: G,
        purity: Purity::Pure,
        run: Run::Values(urluserinfo),
    },
];

/// A URL taken apart; parts are decoded where Go decodes them.
#[derive(Debug, Default)]
struct Url {
    scheme: String,
    /// `path` in `scheme:path`, as it stands.
    opaque: Option<String>,
    user: Option<(String, Option<String>)>,
    /// Whether there was a `//`.
    authority: bool,
    host: String,
    /// Still escaped.
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

/// Which part is escaped; each lets other characters through.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Path,
    User,
    Query,
}

fn escape(text: &str, part: Part) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let keeps = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => true,
            b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match part {
                Part::Path => byte != b'?',
                Part::User => !matches!(byte, b'@' | b'/' | b'?' | b':'),
                Part::Query => false,
            },
            _ => false,
        };
        match byte {
            _ if keeps => out.push(byte as char),
            b' ' if part == Part::Query => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn unescape(text: &str, part: Part) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'%' => {
                let code = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
                let code = code.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
                match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(byte) => out.push(byte),
                    None => {
                        let shown: String = text.get(at..).unwrap_or_default().chars().take(3).collect();
                        return Err(format!("invalid URL escape {shown:?}"));
                    }
                }
                at += 3;
                continue;
            }
            b'+' if part == Part::Query => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

impl Url {
    fn parse(text: &str) -> Result<Url, String> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".into());
        }
        let mut url = Url::default();
        let (mut rest, fragment) = match text.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_owned())),
            None => (text, None),
        };
        url.fragment = fragment;
        if let Some((scheme, after)) = rest.split_once(':') {
            let is_scheme = scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
                && scheme.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '+' | '-' | '.'));
            if scheme.is_empty() {
                return Err("missing protocol scheme".into());
            }
            if is_scheme {
                url.scheme = scheme.to_ascii_lowercase();
                rest = after;
            }
        }
        if let Some((before, query)) = rest.split_once('?') {
            url.query = Some(query.to_owned());
            rest = before;
        }
        if !rest.starts_with('/') && !url.scheme.is_empty() {
            url.opaque = Some(rest.to_owned());
            return Ok(url);
        }
        if let Some(after) = rest.strip_prefix("//") {
            url.authority = true;
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            url.read_authority(authority)?;
            rest = path;
        }
        unescape(rest, Part::Path)?;
        url.path = rest.to_owned();
        Ok(url)
    }

    fn read_authority(&mut self, authority: &str) -> Result<(), String> {
        let host = match authority.rsplit_once('@') {
            Some((user, host)) => {
                let (name, password) = match user.split_once(':') {
                    Some((name, password)) => (name, Some(unescape(password, Part::User)?)),
                    None => (user, None),
                };
                self.user = Some((unescape(name, Part::User)?, password));
                host
            }
            None => authority,
        };
        // `[::1]:80` has colons of its own.
        let after_host = host.rfind(']').map_or(0, |at| at + 1);
        let port = host.get(after_host..).and_then(|rest| rest.find(':').map(|at| after_host + at));
        if let Some(port) = port.and_then(|at| host.get(at..))
            && !port.bytes().skip(1).all(|byte| byte.is_ascii_digit())
            // `tcp(host:port)`, as drivers write it, is not Go's to judge either.
            && !host.contains('(')
        {
            return Err(format!("invalid port {port:?} after host"));
        }
        self.host = host.to_owned();
        Ok(())
    }

    /// Go's `URL.String`.
    fn write(&self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        match &self.opaque {
            Some(opaque) => out.push_str(opaque),
            None => {
                if self.authority || !self.host.is_empty() || self.user.is_some() {
                    out.push_str("//");
                    if let Some((name, password)) = &self.user {
                        out.push_str(&escape(name, Part::User));
                        if let Some(password) = password {
                            out.push(':');
                            out.push_str(&escape(password, Part::User));
                        }
                        out.push('@');
                    }
                    out.push_str(&self.host);
                }
                if !self.path.is_empty() && !self.path.starts_with('/') && !self.host.is_empty() {
                    out.push('/');
                }
                out.push_str(&self.path);
            }
        }
        if let Some(query) = &self.query {
            out.push('?');
            out.push_str(query);
        }
        if let Some(fragment) = &self.fragment {
            out.push('#');
            out.push_str(fragment);
        }
        out
    }
}

fn url(args: &[Value]) -> Result<Url, CallError> {
    Url::parse(text_at(args, 0)).map_err(CallError::Failed)
}

fn urlescape(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(escape(text_at(args, 0), Part::Query).into())
}

/// The whole query is written anew: sorted by key, each value escaped.
fn urlqueryset(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut url = url(args)?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in url.query.as_deref().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Go's Query drops what it cannot read.
        if let (false, Ok(key), Ok(value)) =
            (pair.contains(';'), unescape(key, Part::Query), unescape(value, Part::Query))
        {
            pairs.push((key, value));
        }
    }
    let key = text_at(args, 1);
    pairs.retain(|(known, _)| known != key);
    pairs.push((key.to_owned(), text_at(args, 2).to_owned()));
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let query: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", escape(key, Part::Query), escape(value, Part::Query)))
        .collect();
    url.query = Some(query.join("&"));
    Ok(url.write().into())
}

fn urlsetpath(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut url = url(args)?;
    url.path = escape(text_at(args, 1), Part::Path);
    Ok(url.write().into())
}

fn urluserinfo(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut url = url(args)?;
    if args.len() > 3 {
        return Err(CallError::failed("expected at most three arguments"));
    }
    let password = value_at(args, 2).as_str().map(str::to_owned);
    url.user = Some((text_at(args, 1).to_owned(), password));
    Ok(url.write().into())
}
