//! The new name of a table or view: what is called after it follows, and so does what refers to it.

use engine::replay::{Scene, Space, Thing};
use schema::{ObjectPath, SmolStr};

use super::super::{Qual, hash, object};

/// Calls a table or view by another name, perhaps in another database.
pub(in crate::mysql::ddl) fn rename_table(scene: &mut Scene<'_, '_>, from: &Qual, to: &Qual, quiet: bool) {
    let Some(id) = from.find(scene, Space::Relation) else {
        if !quiet && !from.is_elsewhere(scene) {
            scene.missing("table", Space::Relation, &from.name);
        }
        return;
    };
    let Some((old_schema, old)) = scene.name_of(id) else { return };
    let schema = to.home(scene);
    let name = to.name.text.clone();
    if scene.find(Space::Relation, Some(&schema), &name).is_some_and(|other| other != id) {
        scene.exists("table", &to.name, None);
        return;
    }
    match scene.thing(id).cloned() {
        Some(Thing::View(view)) => {
            let mut view = schema::View::clone(&view);
            view.name = name.clone();
            scene.set(id, Thing::View(view.into()));
            let path = ObjectPath::View { schema: schema.clone(), view: name.clone() };
            let before = ObjectPath::View { schema: old_schema.clone(), view: old.clone() };
            scene.origin(id, |origin| origin.rename(&before, path, to.name.range));
        }
        Some(Thing::Table(_)) => scene.edit(id, hash(&schema), |table, origin| {
            let (before, after) = (format!("{old}_ibfk_"), format!("{name}_ibfk_"));
            let (check_before, check_after) = (format!("{old}_chk_"), format!("{name}_chk_"));
            table.name.clone_from(&name);
            table.schema.clone_from(&schema);
            // Names the server made up are made anew.
            for key in &mut table.foreign_keys {
                if let Some(number) = key.name.as_ref().and_then(|own| own.strip_prefix(&before)) {
                    key.name = Some(format!("{after}{number}").into());
                }
                if key.ref_table == old && (key.ref_schema.is_empty() || key.ref_schema == old_schema) {
                    key.ref_table.clone_from(&name);
                }
            }
            for check in &mut table.checks {
                if let Some(number) = check.name.as_ref().and_then(|own| own.strip_prefix(&check_before)) {
                    check.name = Some(format!("{check_after}{number}").into());
                }
            }
            for path in origin.paths() {
                path.move_to_table(&schema, &name);
            }
            let path = ObjectPath::Table { schema: schema.clone(), table: name.clone() };
            origin.rename(&path.clone(), path, to.name.range);
        }),
        _ => {}
    }
    scene.rename(id, schema.clone(), name.clone());
    for other in scene.all(|space, _| space == Space::Relation).into_iter().filter(|other| *other != id) {
        let Some(table) = scene.table(other) else { continue };
        let refers = |key: &schema::ForeignKey| {
            let at = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            *at == old_schema && key.ref_table == old
        };
        if table.foreign_keys.iter().any(refers) {
            scene.edit(other, 2, |edited, _| {
                for key in edited.foreign_keys.iter_mut().filter(|key| refers(key)) {
                    key.ref_table.clone_from(&name);
                    key.ref_schema =
                        if schema == edited.schema { SmolStr::default() } else { schema.clone() };
                }
            });
        }
    }
    object::follow_table(scene, &old_schema, &old, &name);
}
