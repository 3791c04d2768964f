//! A state a command was given by URLs: a database, files, a data source.
//!
//! HCL is decoded here; SQL is executed on the dev database, which understands all of it; a database is inspected.
//!
//! Source: reference/cli.md sections 4 and 5, engine.md section 5.

use std::sync::Arc;

use engine::connection::{Access, Capabilities, DbErrorKind};
use engine::inspect::inspect_all;
use engine::migrate::Format;
use engine::scope::Accounts;
use engine::{Connector, DatabaseUrl, Dialect, Dialects, Scope};
use futures::future::OptionFuture;
use project::{Content, DesiredKind, Path, Secret, Snapshot, Source};
use schema::{Realm, SmolStr};

use crate::migrate::{Located, locate};
use crate::world::{SeenFrom, World};
use crate::{Error, Workspace, dev};

/// What the flags of a command say about the states it reads.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The directory relative paths are seen from.
    pub directory: Option<Path>,
    /// The configuration and env chosen, if any.
    pub env: Option<(Path, SmolStr)>,
    /// `--var`.
    pub vars: Vec<(SmolStr, SmolStr)>,
    pub dev_url: Option<String>,
    pub schemas: Vec<SmolStr>,
    pub exclude: Vec<String>,
    /// Which accounts are managed.
    pub accounts: Accounts,
    /// The dialect when the state itself does not say: that of the other side.
    pub dialect: Option<&'static Dialect>,
    /// The server a written state is for, when one was asked.
    pub server: Option<Arc<Capabilities>>,
    /// The schema the other side is bound to.
    pub bound: Option<SmolStr>,
    /// SQL is read without a dev database where none was named: what cannot be read so is an error.
    pub offline: bool,
}

/// A state that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Without what was excluded.
    pub realm: Arc<Realm>,
    /// All of it.
    pub whole: Arc<Realm>,
    pub dialect: &'static Dialect,
    /// The schema the URL is bound to.
    pub bound: Option<SmolStr>,
    pub hcl: bool,
    /// The database, when it is one.
    pub url: Option<DatabaseUrl>,
    /// What its server can do, when one was asked.
    pub server: Option<Arc<Capabilities>>,
    /// What a server may write otherwise than it was read here, without asking one.
    pub approximate: Vec<schema::ObjectPath>,
}

impl Read {
    /// What a dev database made.
    pub(crate) fn made(made: dev::Made, dialect: &'static Dialect, bound: Option<SmolStr>) -> Read {
        Read {
            realm: made.realm.clone(),
            whole: made.realm,
            dialect,
            bound,
            hcl: false,
            url: None,
            server: Some(made.server),
            approximate: Vec::new(),
        }
    }

    /// As one side of a comparison.
    pub fn side(&self) -> engine::diff::Side<'_> {
        engine::diff::Side { realm: &self.realm, bound: self.bound.as_deref(), hcl: self.hcl }
    }
}

/// Reads the state that `urls` mean.
///
/// # Errors
/// What is wrong with the URLs, the files or the database, in Atlas's words.
pub async fn read(workspace: &mut Workspace<'_>, urls: &[String], options: &Options) -> Result<Read, Error> {
    if urls.is_empty() {
        return Err(Error::Request("at least one url is required".to_owned()));
    }
    one_kind(urls)?;
    for url in urls {
        check_scheme(workspace, options, url)?;
    }
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    let source = source_of(workspace, urls, options).await;
    match &source {
        Source::Database(target) => {
            database(workspace.world, workspace.dialects, &target.url.0, options).await
        }
        Source::Hcl { .. } => hcl(workspace, &source, urls, options).await,
        // Parts in HCL cannot be executed; those in SQL are replayed beside them.
        Source::Composite(parts) if parts.iter().any(|(_, part)| matches!(part, Source::Hcl { .. })) => {
            hcl(workspace, &source, urls, options).await
        }
        Source::Sql { files, migrations: true } => {
            let first = files.first().and_then(|id| workspace.project.snapshot().path(*id).cloned());
            let located = directory_of(workspace, urls, first.as_ref(), &directory)?;
            crate::migrate::replay::state(workspace, &located.0, located.1.as_deref(), options).await
        }
        Source::Sql { .. } | Source::Text { .. } | Source::Composite(_) => {
            sql(workspace, &source, options).await
        }
        Source::Wrong(message) => Err(Error::Request(seen_from(&directory, urls, message))),
        Source::NotAnalysed(what) => Err(Error::Request(format!("{what}, which is not supported yet"))),
        Source::Pending => {
            Err(Error::Request(format!("{} takes a fact that could not be had", redacted(urls))))
        }
    }
}

/// Reads the database that `from` means and the written state that `to` means at the same time, for the one to be looked
/// at while the dev database makes the other. `None`, and nothing done, where they are something else, or where one
/// might show in the other.
pub async fn at_once(
    workspace: &mut Workspace<'_>,
    from: &[String],
    to: &[String],
    options: &Options,
) -> Option<(Result<Read, Error>, Result<Read, Error>)> {
    let dev_url = options.dev_url.as_ref()?;
    if options.accounts != Accounts::default() {
        return None;
    }
    for urls in [from, to] {
        one_kind(urls).ok()?;
        for url in urls {
            check_scheme(workspace, options, url).ok()?;
        }
    }
    let (world, dialects) = (workspace.world, workspace.dialects);
    let Source::Database(target) = source_of(workspace, from, options).await else { return None };
    let foreign = match source_of(workspace, to, options).await {
        Source::Hcl { .. } => false,
        Source::Sql { migrations: false, .. } | Source::Text { .. } => true,
        _ => return None,
    };
    let (target, dev) = (target.url.0, DatabaseUrl::parse(dev_url).ok()?);
    let dialect = dialects.by_url(dev.secret())?;
    let apart = || Some(dialect.session.apart(&DatabaseUrl::parse(&target).ok()?, &dev, foreign));
    if !dialect.normalize.is_needed() || apart() != Some(true) {
        return None;
    }
    let (first, second) =
        futures::join!(database(world, dialects, &target, options), read(workspace, to, options));
    if !is_full(&first) && !is_full(&second) {
        return Some((first, second));
    }
    // The server has room for one of them at a time.
    let first = database(world, dialects, &target, options).await;
    let second = read(workspace, to, options).await;
    Some((first, second))
}

/// Whether a server had no room for a session.
fn is_full(read: &Result<Read, Error>) -> bool {
    matches!(read, Err(Error::Engine(engine::Error::Database { error, .. })) if error.kind == DbErrorKind::Full)
}

/// What `urls` mean.
async fn source_of(workspace: &mut Workspace<'_>, urls: &[String], options: &Options) -> Source {
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    let paths: Vec<SmolStr> = urls.iter().map(SmolStr::from).collect();
    let env = options.env.clone();
    workspace
        .ask(|snapshot| {
            let env = env.as_ref().map(|(config, name)| (config, name.as_str()));
            snapshot.source(&directory, env, &paths)
        })
        .await
}

/// The migration directory that a state's URL means, and the version it asks for.
fn directory_of(
    workspace: &Workspace<'_>,
    urls: &[String],
    first: Option<&Path>,
    directory: &Path,
) -> Result<(Located, Option<String>), Error> {
    let (path, shown, format, version) = match urls {
        [url] if url.starts_with("file://") => {
            let (path, format) = locate(directory, url, "")?;
            let (shown, query) = url.trim_start_matches("file://").split_once('?').unwrap_or((url, ""));
            let version = query.split('&').find_map(|pair| pair.strip_prefix("version="));
            let shown = shown.trim_start_matches("file://").to_owned();
            (path, shown, format, version.map(str::to_owned))
        }
        // An env's.
        _ => {
            let path = first.and_then(Path::parent).unwrap_or_else(|| directory.clone());
            let shown = self::shown(&path, directory);
            (path, shown, Format::Atlas, None)
        }
    };
    let located = Located::open(workspace.world, &path, &shown, format)?;
    located.directory.validate().map_err(|checksum| Error::Request(checksum.text().to_owned()))?;
    Ok((located, version))
}

/// URLs as they may be printed.
pub fn redacted(urls: &[String]) -> String {
    urls.iter().map(|url| Secret(url.clone()).to_string()).collect::<Vec<_>>().join(", ")
}

/// The dialect of the database that `urls` mean, if they mean one.
pub async fn dialect_of(
    workspace: &mut Workspace<'_>,
    urls: &[String],
    options: &Options,
) -> Option<&'static Dialect> {
    match source_of(workspace, urls, options).await {
        Source::Database(target) => workspace.dialects.by_url(&target.url.0),
        _ => None,
    }
}

/// A message with paths as the user wrote them: below the working directory they are relative.
fn seen_from(directory: &Path, urls: &[String], message: &str) -> String {
    let prefix = format!("{}/", directory.as_str().trim_end_matches('/'));
    if urls.iter().any(|url| url.contains(&prefix)) {
        message.to_owned()
    } else {
        message.replace(&prefix, "")
    }
}

/// All URLs of a state are of one scheme, and only files may be several.
fn one_kind(urls: &[String]) -> Result<(), Error> {
    let schemes: Vec<&str> =
        urls.iter().filter_map(|url| url.split_once("://").map(|(scheme, _)| scheme)).collect();
    let (Some(first), true) = (schemes.first(), schemes.len() == urls.len()) else { return Ok(()) };
    if let Some(other) = schemes.iter().find(|scheme| *scheme != first) {
        return Err(Error::Request(format!(
            "got mixed --to url schemes: {first:?} and {other:?}, the desired state must be provided from a single kind of source"
        )));
    }
    if *first != "file" && schemes.len() > 1 {
        return Err(Error::Request(format!(
            "got multiple --to urls of scheme {first:?}, only multiple 'file://' urls are supported"
        )));
    }
    Ok(())
}

/// Source: reference/cli.md section 4, scheme selection rules.
fn check_scheme(workspace: &Workspace<'_>, options: &Options, url: &str) -> Result<(), Error> {
    let Some((scheme, _)) = url.split_once("://") else {
        let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
        let path = directory.join(url);
        let is_file = (url.ends_with(".sql") || url.ends_with(".hcl"))
            && !matches!(workspace.world.read(&path), Content::Missing);
        let exists = !url.is_empty() && (is_file || workspace.world.list(&path).is_ok());
        return Err(Error::Request(if exists {
            format!("missing scheme. Did you mean file://{url}?")
        } else {
            "missing scheme. See: https://atlasgo.io/url".to_owned()
        }));
    };
    if matches!(scheme, "file" | "mem" | "env" | "atlas" | "ent") {
        return Ok(());
    }
    let parsed = DatabaseUrl::parse(url)?;
    if workspace.dialects.by_url(parsed.secret()).is_none() {
        return Err(Error::Request(format!(
            "sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url",
            parsed.scheme()
        )));
    }
    Ok(())
}

async fn database(
    world: &dyn World,
    dialects: Dialects,
    url: &str,
    options: &Options,
) -> Result<Read, Error> {
    let url = DatabaseUrl::parse(url)?;
    let Some(dialect) = dialects.by_url(url.secret()) else {
        return Err(Error::Request(format!(
            "sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url",
            url.scheme()
        )));
    };
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    let connector = SeenFrom { inner: world.connector(), directory: &directory, dialects };
    let mut connection =
        connector.open(&url, Access::Read).await.map_err(engine::Error::doing(dialect.opening))?;
    let bound = connection.target().bound.clone();
    // A URL that leads to a server of a kin product, as mysql:// to MariaDB, speaks that one's dialect.
    let dialect = connection.dialect();
    let server = Some(Arc::new(connection.capabilities().clone()));
    let scope = Scope {
        bound: bound.clone(),
        schemas: options.schemas.clone(),
        accounts: options.accounts,
        ..Scope::default()
    };
    let realm = inspect_all(connection.as_mut(), &scope).await;
    connection.close().await?;
    let whole = Arc::new(realm?);
    let realm = without(&whole, bound.clone(), options)?;
    Ok(Read { realm, whole, dialect, bound, hcl: false, url: Some(url), server, approximate: Vec::new() })
}

/// The dialect and bound schema that `--dev-url`, or else the other side, says.
pub(crate) fn dev(
    workspace: &Workspace<'_>,
    options: &Options,
) -> Result<Option<(DatabaseUrl, &'static Dialect)>, Error> {
    let Some(text) = &options.dev_url else { return Ok(None) };
    let url = DatabaseUrl::parse(text)
        .map_err(|error| Error::Request(format!("sql/sqlclient: parse open url: {error}")))?;
    match workspace.dialects.by_url(url.secret()) {
        Some(dialect) => Ok(Some((url, dialect))),
        None => Err(Error::Request(format!(
            "sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url",
            url.scheme()
        ))),
    }
}

async fn hcl(
    workspace: &mut Workspace<'_>,
    source: &Source,
    urls: &[String],
    options: &Options,
) -> Result<Read, Error> {
    let dev = dev(workspace, options)?;
    let Some(dialect) = dev.as_ref().map(|(_, dialect)| *dialect).or(options.dialect) else {
        return Err(Error::Request("--dev-url cannot be empty".to_owned()));
    };
    let needed = dev.as_ref().filter(|_| dialect.normalize.is_needed());
    let world = workspace.world;
    // The dev database is opened and looked at while the files are read.
    let opening = needed.map(|(url, _)| dev::Dev::open(world, url, dialect, Accounts::default()));
    let (opened, desired) =
        futures::join!(OptionFuture::from(opening), decoded(workspace, source, dialect, options));
    let snapshot = workspace.project.snapshot();
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    for id in &desired.files {
        readable(&snapshot, *id, &directory)?;
        reject_config(&snapshot, *id, &directory)?;
    }
    match desired.kind {
        DesiredKind::State(state) => {
            if state.coverage.total().opaque > 0 {
                let text = "a composite schema of HCL and SQL parts holds SQL that is not analysed";
                return Err(Error::Request(text.to_owned()));
            }
            if let Some(failure) = first_failure(&snapshot, &desired.files, &state, &directory) {
                return Err(Error::Source(failure));
            }
            let bound = match &dev {
                Some((url, _)) => (dialect.bound)(url),
                None => options.bound.clone(),
            };
            requested(&state.realm, urls, options)?;
            one_schema(&state.realm, &bound, options)?;
            let written = options.accounts.seen_from(bound.as_deref()).of(&state.realm);
            let (whole, server, approximate) = match &dev {
                Some((url, _)) if dialect.normalize.is_needed() => {
                    let normalized = match opened {
                        Some(opened) if !written.objects.iter().any(|it| Accounts::is_about(it)) => {
                            opened?.normalize(&written).await?
                        }
                        opened => {
                            // Nothing was done in it.
                            drop(opened);
                            dev::normalize(workspace.world, url, dialect, &written).await?
                        }
                    };
                    (normalized.realm, Some(normalized.server), Vec::new())
                }
                _ => {
                    let server = options.server.clone().unwrap_or_else(|| Arc::new((dialect.assumed)()));
                    let cache = &mut engine::normalize::Cache::default();
                    let normalized = engine::normalize::normalize(&written, dialect, &server, cache)?;
                    (normalized.realm, options.server.clone(), normalized.approximate)
                }
            };
            let realm = without(&whole, bound.clone(), options)?;
            Ok(Read { realm, whole, dialect, bound, hcl: true, url: None, server, approximate })
        }
        DesiredKind::Wrong(message) => Err(Error::Request(message)),
        DesiredKind::NotAnalysed(what) => Err(Error::Request(format!("{what}, which is not supported yet"))),
        _ => Err(Error::Request("the desired state could not be read".to_owned())),
    }
}

/// What the files of `source` define, read beside what else there is to do.
async fn decoded(
    workspace: &mut Workspace<'_>,
    source: &Source,
    dialect: &'static Dialect,
    options: &Options,
) -> project::Desired {
    let read = {
        let (source, env, vars) = (source.clone(), options.env.clone(), options.vars.clone());
        move |snapshot: &Snapshot| {
            let env = env.as_ref().map(|(config, name)| (config, name.as_str()));
            snapshot.desired_from(&source, env, dialect, &vars)
        }
    };
    let (snapshot, first) = (workspace.project.snapshot(), read.clone());
    match tokio::task::spawn_blocking(move || first(&snapshot)).await {
        Ok((desired, wanted)) if wanted.is_empty() => desired,
        // Some facts are to be fetched.
        _ => workspace.ask(read).await,
    }
}

/// The first syntax error of the files, else what the decoder failed with.
fn first_failure(
    snapshot: &Snapshot,
    files: &[text::FileId],
    state: &engine::state::State,
    directory: &Path,
) -> Option<String> {
    if let Some(failure) = &state.failure {
        return Some(failure.display(|id| {
            let path = snapshot.path(id)?;
            Some((shown(path, directory), snapshot.text(id)?.clone()))
        }));
    }
    let error = |id: &text::FileId| {
        let diagnostic =
            state.diagnostics_of(*id).find(|diagnostic| diagnostic.severity == text::Severity::Error)?;
        let text = snapshot.text(*id)?;
        let start = text.position(diagnostic.range.start(), text::Encoding::Utf32);
        let end = text.position(diagnostic.range.end(), text::Encoding::Utf32);
        let name = shown(snapshot.path(*id)?, directory);
        Some(format!(
            "{name}:{},{}-{}: {}",
            start.line + 1,
            start.character + 1,
            end.character + 1,
            diagnostic.message
        ))
    };
    files.iter().find_map(error)
}

/// A path as the user would write it.
fn shown(path: &Path, directory: &Path) -> String {
    path.below(directory).unwrap_or(path.as_str()).to_owned()
}

/// Refuses a file whose text cannot be had: what it defines must not count as nothing.
fn readable(snapshot: &Snapshot, id: text::FileId, directory: &Path) -> Result<(), Error> {
    let name = snapshot.path(id).map(|path| shown(path, directory)).unwrap_or_default();
    match snapshot.content(id) {
        Some(Content::Text(_)) => Ok(()),
        Some(Content::Binary) => Err(Error::Source(format!("open {name}: the file is not UTF-8 text"))),
        Some(Content::Unreadable(reason)) => Err(Error::Source(format!("open {name}: {reason}"))),
        Some(Content::Missing) | None => {
            Err(Error::Source(format!("open {name}: no such file or directory")))
        }
    }
}

fn reject_config(snapshot: &Snapshot, id: text::FileId, directory: &Path) -> Result<(), Error> {
    let has_env = !snapshot.outline(id).envs.is_empty();
    match snapshot.path(id) {
        Some(path) if has_env => Err(Error::Request(format!(
            "cannot parse project file {:?} as a schema file",
            shown(path, directory)
        ))),
        _ => Ok(()),
    }
}

/// A schema that is defined and not asked for would be left out without a word.
///
/// Source: reference/cli.md section 4, HCL reader errors.
fn requested(realm: &Realm, urls: &[String], options: &Options) -> Result<(), Error> {
    let wanted = |name: &SmolStr| options.schemas.is_empty() || options.schemas.contains(name);
    let Some(schema) = realm.schemas.iter().find(|schema| !wanted(&schema.name)) else { return Ok(()) };
    let paths: Vec<String> =
        urls.iter().map(|url| format!("{:?}", url.strip_prefix("file://").unwrap_or(url))).collect();
    Err(Error::Request(format!(
        "schema {:?} from paths [{}] is not requested (all schemas in HCL must be requested)",
        schema.name.as_str(),
        paths.join(" ")
    )))
}

/// Source: reference/cli.md section 4, HCL reader errors.
fn one_schema(realm: &Realm, bound: &Option<SmolStr>, options: &Options) -> Result<(), Error> {
    let Some(bound) = bound else { return Ok(()) };
    if realm.schemas.len() > 1 {
        let which = if options.dev_url.is_some() { "dev-url" } else { "url" };
        return Err(Error::Request(format!(
            "cannot use HCL with more than 1 schema when {which} is limited to schema {bound:?}"
        )));
    }
    Ok(())
}

async fn sql(workspace: &mut Workspace<'_>, source: &Source, options: &Options) -> Result<Read, Error> {
    let (url, dialect) = match dev(workspace, options)? {
        Some(dev) => dev,
        None => {
            let embedded = options.dialect.and_then(|dialect| Some((dialect.dev_url?, dialect)));
            let Some((url, dialect)) = embedded else {
                if let (true, Some(dialect)) = (options.offline, options.dialect) {
                    return written(workspace, source, dialect, options).await;
                }
                return Err(Error::Request(
                    "--dev-url cannot be empty. See: https://atlasgo.io/atlas-schema/sql#dev-database"
                        .to_owned(),
                ));
            };
            (DatabaseUrl::parse(url)?, dialect)
        }
    };
    let snapshot = workspace.project.snapshot();
    let mut parts: Vec<(String, text::Text)> = Vec::new();
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    for id in source.files() {
        readable(&snapshot, id, &directory)?;
    }
    collect(&snapshot, source, &mut parts)?;
    let name = match parts.as_slice() {
        [(name, _)] => name.clone(),
        _ => parts.first().map(|(name, _)| name.clone()).unwrap_or_default(),
    };
    let mut statements = Vec::new();
    for (name, text) in &parts {
        statements.extend(split(name, &text.to_string(), dialect)?);
    }
    let executed = dev::execute(workspace.world, &url, dialect, options.accounts, &name, &statements).await?;
    let bound = (dialect.bound)(&url);
    let realm = without(&executed.realm, bound.clone(), options)?;
    let (whole, server) = (executed.realm, Some(executed.server));
    Ok(Read { realm, whole, dialect, bound, hcl: false, url: None, server, approximate: Vec::new() })
}

/// The state of SQL texts, read without a database.
///
/// # Errors
/// A statement that is wrong or that is not understood: nothing may be missing from the state.
async fn written(
    workspace: &mut Workspace<'_>,
    source: &Source,
    dialect: &'static Dialect,
    options: &Options,
) -> Result<Read, Error> {
    let env = options.env.clone();
    let vars = options.vars.clone();
    let desired = workspace
        .ask(|snapshot| {
            let env = env.as_ref().map(|(config, name)| (config, name.as_str()));
            snapshot.desired_from(source, env, dialect, &vars)
        })
        .await;
    let snapshot = workspace.project.snapshot();
    let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
    let state = match desired.kind {
        DesiredKind::State(state) => state,
        DesiredKind::Wrong(message) => return Err(Error::Request(message)),
        _ => return Err(Error::Request("the desired state could not be read".to_owned())),
    };
    if let Some(failure) = first_failure(&snapshot, &desired.files, &state, &directory) {
        return Err(Error::Source(failure));
    }
    if state.coverage.total().opaque > 0 {
        return Err(Error::Request(OPAQUE.to_owned()));
    }
    let server = options.server.clone().unwrap_or_else(|| Arc::new((dialect.assumed)()));
    let cache = &mut engine::normalize::Cache::default();
    let normalized = engine::normalize::normalize(&state.realm, dialect, &server, cache)?;
    let (whole, approximate) = (normalized.realm, normalized.approximate);
    let realm = without(&whole, options.bound.clone(), options)?;
    let (bound, server) = (options.bound.clone(), options.server.clone());
    Ok(Read { realm, whole, dialect, bound, hcl: false, url: None, server, approximate })
}

/// What keeps a state from being read without a database.
pub(crate) const OPAQUE: &str =
    "some statements can only be understood by a database; name one with --dev-url";

/// The statements of a SQL text.
///
/// # Errors
/// `schema.sql: 3:7: unclosed quote`, in the words of Atlas's scanner.
pub fn split(name: &str, text: &str, dialect: &'static Dialect) -> Result<Vec<String>, Error> {
    match engine::migrate::statements(text, Format::Atlas, Some(dialect)) {
        Ok(statements) => Ok(statements.into_iter().map(|statement| statement.text).collect()),
        Err(error) => Err(Error::Source(format!("read state from {name:?}: {error}"))),
    }
}

/// The SQL texts of a source, in order, each with its file's name.
fn collect(snapshot: &Snapshot, source: &Source, parts: &mut Vec<(String, text::Text)>) -> Result<(), Error> {
    match source {
        Source::Sql { files, .. } => {
            for id in files {
                let name = snapshot.path(*id).map_or_else(String::new, |path| path.name().to_owned());
                // What cannot be read was refused before.
                if let Some(text) = snapshot.text(*id) {
                    parts.push((name, text.clone()));
                }
            }
            Ok(())
        }
        Source::Text { name, text } => {
            parts.push((name.to_string(), text::Text::new(text)));
            Ok(())
        }
        Source::Composite(inner) => inner.iter().try_for_each(|(_, part)| collect(snapshot, part, parts)),
        _ => Err(Error::Request("a composite schema of HCL and SQL parts is not supported yet".to_owned())),
    }
}

/// `realm` without what `--exclude` names.
pub(crate) fn without(
    realm: &Arc<Realm>,
    bound: Option<SmolStr>,
    options: &Options,
) -> Result<Arc<Realm>, Error> {
    let exclude = engine::exclude::Patterns::parse(&options.exclude)?;
    if exclude.is_empty() {
        return Ok(realm.clone());
    }
    let scope = Scope { bound, schemas: options.schemas.clone(), exclude, accounts: options.accounts };
    let mut realm = Realm::clone(realm);
    scope.exclude.apply(&mut realm, &scope);
    Ok(Arc::new(realm))
}
