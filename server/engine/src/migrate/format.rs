//! Whose rules a migration directory follows: which files are executed, and in which order.
//!
//! Source: reference/migrations.md section 14.

use std::fmt;

/// Whose rules a directory follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    #[default]
    Atlas,
    GolangMigrate,
    Goose,
    Flyway,
    Liquibase,
    Dbmate,
}

/// A value of `?format=` that nobody serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown dir format {:?}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

impl Format {
    const NAMES: [(&'static str, Format); 6] = [
        ("atlas", Format::Atlas),
        ("golang-migrate", Format::GolangMigrate),
        ("goose", Format::Goose),
        ("flyway", Format::Flyway),
        ("liquibase", Format::Liquibase),
        ("dbmate", Format::Dbmate),
    ];

    /// Reads the value of `?format=`.
    ///
    /// # Errors
    /// `unknown dir format "x"`.
    pub fn parse(name: &str) -> Result<Format, UnknownFormat> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }

    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("atlas", |(name, _)| name)
    }

    /// Whether folders below the directory are part of it.
    pub fn has_folders(self) -> bool {
        self == Format::Flyway
    }

    /// Puts files, as name and text, into the order they are executed in, leaving out those that a later one replaces.
    pub fn order(self, mut files: Vec<(String, String)>) -> Vec<(String, String)> {
        files.sort();
        if self == Format::Flyway { flyway_order(files) } else { files }
    }

    /// The file that takes back what the file `name` does, where a format has one beside it.
    pub fn companion(self, name: &str) -> Option<String> {
        match self {
            Format::GolangMigrate => Some(format!("{}.down.sql", name.strip_suffix(".up.sql")?)),
            Format::Flyway => {
                let (folder, base) = match name.rsplit_once('/') {
                    Some((folder, base)) => (format!("{folder}/"), base),
                    None => (String::new(), name),
                };
                Some(format!("{folder}U{}", base.strip_prefix('V')?))
            }
            _ => None,
        }
    }

    /// Whether a file of this name is executed by the format.
    pub fn lists(self, name: &str) -> bool {
        match self {
            Format::GolangMigrate => name.ends_with(".up.sql"),
            Format::Flyway => {
                let base = name.rsplit('/').next().unwrap_or(name);
                base.len() >= 4 && base.ends_with(".sql") && base.starts_with(['V', 'B', 'R'])
            }
            _ => name.ends_with(".sql"),
        }
    }
}

/// The latest baseline, the versions after it by number, then the repeatable files.
///
/// Source: reference/migrations.md section 14, without its comparison of baselines as text, which loses `V10` behind
/// `B2`.
fn flyway_order(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let version = |name: &str| -> Vec<u64> {
        let base = base(name);
        let version = base.get(1..).and_then(|rest| rest.split("__").next()).unwrap_or_default();
        let version = version.strip_suffix(".sql").unwrap_or(version);
        version.split(['.', '_']).map(|part| part.parse().unwrap_or(0)).collect()
    };
    let kind = |name: &str| base(name).chars().next().unwrap_or('V');
    let baseline = files
        .iter()
        .filter(|(name, _)| kind(name) == 'B')
        .max_by_key(|(name, _)| version(name))
        .map(|(name, _)| name.clone());
    let after = baseline.as_deref().map(version);
    let mut kept: Vec<(String, String)> = files
        .into_iter()
        .filter(|(name, _)| match kind(name) {
            'B' => baseline.as_ref() == Some(name),
            'V' => after.as_ref().is_none_or(|after| version(name) > *after),
            _ => true,
        })
        .collect();
    let rank = |name: &str| match kind(name) {
        'B' => 0,
        'V' => 1,
        _ => 2,
    };
    kept.sort_by(|(a, _), (b, _)| {
        rank(a).cmp(&rank(b)).then_with(|| {
            if rank(a) == 1 { version(a).cmp(&version(b)).then_with(|| a.cmp(b)) } else { a.cmp(b) }
        })
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flyway_counts_versions_as_numbers() {
        let names = |list: &[&str]| {
            let files = list.iter().map(|name| ((*name).to_owned(), String::new())).collect();
            flyway_order(files).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
        };
        let all = [
            "R__procs.sql",
            "R__views.sql",
            "V1.5__y.sql",
            "V1.sql",
            "V10__x.sql",
            "V1__init.sql",
            "V2__b_c.sql",
            "sub/R__rep.sql",
            "sub/V3__sub.sql",
        ];
        assert_eq!(
            names(&all),
            "V1.sql V1__init.sql V1.5__y.sql V2__b_c.sql sub/V3__sub.sql V10__x.sql R__procs.sql R__views.sql sub/R__rep.sql"
        );
        let mut with = all.to_vec();
        with.push("B2__base.sql");
        assert_eq!(
            names(&with),
            "B2__base.sql sub/V3__sub.sql V10__x.sql R__procs.sql R__views.sql sub/R__rep.sql"
        );
    }
}
