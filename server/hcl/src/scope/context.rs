//! A ready-made scope: names over names, with function tables and the world behind a trait.

use std::fmt;

use smol_str::SmolStr;

use super::{FactRequest, Found, Scope};
use crate::function::Function;
use crate::value::{Step, Type, Value};

/// A root whose parts are worked out only when asked for: `local`, `data`, the blocks of a schema.
pub trait Lazy {
    /// What the root and the static `steps` after it mean; `scope` is the whole scope the question came through.
    fn lookup(&self, steps: &[Step], scope: &dyn Scope) -> Found;
}

/// The world outside.
pub trait World {
    /// See [`Scope::fact`].
    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>>;

    /// See [`Scope::print`].
    fn print(&self, line: &str) {
        let _ = line;
    }
}

/// Names over an outer scope.
///
/// A name of its own hides the outer one. What it does not define (functions, types, the world) is the outer scope's.
#[derive(Clone, Default)]
pub struct Context<'a> {
    outer: Option<&'a dyn Scope>,
    roots: Vec<(SmolStr, Root<'a>)>,
    words: Option<Words>,
    types: Option<&'a dyn Fn(&str) -> bool>,
    functions: Vec<&'static [Function]>,
    world: Option<&'a dyn World>,
}

#[derive(Clone)]
enum Root<'a> {
    Value(Value),
    Lazy(&'a dyn Lazy),
}

/// Bare words an attribute takes.
#[derive(Clone)]
struct Words {
    /// `migration.format`
    subject: String,
    /// `format`
    noun: String,
    values: Vec<SmolStr>,
}

impl<'a> Context<'a> {
    /// A scope with no names but the types of variables: `string`, `number`, `bool`, `int`, `any`.
    pub fn new() -> Self {
        let mut context = Self::default();
        for (name, ty) in [
            ("string", Type::String),
            ("number", Type::Number),
            ("bool", Type::Bool),
            ("int", Type::Number),
            ("any", Type::Dynamic),
        ] {
            context.set(name, Value::TypeExpr(ty));
        }
        context
    }

    /// An empty scope over `outer`.
    pub fn within(outer: &'a dyn Scope) -> Self {
        Self { outer: Some(outer), ..Self::default() }
    }

    /// Defines `name`, over an earlier definition.
    pub fn set(&mut self, name: impl Into<SmolStr>, value: Value) -> &mut Self {
        self.define(name.into(), Root::Value(value))
    }

    /// Defines `name` by something that answers when asked.
    pub fn set_lazy(&mut self, name: impl Into<SmolStr>, lazy: &'a dyn Lazy) -> &mut Self {
        self.define(name.into(), Root::Lazy(lazy))
    }

    /// Defines `each` for one turn of `for_each`.
    pub fn set_each(&mut self, key: Value, value: Value) -> &mut Self {
        self.set("each", Value::object([("key", key), ("value", value)]))
    }

    /// Adds a table of functions.
    pub fn add_functions(&mut self, table: &'static [Function]) -> &mut Self {
        self.functions.push(table);
        self
    }

    /// Allows the bare words `values`, each a string of the same text, for the attribute `parent.name`.
    ///
    /// Source: project.md §3: an unknown word is `Unknown <parent>.<name>; There is no <name> named "X".`
    pub fn set_words<S: Into<SmolStr>>(
        &mut self,
        parent: &str,
        name: &str,
        values: impl IntoIterator<Item = S>,
    ) -> &mut Self {
        let subject = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        let values = values.into_iter().map(Into::into).collect();
        self.words = Some(Words { subject, noun: name.to_owned(), values });
        self
    }

    /// Makes the names `is_type` knows types of the schema; an unknown one is told in the words of
    /// [`Context::set_words`], which may have no values.
    pub fn set_types(&mut self, is_type: &'a dyn Fn(&str) -> bool) -> &mut Self {
        self.types = Some(is_type);
        self
    }

    pub fn set_world(&mut self, world: &'a dyn World) -> &mut Self {
        self.world = Some(world);
        self
    }

    fn define(&mut self, name: SmolStr, root: Root<'a>) -> &mut Self {
        self.roots.retain(|(known, _)| *known != name);
        self.roots.push((name, root));
        self
    }

    fn own(&self, root: &str, steps: &[Step], scope: &dyn Scope) -> Option<Found> {
        if let Some((_, found)) = self.roots.iter().find(|(name, _)| name == root) {
            return Some(match found {
                Root::Value(value) => Found::root(value.clone()),
                Root::Lazy(lazy) => lazy.lookup(steps, scope),
            });
        }
        let words = self.words.as_ref()?;
        let word = words.values.iter().find(|word| *word == root)?;
        Some(Found::root(Value::String(word.clone())))
    }
}

impl Scope for Context<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        match (self.own(root, steps, self), self.outer) {
            (Some(found), _) => found,
            (None, Some(outer)) => outer.lookup(root, steps),
            (None, None) => Found::Missing,
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = self.roots.iter().map(|(name, _)| name.clone()).collect();
        names.extend(self.words.iter().flat_map(|words| words.values.iter().cloned()));
        names.extend(self.outer.map(Scope::names).unwrap_or_default());
        names
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        let own = self.functions.iter().copied().flatten().find(|function| function.name == name);
        own.or_else(|| self.outer?.function(name))
    }

    fn function_names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> =
            self.functions.iter().copied().flatten().map(|function| function.name).collect();
        names.extend(self.outer.map(Scope::function_names).unwrap_or_default());
        names
    }

    fn is_type(&self, name: &str) -> bool {
        match (self.types, self.outer) {
            (Some(is_type), _) if is_type(name) => true,
            (_, Some(outer)) => outer.is_type(name),
            _ => false,
        }
    }

    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>> {
        match (self.world, self.outer) {
            (Some(world), _) => world.fact(request),
            (None, Some(outer)) => outer.fact(request),
            (None, None) => None,
        }
    }

    fn missing_noun(&self) -> Option<(String, String)> {
        match (&self.words, self.outer) {
            (Some(words), _) => Some((words.subject.clone(), words.noun.clone())),
            (None, Some(outer)) => outer.missing_noun(),
            (None, None) => None,
        }
    }

    fn print(&self, line: &str) {
        match (self.world, self.outer) {
            (Some(world), _) => world.print(line),
            (None, Some(outer)) => outer.print(line),
            (None, None) => {}
        }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&SmolStr> = self.roots.iter().map(|(name, _)| name).collect();
        f.debug_struct("Context").field("names", &names).finish_non_exhaustive()
    }
}
