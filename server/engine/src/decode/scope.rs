//! What an expression of a schema file can see, and a record of what it asked.
//!
//! References to blocks (`column.id`, `table.users.column.id`, `schema.main`) become [`Value::Reference`]s with the
//! final names. Invariant: every answer that depends on something outside of the piece is recorded in `deps`, for
//! the piece to be reused only while all of them still hold.

use std::cell::RefCell;

use hcl::spec::EnumValue;
use hcl::{Found as Lookup, Function, Reference, Scope, Step, Value};
use schema::SmolStr;

use super::names::{Answer, Found, Names, Question};
use super::summary::Kind;

/// A code for references to blocks that are not there.
pub(super) const UNRESOLVED: text::Code = "unresolved-reference";

/// What one piece sees.
pub(super) struct PieceScope<'a> {
    pub names: &'a Names<'a>,
    pub globals: &'a super::globals::Globals,
    pub deps: RefCell<Vec<(Question, Answer)>>,
    /// What was said about references that lead nowhere, in the order it was said.
    pub said: RefCell<Vec<Said>>,
}

/// A mistake of a reference in our words, beside Atlas's.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub detail: String,
    pub message: String,
    pub suggestion: Option<SmolStr>,
}

/// What one block of the piece sees.
pub(super) struct BlockScope<'a> {
    pub piece: &'a PieceScope<'a>,
    pub dialect: &'a crate::Dialect,
    /// The columns of the enclosing table.
    pub columns: &'a [SmolStr],
    /// Whether these are all columns.
    pub complete: bool,
    /// Of the enclosing table.
    pub table: &'a str,
    pub each: Option<&'a hcl::Each>,
    pub place: Place<'a>,
}

/// What else an attribute may hold.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Plain,
    /// A column's type.
    Type(&'a crate::Dialect, &'a str),
    /// One of these words; the words for a block and an attribute.
    Words(&'a [&'static EnumValue], &'a str, &'a str),
}

/// What a path stands for.
pub(super) enum Target {
    Schema(SmolStr),
    Object(Found),
    /// A column of the enclosing table.
    Own(SmolStr),
}

impl PieceScope<'_> {
    /// The answer to `question`, recorded.
    pub fn ask(&self, question: Question) -> Answer {
        let answer = answer(&question, self.names, self.globals);
        let mut deps = self.deps.borrow_mut();
        if !deps.iter().any(|(known, _)| *known == question) {
            deps.push((question, answer.clone()));
        }
        answer
    }
}

/// What is known about `question` now.
pub(super) fn answer(question: &Question, names: &Names<'_>, globals: &super::globals::Globals) -> Answer {
    match question {
        Question::Schema(label) => names.schema(label),
        Question::Object(kind, steps) => names.object(*kind, steps),
        Question::Type { kinds, own, schema, name } => {
            names.declared_type(kinds, own, schema.as_deref(), name)
        }
        Question::Globals => Answer::Globals(globals.fingerprint),
    }
}

impl BlockScope<'_> {
    /// The same scope, for an attribute that holds something else too.
    pub fn at<'b>(&'b self, place: Place<'b>) -> BlockScope<'b> {
        BlockScope {
            piece: self.piece,
            dialect: self.dialect,
            columns: self.columns,
            complete: self.complete,
            table: self.table,
            each: self.each,
            place,
        }
    }

    /// What `root` and `steps` stand for; `Err` says what is wrong at which step, `Ok(None)` that it is not known.
    pub fn resolve(&self, root: &str, steps: &[Step]) -> Result<Option<(Target, usize)>, (usize, Said)> {
        let names: Vec<SmolStr> = steps.iter().map_while(step_name).collect();
        let Some(first) = names.first() else { return Ok(None) };
        match root {
            "column" => {
                if self.columns.contains(first) {
                    return Ok(Some((Target::Own(first.clone()), 1)));
                }
                if !self.complete {
                    // An object that has the columns of another takes any.
                    return Ok(self.table.is_empty().then(|| (Target::Own(first.clone()), 1)));
                }
                let suggestion =
                    hcl::suggest(first, self.columns.iter().map(SmolStr::as_str)).map(SmolStr::from);
                let message = match suggestion {
                    _ if self.table.is_empty() => {
                        format!("column {first:?} is not defined: only a table has columns")
                    }
                    _ => format!("column {first:?} is not defined in table {:?}", self.table),
                };
                Err((0, Said { detail: no_attribute(first), message, suggestion }))
            }
            "schema" => match self.piece.ask(Question::Schema(first.clone())) {
                Answer::Schema(name) => Ok(Some((Target::Schema(name), 1))),
                Answer::Missing { .. } => {
                    let suggestion = self.piece.names.nearest_schema(first);
                    let message = format!("schema {first:?} is not defined");
                    Err((0, Said { detail: no_attribute(first), message, suggestion }))
                }
                _ => Ok(None),
            },
            root => {
                let Some(kind) = Kind::of(root, self.dialect) else { return Ok(None) };
                match self.piece.ask(Question::Object(kind, names.iter().take(4).cloned().collect())) {
                    Answer::Object(found) => {
                        let used = found.used;
                        let next = names.get(used).filter(|_| found.column.is_none());
                        if let Some(word) = next.filter(|word| !["column", "name"].contains(&word.as_str())) {
                            let suggestion = hcl::suggest(word, ["column", "name"]).map(SmolStr::from);
                            let message = format!("{root} {:?} has no attribute {word:?}", found.table);
                            return Err((used, Said { detail: no_attribute(word), message, suggestion }));
                        }
                        Ok(Some((Target::Object(found), used)))
                    }
                    Answer::Missing { at, .. } => {
                        let name = names.get(at).unwrap_or(first);
                        let of_column = at >= 2 && names.get(at - 1).is_some_and(|word| word == "column");
                        let suggestion = if of_column {
                            self.piece.names.nearest_column(kind, &names, at)
                        } else {
                            self.piece.names.nearest_object(kind, name)
                        };
                        let message = if at >= 2 && names.get(at - 1).is_some_and(|word| word == "column") {
                            let of = names.get(at - 2).unwrap_or(first);
                            format!("column {name:?} is not defined in {root} {of:?}")
                        } else {
                            format!("{root} {name:?} is not defined")
                        };
                        Err((at, Said { detail: no_attribute(name), message, suggestion }))
                    }
                    _ => Ok(None),
                }
            }
        }
    }
}

impl Scope for BlockScope<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Lookup {
        if let Place::Words(words, _, _) = self.place
            && let Some(word) = words.iter().find(|word| word.name == root)
        {
            return Lookup::root(Value::string(word.name));
        }
        match root {
            "each" => {
                if let Some(each) = self.each {
                    return Lookup::root(Value::object([
                        ("key", each.key.clone()),
                        ("value", each.value.clone()),
                    ]));
                }
                Lookup::Missing
            }
            "var" | "local" | "data" => {
                self.piece.ask(Question::Globals);
                let mut found = self.piece.globals.lookup(root, steps);
                if let (Lookup::Mistake { code, detail, .. }, Some(name)) =
                    (&mut found, steps.first().and_then(Step::name))
                {
                    *code = UNRESOLVED;
                    let word = if root == "var" { "variable" } else { "local" };
                    let suggestion = detail
                        .rsplit_once(" Did you mean \"")
                        .and_then(|(_, near)| near.strip_suffix("\"?"))
                        .map(SmolStr::from);
                    let message = format!("{word} {name:?} is not defined");
                    self.piece.said.borrow_mut().push(Said { detail: detail.clone(), message, suggestion });
                }
                found
            }
            root if self.is_block_root(root) => match self.resolve(root, steps) {
                Ok(Some((target, used))) => Lookup::Value { value: value_of(target, self.table), used },
                // Not known, or still being typed: nothing to complain about.
                Ok(None) => Lookup::Value { value: Value::lost(), used: steps.len() },
                Err((at, said)) => {
                    let detail = said.detail.clone();
                    self.piece.said.borrow_mut().push(said);
                    Lookup::Mistake {
                        at: Some(at),
                        code: UNRESOLVED,
                        summary: "Unsupported attribute".into(),
                        detail,
                    }
                }
            },
            _ => Lookup::Missing,
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        match self.place {
            Place::Type(dialect, _) => dialect.types.iter().map(|def| SmolStr::new_static(def.hcl)).collect(),
            Place::Words(words, _, _) => words.iter().map(|word| SmolStr::new_static(word.name)).collect(),
            Place::Plain => {
                let kinds = self.dialect.spec.blocks.iter().map(|block| block.name);
                let kinds = kinds.filter(|kind| Kind::of(kind, self.dialect).is_some());
                kinds.chain(["schema", "column", "var", "local"]).map(SmolStr::new_static).collect()
            }
        }
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        super::functions().iter().copied().flatten().find(|function| function.name == name)
    }

    fn function_names(&self) -> Vec<&'static str> {
        let functions = super::functions().iter().copied().flatten().map(|function| function.name);
        match self.place {
            Place::Type(dialect, _) => functions.chain(dialect.types.iter().map(|def| def.hcl)).collect(),
            _ => functions.collect(),
        }
    }

    fn is_type(&self, name: &str) -> bool {
        matches!(self.place, Place::Type(dialect, _) if crate::types::by_hcl(dialect.types, name).is_some())
    }

    fn missing_noun(&self) -> Option<(String, String)> {
        match self.place {
            Place::Type(_, block) => Some((format!("{block}.type"), "type".into())),
            Place::Words(_, block, name) => Some((format!("{block}.{name}"), name.into())),
            Place::Plain => None,
        }
    }
}

/// The reference a target is as a value: `table.<schema>.<table>.column.<column>`, always in full.
fn value_of(target: Target, own_table: &str) -> Value {
    Value::Reference(match target {
        Target::Schema(name) => Reference::new(["schema".into(), name]),
        Target::Own(column) => {
            let mut reference = Reference::new([SmolStr::new_static("column"), column]);
            // An empty schema says: this very table.
            reference.attributes = std::sync::Arc::new([("table".into(), Value::from(own_table))].into());
            reference
        }
        Target::Object(found) => {
            let mut path = vec![SmolStr::new_static(found.kind.word()), found.schema, found.table];
            if let Some(column) = found.column {
                path.push("column".into());
                path.push(column);
            }
            Reference::new(path)
        }
    })
}

fn step_name(step: &Step) -> Option<SmolStr> {
    Some(match step {
        Step::Name(name) => name.clone(),
        // `column.0` names a column called `0`.
        Step::Index(at) => at.to_string().into(),
    })
}

/// Atlas's words.
fn no_attribute(name: &str) -> String {
    format!("This object does not have an attribute named {name:?}.")
}

impl<'a> BlockScope<'a> {
    /// Whether `root` stands for blocks of the document.
    fn is_block_root(&self, root: &str) -> bool {
        matches!(root, "schema" | "column") || Kind::of(root, self.dialect).is_some()
    }

    /// The place of an attribute that holds a type, in a block of type `word`.
    pub fn types<'b>(&self, word: &'b str) -> Place<'b>
    where
        'a: 'b,
    {
        Place::Type(self.dialect, word)
    }
}
