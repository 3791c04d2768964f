//! What the definitions of PostgreSQL do.
//!
//! Reads one statement at a time, from its text alone, into steps on the scene of `engine::replay`: schemas, a search
//! path, objects of every kind. Invariant: what the steps make is what `inspect` says of a server that executed the
//! statements, once both are in the server's form (see `normalize`).
//!
//! Source: PostgreSQL 15, `tablecmds.c`, `indexcmds.c`, `parse_utilcmd.c` for names and implied things; checked
//! against servers in tests.

mod accounts;
mod alter;
mod comment;
mod constraint;
mod declared;
mod drop;
mod foreign;
mod index;
mod object;
mod routine;
mod sequence;
mod settle;
mod table;
mod uses;
mod words;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::replay::{Builder, Effect, Hooks, Name, Rename, Scene, Space, Step, Unsupported};
use rustc_hash::FxHasher;
use schema::{Attrs, Class, Column, ColumnType, SmolStr, View};
use syntax::sql::Piece;
use syntax::sql::ast::{self, Statement};

use super::{attr, names, types};

pub struct Ddl;

impl Hooks for Ddl {
    fn read(&self, statement: &Statement, piece: &Piece, builder: &mut Builder) -> Result<(), Unsupported> {
        uses::add(statement, &mut builder.uses);
        match statement {
            Statement::CreateTable(create) => table::create(create, piece, builder),
            Statement::CreateIndex(create) => index::create(create, piece, builder),
            Statement::CreateView(create) => object::create_view(create, piece, builder),
            Statement::CreateTrigger(create) => routine::create_trigger(create, piece, builder),
            Statement::AlterTable(alter) => return alter::alter(alter, builder),
            Statement::Drop(drop) => drop::relations(drop, builder),
            Statement::DropObject(drop) => return drop::objects(drop, builder),
            Statement::CreateObject(create) => return object::create(create, piece, builder),
            Statement::AlterObject(alter) => return object::alter(alter, builder),
            Statement::CommentOn(comment) => comment::read(comment, builder),
            Statement::SetOption(set) => set_option(set, builder),
            Statement::Query(query) => set_config(query, builder),
            Statement::Grant(grant) => accounts::grant(grant.syntax(), piece, builder),
            Statement::Opaque(_) => return Err(Unsupported),
            Statement::Command(command) if is_program(&command.syntax().text().to_string()) => {
                return Err(Unsupported);
            }
            // Rows and settings are nothing of a schema.
            _ => {}
        }
        Ok(())
    }

    fn is_staged(&self) -> bool {
        true
    }

    fn settle(&self, scene: &mut Scene<'_, '_>) {
        settle::settle(scene);
    }

    fn rename_in_expr(&self, text: &str, from: &str, to: &str) -> String {
        super::expr::rename(text, from, to)
    }

    fn rename_in_body(&self, text: &str, _rename: &Rename<'_>) -> String {
        text.to_string()
    }

    fn view_with_body(&self, view: &View, body: String) -> View {
        View { body, ..view.clone() }
    }

    fn columns_of(&self, text: &str) -> Vec<String> {
        super::expr::columns(text)
    }

    fn derived_column(&self, name: &str, of: Option<&Column>) -> Column {
        match of {
            Some(of) => Column { name: name.into(), ..of.clone() },
            None => plain_column(name),
        }
    }

    fn rename_automatic(&self, _index: &str, _from: &str, _to: &str) -> Option<String> {
        None
    }
}

/// Whether a command runs code that changes definitions: what such a `DO` block or call makes only a server knows.
fn is_program(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words =
        lower.split(|ch: char| !(ch.is_ascii_alphanumeric() || ch == '_')).filter(|word| !word.is_empty());
    words.next() == Some("do")
        && words.any(|word| matches!(word, "create" | "alter" | "drop" | "execute" | "rename"))
}

/// A column of which only the name is known.
fn plain_column(name: &str) -> Column {
    Column {
        name: name.into(),
        ty: None,
        raw_type: String::new(),
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

/// A name with its schema, as a statement writes it; unquoted parts in lower case.
#[derive(Clone, Debug)]
pub(super) struct Qualified {
    pub schema: Option<Name>,
    pub name: Name,
}

impl Qualified {
    pub fn of(path: &ast::Path) -> Self {
        Self { schema: path.schema.as_ref().map(name_of), name: name_of(&path.name) }
    }

    pub fn schema(&self) -> Option<&str> {
        self.schema.as_ref().map(|schema| schema.text.as_str())
    }

    pub fn text(&self) -> &SmolStr {
        &self.name.text
    }
}

/// The name the server keeps: in lower case unless quoted, and no longer than it keeps one.
pub(super) fn fold(name: &ast::Name) -> SmolStr {
    let folded = folded(name);
    let kept = names::kept(&folded);
    if kept.len() < folded.len() { kept.into() } else { folded }
}

fn folded(name: &ast::Name) -> SmolStr {
    if name.raw.starts_with('"') || name.raw.starts_with(['u', 'U']) && name.is_quoted() {
        name.text.clone()
    } else if name.text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        SmolStr::from(name.text.to_lowercase())
    } else {
        name.text.clone()
    }
}

pub(super) fn name_of(name: &ast::Name) -> Name {
    Name { text: fold(name), range: name.range }
}

/// A step that is a function.
struct Do<F>(F);

impl<F> fmt::Debug for Do<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("step")
    }
}

impl<F: Fn(&mut Scene<'_, '_>) + Send + Sync> Step for Do<F> {
    fn apply(&self, scene: &mut Scene<'_, '_>) {
        (self.0)(scene);
    }
}

/// Adds a step to what the statement does.
pub(super) fn step(builder: &mut Builder, run: impl Fn(&mut Scene<'_, '_>) + Send + Sync + 'static) {
    builder.push(Effect::Step(Arc::new(Do(run))));
}

pub(super) fn hash(of: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    of.hash(&mut hasher);
    hasher.finish()
}

/// `SET search_path`.
fn set_option(set: &ast::SetOption, builder: &mut Builder) {
    let Some(path) = set.path() else { return };
    if !path.name.text.eq_ignore_ascii_case("search_path") {
        return;
    }
    let reset = set.words().first().is_some_and(|word| word == "RESET")
        || set.value().eq_ignore_ascii_case("DEFAULT");
    set_search_path(if reset { None } else { Some(path_of(&set.value())) }, builder);
}

/// `SELECT pg_catalog.set_config('search_path', …)`, as `pg_dump` writes it.
fn set_config(query: &ast::Query, builder: &mut Builder) {
    use ast::LiteralKind;
    let text = query.syntax().text().to_string();
    if !text.contains("set_config") {
        return;
    }
    let literals: Vec<ast::Literal> = query.syntax().descendants().filter_map(ast::Literal::cast).collect();
    let strings: Vec<SmolStr> = literals
        .iter()
        .filter(|literal| literal.kind() == Some(LiteralKind::String))
        .filter_map(ast::Literal::string)
        .collect();
    if let [name, value, ..] = &strings[..]
        && name == "search_path"
    {
        set_search_path(Some(path_of(value)), builder);
    }
}

/// The schemas of a search path.
fn path_of(value: &str) -> Vec<SmolStr> {
    value
        .split(',')
        .map(str::trim)
        .map(|part| part.strip_prefix('\'').and_then(|part| part.strip_suffix('\'')).unwrap_or(part))
        .filter_map(|part| names::steps(part).into_iter().next())
        .filter(|name| name != "pg_catalog" && name != "$user")
        .collect()
}

fn set_search_path(path: Option<Vec<SmolStr>>, builder: &mut Builder) {
    step(builder, move |scene| {
        let path = path.clone().unwrap_or_else(|| vec![scene.default_schema()]);
        scene.set_search_path(path);
    });
}

/// A declared type gets the schema it is found in, and the class of what it is.
pub(super) fn resolve_type(scene: &Scene<'_, '_>, ty: &mut ColumnType) {
    let Some((schema, name)) = types::declared_name(ty) else { return };
    let Some(id) = scene.find(Space::Type, schema.as_deref(), &name) else { return };
    let Some((schema, _)) = scene.name_of(id) else { return };
    let is_enum =
        matches!(scene.thing(id), Some(engine::replay::Thing::Object(object)) if object.kind == attr::ENUM);
    let class = if is_enum { Class::Enum } else { Class::UserDefined };
    if ty.class == Class::Array {
        ty.name = format!("{}[]", names::quoted(&name)).into();
    } else {
        ty.name = name;
        ty.class = class;
    }
    ty.schema = Some(schema);
}

/// The table an action is for, or a note that there is none.
pub(super) fn find_table(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    if_exists: bool,
) -> Option<(engine::replay::Id, Arc<schema::Table>)> {
    match scene.find(Space::Relation, name.schema(), name.text()) {
        Some(id) => scene.table(id).map(|table| (id, table)),
        None => {
            if !if_exists {
                scene.missing("table", Space::Relation, &name.name);
            }
            None
        }
    }
}
