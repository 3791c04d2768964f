//! `CREATE TABLE`, and columns wherever they are defined.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Name, Scene, Space, Thing};
use schema::{Attrs, Class, Column, Expr, Generated, Object, ObjectPath, SmolStr, Storage, Table};
use syntax::sql::Piece;
use syntax::sql::ast::{self, ColumnConstraint, TableConstraint};
use text::TextRange;

use super::super::attr::{self, Identity, Partition};
use super::super::{defaults, names, types};
use super::constraint::{self, Draft};
use super::{Qualified, fold, hash, index, name_of, resolve_type, step};

const DUPLICATE: text::Code = "duplicate-name";

/// A column as it is written.
#[derive(Clone, Debug)]
pub(super) struct ColumnDraft {
    pub column: Column,
    pub name: Name,
    pub range: TextRange,
    pub constraints: Vec<Draft>,
}

impl ColumnDraft {
    /// The column `node`; `None` when it has no name.
    pub fn of(node: &ast::Column, builder: &mut Builder) -> Option<ColumnDraft> {
        let name = name_of(&node.name()?);
        let raw_type = node.type_name().map(|ty| ty.text().trim().to_owned()).unwrap_or_default();
        let ty = (!raw_type.is_empty()).then(|| types::parse(&raw_type));
        let serial = ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
        let mut column = Column {
            name: name.text.clone(),
            ty,
            raw_type,
            nullable: !serial,
            default: None,
            generated: None,
            comment: None,
            attrs: Attrs::default(),
        };
        let mut constraints = Vec::new();
        let mut default = None;
        for node in node.constraints() {
            match &node {
                ColumnConstraint::NotNull(_) => column.nullable = false,
                ColumnConstraint::Default(node) => {
                    default = Some(node.range());
                    let text = node.value_range().and_then(|_| node.text());
                    column.default = text.map(|text| defaults::read(text.trim(), column.ty.as_ref()));
                    if is_null(column.default.as_ref()) {
                        column.default = None;
                    }
                }
                ColumnConstraint::Collate(collate) => {
                    if let Some(text) = collate.path().as_ref().and_then(index::collation) {
                        column.attrs.set(&attr::COLLATE, text);
                    }
                }
                ColumnConstraint::Generated(node) => {
                    let stored = node.virtual_().is_none();
                    let storage = if stored { Storage::Stored } else { Storage::Virtual };
                    column.generated = node
                        .expr()
                        .map(|expr| Generated { expr: Expr(expr.text().trim().to_owned()), storage });
                }
                ColumnConstraint::Identity(node) => {
                    identity(node, &mut column.attrs);
                    column.nullable = false;
                }
                ColumnConstraint::Option(option) => column_option(option, &mut column),
                other => {
                    constraints.extend(Draft::of_column(other, &name.text));
                    if matches!(other, ColumnConstraint::PrimaryKey(_)) {
                        column.nullable = false;
                    }
                }
            }
        }
        if let (Some(range), Some(_)) = (default, &column.generated) {
            let message = format!("column {:?} is generated and cannot have a default", column.name);
            builder.error(range, "generated-default", message);
        }
        Some(ColumnDraft { column, name, range: node.range(), constraints })
    }
}

/// A default that is NULL is none.
pub(super) fn is_null(default: Option<&schema::Default>) -> bool {
    matches!(default, Some(schema::Default::Expr(Expr(text))) if text.eq_ignore_ascii_case("null"))
}

fn number(option: &ast::OptionClause) -> Option<i64> {
    option.number()?.replace('_', "").parse().ok()
}

/// `GENERATED … AS IDENTITY`.
pub(super) fn identity(node: &ast::Identity, attrs: &mut Attrs) {
    let mut identity = Identity { always: node.always(), start: 1, increment: 1 };
    let mut start = None;
    let mut bounds = (None, None);
    for option in node.options() {
        let words = option.words();
        match words.split(' ').next().unwrap_or_default() {
            "START" => start = number(&option),
            "INCREMENT" => identity.increment = number(&option).unwrap_or(1),
            "MINVALUE" => bounds.0 = number(&option),
            "MAXVALUE" => bounds.1 = number(&option),
            _ => {}
        }
    }
    // Without a start it is the end the numbers come from.
    let implied = if identity.increment < 0 { bounds.1.unwrap_or(-1) } else { bounds.0.unwrap_or(1) };
    identity.start = start.unwrap_or(implied);
    identity.set(attrs);
}

/// `STORAGE x`, `COMPRESSION x`.
fn column_option(option: &ast::OptionClause, column: &mut Column) {
    let Some(name) = option.name() else { return };
    match option.words().as_str() {
        "STORAGE" => set_storage(column, &name.text),
        "COMPRESSION" => set_compression(column, &name.text),
        _ => {}
    }
}

/// The way a type is stored by itself; `None` when it is not known.
///
/// Source: `pg_type.typstorage` of PostgreSQL 18.
fn own_storage(column: &Column) -> Option<&'static str> {
    let ty = column.ty.as_ref()?;
    Some(match ty.class {
        Class::Bool | Class::Integer | Class::Float | Class::Serial | Class::Time | Class::Interval => {
            "PLAIN"
        }
        Class::Uuid | Class::Enum => "PLAIN",
        Class::Decimal => {
            if ty.name == "money" {
                "PLAIN"
            } else {
                "MAIN"
            }
        }
        Class::Network => {
            if ty.name.starts_with("mac") {
                "PLAIN"
            } else {
                "MAIN"
            }
        }
        Class::String if ty.name == "name" || ty.name == "\"char\"" || ty.name == "tsquery" => "PLAIN",
        Class::String | Class::Binary | Class::Json | Class::Array | Class::Range | Class::Bits => "EXTENDED",
        Class::Spatial if matches!(&*ty.name, "path" | "polygon") => "EXTENDED",
        Class::Spatial => "PLAIN",
        _ => return None,
    })
}

pub(super) fn set_storage(column: &mut Column, word: &str) {
    let word = word.to_uppercase();
    if word == "DEFAULT" || own_storage(column) == Some(word.as_str()) {
        column.attrs.remove(&attr::STORAGE);
    } else {
        column.attrs.set(&attr::STORAGE, word);
    }
}

pub(super) fn set_compression(column: &mut Column, word: &str) {
    if word.eq_ignore_ascii_case("default") {
        column.attrs.remove(&attr::COMPRESSION);
    } else {
        column.attrs.set(&attr::COMPRESSION, word.to_lowercase());
    }
}

/// A table as it is written.
#[derive(Clone, Debug)]
struct TableDraft {
    name: Qualified,
    if_not_exists: bool,
    columns: Vec<ColumnDraft>,
    constraints: Vec<Draft>,
    likes: Vec<Like>,
    inherits: Vec<Qualified>,
    attrs: Attrs,
    /// The columns come from a query, and are not all known.
    of_query: bool,
    query_columns: Option<Vec<String>>,
    range: TextRange,
    renamed_from: Option<String>,
    /// The partition's table, and its bound.
    partition: Option<(Qualified, String)>,
}

#[derive(Clone, Debug)]
struct Like {
    table: Qualified,
    /// Before how many columns it stands.
    at: usize,
    words: Vec<SmolStr>,
}

impl Like {
    fn includes(&self, what: &str) -> bool {
        let mut included = false;
        for word in &self.words {
            match word.split_once(' ') {
                Some(("INCLUDING", of)) if of == what || of == "ALL" => included = true,
                Some(("EXCLUDING", of)) if of == what || of == "ALL" => included = false,
                _ => {}
            }
        }
        included
    }
}

/// Reads `CREATE TABLE`.
pub(super) fn create(create: &ast::CreateTable, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    let name = Qualified::of(&path);
    if create.temporary().is_some() || name.schema() == Some("pg_temp") {
        let name = name.text().clone();
        step(builder, move |scene| {
            scene.insert(Space::Relation, "pg_temp".into(), name.clone(), Thing::Hidden, Part::default(), 0);
            if !scene.search_path().iter().any(|schema| schema == "pg_temp") {
                let mut path = vec![SmolStr::from("pg_temp")];
                path.extend(scene.search_path().iter().cloned());
                scene.set_search_path(path);
            }
        });
        return;
    }
    let mut draft = TableDraft {
        name,
        if_not_exists: create.if_not_exists().is_some(),
        columns: Vec::new(),
        constraints: Vec::new(),
        likes: Vec::new(),
        inherits: create.inherits().iter().map(Qualified::of).collect(),
        attrs: Attrs::default(),
        of_query: create.query().is_some() || create.clauses().any(|clause| clause.words() == "OF"),
        query_columns: None,
        range: piece.statement_range(),
        renamed_from: engine::renames::hint(before(piece, piece.statement_range())),
        partition: create.partition_of().map(|of| {
            let bound = create.bound().map(|bound| bound.text()).unwrap_or_default();
            (Qualified::of(&of), bound_text(&bound))
        }),
    };
    if let Some(query) = create.query() {
        draft.query_columns = crate::body::postgres(&query.syntax().text().to_string());
    }
    read_elements(create, piece, &mut draft, builder);
    if create.unlogged() {
        draft.attrs.set(&attr::UNLOGGED, true);
    }
    if let Some(params) = create.params() {
        index::storage(&params, &mut draft.attrs);
    }
    for clause in create.clauses() {
        if clause.words() == "USING"
            && let Some(path) = clause.path()
            && fold(&path.name) != "heap"
        {
            draft.attrs.set(&attr::ACCESS_METHOD, fold(&path.name).to_string());
        }
    }
    if let Some(by) = create.partition_by() {
        let strategy = by.strategy().map(|name| name.text.to_uppercase()).unwrap_or_default();
        let parts = by.columns().iter().filter_map(index::part).map(|part| part.of).collect();
        Partition { strategy, parts }.set(&mut draft.attrs);
    }
    step(builder, move |scene| apply(scene, &draft));
}

/// The text of a piece before `range`.
fn before(piece: &Piece, range: TextRange) -> &str {
    piece.text().get(..usize::from(range.start())).unwrap_or_default()
}

/// A bound with single blanks, as the server writes it.
pub(super) fn bound_text(bound: &str) -> String {
    crate::postgres::bounds::spelled(bound)
}

fn read_elements(create: &ast::CreateTable, piece: &Piece, draft: &mut TableDraft, builder: &mut Builder) {
    let Some(elements) = create.elements() else { return };
    for node in elements.children() {
        if let Some(column) = ast::Column::cast(node.clone()) {
            let Some(mut column) = ColumnDraft::of(&column, builder) else { continue };
            if draft.columns.iter().any(|known| known.name.text == column.name.text) {
                let message = format!(
                    "column {:?} is defined twice in table {:?}",
                    column.name.text,
                    draft.name.text()
                );
                builder.error(column.name.range, DUPLICATE, message);
                continue;
            }
            if let Some(old) = engine::renames::hint(before(piece, column.range)) {
                column.column.attrs.set(&engine::renames::RENAMED_FROM, old);
            }
            draft.columns.push(column);
        } else if let Some(like) = ast::LikeClause::cast(node.clone()) {
            let Some(table) = like.table() else { continue };
            draft.likes.push(Like {
                table: Qualified::of(&table),
                at: draft.columns.len(),
                words: like.options().map(|option| option.words()).collect(),
            });
        }
    }
    let mut keyed = false;
    let all = draft.columns.iter().flat_map(|column| column.constraints.iter());
    keyed |= all.filter(|draft| matches!(draft.kind, constraint::Kind::PrimaryKey { .. })).count() > 0;
    for node in create.constraints() {
        if let TableConstraint::PrimaryKey(key) = &node {
            if keyed {
                let message = format!("table {:?} has more than one primary key", draft.name.text());
                builder.error(key.range(), DUPLICATE, message);
                continue;
            }
            keyed = true;
        }
        draft.constraints.extend(Draft::of_table(&node));
    }
}

fn apply(scene: &mut Scene<'_, '_>, draft: &TableDraft) {
    let schema = scene.schema_for(draft.name.schema());
    if draft.name.schema().is_some() && !scene.has_schema(&schema) {
        if let Some(name) = &draft.name.schema {
            scene.missing("schema", Space::Global("schema"), name);
        }
        // What is wrong was said; its tables are none of their own.
        scene.create_schema(&Name { text: schema.clone(), range: draft.name.name.range });
    }
    let name = draft.name.text().clone();
    if let Some(other) = scene.find(Space::Relation, Some(&schema), &name) {
        if !draft.if_not_exists {
            scene.exists("table", &draft.name.name, Some(other));
        }
        return;
    }
    if let Some((of, bound)) = &draft.partition {
        partition(scene, &schema, &name, of, bound, draft);
        return;
    }
    // What the table depends on beyond its own text.
    let mut columns = draft.columns.clone();
    let mut depends: Vec<String> = Vec::new();
    for draft in &mut columns {
        if let Some(ty) = &mut draft.column.ty
            && types::declared_name(ty).is_some()
        {
            resolve_type(scene, ty);
            depends.push(format!("{:?}", (&ty.schema, ty.class)));
        }
    }
    let shell = shell(&schema, &name, &columns, draft);
    let own = |draft: &Draft, scene: &mut Scene<'_, '_>| draft.resolved(scene, &shell);
    let mut constraints: Vec<Draft> = Vec::new();
    let drafts = columns.iter().flat_map(|column| &column.constraints).chain(&draft.constraints);
    for draft in drafts {
        let resolved = own(draft, scene);
        if let Some(Draft { kind: constraint::Kind::ForeignKey { key, .. }, .. }) = &resolved {
            depends.push(format!("{:?}", (&key.ref_schema, &key.ref_columns)));
        }
        constraints.extend(resolved);
    }
    let mut parents: Vec<(usize, Arc<Table>, Option<Like>)> = Vec::new();
    let mut complete = !draft.of_query || draft.query_columns.is_some();
    for of in &draft.inherits {
        match super::find_table(scene, of, false) {
            Some((_, table)) => parents.push((0, table, None)),
            None => complete = false,
        }
    }
    for like in &draft.likes {
        match super::find_table(scene, &like.table, false) {
            Some((_, table)) => parents.push((like.at, table, Some(like.clone()))),
            None => complete = false,
        }
    }
    for (_, table, _) in &parents {
        // All that may be taken over.
        depends.push(format!("{:?}", (&table.columns, &table.primary_key, &table.indexes, &table.checks)));
    }
    let taken: Vec<bool> = constraints
        .iter()
        .filter(|draft| draft.has_index())
        .map(|draft| scene.is_taken(&schema, &draft.name(&shell, &|_| false)))
        .collect();
    let free = !taken.contains(&true);
    if !free {
        // Names are made anew with a look at what there is, which is rare.
        let names: Vec<SmolStr> = constraints
            .iter()
            .map(|draft| draft.name(&shell, &|name| scene.is_taken(&schema, name)))
            .collect();
        depends.push(format!("{names:?}"));
    }
    let id = {
        let used: Vec<SmolStr> = if free {
            Vec::new()
        } else {
            let all = constraints.iter().filter(|draft| draft.has_index());
            let names = all.map(|draft| draft.name(&shell, &|_| false));
            names.filter(|name| scene.is_taken(&schema, name)).collect()
        };
        let taken = move |name: &str| used.iter().any(|used| used == name);
        scene.insert_table(schema.clone(), name.clone(), hash(&depends), || {
            make(shell.clone(), &columns, &constraints, &parents, draft, &taken)
        })
    };
    if !complete {
        scene.incomplete(id);
    }
}

/// The table with its own columns and nothing else.
fn shell(schema: &SmolStr, name: &SmolStr, columns: &[ColumnDraft], draft: &TableDraft) -> Table {
    let mut table = Table {
        schema: schema.clone(),
        name: name.clone(),
        columns: columns.iter().map(|draft| draft.column.clone()).collect(),
        attrs: draft.attrs.clone(),
        ..Table::default()
    };
    if let Some(key) =
        draft.constraints.iter().chain(columns.iter().flat_map(|column| &column.constraints)).find_map(
            |draft| match &draft.kind {
                constraint::Kind::PrimaryKey { parts, attrs, .. } => Some((parts, attrs)),
                _ => None,
            },
        )
    {
        table.primary_key = Some(schema::PrimaryKey {
            name: None,
            parts: key.0.clone(),
            comment: None,
            attrs: key.1.clone(),
        });
    }
    table
}

fn make(
    mut table: Table,
    columns: &[ColumnDraft],
    constraints: &[Draft],
    parents: &[(usize, Arc<Table>, Option<Like>)],
    draft: &TableDraft,
    taken: &dyn Fn(&str) -> bool,
) -> (Table, Part) {
    table.primary_key = None;
    if let Some(old) = &draft.renamed_from {
        table.attrs.set(&engine::renames::RENAMED_FROM, old.clone());
    }
    let (schema, name) = (table.schema.clone(), table.name.clone());
    let mut part = Part::default();
    let path = ObjectPath::Table { schema: schema.clone(), table: name.clone() };
    part.add(path, draft.range, draft.name.name.range);
    if let Some(names) = &draft.query_columns
        && table.columns.is_empty()
    {
        table.columns = names.iter().map(|name| super::plain_column(&name.to_lowercase())).collect();
    }
    for column in columns {
        let column_name = column.name.text.clone();
        let path = ObjectPath::Column { schema: schema.clone(), table: name.clone(), column: column_name };
        part.add(path, column.range, column.name.range);
    }
    let mut shift = 0;
    for (at, parent, like) in parents {
        shift += take(&mut table, *at + shift, parent, like.as_ref());
    }
    for (path, range, at) in constraint::add_all(&mut table, constraints, taken) {
        part.add(path, range, at);
    }
    // Indexes of a copied table get names of their own, behind those of constraints.
    for (_, parent, like) in parents {
        if let Some(like) = like {
            take_indexes(&mut table, parent, like, taken);
        }
    }
    (table, part)
}

/// Takes the columns of `parent` before column `at`; how many.
fn take(table: &mut Table, at: usize, parent: &Table, like: Option<&Like>) -> usize {
    let mut taken = 0;
    for column in &parent.columns {
        if let Some(own) = table.columns.iter_mut().find(|own| own.name == column.name) {
            // A column of both is one.
            own.nullable &= column.nullable;
            own.default = own.default.take().or_else(|| column.default.clone());
            continue;
        }
        let mut column = column.clone();
        if let Some(like) = like {
            if !like.includes("DEFAULTS") {
                column.default = None;
            }
            if !like.includes("GENERATED") {
                column.generated = None;
            }
            if !like.includes("IDENTITY") {
                column.attrs.remove(&attr::IDENTITY);
            }
            if !like.includes("STORAGE") {
                column.attrs.remove(&attr::STORAGE);
            }
            if !like.includes("COMPRESSION") {
                column.attrs.remove(&attr::COMPRESSION);
            }
            if !like.includes("COMMENTS") {
                column.comment = None;
            }
        } else {
            column.attrs.remove(&attr::IDENTITY);
            column.comment = None;
        }
        if let Some(ty) = column.ty.as_mut().filter(|ty| ty.class == Class::Serial) {
            // The sequence stays with the table it is of.
            ty.class = Class::Integer;
            ty.name = match &*ty.name {
                "smallserial" => "smallint",
                "bigserial" => "bigint",
                _ => "integer",
            }
            .into();
            if like.is_none_or(|like| like.includes("DEFAULTS")) {
                let sequence = names::implied(&parent.name, &[&column.name], "seq", |_| false);
                let sequence = column.attrs.get(&attr::SEQUENCE_NAME).unwrap_or(sequence);
                let name = names::qualified("", &parent.schema, &sequence);
                column.default = Some(schema::Default::Expr(Expr(format!("nextval('{name}'::regclass)"))));
            }
            column.attrs.remove(&attr::SEQUENCE_NAME);
        }
        let place = (at + taken).min(table.columns.len());
        table.columns.insert(place, column);
        taken += 1;
    }
    let checks = like.is_none_or(|like| like.includes("CONSTRAINTS"));
    if checks {
        for check in &parent.checks {
            if check.attrs.is(&attr::NO_INHERIT) && like.is_none() {
                continue;
            }
            if !table.checks.iter().any(|own| own.name == check.name) {
                table.checks.push(check.clone());
            }
        }
    }
    taken
}

fn take_indexes(table: &mut Table, parent: &Table, like: &Like, taken: &dyn Fn(&str) -> bool) {
    if !like.includes("INDEXES") {
        return;
    }
    if let Some(key) = &parent.primary_key
        && table.primary_key.is_none()
    {
        table.primary_key = Some(schema::PrimaryKey { name: None, comment: None, ..key.clone() });
    }
    for index in &parent.indexes {
        let words = index::column_words(&index.parts);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let label = match index.key {
            schema::Key::UniqueConstraint => "key",
            schema::Key::Exclusion => "excl",
            schema::Key::Index => "idx",
        };
        let known = |name: &str| table.index(name).is_some() || taken(name);
        let name = SmolStr::from(names::implied(&table.name, &words, label, known));
        let comment = index.comment.clone().filter(|_| like.includes("COMMENTS"));
        constraint::add_index(table, schema::Index { name, comment, ..index.clone() });
    }
}

/// A partition is an object of its own kind, and no table.
fn partition(
    scene: &mut Scene<'_, '_>,
    schema: &SmolStr,
    name: &SmolStr,
    of: &Qualified,
    bound: &str,
    draft: &TableDraft,
) {
    let Some(id) = scene.find(Space::Relation, of.schema(), of.text()) else {
        scene.missing("table", Space::Relation, &of.name);
        return;
    };
    // A table, or a partition that is divided again.
    let Some((of_schema, of)) = scene.name_of(id) else { return };
    let mut object = partition_object(schema, name, &of_schema, &of, bound);
    if let Some(key) = Partition::of(&draft.attrs) {
        key.set(&mut object.attrs);
    }
    let mut part = Part::default();
    let path = ObjectPath::Object { schema: schema.clone(), kind: attr::PARTITION_OF, name: name.clone() };
    part.add(path, draft.range, draft.name.name.range);
    scene.insert(Space::Relation, schema.clone(), name.clone(), Thing::Object(Arc::new(object)), part, 0);
}

/// A partition in the form of the model.
pub(super) fn partition_object(
    schema: &SmolStr,
    name: &SmolStr,
    of_schema: &str,
    of: &str,
    bound: &str,
) -> Object {
    let mut attrs = Attrs::default();
    attrs.set(&attr::OF, names::qualified(schema, of_schema, of));
    attrs.set(&attr::BOUND, bound.to_owned());
    Object { kind: attr::PARTITION_OF, schema: schema.clone(), name: name.clone(), comment: None, attrs }
}
