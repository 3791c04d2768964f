//! Which schema a PostgreSQL URL is bound to.
//!
//! Source: atlas `sql/postgres/driver.go`, `parser`; reference project.md §10.

use engine::DatabaseUrl;
use schema::SmolStr;

/// The value of `search_path`, as it stands; `None` means all schemas of the database.
pub fn bound(url: &DatabaseUrl) -> Option<SmolStr> {
    url.param("search_path").filter(|name| !name.is_empty()).map(SmolStr::from)
}
