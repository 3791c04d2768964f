//! Collations, casts and the objects of other servers.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Name, Scene, Space, Thing, Unsupported};
use schema::{Attrs, Object, ObjectPath, SmolStr};
use syntax::sql::{Piece, SyntaxNode};
use text::TextRange;

use super::super::{attr, foreign, names};
use super::words::Words;
use super::{Qualified, accounts, object, routine, step};

const COLLATIONS: Space = Space::Other(attr::COLLATION);
const CASTS: Space = Space::Global(attr::CAST);
const SERVERS: Space = Space::Global(attr::SERVER);
const MAPPINGS: Space = Space::Global(attr::USER_MAPPING);

/// The words behind `CREATE …` of a kind, and whether it may be there already.
fn head(node: &SyntaxNode, kind: &[&str]) -> (Words, bool) {
    let mut words = Words::of(node);
    words.skip();
    words.eat_all(kind);
    let if_not_exists = words.eat_all(&["IF", "NOT", "EXISTS"]);
    words.eat_all(&["IF", "EXISTS"]);
    (words, if_not_exists)
}

/// Adds something of no schema.
fn add_global(scene: &mut Scene<'_, '_>, space: Space, object: Object, name: &Name, range: TextRange) {
    let mut part = Part::default();
    let path =
        ObjectPath::Object { schema: SmolStr::default(), kind: object.kind, name: object.name.clone() };
    part.add(path, range, name.range);
    let of = object.name.clone();
    scene.insert(space, SmolStr::default(), of, Thing::Object(Arc::new(object)), part, 0);
}

fn global(kind: &'static str, name: impl Into<SmolStr>, attrs: Attrs) -> Object {
    Object { kind, schema: SmolStr::default(), name: name.into(), comment: None, attrs }
}

/// Reads `CREATE COLLATION`.
pub(super) fn create_collation(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let (mut words, if_not_exists) = head(node, &["COLLATION"]);
    let Some(name) = words.path() else { return };
    let from = if words.eat("FROM") { words.path() } else { None };
    let mut attrs = Attrs::default();
    let mut list = words.group().filter(|_| from.is_none());
    while let Some(group) = list.as_mut().filter(|group| !group.is_end()) {
        let Some(word) = group.word() else { break };
        group.eat("=");
        let value = match group.string() {
            Some(text) => text,
            None => group.text_until(&[]).trim_matches('"').to_owned(),
        };
        match word.as_str() {
            "LOCALE" => attrs.set(&attr::LOCALE, value),
            "LC_COLLATE" => attrs.set(&attr::LC_COLLATE, value),
            "LC_CTYPE" => attrs.set(&attr::LC_CTYPE, value),
            "RULES" => attrs.set(&attr::RULES, value),
            "PROVIDER" if !value.eq_ignore_ascii_case("libc") => {
                attrs.set(&attr::PROVIDER, value.to_lowercase());
            }
            "DETERMINISTIC" if value.eq_ignore_ascii_case("false") => attrs.set(&attr::DETERMINISTIC, false),
            _ => {}
        }
        group.eat(",");
    }
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let mut attrs = attrs.clone();
        if let Some(from) = &from {
            let other = scene.find(COLLATIONS, from.schema(), from.text()).and_then(|id| scene.thing(id));
            attrs = match other {
                Some(Thing::Object(other)) => other.attrs.clone(),
                _ => foreign::copy_of(from.text()),
            };
        }
        let mut made = Object {
            kind: attr::COLLATION,
            schema: schema.clone(),
            name: name.text().clone(),
            comment: None,
            attrs,
        };
        foreign::canonical(&mut made);
        if !(if_not_exists && scene.find(COLLATIONS, Some(&schema), name.text()).is_some()) {
            object::add(scene, COLLATIONS, &name, made, range);
        }
    });
}

/// Reads `(source AS target)`, as written.
fn types(words: &mut Words) -> Option<(String, String)> {
    let mut group = words.group()?;
    let source = group.text_until(&["AS"]);
    group.eat("AS").then_some(())?;
    Some((source, group.text_until(&[])))
}

/// Reads `CREATE CAST`.
pub(super) fn create_cast(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let (mut words, _) = head(node, &["CAST"]);
    let Some((source, target)) = types(&mut words) else { return };
    let mut function = None;
    let mut inout = false;
    if words.eat_all(&["WITH", "FUNCTION"]) {
        function = words.path();
        words.group();
    } else if words.eat_all(&["WITH", "INOUT"]) {
        inout = true;
    } else {
        words.eat_all(&["WITHOUT", "FUNCTION"]);
    }
    let when = if words.eat("AS") { words.word() } else { None };
    let range = piece.statement_range();
    step(builder, move |scene| {
        let mut attrs = Attrs::default();
        attrs.set(&attr::SOURCE, object::type_text(scene, &source, ""));
        attrs.set(&attr::TARGET, object::type_text(scene, &target, ""));
        if inout {
            attrs.set(&attr::WITH, "INOUT".to_owned());
        } else if let Some(function) = &function {
            let found = routine::find(scene, function, None).and_then(|id| scene.name_of(id));
            let schema = found.map(|(schema, _)| schema);
            // One that nobody created is one of the server.
            let schema = schema.or_else(|| function.schema().map(SmolStr::from)).unwrap_or_default();
            let schema = if schema == "pg_catalog" { SmolStr::default() } else { schema };
            attrs.set(&attr::WITH, names::qualified("", &schema, function.text()));
        }
        if let Some(when) = when.as_ref().filter(|when| matches!(when.as_str(), "ASSIGNMENT" | "IMPLICIT")) {
            attrs.set(&attr::AS, when.clone());
        }
        let made = foreign::named(global(attr::CAST, "", attrs));
        let name = Name { text: made.name.clone(), range };
        add_global(scene, CASTS, made, &name, range);
    });
}

/// `OPTIONS (a 'b', …)`: names and values, with what is to be done with them.
fn options(words: &mut Words) -> Vec<(String, String, String)> {
    let mut list = Vec::new();
    if !words.eat("OPTIONS") {
        return list;
    }
    let Some(mut group) = words.group() else { return list };
    while !group.is_end() {
        let verb = ["ADD", "SET", "DROP"].into_iter().find(|verb| {
            let mut ahead = group.clone();
            ahead.eat(verb) && ahead.name().is_some()
        });
        if verb.is_some() {
            group.skip();
        }
        let Some(name) = group.name() else { break };
        let value = group.string().unwrap_or_default();
        list.push((verb.unwrap_or("ADD").to_owned(), name.text.to_string(), value));
        group.eat(",");
    }
    list
}

fn set_options(attrs: &mut Attrs, changes: &[(String, String, String)]) {
    let mut list = attrs.get(&attr::OPTIONS).unwrap_or_default();
    for (verb, name, value) in changes {
        list.retain(|option| option.split_once('=').is_none_or(|(of, _)| of != name));
        if verb != "DROP" {
            list.push(format!("{name}={value}"));
        }
    }
    list.sort();
    attrs.remove(&attr::OPTIONS);
    if !list.is_empty() {
        attrs.set(&attr::OPTIONS, list);
    }
}

/// Reads `CREATE SERVER`.
pub(super) fn create_server(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let (mut words, if_not_exists) = head(node, &["SERVER"]);
    let Some(name) = words.name() else { return };
    let mut attrs = Attrs::default();
    for (word, key) in [("TYPE", &attr::TYPE), ("VERSION", &attr::VERSION)] {
        if words.eat(word)
            && let Some(text) = words.string()
        {
            attrs.set(key, text);
        }
    }
    if words.eat_all(&["FOREIGN", "DATA", "WRAPPER"])
        && let Some(wrapper) = words.name()
    {
        attrs.set(&attr::WRAPPER, wrapper.text.to_string());
    }
    set_options(&mut attrs, &options(&mut words));
    let range = piece.statement_range();
    step(builder, move |scene| match scene.find(SERVERS, None, &name.text) {
        Some(_) if if_not_exists => {}
        Some(other) => scene.exists("server", &name, Some(other)),
        None => {
            let server = global(attr::SERVER, name.text.clone(), attrs.clone());
            add_global(scene, SERVERS, server, &name, range);
        }
    });
}

/// `FOR user SERVER server`.
fn mapping(words: &mut Words) -> Option<Attrs> {
    words.eat("FOR").then_some(())?;
    let public = words.is("PUBLIC");
    let user = words.name()?;
    words.eat("SERVER").then_some(())?;
    let mut attrs = Attrs::default();
    attrs.set(&attr::MAPPED, if public { "PUBLIC".to_owned() } else { user.text.to_string() });
    attrs.set(&attr::OF_SERVER, words.name()?.text.to_string());
    Some(attrs)
}

/// Reads `CREATE USER MAPPING`.
pub(super) fn create_mapping(node: &SyntaxNode, piece: &Piece, builder: &mut Builder) {
    let (mut words, _) = head(node, &["USER", "MAPPING"]);
    let Some(mut attrs) = mapping(&mut words) else { return };
    set_options(&mut attrs, &options(&mut words));
    let range = piece.statement_range();
    step(builder, move |scene| {
        let made = foreign::named(global(attr::USER_MAPPING, "", attrs.clone()));
        let name = Name { text: made.name.clone(), range };
        if scene.find(MAPPINGS, None, &name.text).is_none() {
            add_global(scene, MAPPINGS, made, &name, range);
        }
    });
}

/// Reads `CREATE FOREIGN TABLE`.
///
/// # Errors
/// [`Unsupported`] for one that is a part of another table.
pub(super) fn create_table(
    node: &SyntaxNode,
    piece: &Piece,
    builder: &mut Builder,
) -> Result<(), Unsupported> {
    let (mut words, if_not_exists) = head(node, &["FOREIGN", "TABLE"]);
    let Some(name) = words.path() else { return Err(Unsupported) };
    let Some(mut group) = words.group() else { return Err(Unsupported) };
    let mut columns = Vec::new();
    while !group.is_end() {
        columns.push(column(&mut group).ok_or(Unsupported)?);
        group.eat(",");
    }
    if !words.eat("SERVER") {
        return Err(Unsupported);
    }
    let server = words.name().ok_or(Unsupported)?;
    let options = options(&mut words);
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        if if_not_exists && scene.is_taken(&schema, name.text()) {
            return;
        }
        let mut attrs = Attrs::default();
        attrs.set(&attr::OF_SERVER, server.text.to_string());
        set_options(&mut attrs, &options);
        let items: Vec<Attrs> = columns.iter().map(|column| item(scene, column, &schema)).collect();
        if !items.is_empty() {
            attrs.set(&attr::TABLE_COLUMNS, items);
        }
        let made =
            Object { kind: attr::FOREIGN_TABLE, schema, name: name.text().clone(), comment: None, attrs };
        object::add(scene, Space::Relation, &name, made, range);
    });
    Ok(())
}

/// A column as written.
#[derive(Clone, Debug)]
struct Column {
    name: SmolStr,
    ty: String,
    collate: Option<String>,
    null: bool,
    default: Option<String>,
    options: Vec<(String, String, String)>,
}

const BEHIND_TYPE: &[&str] =
    &["OPTIONS", "COLLATE", "NOT", "NULL", "DEFAULT", "CONSTRAINT", "CHECK", "GENERATED"];

/// `None` for what is no column, or more than we know.
fn column(words: &mut Words) -> Option<Column> {
    let name = words.name()?.text;
    let ty = words.text_until(BEHIND_TYPE);
    let mut column = Column { name, ty, collate: None, null: true, default: None, options: Vec::new() };
    while !words.is_end() && !words.is(",") {
        if words.is("OPTIONS") {
            column.options = options(words);
        } else if words.eat("COLLATE") {
            let path = words.path()?;
            column.collate = Some(match path.schema() {
                Some(schema) if schema != "pg_catalog" => format!("{schema}.{}", path.text()),
                _ => path.text().to_string(),
            });
        } else if words.eat_all(&["NOT", "NULL"]) {
            column.null = false;
        } else if words.eat("NULL") {
        } else if words.eat("DEFAULT") {
            column.default = Some(words.text_until(BEHIND_TYPE));
        } else {
            return None;
        }
    }
    Some(column)
}

/// A column in the form of the model.
fn item(scene: &Scene<'_, '_>, column: &Column, own: &str) -> Attrs {
    let mut item = Attrs::default();
    item.set(&attr::NAME, column.name.to_string());
    item.set(&attr::TYPE, object::type_text(scene, &column.ty, own));
    if column.null {
        item.set(&attr::NULL, true);
    }
    if let Some(default) = column.default.as_ref().filter(|text| !text.eq_ignore_ascii_case("null")) {
        item.set(&attr::DEFAULT, default.clone());
    }
    if let Some(collate) = &column.collate {
        let prefix = format!("{own}.");
        item.set(&attr::COLLATE, collate.strip_prefix(&prefix).unwrap_or(collate).to_owned());
    }
    set_options(&mut item, &column.options);
    item
}

/// Reads `ALTER SERVER | USER MAPPING | COLLATION`.
pub(super) fn alter(node: &SyntaxNode, builder: &mut Builder) {
    let mut words = Words::of(node);
    words.skip();
    if words.eat("COLLATION") {
        let Some(name) = words.path() else { return };
        let renamed = words.eat_all(&["RENAME", "TO"]);
        if !renamed && !words.eat_all(&["SET", "SCHEMA"]) {
            return;
        }
        let Some(to) = words.name() else { return };
        step(builder, move |scene| {
            let Some(id) = scene.find(COLLATIONS, name.schema(), name.text()) else { return };
            let Some((schema, of)) = scene.name_of(id) else { return };
            let (schema, of) = if renamed { (schema, to.text.clone()) } else { (to.text.clone(), of) };
            object::change(scene, id, |object| {
                object.schema = schema.clone();
                object.name = of.clone();
            });
            scene.rename(id, schema, of);
        });
    } else if words.eat("SERVER") {
        let Some(name) = words.name() else { return };
        if words.eat_all(&["RENAME", "TO"]) {
            let Some(to) = words.name() else { return };
            step(builder, move |scene| rename_server(scene, &name, &to.text));
            return;
        }
        let version = if words.eat("VERSION") { words.string() } else { None };
        let options = options(&mut words);
        step(builder, move |scene| {
            let Some(id) = scene.find(SERVERS, None, &name.text) else {
                scene.missing("server", SERVERS, &name);
                return;
            };
            object::change(scene, id, |object| {
                if let Some(version) = &version {
                    object.attrs.set(&attr::VERSION, version.clone());
                }
                set_options(&mut object.attrs, &options);
            });
        });
    } else if words.eat_all(&["USER", "MAPPING"]) {
        let Some(attrs) = mapping(&mut words) else { return };
        let options = options(&mut words);
        let of = foreign::named(global(attr::USER_MAPPING, "", attrs));
        step(builder, move |scene| {
            if let Some(id) = scene.find(MAPPINGS, None, &of.name) {
                object::change(scene, id, |object| set_options(&mut object.attrs, &options));
            }
        });
    }
}

fn rename_server(scene: &mut Scene<'_, '_>, name: &Name, to: &SmolStr) {
    let Some(id) = scene.find(SERVERS, None, &name.text) else {
        scene.missing("server", SERVERS, name);
        return;
    };
    object::change(scene, id, |object| object.name = to.clone());
    scene.rename(id, SmolStr::default(), to.clone());
    for id in scene.all(|space, _| space == MAPPINGS || space == Space::Relation) {
        let Some(Thing::Object(of)) = scene.thing(id).cloned() else { continue };
        if of.attrs.get(&attr::OF_SERVER).as_deref() != Some(name.text.as_str()) {
            continue;
        }
        object::change(scene, id, |object| {
            object.attrs.set(&attr::OF_SERVER, to.to_string());
            if object.kind == attr::USER_MAPPING {
                *object = foreign::named(object.clone());
            }
        });
        if of.kind == attr::USER_MAPPING {
            let renamed = foreign::named(match scene.thing(id) {
                Some(Thing::Object(object)) => Object::clone(object),
                _ => continue,
            });
            scene.rename(id, SmolStr::default(), renamed.name);
        }
    }
}

/// Reads `ALTER FOREIGN TABLE`; whether all of it was understood.
pub(super) fn alter_table(node: &SyntaxNode, builder: &mut Builder) -> Result<(), Unsupported> {
    let (mut words, _) = head(node, &["FOREIGN", "TABLE"]);
    words.eat("ONLY");
    let name = words.path().ok_or(Unsupported)?;
    if words.eat_all(&["RENAME", "TO"]) || words.eat_all(&["SET", "SCHEMA"]) || words.is("RENAME") {
        return Err(Unsupported);
    }
    while !words.is_end() {
        let change = change(&mut words).ok_or(Unsupported)?;
        let name = name.clone();
        step(builder, move |scene| {
            let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
                scene.missing("foreign table", Space::Relation, &name.name);
                return;
            };
            let Some((schema, _)) = scene.name_of(id) else { return };
            let made = match &change {
                Change::Add(column) => Some(item(scene, column, &schema)),
                Change::Alter(_, Alter::Type(ty)) => {
                    let mut item = Attrs::default();
                    item.set(&attr::TYPE, object::type_text(scene, ty, &schema));
                    Some(item)
                }
                _ => None,
            };
            object::change(scene, id, |object| apply(&mut object.attrs, &change, made));
        });
        words.eat(",");
    }
    Ok(())
}

#[derive(Clone, Debug)]
enum Change {
    Add(Column),
    Drop(SmolStr),
    Alter(SmolStr, Alter),
    Options(Vec<(String, String, String)>),
    /// Of no account here: the owner.
    Nothing,
}

#[derive(Clone, Debug)]
enum Alter {
    Type(String),
    Null(bool),
    Default(Option<String>),
    Options(Vec<(String, String, String)>),
}

fn change(words: &mut Words) -> Option<Change> {
    if words.is("OPTIONS") {
        return Some(Change::Options(options(words)));
    }
    if words.eat_all(&["OWNER", "TO"]) {
        words.name()?;
        return Some(Change::Nothing);
    }
    if words.eat("ADD") {
        words.eat("COLUMN");
        words.eat_all(&["IF", "NOT", "EXISTS"]);
        return Some(Change::Add(column(words)?));
    }
    if words.eat("DROP") {
        words.eat("COLUMN");
        words.eat_all(&["IF", "EXISTS"]);
        let name = words.name()?;
        let _ = words.eat("CASCADE") || words.eat("RESTRICT");
        return Some(Change::Drop(name.text));
    }
    words.eat("ALTER").then_some(())?;
    words.eat("COLUMN");
    let name = words.name()?.text;
    let alter = if words.eat_all(&["SET", "DATA", "TYPE"]) || words.eat("TYPE") {
        Alter::Type(words.text_until(&["COLLATE", "USING"]))
    } else if words.eat_all(&["SET", "NOT", "NULL"]) {
        Alter::Null(false)
    } else if words.eat_all(&["DROP", "NOT", "NULL"]) {
        Alter::Null(true)
    } else if words.eat_all(&["SET", "DEFAULT"]) {
        Alter::Default(Some(words.text_until(&[])))
    } else if words.eat_all(&["DROP", "DEFAULT"]) {
        Alter::Default(None)
    } else if words.is("OPTIONS") {
        Alter::Options(options(words))
    } else {
        return None;
    };
    Some(Change::Alter(name, alter))
}

fn apply(attrs: &mut Attrs, change: &Change, made: Option<Attrs>) {
    let mut columns = attrs.get(&attr::TABLE_COLUMNS).unwrap_or_default();
    let named = |column: &Attrs, name: &str| column.get(&attr::NAME).as_deref() == Some(name);
    match change {
        Change::Add(_) => columns.extend(made),
        Change::Drop(name) => columns.retain(|column| !named(column, name)),
        Change::Alter(name, alter) => {
            for column in columns.iter_mut().filter(|column| named(column, name)) {
                match alter {
                    Alter::Type(_) => {
                        if let Some(ty) = made.as_ref().and_then(|made| made.get(&attr::TYPE)) {
                            column.set(&attr::TYPE, ty);
                        }
                    }
                    Alter::Null(true) => column.set(&attr::NULL, true),
                    Alter::Null(false) => column.remove(&attr::NULL),
                    Alter::Default(Some(text)) => column.set(&attr::DEFAULT, text.clone()),
                    Alter::Default(None) => column.remove(&attr::DEFAULT),
                    Alter::Options(changes) => set_options(column, changes),
                }
            }
        }
        Change::Options(changes) => set_options(attrs, changes),
        Change::Nothing => {}
    }
    attrs.remove(&attr::TABLE_COLUMNS);
    if !columns.is_empty() {
        attrs.set(&attr::TABLE_COLUMNS, columns);
    }
}

/// Reads `DROP` of what is read here.
pub(super) fn drop(node: &SyntaxNode, builder: &mut Builder) {
    let mut words = Words::of(node);
    words.skip();
    let kind: &[&str] = [
        &["FOREIGN", "TABLE"][..],
        &["COLLATION"][..],
        &["CAST"][..],
        &["SERVER"][..],
        &["USER", "MAPPING"][..],
    ]
    .into_iter()
    .find(|kind| words.eat_all(kind))
    .unwrap_or_default();
    let if_exists = words.eat_all(&["IF", "EXISTS"]);
    match kind {
        ["CAST"] => {
            let Some((source, target)) = types(&mut words) else { return };
            step(builder, move |scene| {
                let mut attrs = Attrs::default();
                attrs.set(&attr::SOURCE, object::type_text(scene, &source, ""));
                attrs.set(&attr::TARGET, object::type_text(scene, &target, ""));
                let of = foreign::named(global(attr::CAST, "", attrs));
                if let Some(id) = scene.find(CASTS, None, &of.name) {
                    scene.remove(id);
                }
            });
        }
        ["USER", "MAPPING"] => {
            let Some(attrs) = mapping(&mut words) else { return };
            let of = foreign::named(global(attr::USER_MAPPING, "", attrs));
            step(builder, move |scene| {
                if let Some(id) = scene.find(MAPPINGS, None, &of.name) {
                    scene.remove(id);
                }
            });
        }
        _ => {
            let (space, word) = match kind {
                ["COLLATION"] => (COLLATIONS, "collation"),
                ["SERVER"] => (SERVERS, "server"),
                _ => (Space::Relation, "foreign table"),
            };
            let mut list: Vec<Qualified> = Vec::new();
            while let Some(path) = words.path() {
                list.push(path);
                if !words.eat(",") {
                    break;
                }
            }
            let cascade = words.eat("CASCADE");
            step(builder, move |scene| {
                for name in &list {
                    match scene.find(space, name.schema(), name.text()) {
                        Some(id) => {
                            scene.remove(id);
                            if space == SERVERS && cascade {
                                goes_with(scene, name.text());
                            }
                        }
                        None if if_exists => {}
                        None => scene.missing(word, space, &name.name),
                    }
                }
            });
        }
    }
}

/// What goes with a server.
fn goes_with(scene: &mut Scene<'_, '_>, server: &str) {
    for id in scene.all(|space, _| space == MAPPINGS || space == Space::Relation) {
        let is = matches!(scene.thing(id), Some(Thing::Object(object))
            if object.attrs.get(&attr::OF_SERVER).as_deref() == Some(server));
        if is {
            scene.remove(id);
        }
    }
    accounts::settle(scene);
}
