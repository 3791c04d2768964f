//! Tags of images: the version they name, among other words.

/// The numbers of the version in a tag: 15 and 4 of `15.4-alpine`, 17 of `pg17`; none of `latest`.
pub fn numbers(tag: &str) -> impl Iterator<Item = u32> + '_ {
    let start = tag.find(|ch: char| ch.is_ascii_digit()).unwrap_or(tag.len());
    let rest = &tag[start..];
    let end = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(rest.len());
    rest[..end].split('.').map_while(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use crate::{MARIADB, MYSQL, POSTGRES};

    #[test]
    fn a_tag_names_the_last_release_of_a_version() {
        let version =
            |dialect: &engine::Dialect, tag: &str| (dialect.released)(tag).map(|server| server.version);
        assert_eq!(version(&POSTGRES, "15.4-alpine").as_deref(), Some("15.4"));
        assert_eq!(version(&POSTGRES, "pg17").as_deref(), Some("17.0"));
        assert_eq!(version(&POSTGRES, "latest"), None);
        assert_eq!(version(&POSTGRES, "9.6"), None);
        let mysql = (MYSQL.released)("8.0").expect("a release");
        assert!(mysql.has(super::super::mysql::features::CHECK));
        assert!(!mysql.has(super::super::mysql::features::INLINE_REFERENCES));
        let old = (MYSQL.released)("8.0.15").expect("a release");
        assert!(!old.has(super::super::mysql::features::CHECK));
        let maria = (MARIADB.released)("10.5").expect("a release");
        assert!(!maria.has(super::super::mysql::features::UUID));
        assert_eq!(version(&MARIADB, "lts"), None);
    }
}
