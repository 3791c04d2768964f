//! What a configuration names: envs with their targets, variables, locals, data sources.
//!
//! Invariant: whatever is printed went through [`Values`], or is a URL that prints itself redacted.

use std::fmt::Write as _;

use project::{Answer, DesiredKind, Env, PlanState, Secret, Setting, Spoken, Want, target};
use smol_str::SmolStr;

use super::values::Values;
use crate::world::World;

/// What `var.x`, `local.x` or `data.t.n` stands for.
pub(super) fn named(world: &World<'_>, key: &[SmolStr]) -> Option<String> {
    match key.iter().map(SmolStr::as_str).collect::<Vec<_>>().as_slice() {
        ["var", name] => variable(world, name),
        ["local", name] => local(world, name),
        ["data", kind, name] => data(kind, name),
        ["env", name] => env(world, Some((*name).to_owned())),
        _ => None,
    }
}

fn variable(world: &World<'_>, name: &str) -> Option<String> {
    let top = world.tops("variable").into_iter().find(|top| top.label(0).as_deref() == Some(name))?;
    let mut out = format!("**var.{name}** — variable");
    if let Some(ty) = top.text("type") {
        let _ = write!(out, ", {ty}");
    }
    if let Some(description) = top.string("description") {
        let _ = write!(out, "\n\n{description}");
    }
    let values = Values::new(world);
    match values.variable(name) {
        Some(value) => {
            let _ = write!(out, "\n\nDefault: `{value}`");
        }
        None if values.is_sensitive(name) => out.push_str("\n\nSensitive: its value is not shown."),
        None if top.text("default").is_none() => out.push_str("\n\nRequired: it has no default."),
        None => out.push_str("\n\nIts default is not shown."),
    }
    Some(out)
}

fn local(world: &World<'_>, name: &str) -> Option<String> {
    world.locals().into_iter().find(|local| local.name == name)?;
    let mut out = format!("**local.{name}** — local value");
    match Values::new(world).local(name) {
        Some(value) => {
            let _ = write!(out, "\n\n`{value}`");
        }
        None => out.push_str("\n\nIts value is not shown: it is secret, or not known from the text alone."),
    }
    Some(out)
}

fn data(kind: &str, name: &str) -> Option<String> {
    let variant = project::spec::PROJECT.block("data")?.variants.iter().find(|it| it.label == kind)?;
    Some(format!("**data.{kind}.{name}** — data source\n\n{}", variant.doc))
}

/// An env: its target, its files, what is known.
pub(super) fn env(world: &World<'_>, label: Option<String>) -> Option<String> {
    let config = world.snapshot.path(world.file)?;
    let name = match label {
        Some(label) => SmolStr::from(label),
        None => world.snapshot.active_env(config)?,
    };
    let env = world.snapshot.env(config, &name)?;
    let mut out = format!("**env {name}**\n");
    let mut line = |what: &str, text: String| {
        let _ = write!(out, "\n- {what}: {text}");
    };
    if let Some(url) = setting(&env.url) {
        line("url", url);
    }
    if let Some(dev) = setting(&env.dev) {
        line("dev", dev);
    }
    match &env.src {
        Setting::Set { value, .. } => {
            line("src", value.iter().map(|url| format!("`{}`", safe(url))).collect::<Vec<_>>().join(", "));
        }
        Setting::Unknown { .. } => line("src", NOT_KNOWN.to_owned()),
        Setting::Unset => {}
    }
    if let Some(dir) = &env.migration.dir {
        line("migrations", format!("`{}`", safe(dir)));
    }
    match world.snapshot.env_dialect(config, &name) {
        Spoken::Known(dialect) => line("database", dialect.title.to_owned()),
        Spoken::Foreign(name) => line("database", format!("{name}, not analysed yet")),
        Spoken::Unknown => {}
    }
    let desired = world.snapshot.desired(config, &name);
    match &desired.kind {
        DesiredKind::State(state) => {
            let tables = state.realm.tables().count();
            let files = desired.files.len();
            line("desired state", format!("{}, {}", count(tables, "table"), count(files, "file")));
        }
        DesiredKind::Wrong(_) => line("desired state", "cannot be read".to_owned()),
        DesiredKind::Pending => line("desired state", NOT_KNOWN.to_owned()),
        _ => {}
    }
    if let Some(known) = known(world, &env) {
        line("target's state", known);
    }
    if let PlanState::Ready(ready) = &world.snapshot.plan(config, &name).state {
        let statements = count(ready.plan.statements.len(), "statement");
        let findings = count(ready.report.findings().count(), "finding");
        line("plan", format!("{statements}, {findings}"));
    }
    if !env.vars.is_empty() {
        line("inputs", env.vars.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
    }
    Some(out)
}

const NOT_KNOWN: &str = "not known yet";

fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn setting(setting: &Setting<Secret>) -> Option<String> {
    match setting {
        Setting::Set { value, .. } => Some(format!("`{value}`")),
        Setting::Unknown { .. } => Some(NOT_KNOWN.to_owned()),
        Setting::Unset => None,
    }
}

/// A path as it is, a URL redacted.
fn safe(text: &str) -> String {
    if text.contains("://") { Secret(text.to_owned()).to_string() } else { text.to_owned() }
}

/// What is known of the target.
fn known(world: &World<'_>, env: &Env) -> Option<String> {
    let fact = world.snapshot.fact(&Want::Database(target(env)?));
    Some(match fact.map(|fact| &fact.answer) {
        Some(Answer::Realm(realm, _)) => format!("known, {}", count(realm.tables().count(), "table")),
        Some(Answer::Failed(_)) => "could not be inspected".to_owned(),
        Some(Answer::Refused(_)) => "may not be inspected".to_owned(),
        _ => NOT_KNOWN.to_owned(),
    })
}
