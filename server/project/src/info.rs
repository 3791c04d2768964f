//! What a file is in its workspace: who lists it, which dialect it speaks, by which env it is judged.
//!
//! The dialect comes from, in order: the suffix, the env that lists the file, the editor's language id, the content.

use std::sync::Arc;

use engine::Dialect;
use smol_str::SmolStr;
use text::FileId;

use crate::Path;
use crate::database::{ConfigKey, Snapshot};
use crate::kind::{Role, Spoken, by_content, by_language, by_suffix, by_url, role};
use crate::memo::{Memo, Reader};
use crate::state::{Desired, DesiredKey};

/// A file's place in the workspace.
#[derive(Clone, Debug)]
pub struct FileInfo {
    pub role: Role,
    pub spoken: Spoken,
    /// The envs that list it, the one that judges it first.
    pub claims: Vec<Claim>,
    /// The migration directory it is a file of.
    pub home: Option<Path>,
    /// The state it is a part of.
    pub(crate) desired: Option<DesiredKey>,
}

/// An env that lists a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub config: Path,
    pub env: SmolStr,
    /// As one of the files of its migration directory, not of its desired state.
    pub migration: bool,
}

impl FileInfo {
    pub fn dialect(&self) -> Option<&'static Dialect> {
        self.spoken.dialect()
    }

    /// The env that judges it.
    pub fn judge(&self) -> Option<&Claim> {
        self.claims.first()
    }
}

impl Snapshot {
    /// What a file is.
    pub fn info(&self, id: FileId) -> Arc<FileInfo> {
        self.info_memo(id).value
    }

    pub(crate) fn info_memo(&self, id: FileId) -> Memo<Arc<FileInfo>> {
        self.caches.infos.get(&self.inputs, &id, |reader, _| Arc::new(self.compute_info(reader, id)))
    }

    /// The state a file is a part of, as its judge reads it.
    pub fn state_of(&self, id: FileId) -> Option<Arc<Desired>> {
        let key = self.info(id).desired.clone()?;
        Some(self.desired_memo(&key).value)
    }

    /// The dialect of an env: its `url` says it, else its `dev`, else the suffix of its files.
    pub fn env_dialect(&self, config: &Path, name: &str) -> Spoken {
        let Some(env) = self.env(config, name) else { return Spoken::Unknown };
        for setting in [&env.url, &env.dev] {
            if let Some(url) = setting.value() {
                match by_url(&url.0, self.dialects) {
                    Spoken::Unknown => {}
                    spoken => return spoken,
                }
            }
        }
        let directory = config.parent().unwrap_or_else(|| config.clone());
        let sources = env.src.value().into_iter().flatten();
        sources
            .map(|src| by_suffix(&directory.join(src.trim_start_matches("file://")), self.dialects))
            .find(|spoken| !matches!(spoken, Spoken::Unknown))
            .unwrap_or(Spoken::Unknown)
    }

    fn compute_info(&self, reader: &Reader<'_>, id: FileId) -> FileInfo {
        let nothing =
            |role| FileInfo { role, spoken: Spoken::Unknown, claims: Vec::new(), home: None, desired: None };
        let Some(file) = reader.file(id) else { return nothing(Role::Other) };
        if self.is_config(&file.path) {
            return nothing(Role::Config);
        }
        let role = match role(&file.path) {
            Role::Other => match file.language.as_deref() {
                Some(language) if language.starts_with("atlas-schema") => Role::Schema,
                Some("sql") => Role::Sql,
                _ => Role::Other,
            },
            role => role,
        };
        if !matches!(role, Role::Schema | Role::Sql) {
            return nothing(role);
        }
        let home = if role == Role::Sql { self.read_home(reader, &file.path) } else { None };
        let claims = self.claims(reader, id, &file.path, home.as_ref());
        let mut spoken = by_suffix(&file.path, self.dialects);
        if let Some(home) = &home {
            // The files of a directory are one history, and are all read alike.
            let memo = self.dir_dialect(home);
            reader.absorb(&memo.trace);
            spoken = memo.value;
            if let (Spoken::Unknown, Some(language)) = (spoken, &file.language) {
                spoken = by_language(language, self.dialects);
            }
            let desired = claims.iter().find(|claim| !claim.migration).map(|claim| {
                DesiredKey::Env(ConfigKey { config: claim.config.clone(), env: Some(claim.env.clone()) })
            });
            let desired = desired.filter(|_| spoken.dialect().is_some());
            return FileInfo { role, spoken, claims, home: Some(home.clone()), desired };
        }
        if let (Spoken::Unknown, Some(judge)) = (spoken, claims.first()) {
            spoken = self.env_dialect(&judge.config, &judge.env);
        }
        if let (Spoken::Unknown, Some(language)) = (spoken, &file.language) {
            spoken = by_language(language, self.dialects);
        }
        if matches!(spoken, Spoken::Unknown) && role == Role::Schema && !self.is_schema(reader, id) {
            // Many programs keep their settings in `.hcl`; theirs are none of our business.
            return nothing(Role::Other);
        }
        if let (Spoken::Unknown, Some(text)) = (spoken, file.content.text()) {
            let text = text.to_string();
            spoken = by_content(&text, self.dialects);
            if matches!(spoken, Spoken::Unknown) && claims.is_empty() {
                spoken = self.neighbours(reader, &file.path).unwrap_or_else(|| self.embedded());
            }
        }
        let desired = match (claims.iter().find(|claim| !claim.migration), spoken) {
            (Some(claim), Spoken::Known(_)) => Some(DesiredKey::Env(ConfigKey {
                config: claim.config.clone(),
                env: Some(claim.env.clone()),
            })),
            (None, Spoken::Known(dialect)) if claims.is_empty() => Some(DesiredKey::Alone(id, dialect.name)),
            _ => None,
        };
        FileInfo { role, spoken, claims, home, desired }
    }

    /// Whether an HCL file has blocks that only a schema has.
    fn is_schema(&self, reader: &Reader<'_>, id: FileId) -> bool {
        let Some(tree) = self.read_hcl(reader, id) else { return false };
        crate::config::blocks(&tree).iter().any(|top| matches!(top.kind().as_str(), "schema" | "table"))
    }

    /// What the envs of the nearest configuration speak, for a file that none of them lists.
    pub(crate) fn neighbours(&self, reader: &Reader<'_>, path: &Path) -> Option<Spoken> {
        let mut above: Vec<Path> = reader
            .files()
            .filter(|(_, file)| self.is_config(&file.path) && file.content.text().is_some())
            .filter(|(_, file)| file.path.parent().is_some_and(|directory| path.is_in(&directory)))
            .map(|(_, file)| file.path.clone())
            .collect();
        above.sort_by_key(|config| std::cmp::Reverse(config.as_str().len()));
        let config = above.first()?;
        reader.selection(config);
        let env = self.active_env(config)?;
        let key = ConfigKey { config: config.clone(), env: Some(env.clone()) };
        reader.absorb(&self.evaluated(&key).trace);
        Some(self.env_dialect(config, &env))
    }

    /// A plain file with nothing to tell it by: the embedded database reads what every product reads.
    fn embedded(&self) -> Spoken {
        let embedded = self.dialects.iter().find(|dialect| dialect.dev_url.is_some());
        embedded.map_or(Spoken::Unknown, Spoken::Known)
    }

    /// The envs that list a file; the chosen one of its configuration first, the nearest configuration first.
    fn claims(&self, reader: &Reader<'_>, id: FileId, path: &Path, home: Option<&Path>) -> Vec<Claim> {
        let dir = home.map(|home| self.migration_dir_memo(home));
        if let Some(dir) = &dir {
            reader.absorb(&dir.trace);
        }
        let named = dir.as_ref().map_or(&[][..], |dir| &dir.value.claims);
        let mut configs: Vec<Path> = reader
            .files()
            .filter(|(_, file)| self.is_config(&file.path) && file.content.text().is_some())
            .map(|(_, file)| file.path.clone())
            .collect();
        // The configuration with the longest common directory is the nearest.
        configs.sort_by_key(|config| {
            let near = config.parent().is_some_and(|directory| path.is_in(&directory));
            (!near, std::cmp::Reverse(config.as_str().len()))
        });
        let mut claims = Vec::new();
        for config in configs {
            reader.selection(&config);
            let mut names = self.env_names(&config);
            if let Some(active) = self.active_env(&config) {
                names.retain(|name| *name != active);
                names.insert(0, active);
            }
            for env in names {
                let key = ConfigKey { config: config.clone(), env: Some(env.clone()) };
                if self.listing(reader, &key).contains(&id) {
                    claims.push(Claim { config: config.clone(), env, migration: false });
                } else {
                    let named = named.iter().find(|claim| claim.config == config && claim.env == env);
                    claims.extend(named.cloned());
                }
            }
        }
        claims
    }
}
