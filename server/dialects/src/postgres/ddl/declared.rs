//! Enums, composite types, ranges and domains.

use engine::replay::{Builder, Id, Scene, Space, Thing};
use schema::{Attrs, Class, ObjectPath, SmolStr};
use syntax::sql::Piece;
use syntax::sql::ast::{self, AlterAction, ColumnConstraint};

use super::super::{attr, names, types};
use super::constraint::{Draft, Kind};
use super::object::{add, change, object, type_text};
use super::{Qualified, fold, index, step};

pub(super) fn create_type(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    let name = Qualified::of(&path);
    let range = piece.statement_range();
    if create.has("ENUM") {
        let values: Vec<String> = create
            .values()
            .iter()
            .filter_map(|literal| literal.string().map(|text| text.to_string()))
            .collect();
        let mut attrs = Attrs::default();
        attrs.set(&attr::VALUES, values);
        step(builder, move |scene| {
            let schema = scene.schema_for(name.schema());
            let object = object(attr::ENUM, &schema, name.text(), attrs.clone());
            add(scene, Space::Type, &name, object, range);
        });
    } else if let Some(fields) = create.fields() {
        let fields: Vec<(String, String, Option<String>)> = fields
            .iter()
            .filter_map(|field| {
                let collate = field.constraints().find_map(|constraint| match constraint {
                    ColumnConstraint::Collate(collate) => collate.path().as_ref().and_then(index::collation),
                    _ => None,
                });
                Some((fold(&field.name()?).to_string(), field.type_name()?.text().trim().to_owned(), collate))
            })
            .collect();
        step(builder, move |scene| {
            let schema = scene.schema_for(name.schema());
            let items: Vec<Attrs> = fields
                .iter()
                .map(|(name, ty, collate)| {
                    let mut item = Attrs::default();
                    item.set(&attr::NAME, name.clone());
                    item.set(&attr::TYPE, type_text(scene, ty, &schema));
                    if let Some(collate) = collate {
                        item.set(&attr::COLLATE, collate.clone());
                    }
                    item
                })
                .collect();
            let mut attrs = Attrs::default();
            attrs.set(&attr::FIELDS, items);
            let object = object(attr::COMPOSITE, &schema, name.text(), attrs);
            add(scene, Space::Type, &name, object, range);
        });
    } else if create.has("RANGE") {
        let params: Vec<(String, String)> = create
            .params()
            .unwrap_or_default()
            .iter()
            .filter_map(|param| Some((fold(&param.path()?.name).to_string(), param.value()?)))
            .collect();
        step(builder, move |scene| {
            let schema = scene.schema_for(name.schema());
            let mut attrs = Attrs::default();
            for (key, value) in &params {
                let steps = names::steps(value);
                let path = match &steps[..] {
                    [of, name] if of != "pg_catalog" => names::qualified(&schema, of, name),
                    [.., name] => names::quoted(name).into_owned(),
                    [] => value.clone(),
                };
                match key.as_str() {
                    "subtype" => attrs.set(&attr::SUBTYPE, type_text(scene, value, &schema)),
                    "subtype_opclass" => attrs.set(&attr::SUBTYPE_OPCLASS, path),
                    "collation" => attrs.set(&attr::COLLATE, path),
                    "canonical" => attrs.set(&attr::CANONICAL, path),
                    "subtype_diff" => attrs.set(&attr::SUBTYPE_DIFF, path),
                    "multirange_type_name" if path != multirange_name(name.text()) => {
                        attrs.set(&attr::MULTIRANGE_NAME, path);
                    }
                    _ => {}
                }
            }
            let object = object(attr::RANGE, &schema, name.text(), attrs);
            add(scene, Space::Type, &name, object, range);
        });
    }
}

/// The name of the multirange of a range that says none.
///
/// Source: PostgreSQL 15, `makeMultirangeTypeName`.
fn multirange_name(range: &str) -> String {
    match range.find("range") {
        Some(at) => format!("{}multi{}", &range[..at], &range[at..]),
        None => format!("{range}_multirange"),
    }
}

pub(super) fn create_domain(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(ty)) = (create.path(), create.type_name()) else { return };
    let name = Qualified::of(&path);
    let raw = ty.text().trim().to_owned();
    let range = piece.statement_range();
    let (mut null, mut default, mut collate) = (true, None, None);
    let mut checks: Vec<Draft> = Vec::new();
    for constraint in create.constraints() {
        match &constraint {
            ColumnConstraint::NotNull(_) => null = false,
            ColumnConstraint::Default(node) => default = node.text().map(|text| text.trim().to_owned()),
            ColumnConstraint::Collate(node) => collate = node.path().as_ref().and_then(index::collation),
            other => checks.extend(Draft::of_column(other, &SmolStr::default())),
        }
    }
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let mut attrs = Attrs::default();
        attrs.set(&attr::TYPE, type_text(scene, &raw, &schema));
        if null {
            attrs.set(&attr::NULL, true);
        }
        if let Some(default) = default.as_ref().filter(|text| !text.eq_ignore_ascii_case("null")) {
            attrs.set(&attr::DEFAULT, default.clone());
        }
        if let Some(collate) = &collate {
            attrs.set(&attr::COLLATE, collate.clone());
        }
        for draft in &checks {
            add_domain_check(&mut attrs, name.text(), draft);
        }
        let object = object(attr::DOMAIN, &schema, name.text(), attrs);
        add(scene, Space::Type, &name, object, range);
    });
}

fn add_domain_check(attrs: &mut Attrs, domain: &str, draft: &Draft) {
    let Kind::Check { expr, .. } = &draft.kind else { return };
    let mut items = attrs.get(&attr::CHECKS).unwrap_or_default();
    let taken = |name: &str| items.iter().any(|item| item.get(&attr::NAME).as_deref() == Some(name));
    let name = match &draft.name {
        Some(name) => name.text.to_string(),
        None => names::implied(domain, &[], "check", taken),
    };
    let mut item = Attrs::default();
    item.set(&attr::NAME, name);
    item.set(&attr::EXPR, expr.clone());
    items.push(item);
    items.sort_by_key(|item| item.get(&attr::NAME));
    attrs.set(&attr::CHECKS, items);
}

/// Columns of a declared type follow its name: `to` gives the new schema, and the new name if it changed.
pub(super) fn retype(
    scene: &mut Scene<'_, '_>,
    to: impl Fn(&str, &str) -> Option<(SmolStr, Option<SmolStr>)>,
) {
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let target = |ty: &schema::ColumnType| {
            let (schema, name) = types::declared_name(ty)?;
            to(&schema?, &name)
        };
        let affected = table.columns.iter().filter_map(|column| column.ty.as_ref()).filter_map(target).next();
        let Some(affected) = affected else { continue };
        scene.edit(id, super::hash(format!("{affected:?}")), |table, _| {
            for ty in table.columns.iter_mut().filter_map(|column| column.ty.as_mut()) {
                let Some((schema, name)) = target(ty) else { continue };
                ty.schema = Some(schema);
                if let Some(name) = name {
                    ty.name = if ty.class == Class::Array {
                        format!("{}[]", names::quoted(&name)).into()
                    } else {
                        name
                    };
                }
            }
        });
    }
}

fn find_type(scene: &mut Scene<'_, '_>, name: &Qualified) -> Option<Id> {
    let found = scene.find(Space::Type, name.schema(), name.text());
    if found.is_none() {
        scene.missing("type", Space::Type, &name.name);
    }
    found
}

pub(super) fn alter_type(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
    for action in alter.actions() {
        let name = name.clone();
        match action {
            AlterAction::Other(action) => {
                let words = action.words();
                let strings: Vec<String> = action
                    .literals()
                    .iter()
                    .filter_map(|literal| literal.string().map(|text| text.to_string()))
                    .collect();
                let to = action.paths().first().map(|path| fold(&path.name));
                match words.as_str() {
                    "RENAME TO" | "SET SCHEMA" => {
                        let Some(to) = to else { continue };
                        let schema_moves = words == "SET SCHEMA";
                        step(builder, move |scene| rename_type(scene, &name, &to, schema_moves));
                    }
                    words if words.starts_with("ADD VALUE") => {
                        let before = words.ends_with("BEFORE");
                        step(builder, move |scene| {
                            let Some(id) = find_type(scene, &name) else { return };
                            let [value, anchor @ ..] = &strings[..] else { return };
                            change(scene, id, |object| {
                                let mut values = object.attrs.get(&attr::VALUES).unwrap_or_default();
                                if values.contains(value) {
                                    return;
                                }
                                let place = anchor
                                    .first()
                                    .and_then(|anchor| values.iter().position(|value| value == anchor))
                                    .map_or(values.len(), |at| if before { at } else { at + 1 });
                                values.insert(place, value.clone());
                                object.attrs.set(&attr::VALUES, values);
                            });
                        });
                    }
                    "RENAME VALUE TO" => step(builder, move |scene| {
                        let Some(id) = find_type(scene, &name) else { return };
                        let [from, to] = &strings[..] else { return };
                        change(scene, id, |object| {
                            let mut values = object.attrs.get(&attr::VALUES).unwrap_or_default();
                            for value in values.iter_mut().filter(|value| *value == from) {
                                value.clone_from(to);
                            }
                            object.attrs.set(&attr::VALUES, values);
                        });
                    }),
                    "SET NOT NULL" | "DROP NOT NULL" => {
                        let null = words.starts_with("DROP");
                        step(builder, move |scene| {
                            let Some(id) = find_type(scene, &name) else { return };
                            change(scene, id, |object| {
                                if null {
                                    object.attrs.set(&attr::NULL, true);
                                } else {
                                    object.attrs.remove(&attr::NULL);
                                }
                            });
                        });
                    }
                    "DROP DEFAULT" => step(builder, move |scene| {
                        let Some(id) = find_type(scene, &name) else { return };
                        change(scene, id, |object| object.attrs.remove(&attr::DEFAULT));
                    }),
                    "SET" => {
                        let Some(text) = action.default().and_then(|default| default.text()) else {
                            continue;
                        };
                        let text = text.trim().to_owned();
                        step(builder, move |scene| {
                            let Some(id) = find_type(scene, &name) else { return };
                            change(scene, id, |object| object.attrs.set(&attr::DEFAULT, text.clone()));
                        });
                    }
                    _ => {}
                }
            }
            AlterAction::AddConstraint(node) => {
                let Some(draft) = Draft::of_table(&node) else { continue };
                step(builder, move |scene| {
                    let Some(id) = find_type(scene, &name) else { return };
                    change(scene, id, |object| {
                        if matches!(draft.kind, Kind::NotNull { .. }) {
                            object.attrs.remove(&attr::NULL);
                        } else {
                            let domain = object.name.clone();
                            add_domain_check(&mut object.attrs, &domain, &draft);
                        }
                    });
                });
            }
            AlterAction::DropConstraint(drop) => {
                let Some(constraint) = drop.name().map(|name| fold(&name).to_string()) else { continue };
                step(builder, move |scene| {
                    let Some(id) = find_type(scene, &name) else { return };
                    change(scene, id, |object| {
                        let mut items = object.attrs.get(&attr::CHECKS).unwrap_or_default();
                        items.retain(|item| item.get(&attr::NAME).as_ref() != Some(&constraint));
                        if items.is_empty() {
                            object.attrs.remove(&attr::CHECKS);
                        } else {
                            object.attrs.set(&attr::CHECKS, items);
                        }
                    });
                });
            }
            AlterAction::RenameConstraint(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (from, to) = (fold(&from).to_string(), fold(&to).to_string());
                edit_items(&name, &attr::CHECKS, builder, move |items| {
                    for item in items.iter_mut().filter(|item| item.get(&attr::NAME).as_ref() == Some(&from))
                    {
                        item.set(&attr::NAME, to.clone());
                    }
                    items.sort_by_key(|item| item.get(&attr::NAME));
                });
            }
            AlterAction::RenameColumn(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (from, to) = (fold(&from).to_string(), fold(&to).to_string());
                edit_items(&name, &attr::FIELDS, builder, move |items| {
                    for item in items.iter_mut().filter(|item| item.get(&attr::NAME).as_ref() == Some(&from))
                    {
                        item.set(&attr::NAME, to.clone());
                    }
                });
            }
            AlterAction::DropColumn(drop) => {
                let Some(field) = drop.name().map(|name| fold(&name).to_string()) else { continue };
                edit_items(&name, &attr::FIELDS, builder, move |items| {
                    items.retain(|item| item.get(&attr::NAME).as_ref() != Some(&field));
                });
            }
            AlterAction::AddColumn(add) => {
                let Some(column) = add.column() else { continue };
                let (Some(field), Some(ty)) = (column.name(), column.type_name()) else { continue };
                let (field, ty) = (fold(&field).to_string(), ty.text().trim().to_owned());
                step(builder, move |scene| {
                    let Some(id) = find_type(scene, &name) else { return };
                    let Some((schema, _)) = scene.name_of(id) else { return };
                    let ty = type_text(scene, &ty, &schema);
                    change(scene, id, |object| {
                        let mut items = object.attrs.get(&attr::FIELDS).unwrap_or_default();
                        let mut item = Attrs::default();
                        item.set(&attr::NAME, field.clone());
                        item.set(&attr::TYPE, ty);
                        items.push(item);
                        object.attrs.set(&attr::FIELDS, items);
                    });
                });
            }
            AlterAction::AlterColumn(node) => {
                let (Some(field), Some(ty)) = (node.name(), node.type_name()) else { continue };
                let (field, ty) = (fold(&field).to_string(), ty.text().trim().to_owned());
                step(builder, move |scene| {
                    let Some(id) = find_type(scene, &name) else { return };
                    let Some((schema, _)) = scene.name_of(id) else { return };
                    let ty = type_text(scene, &ty, &schema);
                    change(scene, id, |object| {
                        let mut items = object.attrs.get(&attr::FIELDS).unwrap_or_default();
                        for item in
                            items.iter_mut().filter(|item| item.get(&attr::NAME).as_ref() == Some(&field))
                        {
                            item.set(&attr::TYPE, ty.clone());
                        }
                        object.attrs.set(&attr::FIELDS, items);
                    });
                });
            }
            AlterAction::RenameTable(_) => {}
        }
    }
}

fn edit_items(
    name: &Qualified,
    key: &'static schema::AttrKey<Vec<Attrs>>,
    builder: &mut Builder,
    edit: impl Fn(&mut Vec<Attrs>) + Send + Sync + 'static,
) {
    let name = name.clone();
    step(builder, move |scene| {
        let Some(id) = find_type(scene, &name) else { return };
        change(scene, id, |object| {
            let mut items = object.attrs.get(key).unwrap_or_default();
            edit(&mut items);
            object.attrs.set(key, items);
        });
    });
}

fn rename_type(scene: &mut Scene<'_, '_>, name: &Qualified, to: &SmolStr, schema_moves: bool) {
    let Some(id) = find_type(scene, name) else { return };
    let Some((schema, old)) = scene.name_of(id) else { return };
    let (new_schema, new) =
        if schema_moves { (to.clone(), old.clone()) } else { (schema.clone(), to.clone()) };
    let kind = match scene.thing(id) {
        Some(Thing::Object(object)) => object.kind,
        _ => return,
    };
    change(scene, id, |object| {
        object.name = new.clone();
        object.schema = new_schema.clone();
    });
    let path = |schema: &SmolStr, name: &SmolStr| ObjectPath::Object {
        schema: schema.clone(),
        kind,
        name: name.clone(),
    };
    scene.origin(id, |origin| origin.rename(&path(&schema, &old), path(&new_schema, &new), name.name.range));
    scene.rename(id, new_schema.clone(), new.clone());
    retype(scene, |of_schema, of| {
        (of_schema == schema && of == old).then(|| (new_schema.clone(), Some(new.clone())))
    });
}
