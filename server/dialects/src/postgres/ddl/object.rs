//! Schemas, views, types, domains, sequences, extensions, and what is altered of them.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Id, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Class, Object, ObjectPath, SmolStr, View, ViewKind};
use syntax::sql::Piece;
use syntax::sql::ast::{self, AlterAction, ColumnConstraint};

use super::super::{attr, names, rules, types};
use super::alter::relocate;
use super::constraint::{Draft, Kind};
use super::{
    Qualified, accounts, fold, foreign, hash, index, name_of, plain_column, resolve_type, routine, step,
};

/// Reads `CREATE` of what is no table, index, view or trigger.
pub(super) fn create(
    create: &ast::CreateObject,
    piece: &Piece,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    match create.kind().as_str() {
        "SCHEMA" => create_schema(create, piece, builder),
        "TYPE" => create_type(create, piece, builder),
        "DOMAIN" => create_domain(create, piece, builder),
        "SEQUENCE" => create_sequence(create, piece, builder),
        "EXTENSION" => create_extension(create, piece, builder),
        "FUNCTION" | "PROCEDURE" => routine::create(create, piece, builder),
        "AGGREGATE" => routine::create_aggregate(create, piece, builder),
        "POLICY" => routine::create_policy(create, piece, builder),
        "EVENT TRIGGER" => routine::create_event_trigger(create, piece, builder),
        "FOREIGN TABLE" => return foreign::create_table(create.syntax(), piece, builder),
        "COLLATION" => foreign::create_collation(create.syntax(), piece, builder),
        "CAST" => foreign::create_cast(create.syntax(), piece, builder),
        "SERVER" => foreign::create_server(create.syntax(), piece, builder),
        "USER MAPPING" => foreign::create_mapping(create.syntax(), piece, builder),
        "ROLE" | "USER" | "GROUP" => accounts::create(create.syntax(), piece, builder),
        // Operators and their kin are none of the realm, and no relations.
        _ => {}
    }
    Ok(())
}

/// Adds an object of a schema, whose name must be free.
pub(super) fn add(
    scene: &mut Scene<'_, '_>,
    space: Space,
    name: &Qualified,
    object: Object,
    piece: text::TextRange,
) -> Option<Id> {
    let schema = object.schema.clone();
    if let Some(other) = scene.find(space, Some(&schema), name.text()) {
        scene.exists(object.kind, &name.name, Some(other));
        return None;
    }
    let mut part = Part::default();
    let path = ObjectPath::Object { schema: schema.clone(), kind: object.kind, name: object.name.clone() };
    part.add(path, piece, name.name.range);
    Some(scene.insert(space, schema, name.text().clone(), Thing::Object(Arc::new(object)), part, 0))
}

fn create_schema(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let role = create.options().find_map(|option| option.name());
    let Some(name) = create.path().map(|path| path.name).or(role).as_ref().map(name_of) else { return };
    let if_not_exists = create.if_not_exists().is_some();
    let own = name.text.clone();
    step(builder, move |scene| {
        if name.text == scene.default_schema() {
            // It exists, and dumps of some versions create it.
            if !scene.has_schema(&name.text) {
                scene.create_schema(&name);
            }
        } else if !scene.create_schema(&name) && !if_not_exists {
            scene.exists("schema", &name, None);
        }
    });
    let elements = create.elements();
    if elements.is_empty() {
        return;
    }
    // What is within belongs to the schema.
    let before = Arc::new(std::sync::Mutex::new(Vec::new()));
    let saved = before.clone();
    step(builder, move |scene| {
        let path = scene.search_path().to_vec();
        if let Ok(mut saved) = saved.lock() {
            saved.clone_from(&path);
        }
        let mut inner = vec![own.clone()];
        inner.extend(path);
        scene.set_search_path(inner);
    });
    for element in elements {
        use engine::replay::Hooks;
        let _ = super::Ddl.read(&element, piece, builder);
    }
    step(builder, move |scene| {
        let path = before.lock().map(|path| path.clone()).unwrap_or_default();
        scene.set_search_path(path);
    });
}

fn create_type(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
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

fn object(kind: &'static str, schema: &SmolStr, name: &SmolStr, attrs: Attrs) -> Object {
    Object { kind, schema: schema.clone(), name: name.clone(), comment: None, attrs }
}

/// A type as an attribute of an object of `own` has it.
pub(super) fn type_text(scene: &Scene<'_, '_>, raw: &str, own: &str) -> String {
    let mut ty = types::parse(raw);
    resolve_type(scene, &mut ty);
    types::text(&ty, own)
}

fn create_domain(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
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

fn create_sequence(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
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

fn create_extension(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(name) = create.path().map(|path| name_of(&path.name)) else { return };
    let mut attrs = Attrs::default();
    for option in create.options() {
        match option.words().as_str() {
            "SCHEMA" => {
                let schema = option.path().map(|path| fold(&path.name)).unwrap_or_default();
                if schema != "public" {
                    attrs.set(&attr::SCHEMA, schema.to_string());
                }
            }
            "VERSION" => {
                let text = option.literal().and_then(|literal| literal.string());
                let text = text.or_else(|| option.name().map(|name| name.text));
                if let Some(text) = text {
                    attrs.set(&attr::VERSION, text.to_string());
                }
            }
            _ => {}
        }
    }
    let if_not_exists = create.if_not_exists().is_some();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let space = Space::Global(attr::EXTENSION);
        if let Some(other) = scene.find(space, None, &name.text) {
            if !if_not_exists {
                scene.exists("extension", &name, Some(other));
            }
            return;
        }
        // What every database has is not managed.
        if name.text == "plpgsql" {
            scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Hidden, Part::default(), 0);
            return;
        }
        let object = object(attr::EXTENSION, &SmolStr::default(), &name.text, attrs.clone());
        let mut part = Part::default();
        let path =
            ObjectPath::Object { schema: SmolStr::default(), kind: attr::EXTENSION, name: name.text.clone() };
        part.add(path, range, name.range);
        scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Object(Arc::new(object)), part, 0);
    });
}

/// Reads `CREATE [MATERIALIZED] VIEW`.
pub(super) fn create_view(create: &ast::CreateView, piece: &Piece, builder: &mut Builder) {
    let (Some(path), Some(mut body)) = (create.path(), create.body()) else { return };
    if create.temporary().is_some() {
        return;
    }
    let name = Qualified::of(&path);
    let listed: Vec<SmolStr> = create.columns().iter().map(fold).collect();
    if create.recursive() {
        let columns: Vec<_> = listed.iter().map(|name| names::quoted(name)).collect();
        let columns = columns.join(", ");
        let own = names::quoted(name.text());
        body = format!("WITH RECURSIVE {own}({columns}) AS ({body}) SELECT {columns} FROM {own}");
    }
    let mut attrs = Attrs::default();
    let (mut barrier, mut invoker) = (false, false);
    for param in create.params().unwrap_or_default() {
        let Some(path) = param.path() else { continue };
        let value = param.value().unwrap_or_else(|| "true".to_owned());
        let on = !matches!(value.trim_matches('\'').to_lowercase().as_str(), "false" | "off" | "0" | "no");
        match fold(&path.name).as_str() {
            "security_barrier" => barrier = on,
            "security_invoker" => invoker = on,
            "check_option" => attrs.set(&attr::CHECK_OPTION, value.trim_matches('\'').to_uppercase()),
            _ => {}
        }
    }
    attr::set_view_security(&mut attrs, barrier, invoker);
    let materialized = create.materialized();
    if materialized && let Some(params) = create.params() {
        index::storage(&params, &mut attrs);
    }
    match create.option().as_deref() {
        Some(words) if words.contains("CHECK") => {
            let word = if words.contains("LOCAL") { "LOCAL" } else { "CASCADED" };
            attrs.set(&attr::CHECK_OPTION, word.to_owned());
        }
        Some(words) if words.contains("NO DATA") => attrs.set(&attr::WITH_NO_DATA, true),
        _ => {}
    }
    for clause in create.clauses() {
        if clause.words() == "USING"
            && let Some(path) = clause.path()
            && fold(&path.name) != "heap"
        {
            attrs.set(&attr::ACCESS_METHOD, fold(&path.name).to_string());
        }
    }
    let columns: Vec<SmolStr> = if listed.is_empty() {
        crate::body::postgres(&body).unwrap_or_default().into_iter().map(SmolStr::from).collect()
    } else {
        listed
    };
    let kind = if materialized { ViewKind::Materialized } else { ViewKind::Plain };
    let (if_not_exists, replace) = (create.if_not_exists().is_some(), create.or_replace());
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let view = View {
            schema: schema.clone(),
            name: name.text().clone(),
            kind,
            body: body.clone(),
            columns: columns.iter().map(|name| plain_column(name)).collect(),
            indexes: Vec::new(),
            comment: None,
            depends_on: Vec::new(),
            attrs: attrs.clone(),
        };
        if let Some(id) = scene.find(Space::Relation, Some(&schema), name.text()) {
            match scene.thing(id).cloned() {
                Some(Thing::View(old)) if replace => {
                    scene.set(id, Thing::View(Arc::new(View { comment: old.comment.clone(), ..view })));
                }
                _ if if_not_exists => {}
                _ => scene.exists("view", &name.name, Some(id)),
            }
            return;
        }
        let mut part = Part::default();
        part.add(
            ObjectPath::View { schema: schema.clone(), view: name.text().clone() },
            range,
            name.name.range,
        );
        scene.insert(Space::Relation, schema, name.text().clone(), Thing::View(Arc::new(view)), part, 0);
    });
}

/// Reads `ALTER` of what is no relation.
pub(super) fn alter(alter: &ast::AlterObject, builder: &mut Builder) -> Result<(), Unsupported> {
    let kind = alter.kind();
    if matches!(kind.as_str(), "ROLE" | "USER" | "GROUP") {
        accounts::alter(alter.syntax(), builder);
        return Ok(());
    }
    if matches!(kind.as_str(), "SERVER" | "USER MAPPING" | "COLLATION") {
        foreign::alter(alter.syntax(), builder);
        return Ok(());
    }
    let Some(path) = alter.path() else { return Ok(()) };
    let name = Qualified::of(&path);
    let if_exists = alter.if_exists().is_some();
    match kind.as_str() {
        "SCHEMA" => alter_schema(alter, &name, builder),
        "TYPE" | "DOMAIN" => alter_type(alter, &name, builder),
        "SEQUENCE" => alter_sequence(alter, &name, if_exists, builder),
        "EXTENSION" | "EVENT TRIGGER" => alter_global(alter, &kind, &name, builder),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => routine::alter(alter, &name, builder),
        "TRIGGER" | "POLICY" => routine::alter_owned(alter, &name, builder),
        _ => {}
    }
    Ok(())
}

fn alter_schema(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        if action.words() != "RENAME TO" {
            continue;
        }
        let Some(to) = action.paths().first().map(|path| fold(&path.name)) else { continue };
        let name = name.clone();
        step(builder, move |scene| {
            if !scene.has_schema(name.text()) {
                scene.missing("schema", Space::Global("schema"), &name.name);
                return;
            }
            let old = name.text().clone();
            let inside = scene.all(|_, schema| schema == old);
            for id in inside {
                let Some((_, of)) = scene.name_of(id) else { continue };
                match scene.thing(id).cloned() {
                    Some(Thing::Table(_) | Thing::View(_)) => {
                        relocate(scene, id, (&old, &of), (&to, &of), name.name.range);
                    }
                    Some(thing) => {
                        let thing = moved(thing, &to);
                        scene.set(id, thing);
                        scene.rename(id, to.clone(), of);
                    }
                    None => {}
                }
            }
            retype(scene, |schema, _| (schema == old).then(|| (to.clone(), None)));
            scene.rename_schema(&old, &to);
        });
    }
}

/// The same thing in another schema.
fn moved(thing: Thing, to: &SmolStr) -> Thing {
    match thing {
        Thing::Object(mut object) => {
            Arc::make_mut(&mut object).schema = to.clone();
            Thing::Object(object)
        }
        Thing::Routine(mut routine) => {
            Arc::make_mut(&mut routine).schema = to.clone();
            Thing::Routine(routine)
        }
        Thing::Trigger(mut trigger) => {
            Arc::make_mut(&mut trigger).schema = to.clone();
            Thing::Trigger(trigger)
        }
        other => other,
    }
}

/// Columns of a declared type follow its name: `to` gives the new schema, and the new name if it changed.
fn retype(scene: &mut Scene<'_, '_>, to: impl Fn(&str, &str) -> Option<(SmolStr, Option<SmolStr>)>) {
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

/// Changes an object in place.
pub(super) fn change(scene: &mut Scene<'_, '_>, id: Id, change: impl FnOnce(&mut Object)) {
    if let Some(Thing::Object(object)) = scene.thing(id).cloned() {
        let mut object = Object::clone(&object);
        change(&mut object);
        scene.set(id, Thing::Object(Arc::new(object)));
    }
}

fn alter_type(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
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

fn alter_sequence(alter: &ast::AlterObject, name: &Qualified, if_exists: bool, builder: &mut Builder) {
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

fn alter_global(alter: &ast::AlterObject, kind: &str, name: &Qualified, builder: &mut Builder) {
    let kind = if kind == "EXTENSION" { attr::EXTENSION } else { attr::EVENT_TRIGGER };
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        let Some(to) = action.paths().first().map(|path| fold(&path.name)) else { continue };
        let words = action.words();
        let name = name.clone();
        step(builder, move |scene| {
            let space = Space::Global(kind);
            let Some(id) = scene.find(space, None, name.text()) else {
                scene.missing(
                    if kind == attr::EXTENSION { "extension" } else { "event trigger" },
                    space,
                    &name.name,
                );
                return;
            };
            match words.as_str() {
                "RENAME TO" => {
                    change(scene, id, |object| object.name = to.clone());
                    scene.rename(id, SmolStr::default(), to.clone());
                }
                "SET SCHEMA" if to == "public" => {
                    change(scene, id, |object| object.attrs.remove(&attr::SCHEMA))
                }
                "SET SCHEMA" => change(scene, id, |object| object.attrs.set(&attr::SCHEMA, to.to_string())),
                _ => {}
            }
        });
    }
}
