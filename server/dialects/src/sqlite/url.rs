//! Where a relative path of a `sqlite://` URL is seen from.
//!
//! The shell sees it from the working directory, as atlas does; an editor with several folders from the directory of
//! the configuration that names it.

use engine::DatabaseUrl;
use schema::SmolStr;

/// The same database by an absolute path; `None` when the URL is absolute already, or names no file.
pub fn seen_from(url: &DatabaseUrl, directory: &str) -> Option<DatabaseUrl> {
    let (scheme, rest) = url.secret().split_once("://")?;
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    let in_memory = url.param("mode").as_deref() == Some("memory") || path == ":memory:";
    if path.is_empty() || path.starts_with(['/', '\\']) || path.starts_with("file:") || is_drive || in_memory
    {
        return None;
    }
    let relative = path.strip_prefix("./").unwrap_or(path);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    DatabaseUrl::parse(&format!("{scheme}://{}/{relative}{query}", directory.trim_end_matches('/'))).ok()
}

/// The only schema there is.
pub fn bound(_: &DatabaseUrl) -> Option<SmolStr> {
    Some(SmolStr::new_static("main"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_files_move() {
        let moved = |text: &str| {
            let url = DatabaseUrl::parse(text).unwrap();
            seen_from(&url, "/p/db").map(|url| url.secret().to_owned())
        };
        assert_eq!(moved("sqlite://app.db?_fk=1").as_deref(), Some("sqlite:///p/db/app.db?_fk=1"));
        assert_eq!(moved("sqlite://./x/app.db").as_deref(), Some("sqlite:///p/db/x/app.db"));
        for stays in ["sqlite:///abs.db", "sqlite://dev?mode=memory", "sqlite://file:/abs.db"] {
            assert_eq!(moved(stays), None, "{stays}");
        }
    }
}
