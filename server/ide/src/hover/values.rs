//! Values of variables and locals that follow from the text alone.
//!
//! Evaluated apart from the project's own evaluation, which knows facts: here every fact is unknown, and so is what
//! is sensitive or was given with `--var`. Invariant: what is not known from the text is not shown, URLs are
//! redacted, and a password that stands in any URL of the file is shown nowhere.

use std::cell::RefCell;

use hcl::{Found, Function, Scope, Step, Type, Value};
use project::Secret;
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Expr};

use crate::world::{LocalName, Top, World};

/// The values of a file's names.
pub(super) struct Values<'a> {
    world: &'a World<'a>,
    variables: Vec<Top>,
    locals: Vec<LocalName>,
    /// Locals being worked out, for cycles.
    active: RefCell<Vec<SmolStr>>,
}

/// What stands for a secret.
const HIDDEN: &str = "xxxxx";
/// Names of what is nobody's business.
const SECRET_NAMES: [&str; 7] = ["password", "passwd", "pwd", "secret", "token", "credential", "api_key"];
/// Longer values say nothing at a glance.
const LONGEST: usize = 300;

impl<'a> Values<'a> {
    pub fn new(world: &'a World<'a>) -> Self {
        Self { world, variables: world.tops("variable"), locals: world.locals(), active: RefCell::default() }
    }

    /// The default of a variable, as HCL.
    pub fn variable(&self, name: &str) -> Option<String> {
        if is_secret_name(name) {
            return None;
        }
        self.show(&self.default(name)?)
    }

    /// The value of a local, as HCL.
    pub fn local(&self, name: &str) -> Option<String> {
        if is_secret_name(name) {
            return None;
        }
        self.show(&self.local_value(name)?)
    }

    /// Whether a variable is marked so, or could be.
    pub fn is_sensitive(&self, name: &str) -> bool {
        let top = self.variables.iter().find(|top| top.label(0).as_deref() == Some(name));
        top.and_then(|top| top.text("sensitive")).is_some_and(|text| text != "false") || is_secret_name(name)
    }

    fn default(&self, name: &str) -> Option<Value> {
        if self.is_sensitive(name) {
            return Some(Value::lost());
        }
        let given = self.world.snapshot.path(self.world.file).map(|path| self.world.snapshot.selection(path));
        if given.is_some_and(|given| given.vars.iter().any(|(given, _)| given == name)) {
            return Some(Value::lost());
        }
        let top = self.variables.iter().find(|top| top.label(0).as_deref() == Some(name))?;
        let expr = top.block.body()?.attribute("default").and_then(|attribute| attribute.expr());
        Some(expr.map_or_else(Value::lost, |expr| self.eval(&expr)))
    }

    fn local_value(&self, name: &str) -> Option<Value> {
        let local = self.locals.iter().rev().find(|local| local.name == name)?;
        let is_cyclic = self.active.borrow().iter().any(|active| active == name);
        if is_cyclic || self.active.borrow().len() > 50 {
            return Some(Value::lost());
        }
        self.active.borrow_mut().push(SmolStr::from(name));
        let value = local.attribute.expr().map_or_else(Value::lost, |expr| self.eval(&expr));
        self.active.borrow_mut().pop();
        Some(value)
    }

    fn eval(&self, expr: &Expr) -> Value {
        hcl::eval(expr, self).value
    }

    /// The value as text without secrets; `None` when some of it is unknown.
    fn show(&self, value: &Value) -> Option<String> {
        if value.unknown().is_some() {
            return None;
        }
        let mut text = redacted(value)?.to_json();
        for secret in self.passwords() {
            text = text.replace(&secret, HIDDEN);
        }
        if text.chars().count() > LONGEST {
            text = text.chars().take(LONGEST).chain(['…']).collect();
        }
        Some(text.replace('`', "'"))
    }

    /// Every password in a URL of the file, computed URLs included.
    fn passwords(&self) -> Vec<String> {
        let mut found = Vec::new();
        let Some(tree) = self.world.snapshot.hcl(self.world.file) else { return found };
        for placed in tree.pieces() {
            for attribute in placed.piece.syntax().descendants().filter_map(Attribute::cast) {
                let Some(expr) = attribute.expr() else { continue };
                urls(&self.eval(&expr), &mut |url| secrets(url, &mut found));
                // A part of the URL may be unknown while its password is not.
                for text in expr.syntax().text().to_string().split(['"', ' ', '\n', '\'', ',']) {
                    if text.contains("://") {
                        secrets(text, &mut found);
                    }
                }
            }
        }
        // A short text is found everywhere; the URL itself is redacted anyway.
        found.retain(|secret| secret.len() > 2);
        found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        found.dedup();
        found
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// The passwords of a URL, as written and as they are meant.
fn secrets(url: &str, found: &mut Vec<String>) {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((_, raw)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
        found.push(raw.to_owned());
    }
    if let Ok(parsed) = engine::DatabaseUrl::parse(url) {
        found.extend(parsed.secret_password().map(str::to_owned));
        let clean = parsed.redacted_query().unwrap_or_default();
        for (key, value) in parsed.params() {
            if clean.split('&').any(|pair| pair == format!("{key}={HIDDEN}")) {
                found.push(value);
            }
        }
    }
}

/// Calls `each` for every string in `value` that holds a URL.
fn urls(value: &Value, each: &mut dyn FnMut(&str)) {
    if let Some(text) = value.as_str().filter(|text| text.contains("://")) {
        each(text);
    }
    value.elements().into_iter().flatten().for_each(|item| urls(item, each));
    value.entries().into_iter().flatten().for_each(|(_, item)| urls(item, each));
}

/// The value with its URLs redacted and its secrets by name hidden; `None` for what is no plain data.
fn redacted(value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(text) if text.contains("://") => Value::string(redacted_text(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        _ => match (value.elements(), value.entries()) {
            (Some(items), _) => Value::tuple(items.iter().map(redacted).collect::<Option<Vec<_>>>()?),
            (None, Some(entries)) => {
                let entry = |(key, item): (&SmolStr, &Value)| {
                    let item = if is_secret_name(key) { Some(Value::string(HIDDEN)) } else { redacted(item) };
                    Some((key.clone(), item?))
                };
                Value::object(entries.iter().map(entry).collect::<Option<Vec<_>>>()?)
            }
            (None, None) => return None,
        },
    })
}

/// A URL without its secrets; text around one is not told from it, and goes too.
fn redacted_text(text: &str) -> String {
    Secret(text.to_owned()).to_string()
}

impl Scope for Values<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        let name = steps.first().and_then(Step::name);
        let lost = || Found::Value { value: Value::lost(), used: steps.len() };
        match (root, name) {
            ("var", Some(name)) => match self.default(name) {
                Some(value) => Found::Value { value, used: 1 },
                None => lost(),
            },
            ("local", Some(name)) => match self.local_value(name) {
                Some(value) => Found::Value { value, used: 1 },
                None => lost(),
            },
            ("atlas", Some("env")) => {
                let config = self.world.snapshot.path(self.world.file);
                let env = config.and_then(|config| self.world.snapshot.active_env(config));
                match env {
                    Some(env) => Found::Value { value: Value::String(env), used: 1 },
                    None => lost(),
                }
            }
            ("string", None) => Found::root(Value::TypeExpr(Type::String)),
            ("number" | "int", None) => Found::root(Value::TypeExpr(Type::Number)),
            ("bool", None) => Found::root(Value::TypeExpr(Type::Bool)),
            ("any", None) => Found::root(Value::TypeExpr(Type::Dynamic)),
            _ => lost(),
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        Vec::new()
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        hcl::functions::all(hcl::functions::PROJECT).find(|function| function.name == name)
    }

    fn function_names(&self) -> Vec<&'static str> {
        Vec::new()
    }
}
