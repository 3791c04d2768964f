//! What is left when all statements were replayed: sequences that make serial columns.
//!
//! `pg_dump` writes a serial column as a sequence, an integer column and a default apart; the catalog tells them
//! together by the owner of the sequence. Source: atlas `sql/postgres/inspect.go`, which calls such a column serial.

use engine::replay::{Scene, Space, Thing};
use schema::{Class, Default, SmolStr};

use super::super::{attr, names, rules, types};
use super::hash;

pub(super) fn settle(scene: &mut Scene<'_, '_>) {
    super::accounts::settle(scene);
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(Thing::Object(sequence)) = scene.thing(id) else { continue };
        if sequence.kind != attr::SEQUENCE {
            continue;
        }
        let Some(owner) = sequence.attrs.get(&attr::OWNER) else { continue };
        let (sequence_schema, sequence_name) = (sequence.schema.clone(), sequence.name.clone());
        let steps = names::steps(&owner);
        let (schema, table, column) = match &steps[..] {
            [table, column] => (sequence_schema.clone(), table.clone(), column.clone()),
            [schema, table, column] => (schema.clone(), table.clone(), column.clone()),
            _ => continue,
        };
        let Some(table_id) = scene.find(Space::Relation, Some(&schema), &table) else { continue };
        let Some(found) = scene.table(table_id) else { continue };
        let Some(of) = found.column(&column) else { continue };
        let serial = match of.ty.as_ref().map(|ty| (&*ty.name, ty.class)) {
            Some(("smallint", Class::Integer)) => "smallserial",
            Some(("integer", Class::Integer)) => "serial",
            Some(("bigint", Class::Integer)) => "bigserial",
            // The column was serial all along.
            Some((_, Class::Serial)) => {
                scene.remove(id);
                continue;
            }
            _ => continue,
        };
        let takes = matches!(&of.default, Some(Default::Expr(expr))
            if takes_from(&expr.0, &sequence_schema, &sequence_name));
        if !takes || of.nullable {
            continue;
        }
        let options = sequence.attrs.clone();
        scene.remove(id);
        let usual = names::implied(&table, &[&column], "seq", |_| false);
        scene.edit(table_id, hash((&sequence_schema, &sequence_name, format!("{options:?}"))), |table, _| {
            let own = table.schema.clone();
            let Some(of) = table.columns.iter_mut().find(|of| of.name == column) else { return };
            of.ty = Some(types::parse(serial));
            of.default = None;
            rules::serial_options(&mut options.clone(), &mut of.attrs);
            if sequence_name != usual.as_str() || sequence_schema != own {
                of.attrs.set(&attr::SEQUENCE_NAME, names::qualified(&own, &sequence_schema, &sequence_name));
            }
        });
    }
}

/// Whether an expression is `nextval('schema.sequence'::regclass)`.
fn takes_from(text: &str, schema: &SmolStr, name: &SmolStr) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let Some(at) = lower.find("nextval(") else { return false };
    let Some(inner) = text.get(at + 8..).and_then(|rest| rest.split('\'').nth(1)) else { return false };
    match &names::steps(inner)[..] {
        [of] => of == name,
        [in_schema, of] => in_schema == schema && of == name,
        _ => false,
    }
}
