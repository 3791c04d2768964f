//! From the URL of a desired state to the files it means.
//!
//! Reads listings and files through the reader, so a directory that gains a file is noticed. Never opens anything.
//!
//! Source: reference/cli.md section 4, project.md section 10.3.

mod imports;

use smol_str::SmolStr;
use text::FileId;

use crate::env::{DataState, Env};
use crate::input::{Answer, Content, Entry};
use crate::kind::{Role, role};
use crate::memo::Reader;
use crate::want::{Secret, Target};
use crate::{Path, Want};

/// What a URL of a state means.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Schema HCL, evaluated together.
    Hcl { files: Vec<FileId>, vars: Option<std::collections::BTreeMap<SmolStr, hcl::Value>> },
    /// SQL files run in order; `migrations` says whether the directory is a migration directory.
    Sql { files: Vec<FileId>, migrations: bool },
    /// SQL text that is in no file.
    Text { name: SmolStr, text: String },
    /// Several, each into a schema of its own if it names one.
    Composite(Vec<(Option<SmolStr>, Source)>),
    /// The state of a database.
    Database(Target),
    /// It takes a fact we do not have (which is wanted now).
    Pending,
    /// Atlas's words for what is wrong with it.
    Wrong(String),
    /// Something real we do not understand yet, in words.
    NotAnalysed(String),
}

/// Resolves the URLs of one state. They must be of one kind.
pub(crate) fn resolve(reader: &Reader<'_>, directory: &Path, env: Option<&Env>, urls: &[SmolStr]) -> Source {
    if urls.is_empty() {
        return Source::Wrong("at least one url is required".to_owned());
    }
    let mut paths = Vec::new();
    for url in urls {
        match one(reader, directory, env, url) {
            One::Path(path, query) => paths.push((path, query)),
            One::Whole(source) if urls.len() == 1 => return source,
            One::Whole(Source::Pending) => return Source::Pending,
            One::Whole(Source::Wrong(message)) => return Source::Wrong(message),
            One::Whole(_) => {
                let scheme =
                    |url: &str| url.split_once("://").map_or("file", |(scheme, _)| scheme).to_owned();
                let schemes: Vec<String> = urls.iter().map(|url| scheme(url)).collect();
                let mixed = schemes.iter().find(|other| **other != schemes[0]);
                return Source::Wrong(match mixed {
                    Some(other) => format!(
                        "got mixed --to url schemes: {:?} and {other:?}, the desired state must be provided from a single kind of source",
                        schemes[0]
                    ),
                    None => format!(
                        "got multiple --to urls of scheme {:?}, only multiple 'file://' urls are supported",
                        schemes[0]
                    ),
                });
            }
        }
    }
    files(reader, &paths)
}

enum One {
    Path(Path, String),
    Whole(Source),
}

fn one(reader: &Reader<'_>, directory: &Path, env: Option<&Env>, url: &str) -> One {
    let Some((scheme, rest)) = url.split_once("://") else {
        // `src = "./schema.hcl"`: a path without a scheme.
        return One::Path(directory.join(url), String::new());
    };
    match scheme {
        "file" => {
            let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
            One::Path(directory.join(path), query.to_owned())
        }
        "mem" => One::Whole(match env.and_then(|env| env.states.get(url)) {
            Some(state) => data_state(reader, directory, env, state),
            None => Source::Wrong(format!("data-source state {url:?} not found in memory")),
        }),
        "env" => One::Whole(env_url(reader, directory, env, url, rest)),
        "atlas" => One::Whole(Source::NotAnalysed(format!("{url} is in the registry"))),
        "ent" => One::Whole(Source::NotAnalysed(format!("{url} is a schema in Go code"))),
        _ => One::Whole(Source::Database(Target {
            url: Secret(url.to_owned()),
            schemas: env.map(|env| env.schemas.clone()).unwrap_or_default(),
            exclude: env.map(|env| env.exclude.clone()).unwrap_or_default(),
            accounts: env.map(|env| env.accounts).unwrap_or_default(),
            directory: directory.clone(),
        })),
    }
}

/// `env://src` and others: what the env says there.
fn env_url(reader: &Reader<'_>, directory: &Path, env: Option<&Env>, url: &str, name: &str) -> Source {
    let Some(env) = env else {
        return Source::Wrong("cannot use env:// variables without selecting an environment".to_owned());
    };
    if name.contains(['/', '?']) {
        return Source::Wrong(format!("invalid env:// variable {url:?}"));
    }
    let urls: Vec<SmolStr> = match name {
        "src" | "schema.src" => match &env.src {
            crate::Setting::Set { value, .. } => value.clone(),
            crate::Setting::Unknown { .. } => return Source::Pending,
            crate::Setting::Unset => {
                return Source::Wrong(format!("env://src: no src attribute defined in env {:?}", env.name));
            }
        },
        "url" | "dev" => match if name == "url" { &env.url } else { &env.dev } {
            crate::Setting::Set { value, .. } => vec![SmolStr::from(value.0.as_str())],
            crate::Setting::Unknown { .. } => return Source::Pending,
            crate::Setting::Unset => {
                return Source::Wrong(format!("env://{name} (attribute) not found in env.{}", env.name));
            }
        },
        "migration.dir" => match &env.migration.dir {
            Some(dir) => vec![SmolStr::from(dir.as_str())],
            None => {
                return Source::Wrong(format!(
                    "env://migration.dir: no migration dir defined in env {:?}",
                    env.name
                ));
            }
        },
        _ => match env.vars.get(name) {
            Some(hcl::Value::String(text)) => vec![text.clone()],
            Some(hcl::Value::Unknown(_)) => return Source::Pending,
            Some(_) => return Source::Wrong(format!("env://{name}: string value is required")),
            None => return Source::Wrong(format!("env://{name} (attribute) not found in env.{}", env.name)),
        },
    };
    if let Some(again) = urls.iter().find(|inner| inner.starts_with("env://")) {
        return Source::Wrong(format!("env://{again} (attribute) cannot reference another env://"));
    }
    resolve(reader, directory, Some(env), &urls)
}

fn data_state(reader: &Reader<'_>, directory: &Path, env: Option<&Env>, state: &DataState) -> Source {
    match state {
        DataState::Hcl { paths, vars } => {
            let paths: Vec<(Path, String)> = paths
                .iter()
                .map(|path| (directory.join(path.trim_start_matches("file://")), String::new()))
                .collect();
            match files(reader, &paths) {
                Source::Hcl { files, .. } => Source::Hcl { files, vars: Some(vars.clone()) },
                other => other,
            }
        }
        DataState::Sql { text } => {
            Source::Text { name: SmolStr::from("external_schema"), text: text.clone() }
        }
        DataState::Composite { parts } => {
            let resolved: Vec<(Option<SmolStr>, Source)> = parts
                .iter()
                .map(|(schema, url)| {
                    (schema.clone(), resolve(reader, directory, env, std::slice::from_ref(url)))
                })
                .collect();
            // One part that cannot be had makes the whole incomplete: nothing is better than half.
            let hole = resolved.iter().find_map(|(_, part)| match part {
                Source::Pending | Source::Wrong(_) | Source::NotAnalysed(_) | Source::Database(_) => {
                    Some(part.clone())
                }
                _ => None,
            });
            match hole {
                Some(Source::Database(target)) => {
                    Source::NotAnalysed(format!("{} as a part of a composite schema", target.url))
                }
                Some(hole) => hole,
                None => Source::Composite(resolved),
            }
        }
        DataState::Directory { files, .. } => {
            let text: String = files.iter().map(|(_, text)| format!("{text}\n")).collect();
            Source::Text { name: SmolStr::from("template_dir"), text }
        }
    }
}

/// The files of paths, which must be all HCL or all SQL.
fn files(reader: &Reader<'_>, paths: &[(Path, String)]) -> Source {
    let mut found: Vec<FileId> = Vec::new();
    let mut kinds: Vec<(Role, Path)> = Vec::new();
    let mut migrations = false;
    for (path, query) in paths {
        match stat(reader, path) {
            Stat::Pending => return Source::Pending,
            Stat::File(id) => {
                let kind = match role(path) {
                    Role::Sql => Role::Sql,
                    Role::Other | Role::Sum => {
                        return Source::Wrong(format!("unknown schema file: {:?}", path.name()));
                    }
                    _ => Role::Schema,
                };
                kinds.push((kind, path.clone()));
                found.push(id);
            }
            Stat::Wrong(message) => return Source::Wrong(message),
            Stat::Directory(entries) => {
                let has_sum = entries.iter().any(|entry| entry.name == "atlas.sum");
                let is_migrations = has_sum
                    || path.name() == "migrations"
                    || query
                        .split('&')
                        .any(|pair| pair.starts_with("version=") || pair.starts_with("format="));
                let mut inside: Vec<(Role, Path)> = entries
                    .iter()
                    .filter(|entry| !entry.directory)
                    .map(|entry| path.join(&entry.name))
                    .filter_map(|path| match role(&path) {
                        Role::Schema => Some((Role::Schema, path)),
                        Role::Sql => Some((Role::Sql, path)),
                        _ => None,
                    })
                    .collect();
                inside.sort_by(|a, b| a.1.cmp(&b.1));
                if let (Some((_, sql)), Some((_, hcl))) = (
                    inside.iter().find(|(kind, _)| *kind == Role::Sql),
                    inside.iter().find(|(kind, _)| *kind == Role::Schema),
                ) {
                    return Source::Wrong(format!(
                        "ambiguous schema: both SQL and HCL files found: {:?}, {:?}",
                        hcl.name(),
                        sql.name()
                    ));
                }
                if inside.is_empty() {
                    return Source::Wrong(format!("{:?} contains neither SQL nor HCL files", path.name()));
                }
                migrations |= is_migrations && inside.iter().all(|(kind, _)| *kind == Role::Sql);
                for (kind, path) in inside {
                    match stat(reader, &path) {
                        Stat::File(id) => found.push(id),
                        Stat::Pending => return Source::Pending,
                        Stat::Wrong(message) => return Source::Wrong(message),
                        Stat::Directory(_) => continue,
                    }
                    kinds.push((kind, path));
                }
            }
        }
    }
    let sql = kinds.iter().filter(|(kind, _)| *kind == Role::Sql).count();
    match (sql, kinds.len()) {
        (_, 0) => Source::Wrong("schema contains neither SQL nor HCL files".to_owned()),
        (0, _) => {
            let mut sorted: Vec<(Path, FileId)> =
                kinds.into_iter().map(|(_, path)| path).zip(found).collect();
            sorted.sort();
            sorted.dedup();
            Source::Hcl { files: sorted.into_iter().map(|(_, id)| id).collect(), vars: None }
        }
        (sql, all) if sql == all && paths.len() > 1 => Source::Wrong(format!(
            "the provided SQL state must be either a single schema file or a migration directory, but {} paths were found",
            paths.len()
        )),
        (sql, all) if sql == all && migrations => Source::Sql { files: found, migrations },
        (sql, all) if sql == all => match imports::expand(reader, &found) {
            Ok(files) => Source::Sql { files, migrations },
            Err(source) => source,
        },
        _ => {
            let name = |wanted: Role| {
                kinds.iter().find(|(kind, _)| *kind == wanted).map_or("", |(_, path)| path.name()).to_owned()
            };
            Source::Wrong(format!(
                "ambiguous schema: both SQL and HCL files found: {:?}, {:?}",
                name(Role::Schema),
                name(Role::Sql)
            ))
        }
    }
}

enum Stat {
    File(FileId),
    Directory(Vec<Entry>),
    Wrong(String),
    Pending,
}

/// Whether `path` is a file or a directory, as far as we were told.
fn stat(reader: &Reader<'_>, path: &Path) -> Stat {
    if let Some((id, file)) = reader.path(path) {
        match &file.content {
            Content::Text(_) | Content::Binary => return Stat::File(id),
            Content::Unreadable(reason) => return Stat::Wrong(format!("open {path}: {reason}")),
            Content::Missing => {}
        }
    } else if matches!(role(path), Role::Sql) || path.name().ends_with(".hcl") {
        return Stat::Pending;
    }
    match reader.fact(&Want::Directory(path.clone())).map(|fact| &fact.answer) {
        None => Stat::Pending,
        Some(Answer::Entries(entries)) => Stat::Directory(entries.clone()),
        Some(Answer::Failed(reason) | Answer::Refused(reason)) => {
            Stat::Wrong(format!("stat {path}: {reason}"))
        }
        Some(_) => Stat::Wrong(format!("stat {path}: no such file or directory")),
    }
}
