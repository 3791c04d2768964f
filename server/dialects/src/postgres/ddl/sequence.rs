//! Sequences, and those behind serial columns.

use engine::replay::{Builder, Id, Scene, Space, Thing};
use schema::{Attrs, Class, SmolStr};
use syntax::sql::Piece;
use syntax::sql::ast::{self, AlterAction};

use super::super::{attr, names, rules, types};
use super::alter::relocate;
use super::object::{add, change, object};
use super::{Qualified, fold, hash, name_of, step};

/// The options of a sequence.
#[derive(Clone, Debug)]
struct Options(Vec<SequenceOption>);

/// An option in words, with what it says.
#[derive(Clone, Debug)]
struct SequenceOption {
    words: SmolStr,
    number: Option<i64>,
    path: Option<ast::Path>,
    ty: Option<String>,
}

impl Options {
    fn of(options: impl Iterator<Item = ast::OptionClause>) -> Self {
        Self(
            options
                .map(|option| {
                    let number = option.number().and_then(|text| text.replace('_', "").parse().ok());
                    let ty = option.type_name().map(|ty| ty.text().trim().to_owned());
                    SequenceOption { words: option.words(), number, path: option.path(), ty }
                })
                .collect(),
        )
    }

    fn set(&self, attrs: &mut Attrs, scene: &Scene<'_, '_>, schema: &str) {
        for SequenceOption { words, number, path, ty } in &self.0 {
            match (words.split(' ').next().unwrap_or_default(), number) {
                ("AS", _) => {
                    if let Some(ty) = ty {
                        attrs.set(&attr::TYPE, types::format(&types::parse(ty)));
                    }
                }
                ("START", Some(number)) => attrs.set(&attr::START, *number),
                ("INCREMENT", Some(number)) => attrs.set(&attr::INCREMENT, *number),
                ("MINVALUE", Some(number)) => attrs.set(&attr::MIN_VALUE, *number),
                ("MAXVALUE", Some(number)) => attrs.set(&attr::MAX_VALUE, *number),
                ("CACHE", Some(number)) => attrs.set(&attr::CACHE, *number),
                ("CYCLE", _) => attrs.set(&attr::CYCLE, true),
                ("NO", _) => match words.as_str() {
                    "NO MINVALUE" => attrs.remove(&attr::MIN_VALUE),
                    "NO MAXVALUE" => attrs.remove(&attr::MAX_VALUE),
                    _ => attrs.remove(&attr::CYCLE),
                },
                ("OWNED", _) => match path.as_ref().and_then(|path| owner(path, scene, schema)) {
                    Some(owner) => attrs.set(&attr::OWNER, owner),
                    None => attrs.remove(&attr::OWNER),
                },
                _ => {}
            }
        }
        canonical_sequence(attrs);
    }
}

/// `table.column`, with its schema where that is not the sequence's own; `None` for `NONE`.
fn owner(path: &ast::Path, scene: &Scene<'_, '_>, own: &str) -> Option<String> {
    let table = fold(path.schema.as_ref()?);
    let written = path.catalog.as_ref().map(fold);
    let id = scene.find(Space::Relation, written.as_deref(), &table);
    let schema = id
        .and_then(|id| scene.name_of(id))
        .map(|(schema, _)| schema)
        .or(written)
        .unwrap_or_else(|| own.into());
    Some(format!("{}.{}", names::qualified(own, &schema, &table), names::quoted(&fold(&path.name))))
}

/// Leaves out what is the default for the type and the direction.
///
/// Source: PostgreSQL 15, `init_params`.
fn canonical_sequence(attrs: &mut Attrs) {
    let ty = attrs.get(&attr::TYPE).unwrap_or_else(|| "bigint".to_owned());
    let (low, high) = match ty.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    if ty == "bigint" {
        attrs.remove(&attr::TYPE);
    }
    let step = attrs.get(&attr::INCREMENT).unwrap_or(1);
    let (min, max) = if step > 0 { (1, high) } else { (low, -1) };
    let unless = |attrs: &mut Attrs, key: &'static schema::AttrKey<i64>, default: i64| {
        if attrs.get(key) == Some(default) {
            attrs.remove(key);
        }
    };
    let start = if step > 0 {
        attrs.get(&attr::MIN_VALUE).unwrap_or(min)
    } else {
        attrs.get(&attr::MAX_VALUE).unwrap_or(max)
    };
    unless(attrs, &attr::INCREMENT, 1);
    unless(attrs, &attr::START, start);
    unless(attrs, &attr::MIN_VALUE, min);
    unless(attrs, &attr::MAX_VALUE, max);
    unless(attrs, &attr::CACHE, 1);
}

pub(super) fn create_sequence(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    if create.temporary() {
        return;
    }
    let name = Qualified::of(&path);
    let options = Options::of(create.options());
    let if_not_exists = create.if_not_exists().is_some();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        if if_not_exists && scene.is_taken(&schema, name.text()) {
            return;
        }
        let mut attrs = Attrs::default();
        options.set(&mut attrs, scene, &schema);
        let object = object(attr::SEQUENCE, &schema, name.text(), attrs);
        add(scene, Space::Relation, &name, object, range);
    });
}

pub(super) fn alter_sequence(
    alter: &ast::AlterObject,
    name: &Qualified,
    if_exists: bool,
    builder: &mut Builder,
) {
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        let words = action.words();
        let name = name.clone();
        match words.as_str() {
            "RENAME TO" | "SET SCHEMA" => {
                let Some(to) = action.paths().first().map(|path| name_of(&path.name)) else { continue };
                let schema_moves = words == "SET SCHEMA";
                step(builder, move |scene| {
                    let Some(id) = find_sequence(scene, &name, if_exists) else { return };
                    let Some((schema, old)) = scene.name_of(id) else { return };
                    let (new_schema, new) = if schema_moves {
                        (to.text.clone(), old.clone())
                    } else {
                        (schema.clone(), to.text.clone())
                    };
                    relocate(scene, id, (&schema, &old), (&new_schema, &new), to.range);
                });
            }
            "OWNER TO" => {}
            _ => {
                let options = Options::of(action.options());
                step(builder, move |scene| {
                    if scene.find(Space::Relation, name.schema(), name.text()).is_none()
                        && alter_serial(scene, &name, &options)
                    {
                        return;
                    }
                    let Some(id) = find_sequence(scene, &name, if_exists) else { return };
                    let Some((schema, _)) = scene.name_of(id) else { return };
                    let mut attrs = match scene.thing(id) {
                        Some(Thing::Object(object)) => object.attrs.clone(),
                        _ => return,
                    };
                    options.set(&mut attrs, scene, &schema);
                    change(scene, id, |object| object.attrs = attrs);
                });
            }
        }
    }
}

/// Changes the sequence of a serial column, which is part of it; whether there is one of this name.
fn alter_serial(scene: &mut Scene<'_, '_>, name: &Qualified, options: &Options) -> bool {
    let schemas: Vec<SmolStr> = match name.schema() {
        Some(schema) => vec![schema.into()],
        None => scene.search_path().to_vec(),
    };
    for schema in schemas {
        for id in scene.all(|space, of| space == Space::Relation && of == schema) {
            let Some(table) = scene.table(id) else { continue };
            let is = |column: &&schema::Column| {
                column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial)
                    && match column.attrs.get(&attr::SEQUENCE_NAME) {
                        Some(own) => names::steps(&own).last() == Some(name.text()),
                        None => {
                            names::implied(&table.name, &[&column.name], "seq", |_| false) == *name.text()
                        }
                    }
            };
            let Some(column) = table.columns.iter().find(is) else { continue };
            let serial = column.ty.as_ref().map(|ty| ty.name.clone()).unwrap_or_default();
            let items = column.attrs.get(&attr::SEQUENCE_OPTIONS).unwrap_or_default();
            let mut attrs = items.into_iter().next().unwrap_or_default();
            options.set(&mut attrs, scene, &schema);
            attrs.set(&attr::TYPE, rules::serial_sequence(&serial).to_owned());
            let of = column.name.clone();
            scene.edit(id, hash(format!("{attrs:?}")), |table, _| {
                if let Some(column) = table.columns.iter_mut().find(|column| column.name == of) {
                    rules::serial_options(&mut attrs.clone(), &mut column.attrs);
                }
            });
            return true;
        }
    }
    false
}

fn find_sequence(scene: &mut Scene<'_, '_>, name: &Qualified, if_exists: bool) -> Option<Id> {
    let found = scene.find(Space::Relation, name.schema(), name.text());
    // The sequence of a serial column is not written down.
    if found.is_none() && !if_exists && !name.text().ends_with("_seq") {
        scene.missing("sequence", Space::Relation, &name.name);
    }
    found
}
