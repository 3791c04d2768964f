//! Charsets and the collations that go with them.
//!
//! A definition may name one and leave the other to the server; these tables say what the server takes. Invariant:
//! `utf8` and `utf8mb3` are one charset, whatever a version calls it.
//!
//! Source: MySQL 9.7 and MariaDB 10.11, `INFORMATION_SCHEMA.CHARACTER_SETS`; MySQL 8.0 release notes for `utf8mb4`.

use engine::connection::Capabilities;

use super::features::UTF8MB4_COLLATION;

/// Default collations of charsets whose name is not its first part followed by `_general_ci`.
static DEFAULTS: &[(&str, &str)] = &[
    ("big5", "big5_chinese_ci"),
    ("binary", "binary"),
    ("cp932", "cp932_japanese_ci"),
    ("dec8", "dec8_swedish_ci"),
    ("eucjpms", "eucjpms_japanese_ci"),
    ("euckr", "euckr_korean_ci"),
    ("gb18030", "gb18030_chinese_ci"),
    ("gb2312", "gb2312_chinese_ci"),
    ("gbk", "gbk_chinese_ci"),
    ("hp8", "hp8_english_ci"),
    ("latin1", "latin1_swedish_ci"),
    ("latin5", "latin5_turkish_ci"),
    ("sjis", "sjis_japanese_ci"),
    ("swe7", "swe7_swedish_ci"),
    ("tis620", "tis620_thai_ci"),
    ("ujis", "ujis_japanese_ci"),
];

/// A charset or collation under the one name we compare it by: lower case, `utf8` as `utf8mb3`.
pub fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.strip_prefix("utf8") {
        Some("") => "utf8mb3".to_string(),
        Some(rest) if rest.starts_with('_') => format!("utf8mb3{rest}"),
        _ => name,
    }
}

/// Whether two names mean the same charset or collation.
pub fn same(a: &str, b: &str) -> bool {
    a == b || canonical(a) == canonical(b)
}

/// The collation a server takes for a charset when none is named.
pub fn default_collation(charset: &str, server: &Capabilities) -> String {
    let charset = canonical(charset);
    if charset == "utf8mb4" {
        let known = server.setting(UTF8MB4_COLLATION);
        return if known.is_empty() { "utf8mb4_0900_ai_ci" } else { known }.to_string();
    }
    let known = DEFAULTS.iter().find(|(name, _)| *name == charset);
    known.map_or_else(|| format!("{charset}_general_ci"), |(_, collation)| (*collation).to_string())
}

/// The charset of a collation: what stands before the first `_`.
pub fn of_collation(collation: &str) -> String {
    let name = canonical(collation);
    name.split_once('_').map_or(name.clone(), |(charset, _)| charset.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_server() {
        let new = Capabilities::default();
        let mut maria = Capabilities::default();
        maria.settings.insert(UTF8MB4_COLLATION, "utf8mb4_uca1400_ai_ci".into());
        assert_eq!(default_collation("utf8mb4", &new), "utf8mb4_0900_ai_ci");
        assert_eq!(default_collation("utf8mb4", &maria), "utf8mb4_uca1400_ai_ci");
        assert_eq!(default_collation("latin1", &new), "latin1_swedish_ci");
        assert_eq!(default_collation("utf8", &new), "utf8mb3_general_ci");
        assert_eq!(default_collation("cp1250", &new), "cp1250_general_ci");
        assert_eq!(default_collation("binary", &new), "binary");
    }

    #[test]
    fn a_collation_names_its_charset() {
        assert_eq!(of_collation("utf8_unicode_ci"), "utf8mb3");
        assert_eq!(of_collation("utf8mb4_0900_as_cs"), "utf8mb4");
        assert_eq!(of_collation("binary"), "binary");
        assert!(same("utf8", "UTF8MB3") && same("utf8_bin", "utf8mb3_bin") && !same("utf8", "utf8mb4"));
    }
}
