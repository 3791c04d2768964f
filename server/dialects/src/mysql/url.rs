//! Which schema a MySQL URL is bound to.
//!
//! Source: atlas `sql/mysql/driver.go`, `parser`; reference project.md §10.

use engine::DatabaseUrl;
use schema::SmolStr;

/// The database in the path, or in the parameter `database` of a URL whose path is a socket; `None` means the server.
pub fn bound(url: &DatabaseUrl) -> Option<SmolStr> {
    let scheme = url.scheme();
    let name = if scheme.ends_with("+unix") {
        url.param("database").unwrap_or_default()
    } else if scheme == "docker" {
        // docker://mysql/8/dev: the path is `/8/dev`.
        url.path().trim_matches('/').split_once('/').map_or("", |(_, name)| name).to_owned()
    } else if scheme.starts_with("docker+") {
        // docker+mysql://_/mysql:8/dev: behind the image, which has the tag.
        let path = url.path().trim_matches('/');
        match path.rsplit_once('/') {
            Some((image, name)) if image.contains(':') => name.to_owned(),
            _ => String::new(),
        }
    } else {
        url.path().trim_matches('/').to_owned()
    };
    (!name.is_empty()).then(|| SmolStr::from(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_where_each_form_has_it() {
        let bound = |text: &str| DatabaseUrl::parse(text).ok().and_then(|url| bound(&url));
        assert_eq!(bound("mysql://root:pass@localhost:3306/app?parseTime=true").as_deref(), Some("app"));
        assert_eq!(bound("mysql://root@localhost:3306/"), None);
        assert_eq!(bound("mysql+unix:///run/mysqld.sock?database=app").as_deref(), Some("app"));
        assert_eq!(bound("docker://mysql/8/dev").as_deref(), Some("dev"));
        assert_eq!(bound("docker://mysql/8"), None);
        assert_eq!(bound("docker+mysql://_/mysql:8/dev").as_deref(), Some("dev"));
        assert_eq!(bound("docker+mysql://ghcr.io/acme/mysql:8"), None);
    }
}
