//! Definitions that refer to each other: worked out when asked for, once, with cycles found.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Block, Expr};
use text::TextRange;

use crate::diagnostic::{EvalDiagnostic, code};
use crate::eval::eval;
use crate::references::references;
use crate::scope::{Found, Lazy, Scope};
use crate::suggest::suggest;
use crate::value::{Step, Value};

/// More definitions than this are not left to recursion.
const LONG_CHAIN: usize = 64;

/// One attribute of a `locals` block.
#[derive(Clone, Debug)]
pub struct Local {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub expr: Expr,
    /// Which text the ranges belong to; the owner's number.
    pub origin: usize,
}

/// All `locals` of a document.
///
/// Later definitions win over earlier ones of the same name.
#[derive(Debug, Default)]
pub struct Locals {
    locals: Vec<Local>,
    by_name: FxHashMap<SmolStr, usize>,
    memo: Memo,
    found: RefCell<Vec<(usize, EvalDiagnostic)>>,
}

/// Values by key, each worked out once; knows which are being worked out.
///
/// Also for definitions of other kinds, such as data sources, that live in the same graph.
#[derive(Debug, Default)]
pub struct Memo {
    /// `None` while being worked out.
    values: RefCell<FxHashMap<SmolStr, Option<Value>>>,
}

impl Memo {
    /// The value of `key`, from `compute` the first time; `None` when `compute` is what asks for it.
    pub fn value(&self, key: &str, compute: impl FnOnce() -> Value) -> Option<Value> {
        if let Some(known) = self.values.borrow().get(key) {
            return known.clone();
        }
        self.values.borrow_mut().insert(key.into(), None);
        let value = compute();
        self.values.borrow_mut().insert(key.into(), Some(value.clone()));
        Some(value)
    }

    /// Whether the value is known or being worked out.
    pub fn is_known(&self, key: &str) -> bool {
        self.values.borrow().contains_key(key)
    }
}

/// The mistake of a definition that needs itself: `cyclic reference to "local.a"`.
pub fn cycle(at: Option<usize>, name: &str) -> Found {
    Found::Mistake {
        at,
        code: code::CYCLE,
        summary: String::new(),
        detail: format!("cyclic reference to {name:?}"),
    }
}

impl Locals {
    pub fn new(locals: Vec<Local>) -> Self {
        let by_name = locals.iter().enumerate().map(|(at, local)| (local.name.clone(), at)).collect();
        Self { locals, by_name, ..Self::default() }
    }

    /// The attributes of a `locals` block; those without a name or value yet are left out.
    pub fn of_block(block: &Block, origin: usize) -> Vec<Local> {
        let attributes = block.body().into_iter().flat_map(|body| body.attributes().collect::<Vec<_>>());
        attributes.filter_map(|attribute| Self::of_attribute(&attribute, origin)).collect()
    }

    fn of_attribute(attribute: &Attribute, origin: usize) -> Option<Local> {
        let name = attribute.name()?;
        Some(Local { name: name.text().into(), name_range: name.range(), expr: attribute.expr()?, origin })
    }

    /// The definitions in the order of the text, also those hidden by later ones.
    pub fn all(&self) -> &[Local] {
        &self.locals
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(SmolStr::as_str)
    }

    /// The value of `local.<name>`, as `scope` (which must answer for `local` with this) sees it.
    ///
    /// `None` when there is none, or when it is being worked out: see [`Locals::is_cyclic`].
    pub fn value(&self, name: &str, scope: &dyn Scope) -> Option<Value> {
        let &at = self.by_name.get(name)?;
        if !self.memo.is_known(name) {
            // A long chain is worked out from its far end, so that it does not become a deep recursion. A short one
            // recurses, which finds a cycle where a reader would.
            let needed = self.needed_by(at);
            if needed.len() > LONG_CHAIN {
                for local in needed.into_iter().filter_map(|at| self.locals.get(at)) {
                    self.work_out(local, scope);
                }
            }
        }
        self.work_out(self.locals.get(at)?, scope)
    }

    /// Works out all of them.
    pub fn evaluate(&self, scope: &dyn Scope) {
        let mut names: Vec<(usize, &SmolStr)> = self.by_name.iter().map(|(name, at)| (*at, name)).collect();
        names.sort_unstable();
        for (_, name) in names {
            self.value(name, scope);
        }
    }

    /// What was found while working out values, with the origin of the text; each once.
    pub fn diagnostics(&self) -> Vec<(usize, EvalDiagnostic)> {
        self.found.borrow().clone()
    }

    /// Answers for the root `local`.
    pub fn find(&self, steps: &[Step], scope: &dyn Scope) -> Found {
        let Some(Step::Name(name)) = steps.first() else {
            // The object as a whole.
            let mut names: Vec<SmolStr> = self.by_name.keys().cloned().collect();
            names.sort_unstable();
            let mut entries = Vec::with_capacity(names.len());
            for name in names {
                match self.value(&name, scope) {
                    Some(value) => entries.push((name, value)),
                    None => return cycle(None, &format!("local.{name}")),
                }
            }
            return Found::root(Value::object(entries));
        };
        if !self.by_name.contains_key(name) {
            let mut found = Found::no_attribute(0, name);
            if let (Found::Mistake { detail, .. }, Some(near)) = (&mut found, suggest(name, self.names())) {
                detail.push_str(&format!(" Did you mean {near:?}?"));
            }
            return found;
        }
        match self.value(name, scope) {
            Some(value) => Found::Value { value, used: 1 },
            None => cycle(Some(0), &format!("local.{name}")),
        }
    }

    fn work_out(&self, local: &Local, scope: &dyn Scope) -> Option<Value> {
        self.memo.value(&local.name, || {
            let evaluated = eval(&local.expr, scope);
            let origin = local.origin;
            self.found.borrow_mut().extend(evaluated.diagnostics.into_iter().map(|found| (origin, found)));
            evaluated.value
        })
    }

    /// What `at` refers to, directly or not, and what is not known yet: needed first comes first.
    fn needed_by(&self, at: usize) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let mut stack = vec![(at, false)];
        while let Some((at, is_done)) = stack.pop() {
            if is_done {
                order.push(at);
                continue;
            }
            let Some(local) = self.locals.get(at).filter(|local| !self.memo.is_known(&local.name)) else {
                continue;
            };
            if !seen.insert(at) {
                continue;
            }
            stack.push((at, true));
            for path in references(&local.expr) {
                if path.root != "local" {
                    continue;
                }
                let name = path.steps.first().and_then(|(step, _)| step.name());
                stack.extend(name.and_then(|name| self.by_name.get(name)).map(|at| (*at, false)));
            }
        }
        order
    }
}

impl Lazy for Locals {
    fn lookup(&self, steps: &[Step], scope: &dyn Scope) -> Found {
        self.find(steps, scope)
    }
}

/// The range of a definition's name and value.
impl Local {
    pub fn range(&self) -> TextRange {
        self.name_range.cover(self.expr.range())
    }
}
