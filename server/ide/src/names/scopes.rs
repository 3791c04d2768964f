//! The names of one statement: tables, columns, aliases, common table expressions.
//!
//! Scopes as SQL has them: a query sees its own tables, then those around it. What is not found in any scope has no
//! name here, for it may be a string in double quotes, a function's, or a table nobody told us of. Invariant: a column
//! without a table is resolved only when exactly the first scope that has it has it.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{ObjectPath, Realm};
use smol_str::SmolStr;
use syntax::sql::ast::{self, Statement};
use syntax::sql::{SyntaxKind as Kind, SyntaxNode};
use text::TextRange;

use super::{Meaning, Name};

/// Tables and views by their lower-case name.
pub(crate) struct Tables {
    by_name: FxHashMap<SmolStr, Relation>,
}

/// A table or view of the schema.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub path: ObjectPath,
    pub columns: Arc<[SmolStr]>,
}

impl Tables {
    pub(crate) fn new(realm: &Realm) -> Self {
        let mut by_name = FxHashMap::default();
        for schema in &realm.schemas {
            let of = schema.name.clone();
            for view in &schema.views {
                let path = ObjectPath::View { schema: of.clone(), view: view.name.clone() };
                let columns = view.columns.iter().map(|column| column.name.clone()).collect();
                by_name.entry(lower(&view.name)).or_insert(Relation { path, columns });
            }
            for table in &schema.tables {
                let path = ObjectPath::Table { schema: of.clone(), table: table.name.clone() };
                let columns = table.columns.iter().map(|column| column.name.clone()).collect();
                by_name.entry(lower(&table.name)).or_insert(Relation { path, columns });
            }
        }
        Self { by_name }
    }

    fn get(&self, name: &str) -> Option<&Relation> {
        self.by_name.get(&lower(name))
    }
}

fn lower(name: &str) -> SmolStr {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        SmolStr::from(name.to_ascii_lowercase())
    } else {
        SmolStr::from(name)
    }
}

/// The resolved names of a piece, relative to it.
pub(crate) fn names(root: &SyntaxNode, tables: &Tables) -> Vec<Name> {
    let mut walk = Walk { tables, found: Vec::new() };
    walk.children(root, &Scope::default());
    walk.found
}

/// What one level of a statement can see.
#[derive(Default)]
struct Scope<'a> {
    outer: Option<&'a Scope<'a>>,
    ctes: Vec<Source>,
    sources: Vec<Source>,
    /// Names of result columns, which `ORDER BY` sees.
    outputs: Vec<(SmolStr, TextRange)>,
    /// The table whose columns a bare list of names means.
    target: Option<Relation>,
}

/// Rows with a name.
#[derive(Clone)]
struct Source {
    name: SmolStr,
    /// Where the statement introduces the name; `None` for a table that goes by its own.
    introduced: Option<TextRange>,
    rows: Rows,
}

#[derive(Clone)]
enum Rows {
    Table(Relation),
    /// Columns that exist in the statement only, by name and place.
    Local(Vec<(SmolStr, TextRange)>),
    Unknown,
}

impl<'a> Scope<'a> {
    fn below(outer: &'a Scope<'a>) -> Self {
        Scope { outer: Some(outer), target: outer.target.clone(), ..Scope::default() }
    }

    fn levels(&self) -> impl Iterator<Item = &Scope<'a>> {
        std::iter::successors(Some(self), |scope| scope.outer)
    }

    fn cte(&self, name: &str) -> Option<&Source> {
        self.levels().flat_map(|scope| &scope.ctes).find(|cte| cte.name.eq_ignore_ascii_case(name))
    }

    fn source(&self, name: &str) -> Option<&Source> {
        self.levels().flat_map(|scope| &scope.sources).find(|source| source.name.eq_ignore_ascii_case(name))
    }
}

impl Rows {
    fn column(&self, name: &str) -> Option<Meaning> {
        match self {
            Rows::Table(relation) => relation.column(name).map(Meaning::Object),
            Rows::Local(columns) => {
                let found = columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name))?;
                Some(Meaning::Local(found.1))
            }
            Rows::Unknown => None,
        }
    }
}

impl Relation {
    fn column(&self, name: &str) -> Option<ObjectPath> {
        let column = self.columns.iter().find(|column| column.eq_ignore_ascii_case(name))?.clone();
        let (schema, table) = match &self.path {
            ObjectPath::Table { schema, table } => (schema.clone(), table.clone()),
            ObjectPath::View { schema, view } => (schema.clone(), view.clone()),
            _ => return None,
        };
        Some(ObjectPath::Column { schema, table, column })
    }
}

struct Walk<'a> {
    tables: &'a Tables,
    found: Vec<Name>,
}

impl Walk<'_> {
    fn object(&mut self, name: &ast::Name, path: ObjectPath) {
        self.found.push(Name { range: name.range, means: Meaning::Object(path), defines: false });
    }

    fn local(&mut self, range: TextRange, introduced: TextRange) {
        let defines = range == introduced;
        self.found.push(Name { range, means: Meaning::Local(introduced), defines });
    }

    /// A table by its name; tells the name.
    fn table(&mut self, name: &ast::Name) -> Option<Relation> {
        let relation = self.tables.get(&name.text)?.clone();
        self.object(name, relation.path.clone());
        Some(relation)
    }

    fn columns(&mut self, of: Option<&Relation>, names: &[ast::Name]) {
        for name in names {
            if let Some(path) = of.and_then(|relation| relation.column(&name.text)) {
                self.object(name, path);
            }
        }
    }

    fn children(&mut self, node: &SyntaxNode, scope: &Scope<'_>) {
        for child in node.children() {
            self.node(&child, scope);
        }
    }

    fn node(&mut self, node: &SyntaxNode, scope: &Scope<'_>) {
        match node.kind() {
            Kind::SELECT_CORE => self.select(node, scope),
            Kind::COLUMN_REF => self.column_ref(node, scope),
            Kind::QUERY => self.query(node, scope),
            Kind::REFERENCES => {
                if let Some(references) = ast::References::cast(node.clone()) {
                    let parent = references.table().and_then(|path| self.table(&path.name));
                    self.columns(parent.as_ref(), &references.columns());
                }
            }
            Kind::COLUMN_NAMES => {
                let names: Vec<ast::Name> =
                    node.children().filter_map(|child| ast::Name::of(&child)).collect();
                self.columns(scope.target.as_ref(), &names);
            }
            Kind::ASSIGNMENT => {
                if let Some(assignment) = ast::Assignment::cast(node.clone()) {
                    self.columns(scope.target.as_ref(), &assignment.columns());
                }
                self.children(node, scope);
            }
            Kind::TABLE_REF => self.table_ref(node, scope),
            _ => match Statement::cast(node.clone()) {
                Some(statement) => self.statement(&statement, node, scope),
                None => self.children(node, scope),
            },
        }
    }

    fn statement(&mut self, statement: &Statement, node: &SyntaxNode, outer: &Scope<'_>) {
        let mut scope = Scope::below(outer);
        let on =
            |walk: &mut Self, scope: &mut Scope<'_>, name: Option<ast::Name>, alias: Option<ast::Name>| {
                let Some(name) = name else { return };
                let relation = walk.table(&name);
                if let Some(alias) = &alias {
                    walk.local(alias.range, alias.range);
                }
                let shown = alias.as_ref().unwrap_or(&name);
                scope.target = relation.clone();
                scope.sources.push(Source {
                    name: shown.text.clone(),
                    introduced: alias.as_ref().map(|alias| alias.range),
                    rows: relation.map_or(Rows::Unknown, Rows::Table),
                });
            };
        match statement {
            Statement::CreateTable(create) => {
                on(self, &mut scope, create.name(), None);
                let columns: Vec<ast::Name> = create.columns().filter_map(|column| column.name()).collect();
                self.columns(scope.target.clone().as_ref(), &columns);
            }
            Statement::CreateIndex(create) => on(self, &mut scope, create.table(), None),
            Statement::CreateTrigger(create) => {
                on(self, &mut scope, create.table(), None);
                let rows = scope.target.clone().map_or(Rows::Unknown, Rows::Table);
                for name in ["new", "old"] {
                    scope.sources.push(Source { name: name.into(), introduced: None, rows: rows.clone() });
                }
            }
            Statement::CreateView(create) => {
                if let Some(name) = create.name() {
                    self.table(&name);
                }
                scope.target = None;
            }
            Statement::AlterTable(alter) => {
                on(self, &mut scope, alter.path().map(|path| path.name), None);
                let named = match alter.action() {
                    Some(ast::AlterAction::RenameColumn(rename)) => vec![rename.from(), rename.to()],
                    Some(ast::AlterAction::DropColumn(drop)) => vec![drop.name()],
                    Some(ast::AlterAction::AddColumn(add)) => {
                        vec![add.column().and_then(|column| column.name())]
                    }
                    Some(ast::AlterAction::RenameTable(rename)) => {
                        if let Some(name) = rename.to() {
                            self.table(&name);
                        }
                        Vec::new()
                    }
                    Some(ast::AlterAction::AlterColumn(alter)) => vec![alter.name()],
                    _ => Vec::new(),
                };
                let named: Vec<ast::Name> = named.into_iter().flatten().collect();
                self.columns(scope.target.clone().as_ref(), &named);
            }
            Statement::Drop(drop) => {
                let is_table = matches!(drop.kind(), Some(ast::ObjectKind::Table | ast::ObjectKind::View));
                if let Some(path) = drop.path().filter(|_| is_table) {
                    self.table(&path.name);
                }
            }
            Statement::Insert(insert) => {
                self.with(&insert.ctes(), &mut scope);
                on(self, &mut scope, insert.table().map(|path| path.name), insert.alias());
                if let Some(source) = scope.sources.first().cloned() {
                    scope.sources.push(Source { name: "excluded".into(), introduced: None, ..source });
                }
            }
            Statement::Update(update) => {
                self.with(&update.ctes(), &mut scope);
                on(self, &mut scope, update.table().map(|path| path.name), update.alias());
                for table in update.tables() {
                    self.source(&table, &mut scope);
                }
            }
            Statement::Delete(delete) => {
                self.with(&delete.ctes(), &mut scope);
                on(self, &mut scope, delete.table().map(|path| path.name), delete.alias());
            }
            _ => {}
        }
        for child in node.children() {
            if child.kind() != Kind::WITH_CLAUSE {
                self.node(&child, &scope);
            }
        }
    }

    fn query(&mut self, node: &SyntaxNode, outer: &Scope<'_>) {
        let Some(query) = ast::Query::cast(node.clone()) else { return };
        let mut scope = Scope::below(outer);
        scope.target = None;
        self.with(&query.ctes(), &mut scope);
        for child in node.children() {
            match child.kind() {
                Kind::WITH_CLAUSE => {}
                // Behind the queries: it sees the tables and the results of the first.
                Kind::ORDER_BY | Kind::LIMIT => {
                    let mut after = Scope::below(&scope);
                    if let Some(select) = query.selects().next() {
                        after.outputs = outputs(&select);
                        let mut quiet = Walk { tables: self.tables, found: Vec::new() };
                        for table in select.tables() {
                            quiet.source(&table, &mut after);
                        }
                    }
                    self.node(&child, &after);
                }
                _ => self.node(&child, &scope),
            }
        }
    }

    fn with(&mut self, ctes: &[ast::Cte], scope: &mut Scope<'_>) {
        for cte in ctes {
            let Some(name) = cte.name() else { continue };
            self.local(name.range, name.range);
            let declared = cte.columns();
            let columns = if declared.is_empty() {
                cte.query()
                    .and_then(|query| query.selects().next())
                    .map(|select| outputs(&select))
                    .unwrap_or_default()
            } else {
                declared.iter().map(|name| (name.text.clone(), name.range)).collect()
            };
            scope.ctes.push(Source {
                name: name.text,
                introduced: Some(name.range),
                rows: Rows::Local(columns),
            });
            if let Some(query) = cte.query() {
                self.query(query.syntax(), scope);
            }
        }
    }

    fn select(&mut self, node: &SyntaxNode, outer: &Scope<'_>) {
        let Some(select) = ast::SelectCore::cast(node.clone()) else { return };
        let mut scope = Scope::below(outer);
        scope.target = None;
        for table in select.tables() {
            self.source(&table, &mut scope);
        }
        scope.outputs = outputs(&select);
        self.children(node, &scope);
    }

    /// Adds what a `FROM` item gives to `scope`, and tells its names.
    fn source(&mut self, table: &ast::TableRef, scope: &mut Scope<'_>) {
        let alias = table.alias();
        if let Some(alias) = &alias {
            self.local(alias.range, alias.range);
        }
        let (name, rows) = match table.source() {
            Some(ast::Source::Table(path)) => {
                let local = scope.cte(&path.name.text).filter(|_| path.schema.is_none()).cloned();
                let rows = match local {
                    Some(cte) => {
                        if let Some(place) = cte.introduced {
                            self.local(path.name.range, place);
                        }
                        cte.rows
                    }
                    None => self.table(&path.name).map_or(Rows::Unknown, Rows::Table),
                };
                (Some(path.name), rows)
            }
            Some(ast::Source::Query(query)) => {
                let columns = query.selects().next().map(|select| outputs(&select)).unwrap_or_default();
                (None, Rows::Local(columns))
            }
            Some(ast::Source::Function(name)) => (Some(name), Rows::Unknown),
            None => (None, Rows::Unknown),
        };
        if let Some(shown) = alias.clone().or(name) {
            let introduced = alias.map(|alias| alias.range);
            scope.sources.push(Source { name: shown.text, introduced, rows });
        }
    }

    /// The names of a `FROM` item are told by the query; what is within it is not.
    fn table_ref(&mut self, node: &SyntaxNode, scope: &Scope<'_>) {
        // A query in `FROM` does not see its neighbours.
        let outer = scope.outer.unwrap_or(scope);
        for child in node.children() {
            match child.kind() {
                Kind::SUBQUERY => self.node(&child, outer),
                Kind::PATH | Kind::ALIAS => {}
                _ => self.node(&child, scope),
            }
        }
    }

    fn column_ref(&mut self, node: &SyntaxNode, scope: &Scope<'_>) {
        let Some(column) = ast::ColumnRef::cast(node.clone()) else { return };
        let qualifier = column.table();
        if let Some(table) = &qualifier {
            let Some(source) = scope.source(&table.text).cloned() else { return };
            match (&source.introduced, &source.rows) {
                (Some(place), _) => self.local(table.range, *place),
                (None, Rows::Table(relation)) => self.object(table, relation.path.clone()),
                (None, _) => {}
            }
            if let Some((name, means)) =
                column.name().and_then(|name| Some((name.range, source.rows.column(&name.text)?)))
            {
                self.found.push(Name { range: name, means, defines: false });
            }
            return;
        }
        let Some(name) = column.name() else { return };
        for level in scope.levels() {
            let mut meanings = level.sources.iter().filter_map(|source| source.rows.column(&name.text));
            if let Some(means) = meanings.next() {
                self.found.push(Name { range: name.range, means, defines: false });
                return;
            }
            // A level with rows we do not know may be where the name comes from.
            if level.sources.iter().any(|source| matches!(source.rows, Rows::Unknown)) {
                return;
            }
            if let Some((_, place)) =
                level.outputs.iter().find(|(output, _)| output.eq_ignore_ascii_case(&name.text))
            {
                let place = *place;
                self.local(name.range, place);
                return;
            }
        }
    }
}

/// The names of a query's result columns and where they are.
fn outputs(select: &ast::SelectCore) -> Vec<(SmolStr, TextRange)> {
    select
        .result_columns()
        .iter()
        .filter_map(|column| column.output_name())
        .map(|name| (name.text, name.range))
        .collect()
}
