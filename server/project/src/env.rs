//! An env as the rest of the house wants it: settings with their types, read from an evaluated block.
//!
//! What is unknown for want of a fact is unknown here too, never empty: a missing environment variable must not turn
//! into "no url".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::diff::Policy;
use engine::hook::Hook;
use engine::scope::Accounts;
use hcl::Value;
use smol_str::SmolStr;
use text::TextRange;

use crate::Path;
use crate::node::{Attr, Child, Node};
use crate::want::Secret;

/// An env of a configuration, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Env {
    pub name: SmolStr,
    /// Whether the name is its label; else it was chosen by the user.
    pub labeled: bool,
    /// The directory of the configuration.
    pub directory: Path,
    /// Its block.
    pub range: TextRange,
    pub url: Setting<Secret>,
    pub dev: Setting<Secret>,
    /// URLs or paths of the desired state, as written.
    pub src: Setting<Vec<SmolStr>>,
    pub schemas: Vec<SmolStr>,
    pub exclude: Vec<String>,
    pub include: Vec<String>,
    /// Which accounts are managed: `schema { mode { … } }`.
    pub accounts: Accounts,
    /// Attributes the grammar does not know: input variables of schema files, and `env://<name>`.
    pub vars: BTreeMap<SmolStr, Value>,
    pub diff: Policy,
    /// The effective `lint` block, the project's merged in, as one object.
    pub lint: Value,
    /// Templates by command: `schema.apply`.
    pub formats: BTreeMap<SmolStr, String>,
    pub migration: Migration,
    /// The project's `hook` blocks, then its own.
    pub hooks: Setting<Vec<Hook>>,
    /// Schemas that data sources stand for, by the URL they gave: `mem://hcl_schema/app`.
    pub states: Arc<BTreeMap<SmolStr, DataState>>,
}

/// A setting that may not be there, or not yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Setting<T> {
    #[default]
    Unset,
    Set {
        value: T,
        range: TextRange,
    },
    /// It is written, but its value takes a fact we do not have.
    Unknown {
        range: TextRange,
    },
}

/// The `migration` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    pub dir: Option<String>,
    pub dir_range: Option<TextRange>,
    pub format: Option<String>,
    pub baseline: Option<String>,
    pub baseline_range: Option<TextRange>,
    pub exec_order: Option<String>,
    pub lock_timeout: Option<String>,
    pub revisions_schema: Option<String>,
    pub tx_mode: Option<String>,
    pub exclude: Vec<String>,
}

/// The schema behind a data source's URL.
#[derive(Clone, Debug, PartialEq)]
pub enum DataState {
    /// HCL files or directories, with input variables.
    Hcl { paths: Vec<SmolStr>, vars: BTreeMap<SmolStr, Value> },
    /// SQL text a program printed.
    Sql { text: String },
    /// Parts loaded in order, each into its schema if it names one.
    Composite { parts: Vec<(Option<SmolStr>, SmolStr)> },
    /// Migration files made from templates.
    Directory { root: crate::Path, files: Vec<(SmolStr, text::Text)> },
}

/// A setting of the wrong type, in Atlas's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub range: TextRange,
    pub message: String,
}

impl<T> Setting<T> {
    pub fn value(&self) -> Option<&T> {
        match self {
            Setting::Set { value, .. } => Some(value),
            _ => None,
        }
    }

    pub fn range(&self) -> Option<TextRange> {
        match self {
            Setting::Unset => None,
            Setting::Set { range, .. } | Setting::Unknown { range } => Some(*range),
        }
    }
}

/// The env in the evaluated block `node`, with what the project's own `lint` and `diff` blocks add.
///
/// Source: inheritance rules of reference/project.md section 5.
pub(crate) fn read(
    name: SmolStr,
    labeled: bool,
    directory: &Path,
    range: TextRange,
    node: &Node,
    project: &Node,
    states: Arc<BTreeMap<SmolStr, DataState>>,
) -> (Env, Vec<Misfit>) {
    let mut misfits = Vec::new();
    let mut read = Reading { misfits: &mut misfits };
    let schema_src = node.at(&["schema"]).and_then(|schema| schema.attr("src"));
    let env = Env {
        name,
        labeled,
        directory: directory.clone(),
        range,
        url: read.secret(node.attr("url"), "url"),
        dev: read.secret(node.attr("dev"), "dev"),
        src: read.sources(node.attr("src").or(schema_src)),
        schemas: read.strings(node.attr("schemas"), "schemas").into_iter().map(SmolStr::from).collect(),
        exclude: read.strings(node.attr("exclude"), "exclude"),
        include: read.strings(node.attr("include"), "include"),
        accounts: read.accounts(node.at(&["schema", "mode"])),
        vars: node
            .attrs
            .iter()
            .filter(|(name, _)| !KNOWN.contains(&name.as_str()))
            .map(|(name, attr)| (name.clone(), attr.value.clone()))
            .collect(),
        diff: read.policy(node.block("diff"), project.block("diff")),
        lint: merge_lint(node.block("lint"), project.block("lint")),
        formats: read.formats(node),
        migration: read.migration(node.block("migration")),
        hooks: read.hooks(project, node),
        states,
    };
    (env, misfits)
}

/// The `hook` blocks of a project of which no env was chosen.
pub(crate) fn hooks(project: &Node) -> (Setting<Vec<Hook>>, Vec<Misfit>) {
    let mut misfits = Vec::new();
    let hooks = Reading { misfits: &mut misfits }.hooks(project, &Node::default());
    (hooks, misfits)
}

/// Attributes of `env` that are not input variables.
const KNOWN: &[&str] = &["name", "url", "dev", "src", "schemas", "exclude", "include", "for_each"];

struct Reading<'a> {
    misfits: &'a mut Vec<Misfit>,
}

impl Reading<'_> {
    fn misfit(&mut self, range: TextRange, message: String) {
        self.misfits.push(Misfit { range, message });
    }

    fn string(&mut self, attr: Option<&Attr>, name: &str) -> Setting<String> {
        let Some(attr) = attr else { return Setting::Unset };
        match &attr.value {
            Value::String(text) => Setting::Set { value: text.to_string(), range: attr.expr },
            Value::Unknown(_) => Setting::Unknown { range: attr.expr },
            _ => {
                let message =
                    format!("value of attr {name:?} cannot be read as string: string value is required");
                self.misfit(attr.expr, message);
                Setting::Unset
            }
        }
    }

    fn secret(&mut self, attr: Option<&Attr>, name: &str) -> Setting<Secret> {
        match self.string(attr, name) {
            Setting::Set { value, range } => Setting::Set { value: Secret(value), range },
            Setting::Unknown { range } => Setting::Unknown { range },
            Setting::Unset => Setting::Unset,
        }
    }

    fn text(&mut self, attr: Option<&Attr>, name: &str) -> Option<String> {
        self.string(attr, name).value().cloned()
    }

    fn strings(&mut self, attr: Option<&Attr>, name: &str) -> Vec<String> {
        let Some(attr) = attr else { return Vec::new() };
        if matches!(attr.value, Value::Unknown(_)) {
            return Vec::new();
        }
        let Some(items) = attr.value.elements() else {
            let message = format!(
                "schemahcl: field is of type slice but attr {name:?} is type: {}",
                attr.value.ty().friendly()
            );
            self.misfit(attr.expr, message);
            return Vec::new();
        };
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn bool(&mut self, attr: Option<&Attr>, name: &str) -> Option<bool> {
        let attr = attr?;
        match &attr.value {
            Value::Bool(value) => Some(*value),
            Value::Unknown(_) => None,
            _ => {
                self.misfit(
                    attr.expr,
                    format!("value of attr {name:?} cannot be read as bool: bool value is required"),
                );
                None
            }
        }
    }

    /// The `mode` block, without a label or with one.
    fn accounts(&mut self, mode: Option<&Node>) -> Accounts {
        let Some(mode) = mode else { return Accounts::default() };
        let mut flag = |name: &str| self.bool(mode.attr(name), name) == Some(true);
        let (roles, permissions) = (flag("roles"), flag("permissions"));
        let sensitive = mode.attr("sensitive").and_then(|attr| attr.value.as_str()).unwrap_or_default();
        Accounts { roles, permissions, sensitive: sensitive.eq_ignore_ascii_case("allow") }
    }

    fn sources(&mut self, attr: Option<&Attr>) -> Setting<Vec<SmolStr>> {
        let Some(attr) = attr else { return Setting::Unset };
        let value = match &attr.value {
            Value::String(text) => vec![text.clone()],
            Value::Unknown(_) => return Setting::Unknown { range: attr.expr },
            list if list.elements().is_some() => {
                let items = list.elements().unwrap_or_default();
                if items.iter().any(|item| matches!(item, Value::Unknown(_))) {
                    return Setting::Unknown { range: attr.expr };
                }
                items.iter().filter_map(Value::as_str).map(SmolStr::from).collect()
            }
            other => {
                let message =
                    format!("expected src to be either a string or strings, got: {}", other.ty().friendly());
                self.misfit(attr.expr, message);
                return Setting::Unset;
            }
        };
        Setting::Set { value, range: attr.expr }
    }

    /// An env's own `skip` wins as a whole; an env without one inherits the project's.
    fn policy(&mut self, own: Option<&Node>, project: Option<&Node>) -> Policy {
        let skip =
            own.and_then(|diff| diff.block("skip")).or_else(|| project.and_then(|diff| diff.block("skip")));
        let concurrent = own.or(project).and_then(|diff| diff.block("concurrent_index"));
        let not_null = own.or(project).and_then(|diff| diff.block("not_null"));
        let mut names = BTreeSet::new();
        for (name, attr) in skip.iter().flat_map(|skip| &skip.attrs) {
            if self.bool(Some(attr), name) == Some(true) {
                names.insert(name.to_string());
            }
        }
        let mut flag =
            |name: &str| self.bool(concurrent.and_then(|block| block.attr(name)), name) == Some(true);
        let (create, drop) = (flag("create") || flag("add"), flag("drop"));
        let mut flag =
            |name: &str| self.bool(not_null.and_then(|block| block.attr(name)), name) == Some(true);
        Policy {
            skip: names,
            concurrent_create: create,
            concurrent_drop: drop,
            not_null_lock_safe: flag("check") && flag("lock_safe"),
            ..Policy::default()
        }
    }

    /// `log` is the older name and is written over `format`.
    fn formats(&mut self, node: &Node) -> BTreeMap<SmolStr, String> {
        let mut formats = BTreeMap::new();
        for outer in ["format", "log"] {
            for group in ["schema", "migrate"] {
                let Some(templates) = node.at(&[outer, group]) else { continue };
                for (name, attr) in &templates.attrs {
                    if let Some(template) = self.text(Some(attr), name) {
                        formats.insert(SmolStr::from(format!("{group}.{name}")), template);
                    }
                }
            }
        }
        formats
    }

    /// What is not known in part is not known: a statement less would be executed than is written.
    fn hooks(&mut self, project: &Node, own: &Node) -> Setting<Vec<Hook>> {
        let mut hooks = Vec::new();
        let mut first = None;
        let is_hook = |child: &&Child| child.kind == "hook";
        for child in project.blocks.iter().chain(&own.blocks).filter(is_hook) {
            let name = match child.labels.as_slice() {
                [kind, name] if kind == "sql" => name.to_string(),
                [kind, _] => {
                    self.misfit(child.range, format!("hook: {kind:?} is no kind of hook, expected \"sql\""));
                    continue;
                }
                _ => {
                    self.misfit(child.range, "hook: expected two labels: hook \"sql\" \"<name>\"".to_owned());
                    continue;
                }
            };
            first.get_or_insert(child.range);
            let transaction = child.node.block("transaction");
            let attr = |name: &str| transaction.and_then(|node| node.attr(name));
            let points = ["after_begin", "before_commit", "before_rollback"];
            let skip = child.node.attr("skip_errors");
            let is_unknown = |attr: &Attr| {
                let parts = attr.value.elements().unwrap_or_default();
                std::iter::once(&attr.value).chain(parts).any(|part| matches!(part, Value::Unknown(_)))
            };
            if points.iter().filter_map(|name| attr(name)).chain(skip).any(is_unknown) {
                return Setting::Unknown { range: child.range };
            }
            let [after_begin, before_commit, before_rollback] =
                points.map(|name| self.strings(attr(name), name));
            let skip_errors = self.bool(skip, "skip_errors") == Some(true);
            hooks.push(Hook { name, skip_errors, after_begin, before_commit, before_rollback });
        }
        match first {
            Some(range) => Setting::Set { value: hooks, range },
            None => Setting::Unset,
        }
    }

    fn migration(&mut self, node: Option<&Node>) -> Migration {
        let Some(node) = node else { return Migration::default() };
        let dir = self.string(node.attr("dir"), "dir");
        Migration {
            dir_range: dir.range(),
            dir: dir.value().cloned(),
            format: self.text(node.attr("format"), "format"),
            baseline: self.text(node.attr("baseline"), "baseline"),
            baseline_range: node.attr("baseline").map(|attr| attr.expr),
            exec_order: self.text(node.attr("exec_order"), "exec_order"),
            lock_timeout: self.text(node.attr("lock_timeout"), "lock_timeout"),
            revisions_schema: self.text(node.attr("revisions_schema"), "revisions_schema"),
            tx_mode: self.text(node.attr("tx_mode"), "tx_mode"),
            exclude: self.strings(node.attr("exclude"), "exclude"),
        }
    }
}

/// The env's `lint`, completed by the project's.
fn merge_lint(own: Option<&Node>, project: Option<&Node>) -> Value {
    let (own, project) = match (own, project) {
        (None, None) => return Value::object::<SmolStr>([]),
        (None, Some(only)) | (Some(only), None) => return only.to_value(),
        (Some(own), Some(project)) => (own, project),
    };
    let mut merged = own.clone();
    for name in ["review", "log", "format"] {
        if let (None, Some(attr)) = (own.attr(name), project.attr(name)) {
            merged.attrs.insert(SmolStr::from(name), attr.clone());
        }
    }
    let is_base = |kind: &str| kind == "git";
    if own.blocks.iter().all(|child| is_base(&child.kind)) {
        merged.blocks.extend(project.blocks.iter().filter(|child| !is_base(&child.kind)).cloned());
    }
    let own_detects = own.attr("latest").is_some()
        || own.block("git").is_some_and(|git| git.attr("dir").is_some() && git.attr("base").is_some());
    if !own_detects {
        if let Some(child) = project.blocks.iter().find(|child| is_base(&child.kind)) {
            match merged.blocks.iter_mut().find(|child| is_base(&child.kind)) {
                Some(git) => git.node.attrs.extend(child.node.attrs.clone()),
                None => merged.blocks.push(child.clone()),
            }
        } else if let Some(latest) = project.attr("latest") {
            merged.attrs.insert(SmolStr::from("latest"), latest.clone());
        }
    }
    merged.to_value()
}
