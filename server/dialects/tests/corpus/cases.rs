//! The schemas of the corpus (`tests/corpus` of the repository; each with its licence there), by the engine they are for,
//! and of each engine one of ours with every kind of object.

use std::fs;
use std::path::{Path, PathBuf};

use super::server::Server;

/// How a schema is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Hcl,
    Sql,
}

pub struct Case {
    pub name: &'static str,
    pub form: Form,
    /// The name of the dialect, or of the one it is a variant of.
    pub dialect: &'static str,
    /// Files and folders, from `tests/corpus`; those of a folder in order.
    from: &'static str,
    /// The first version it is for: `120000`.
    since: i64,
}

const fn case(name: &'static str, form: Form, dialect: &'static str, from: &'static str, since: i64) -> Case {
    Case { name, form, dialect, from, since }
}

pub const CASES: &[Case] = &[
    case("kinds", Form::Sql, "postgres", "../../server/dialects/test_data/postgres/kinds.sql", 0),
    case("kinds", Form::Sql, "mysql", "../../server/dialects/test_data/mysql/kinds.sql", 0),
    case("chinook", Form::Sql, "postgres", "chinook/Chinook_PostgreSql.sql", 0),
    case("django", Form::Hcl, "postgres", "showcase/schemas/django.hcl", 0),
    case("pgdemo", Form::Sql, "postgres", "showcase/schemas/pgdemo.sql", 120_000),
    case("keto", Form::Sql, "postgres", "showcase/dirs/keto", 0),
    case("marquez", Form::Sql, "postgres", "showcase/dirs/marquez", 110_000),
    case("rudder", Form::Sql, "postgres", "showcase/dirs/rudder", 0),
    case("bitbucket", Form::Sql, "postgres", "examples/cicd/bitbucket/declarative/schema.sql", 0),
    case("circleci", Form::Sql, "postgres", "examples/cicd/circleci/declarative/schema.sql", 0),
    case("drizzle", Form::Sql, "postgres", "examples/providers/drizzle/atlas/migrations", 0),
    case("chinook", Form::Sql, "mysql", "chinook/Chinook_MySql.sql", 0),
    case("wordpress", Form::Hcl, "mysql", "showcase/schemas/wordpress.hcl", 0),
    case("rds", Form::Hcl, "mysql", "examples/terraform/rds-mysql-example/schema.hcl", 0),
    case("employees", Form::Sql, "mysql", "showcase/dirs/employees/migrations", 0),
    case("kratos", Form::Sql, "mysql", "showcase/dirs/kratos", 0),
];

/// The number in the name of a migration: `V55.2__x` is 55 and 2.
fn number(path: &Path) -> (bool, Vec<u64>, String) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let digits = name.trim_start_matches('V').split("__").next().unwrap_or_default();
    // What is repeated comes last.
    let numbers = digits.split('.').filter_map(|part| part.split('_').next()?.parse().ok()).collect();
    (name.starts_with('R'), numbers, name)
}

impl Case {
    pub fn is_for(&self, server: &Server) -> bool {
        self.dialect == server.family() && server.version >= self.since
    }

    /// What is written, of all files.
    pub fn text(&self) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(self.from);
        let mut files: Vec<PathBuf> = if root.is_dir() {
            let found = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", self.name));
            found.filter_map(|entry| Some(entry.ok()?.path())).collect()
        } else {
            vec![root]
        };
        files.retain(|path| {
            let name = path.to_string_lossy();
            (name.ends_with(".sql") || name.ends_with(".hcl")) && !name.ends_with(".down.sql")
        });
        files.sort_by_key(|path| number(path));
        let texts = files.iter().map(|path| fs::read_to_string(path).expect("a file of the corpus"));
        texts.collect::<Vec<_>>().join("\n")
    }
}
