//! What the branch that others work on has of a migration directory.
//!
//! Which branch that is says `lint { git { base } }` of the env, else the repository. Nobody here asks git: the answer is
//! a fact. Invariant: without it nothing is said, for it may need a program that nobody may start.

use hcl::Value;
use smol_str::SmolStr;

use super::MigrationDir;
use crate::Want;
use crate::database::{ConfigKey, Snapshot};
use crate::input::Answer;
use crate::memo::Reader;

/// The files of a directory on the base branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As git calls it: `main`, `origin/main`.
    pub branch: SmolStr,
    /// Names below the directory, those that are no migrations among them.
    pub files: Vec<SmolStr>,
}

impl Base {
    /// As a fact.
    pub fn to_value(&self) -> Value {
        let files = Value::strings(self.files.iter().cloned());
        Value::object([("branch", Value::string(self.branch.as_str())), ("files", files)])
    }

    fn of_value(value: &Value) -> Option<Base> {
        let files = value.get("files")?.elements()?.iter().filter_map(Value::as_str).map(SmolStr::from);
        Some(Base { branch: value.get("branch")?.as_str()?.into(), files: files.collect() })
    }
}

impl Snapshot {
    /// What the base branch has of a directory; `None` as long as nobody asked, and outside of a repository.
    pub fn migration_base(&self, dir: &MigrationDir) -> Option<Base> {
        let want = self.base_want(&Reader::new(&self.inputs), dir);
        match &self.fact(&want)?.answer {
            Answer::Value(value) => Base::of_value(value),
            _ => None,
        }
    }

    /// The question for it.
    pub(super) fn base_want(&self, reader: &Reader<'_>, dir: &MigrationDir) -> Want {
        let base = dir.claims.first().and_then(|claim| {
            let key = ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) };
            let memo = self.evaluated(&key);
            reader.absorb(&memo.trace);
            let env = memo.value.envs.first()?.clone();
            let base = env.lint.get("git")?.get("base")?.as_str()?;
            (!base.is_empty()).then(|| SmolStr::from(base))
        });
        Want::Committed { directory: dir.path.clone(), base }
    }
}
