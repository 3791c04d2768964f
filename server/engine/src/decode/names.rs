//! The names all files of a schema declare together, and questions to them that can be asked again.
//!
//! A piece that was decoded before is still valid when every question it asked has the same answer now. Invariant:
//! an answer says only what a piece can observe, so that adding a table does not disturb pieces that do not name it.

use std::cell::Cell;
use std::hash::{Hash, Hasher};

use hcl::suggest;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use schema::SmolStr;

use super::summary::{Kind, Summary, TableNames};

/// All names, borrowed from the summaries.
#[derive(Default)]
pub(super) struct Names<'a> {
    tables: FxHashMap<(Kind, &'a str), Vec<&'a TableNames>>,
    schemas: FxHashMap<&'a str, &'a SmolStr>,
    /// What may stand between `table.` and a table's name.
    qualifiers: FxHashSet<&'a str>,
    /// Names of blocks that were meant to be something.
    unknown: FxHashSet<&'a str>,
    /// A schema every database has, for tables that do not say theirs.
    pub default_schema: SmolStr,
    /// A hash of all names, whatever their order: what is nearest to a missing one depends on it.
    fingerprint: u64,
    /// How many more times a nearest name is looked for: with very many missing it would take very long.
    suggestions: Cell<u32>,
    /// Some file is broken in a way that may hide blocks: nothing is missing for sure.
    pub incomplete: bool,
}

/// A question about names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What `schema.<label>` is called.
    Schema(SmolStr),
    /// What `<kind>.<steps>` stands for.
    Object(Kind, Vec<SmolStr>),
    /// What the name of a declared type stands for, seen from a schema.
    Type { kinds: &'static [&'static str], own: SmolStr, schema: Option<SmolStr>, name: SmolStr },
    /// The variables and locals of all files, by their fingerprint.
    Globals,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The final name of a schema.
    Schema(SmolStr),
    /// A table or view, and perhaps a column of it.
    Object(Found),
    /// The step of this index names nothing among the names of this fingerprint.
    Missing {
        at: usize,
        among: u64,
    },
    /// It may exist where we cannot see it.
    Unsure,
    Globals(u64),
}

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub kind: Kind,
    pub schema: SmolStr,
    pub table: SmolStr,
    /// Where in the path the table's name is.
    pub table_at: usize,
    pub column: Option<SmolStr>,
    /// How many steps behind the root were read.
    pub used: usize,
    /// The same name stands in several schemas.
    pub ambiguous: bool,
}

impl<'a> Names<'a> {
    /// No names yet.
    pub fn new(default_schema: &str, pieces: usize) -> Self {
        let mut names =
            Self { default_schema: default_schema.into(), suggestions: Cell::new(200), ..Self::default() };
        names.tables.reserve(pieces);
        names
    }

    /// Adds what a piece declares.
    pub fn add(&mut self, summary: &'a Summary) {
        self.incomplete |= summary.swallowed;
        self.unknown.extend(summary.unknown.iter().map(SmolStr::as_str));
        for name in summary
            .schemas
            .iter()
            .map(|schema| &schema.label)
            .chain(summary.tables.iter().map(|table| &table.name))
        {
            self.fingerprint = self.fingerprint.wrapping_add(hash(name));
        }
        for schema in &summary.schemas {
            self.schemas.entry(&schema.label).or_insert(&schema.name);
            self.qualifiers.extend([schema.label.as_str(), schema.name.as_str()]);
        }
        for table in &summary.tables {
            self.tables.entry((table.kind, &table.name)).or_default().push(table);
            self.qualifiers.extend(table.qualifier.as_deref());
        }
    }

    /// Gives the schema `label` the name that variables make.
    pub fn rename_schema(&mut self, label: &'a SmolStr, name: &'a SmolStr) {
        self.schemas.insert(label, name);
        self.qualifiers.insert(name);
        self.fingerprint = self.fingerprint.wrapping_add(hash(name));
    }

    /// The final name of the schema `label`.
    pub fn schema(&self, label: &str) -> Answer {
        match self.schemas.get(label) {
            Some(name) => Answer::Schema((*name).clone()),
            None if self.incomplete || self.unknown.contains(label) => Answer::Unsure,
            None => Answer::Missing { at: 0, among: self.fingerprint },
        }
    }

    /// What the steps behind `table` or `view` stand for.
    pub fn object(&self, kind: Kind, steps: &[SmolStr]) -> Answer {
        let Some(first) = steps.first() else { return Answer::Unsure };
        let second = steps.get(1);
        let unqualified = self.tables.get(&(kind, first.as_str()));
        if let Some(tables) = unqualified
            && (second.is_none_or(|step| step == "column" || step == "name") || !self.is_qualifier(first))
        {
            return self.in_table(kind, tables, steps, 0);
        }
        if let Some(second) = second
            && self.is_qualifier(first)
        {
            let tables: Vec<&TableNames> = self
                .tables
                .get(&(kind, second.as_str()))
                .into_iter()
                .flatten()
                .copied()
                .filter(|table| table.qualifier.as_ref() == Some(first) || self.schema_of(table) == *first)
                .collect();
            if !tables.is_empty() {
                return self.in_table(kind, &tables, steps, 1);
            }
            return self.missing(second, 1);
        }
        self.missing(first, 0)
    }

    /// What a type called `name` is in `schema`; without one, in the schema `own`, then in the default one.
    pub fn declared_type(
        &self,
        kinds: &'static [&'static str],
        own: &str,
        schema: Option<&str>,
        name: &str,
    ) -> Answer {
        let candidates = || {
            kinds.iter().flat_map(|kind| {
                self.tables.get(&(Kind(kind), name)).into_iter().flatten().map(|names| (*kind, *names))
            })
        };
        let places = match schema {
            Some(schema) => vec![schema],
            None => vec![own, self.default_schema.as_str()],
        };
        for place in places {
            for (kind, names) in candidates() {
                let of = self.schema_of(names);
                if of == place {
                    return Answer::Object(Found {
                        kind: Kind(kind),
                        schema: of,
                        table: names.name.clone(),
                        table_at: 0,
                        column: None,
                        used: 1,
                        ambiguous: false,
                    });
                }
            }
        }
        Answer::Unsure
    }

    fn missing(&self, name: &str, at: usize) -> Answer {
        if self.incomplete || self.unknown.contains(name) {
            return Answer::Unsure;
        }
        Answer::Missing { at, among: self.fingerprint }
    }

    /// The nearest of the names `Answer::Missing` says `name` is not among.
    pub fn nearest_object(&self, kind: Kind, name: &str) -> Option<SmolStr> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        let names = self.tables.keys().filter(|(of, _)| *of == kind).map(|(_, name)| *name);
        suggest(name, names).map(SmolStr::from)
    }

    /// The nearest label of a schema.
    pub fn nearest_schema(&self, label: &str) -> Option<SmolStr> {
        suggest(label, self.schemas.keys().copied()).map(SmolStr::from)
    }

    /// The nearest column of the table or view `steps` start with.
    pub fn nearest_column(&self, kind: Kind, steps: &[SmolStr], at: usize) -> Option<SmolStr> {
        let (table, column) = (steps.get(at.checked_sub(2)?)?, steps.get(at)?);
        let columns = self.tables.get(&(kind, table.as_str()))?.iter().flat_map(|table| &table.columns);
        suggest(column, columns.map(SmolStr::as_str)).map(SmolStr::from)
    }

    fn in_table(&self, kind: Kind, tables: &[&TableNames], steps: &[SmolStr], at: usize) -> Answer {
        let Some(table) = tables.first() else { return Answer::Unsure };
        let mut found = Found {
            kind,
            schema: self.schema_of(table),
            table: table.name.clone(),
            table_at: at,
            column: None,
            used: at + 1,
            ambiguous: tables.iter().any(|other| self.schema_of(other) != self.schema_of(table)),
        };
        if let (Some(word), Some(column)) = (steps.get(at + 1), steps.get(at + 2))
            && word == "column"
        {
            let known = || tables.iter().flat_map(|table| table.columns.iter());
            if !known().any(|known| known == column) {
                if !tables.iter().all(|table| table.complete) {
                    return Answer::Unsure;
                }
                // The columns are those of one table: what is nearest among them is part of the answer.
                let mut among = 0u64;
                for column in known() {
                    among = among.wrapping_add(hash(column));
                }
                return Answer::Missing { at: at + 2, among };
            }
            found.column = Some(column.clone());
            found.used = at + 3;
        }
        Answer::Object(found)
    }

    fn is_qualifier(&self, name: &str) -> bool {
        self.qualifiers.contains(name)
    }

    fn schema_of(&self, table: &TableNames) -> SmolStr {
        if table.of_realm {
            return SmolStr::default();
        }
        table
            .schema
            .as_ref()
            .map(|label| self.schemas.get(label.as_str()).map_or(label, |name| *name).clone())
            .unwrap_or_else(|| self.default_schema.clone())
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    hasher.finish()
}
