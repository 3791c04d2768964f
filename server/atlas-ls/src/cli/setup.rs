//! From the flags and the configuration to what a command works on.
//!
//! A configuration is read only when `--env` or `--config` was given; what it says about a flag counts only when the
//! user did not set that flag.
//!
//! Source: reference/cli.md section 3, project.md section 1.

use std::sync::Arc;

use commands::Workspace;
use commands::migrate::lint::{Linear, OnEdit};
use commands::state::Options;
use commands::world::Everything;
use engine::diff::Policy;
use engine::hook::Hook;
use engine::lint;
use project::{Content, Env, Evaluated, Path, Selection, Setting};
use smol_str::SmolStr;

use super::parse::Invocation;
use super::table::{Action, Verb};
use super::{Failure, Session};

/// A project read for one command.
pub struct Setup<'w> {
    pub workspace: Workspace<'w>,
    /// The working directory.
    pub directory: Path,
    config: Option<(Path, Arc<Evaluated>)>,
    /// The env that `--env` chose.
    pub env: Option<Arc<Env>>,
    /// All of them, where `for_each` makes several of it.
    pub envs: Vec<Arc<Env>>,
}

static EVERYTHING: Everything = Everything;

/// The working directory.
///
/// # Errors
/// When it is gone or its name is not UTF-8.
pub fn directory() -> Result<Path, String> {
    let directory =
        std::env::current_dir().map_err(|error| format!("getwd: {}", crate::machine::reason(&error)))?;
    let directory =
        directory.to_str().ok_or_else(|| "the path of the working directory is not UTF-8".to_owned())?;
    Ok(Path::new(directory))
}

impl<'w> Setup<'w> {
    /// Reads the configuration, if the flags ask for one.
    ///
    /// # Errors
    /// What is wrong with it, in Atlas's words.
    pub async fn load(session: &Session<'w>, invocation: &Invocation) -> Result<Self, Failure> {
        let workspace = Workspace::new(session.machine, &EVERYTHING, dialects::all());
        let mut setup =
            Self { workspace, directory: directory()?, config: None, env: None, envs: Vec::new() };
        if invocation.changed("env") || invocation.changed("config") {
            session.interrupt.race(setup.configure(session, invocation)).await??;
        }
        Ok(setup)
    }

    async fn configure(&mut self, session: &Session<'_>, invocation: &Invocation) -> Result<(), Failure> {
        let shown = config_path(invocation.text("config"))?;
        let path = self.directory.join(&shown);
        match self.workspace.read(&path) {
            Content::Text(_) => {}
            Content::Binary => return Err(format!("config file {shown:?} is not UTF-8 text").into()),
            Content::Unreadable(reason) => {
                return Err(format!("config file {shown:?} cannot be read: open {shown}: {reason}").into());
            }
            Content::Missing if self.workspace.world.list(&path).is_ok() => {
                return Err(
                    format!("config file {shown:?} cannot be read: read {shown}: is a directory").into()
                );
            }
            Content::Missing => {
                return Err(format!(
                    "config file {shown:?} was not found: stat {shown}: no such file or directory"
                )
                .into());
            }
        }
        let name = Some(invocation.text("env")).filter(|name| !name.is_empty());
        let vars =
            invocation.vars().iter().map(|(name, value)| (name.as_str().into(), value.as_str().into()));
        let selection = Selection { env: name.map(SmolStr::from), vars: vars.collect() };
        self.workspace.project.name_config(path.clone());
        self.workspace.project.select(path.clone(), selection);
        let snapshot = self.workspace.project.snapshot();
        let file = snapshot.file(&path);
        if let Some(error) = file.and_then(|id| snapshot.hcl(id)?.errors().into_iter().next()) {
            let text = file.and_then(|id| snapshot.text(id).cloned());
            let place = text.map(|text| place(&text, &error)).unwrap_or_default();
            return Err(format!("{shown}:{place}: {}", error.message).into());
        }
        let evaluated = self.workspace.ask(|snapshot| snapshot.evaluate_asking(&path, name)).await;
        for line in &evaluated.printed {
            session.console.print(&format!("{line}\n"));
        }
        if let Some(failure) = evaluated.failures.first() {
            let snapshot = self.workspace.project.snapshot();
            let text = failure.display(|id| Some((shown.clone(), snapshot.text(id)?.clone())));
            return Err(text.into());
        }
        if let Some(name) = name {
            self.env = match evaluated.envs.as_slice() {
                [] => return Err(format!("env {name:?} not defined in config file").into()),
                [env] => Some(env.clone()),
                [first, ..] if takes_several(invocation) => Some(first.clone()),
                _ if invocation.command().action == Some(Action::Apply) => {
                    return Err(format!("multi-environment {name:?} is not supported").into());
                }
                _ => return Err(format!("multiple envs found for {name:?}").into()),
            };
        }
        self.envs.clone_from(&evaluated.envs);
        self.config = Some((path, evaluated));
        Ok(())
    }

    /// Gives flags that the user did not set the values of the env.
    ///
    /// # Errors
    /// A value that the flag does not take.
    pub fn fill(&self, invocation: &mut Invocation) -> Result<(), Failure> {
        let Some(env) = &self.env else { return Ok(()) };
        let url = known(env, &env.url, "url")?.map(|url| url.0.clone()).unwrap_or_default();
        let dev = known(env, &env.dev, "dev")?.map(|url| url.0.clone()).unwrap_or_default();
        invocation.set_default("url", &url)?;
        invocation.set_default("dev-url", &dev)?;
        if !invocation.changed("to") {
            let src = known(env, &env.src, "src")?.cloned().unwrap_or_default();
            let src: Vec<String> = src.iter().map(ToString::to_string).collect();
            invocation.set_default("file", &list(&src))?;
        }
        let schemas: Vec<String> = env.schemas.iter().map(ToString::to_string).collect();
        invocation.set_default("schema", &list(&schemas))?;
        invocation.set_default("exclude", &list(&env.exclude))?;
        invocation.set_default("include", &list(&env.include))?;
        if let Some(template) = env.formats.get(format!("schema.{}", invocation.command().name).as_str()) {
            invocation.set_default("format", template)?;
        }
        Ok(())
    }

    /// The same for the commands on a migration directory.
    ///
    /// # Errors
    /// A value that the flag does not take.
    pub fn fill_migration(&self, invocation: &mut Invocation) -> Result<(), Failure> {
        let Some(env) = &self.env else { return Ok(()) };
        let dev = known(env, &env.dev, "dev")?.map(|url| url.0.clone()).unwrap_or_default();
        invocation.set_default("dev-url", &dev)?;
        let url = known(env, &env.url, "url")?.map(|url| url.0.clone()).unwrap_or_default();
        invocation.set_default("url", &url)?;
        let migration = &env.migration;
        // The names of HCL stand for the values of the flag.
        let order = migration.exec_order.as_ref().map(|order| order.to_lowercase().replace('_', "-"));
        for (flag, value) in [
            ("baseline", &migration.baseline),
            ("exec-order", &order),
            ("revisions-schema", &migration.revisions_schema),
            ("tx-mode", &migration.tx_mode),
        ] {
            if let Some(value) = value {
                invocation.set_default(flag, value)?;
            }
        }
        if let Some(dir) = &env.migration.dir {
            invocation.set_default("dir", dir)?;
        }
        if let Some(format) = &env.migration.format {
            invocation.set_default("dir-format", format)?;
        }
        // There it is a directory.
        if !invocation.changed("to") && invocation.command().name != "import" {
            let src = known(env, &env.src, "src")?.cloned().unwrap_or_default();
            let absolute = |url: &SmolStr| match url.split_once("://") {
                None => format!("file://{}", self.directory.join(url)),
                Some(_) => url.to_string(),
            };
            invocation.set_default("to", &list(&src.iter().map(absolute).collect::<Vec<_>>()))?;
        }
        let schemas: Vec<String> = env.schemas.iter().map(ToString::to_string).collect();
        invocation.set_default("schema", &list(&schemas))?;
        if let Some(timeout) = &env.migration.lock_timeout {
            invocation.set_default("lock-timeout", timeout)?;
        }
        if let Some(template) = env.formats.get(format!("migrate.{}", invocation.command().name).as_str()) {
            invocation.set_default("format", template)?;
        }
        Ok(())
    }

    /// The product that the chosen env, or one of `urls`, speaks of without a dev database.
    pub fn dialect(&self, urls: &[String]) -> Option<&'static engine::Dialect> {
        let dialects = dialects::all();
        let of = |url: &str| dialects.by_url(url).or_else(|| dialects.by_suffix(url));
        let env = self.env.as_ref().and_then(|env| env.url.value()).and_then(|url| of(&url.0));
        env.or_else(|| urls.iter().find_map(|url| of(url.split('?').next().unwrap_or(url))))
    }

    /// What the `lint` block says about the flags of `migrate lint`. Which files are new is taken from there only when
    /// no flag says it.
    ///
    /// # Errors
    /// A value that the flag does not take.
    pub fn fill_lint(&self, invocation: &mut Invocation) -> Result<(), Failure> {
        let block = self.lint_block();
        let text = |path: &[&str]| {
            let found = path.iter().try_fold(&block, |value, name| value.get(name));
            found.and_then(|value| match value.as_number() {
                Some(number) => Some(number.to_string()),
                None => value.as_str().map(str::to_owned),
            })
        };
        if !["latest", "git-base", "base"].iter().any(|flag| invocation.changed(flag)) {
            for (flag, path) in [("latest", &["latest"][..]), ("git-base", &["git", "base"])] {
                invocation.set_default(flag, &text(path).unwrap_or_default())?;
            }
        }
        invocation.set_default("git-dir", &text(&["git", "dir"]).unwrap_or_default())?;
        if !invocation.changed("log") {
            let own = text(&["log"]).or_else(|| text(&["format"]));
            let format =
                self.env.as_ref().and_then(|env| env.formats.get("migrate.lint")).map(ToString::to_string);
            invocation.set_default("format", &own.or(format).unwrap_or_default())?;
        }
        Ok(())
    }

    /// What the `lint` block says of changes that are no additions at the end.
    pub fn linear(&self) -> Linear {
        let block = self.lint_block();
        let get = |name: &str| block.get("non_linear").and_then(|value| value.get(name));
        let on_edit = get("on_edit").and_then(|value| value.as_str().map(str::to_ascii_uppercase));
        Linear {
            error: get("error").and_then(hcl::Value::as_bool) == Some(true),
            on_edit: match on_edit.as_deref() {
                Some("IGNORE") => OnEdit::Ignore,
                Some("ERROR") => OnEdit::Error,
                _ => OnEdit::Warn,
            },
        }
    }

    /// The effective `lint` block.
    fn lint_block(&self) -> hcl::Value {
        match (&self.env, &self.config) {
            (Some(env), _) => env.lint.clone(),
            (None, Some((_, evaluated))) => {
                evaluated.project.block("lint").map_or(hcl::Value::Null, |block| block.to_value())
            }
            (None, None) => hcl::Value::Null,
        }
    }

    /// What the flags say about the states to be read.
    pub fn options(&self, invocation: &Invocation) -> Options {
        let env = self.env.as_ref().zip(self.config.as_ref());
        Options {
            directory: Some(self.directory.clone()),
            env: env.map(|(env, (path, _))| (path.clone(), env.name.clone())),
            vars: invocation.vars().iter().map(|(name, value)| (name.into(), value.into())).collect(),
            dev_url: Some(invocation.text("dev-url")).filter(|url| !url.is_empty()).map(str::to_owned),
            schemas: invocation.list("schema").iter().map(SmolStr::from).collect(),
            exclude: invocation.list("exclude").to_vec(),
            accounts: self.env.as_ref().map(|env| env.accounts).unwrap_or_default(),
            ..Options::default()
        }
    }

    /// The effective `diff` settings.
    pub fn policy(&self) -> Policy {
        if let Some(env) = &self.env {
            return env.diff.clone();
        }
        let skip = self.config.as_ref().and_then(|(_, evaluated)| evaluated.project.at(&["diff", "skip"]));
        let names = skip
            .iter()
            .flat_map(|skip| &skip.attrs)
            .filter(|(_, attr)| attr.value.as_bool() == Some(true))
            .map(|(name, _)| name.to_string());
        Policy { skip: names.collect(), ..Policy::default() }
    }

    /// The configuration that was read.
    pub fn config_path(&self) -> Option<Path> {
        self.config.as_ref().map(|(path, _)| path.clone())
    }

    /// The `hook` blocks that count.
    ///
    /// # Errors
    /// One that takes a fact which could not be had.
    pub fn hooks(&self) -> Result<Vec<Hook>, Failure> {
        let hooks = match (&self.env, &self.config) {
            (Some(env), _) => &env.hooks,
            (None, Some((_, evaluated))) => &evaluated.hooks,
            (None, None) => return Ok(Vec::new()),
        };
        match hooks {
            Setting::Unknown { .. } => Err("a hook takes a fact that could not be had".to_owned().into()),
            other => Ok(other.value().cloned().unwrap_or_default()),
        }
    }

    /// The effective `lint` settings.
    ///
    /// # Errors
    /// A pattern that cannot be read.
    pub fn lint(&self) -> Result<lint::Config, Failure> {
        let config = lint::Config::from_value(&self.lint_block());
        match config.problems.first() {
            Some(problem) => Err(problem.clone().into()),
            None => Ok(config),
        }
    }
}

/// Whether the command works on one target after the other.
fn takes_several(invocation: &Invocation) -> bool {
    matches!(invocation.command().action, Some(Action::Migrate(Verb::Apply | Verb::Status)))
}

/// A setting whose value is known, if it is set.
fn known<'e, T>(env: &Env, setting: &'e Setting<T>, name: &str) -> Result<Option<&'e T>, Failure> {
    match setting {
        Setting::Unset => Ok(None),
        Setting::Set { value, .. } => Ok(Some(value)),
        Setting::Unknown { .. } => Err(format!(
            "attribute {name:?} of env {:?} takes a fact that could not be had",
            env.name.as_str()
        )
        .into()),
    }
}

/// Comma separated values.
fn list(items: &[String]) -> String {
    items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(",")
}

/// One field of comma separated values.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The path in `--config`.
fn config_path(url: &str) -> Result<String, String> {
    match url.split_once("://") {
        Some(("file", path)) => Ok(path.split(['?', '#']).next().unwrap_or(path).to_owned()),
        Some((scheme, _)) => Err(format!("unsupported config file driver {scheme:?}")),
        None => Err(format!("missing scheme for config file. Did you mean file://{url}?")),
    }
}

/// `3,5-9`, as HCL prints places.
fn place(text: &text::Text, error: &text::Diagnostic) -> String {
    let start = text.position(error.range.start(), text::Encoding::Utf32);
    let end = text.position(error.range.end(), text::Encoding::Utf32);
    let line = if start.line == end.line { String::new() } else { format!("{},", end.line + 1) };
    format!("{},{}-{line}{}", start.line + 1, start.character + 1, end.character + 1)
}
