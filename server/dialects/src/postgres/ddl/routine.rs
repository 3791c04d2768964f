//! Functions, procedures and aggregates.

mod find;
mod owned;

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Id, Scene, Space, Thing};
use schema::{Attrs, Object, ObjectPath, Routine, RoutineKind, SmolStr};
use syntax::sql::ast::AlterAction;
use syntax::sql::{Piece, SyntaxKind, SyntaxNode, ast};

use self::find::argument_type;
pub(super) use self::find::{find, signatures};
pub(super) use self::owned::{alter_owned, create_event_trigger, create_policy, create_trigger, owned_name};
use super::super::{attr, names};
use super::{Qualified, fold, object, step};

/// The value of a string as written, with a prefix or in dollars.
pub(super) fn string_of(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('$') {
        let tag = rest.find('$')? + 2;
        return Some(text.get(tag..text.len().checked_sub(tag)?)?.to_owned());
    }
    let plain = ast::unquote(text).to_string();
    if text.starts_with(['e', 'E']) { Some(unescape(&plain)) } else { Some(plain) }
}

/// The escapes of `E'…'`.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match (ch, ch == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some(other) => out.push(other),
                None => {}
            },
            (ch, _) => out.push(ch),
        }
    }
    out
}

/// A parameter or result as written.
#[derive(Clone, Debug)]
struct Param {
    name: Option<String>,
    ty: String,
    mode: Option<SmolStr>,
    default: Option<String>,
}

fn params(nodes: impl IntoIterator<Item = ast::RoutineParam>) -> Vec<Param> {
    nodes
        .into_iter()
        .map(|param| Param {
            name: param.name().map(|name| fold(&name).to_string()),
            ty: param.type_name().map(|ty| ty.text().trim().to_owned()).unwrap_or_default(),
            mode: param.mode(),
            default: param.default().map(|expr| expr.text().trim().to_owned()),
        })
        .collect()
}

fn item(scene: &Scene<'_, '_>, param: &Param, own: &str) -> Attrs {
    let mut item = Attrs::default();
    if let Some(name) = &param.name {
        item.set(&attr::NAME, name.clone());
    }
    item.set(&attr::TYPE, object::type_text(scene, &param.ty, own));
    if let Some(mode) = param.mode.as_ref().filter(|mode| *mode != "IN") {
        item.set(&attr::MODE, mode.to_string());
    }
    if let Some(default) = &param.default {
        item.set(&attr::DEFAULT, default.clone());
    }
    item
}

fn child_nodes(node: &SyntaxNode, kind: SyntaxKind) -> impl Iterator<Item = SyntaxNode> + use<> {
    node.children().filter(move |child| child.kind() == kind)
}

/// Reads `CREATE FUNCTION | PROCEDURE`.
pub(super) fn create(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    let name = Qualified::of(&path);
    let kind = if create.has("PROCEDURE") { RoutineKind::Procedure } else { RoutineKind::Function };
    let args = params(create.routine_params().unwrap_or_default());
    let mut attrs = Attrs::default();
    let mut returns: Option<(bool, String)> = None;
    let mut table: Option<Vec<Param>> = None;
    for node in create.returns() {
        if let Some(list) = child_nodes(&node, SyntaxKind::ROUTINE_PARAMS).next() {
            table = Some(params(list.children().filter_map(ast::RoutineParam::cast)));
        } else if let Some(ty) = node.children().find_map(ast::TypeName::cast) {
            let text = ty.text().trim().to_owned();
            let set = text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("SETOF "));
            let text = if set { text[6..].trim().to_owned() } else { text };
            returns = Some((set, text));
        } else {
            attrs.set(&attr::STRICT, true);
        }
    }
    options(create, &mut attrs);
    let (body, standard) = body_of(create);
    if standard {
        attrs.set(&attr::SQL_BODY, true);
        if attrs.get(&attr::LANG).is_none() {
            attrs.set(&attr::LANG, "SQL".to_owned());
        }
    }
    let replace = create.or_replace();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let mut attrs = attrs.clone();
        let items: Vec<Attrs> = args.iter().map(|param| item(scene, param, &schema)).collect();
        if !items.is_empty() {
            attrs.set(&attr::ARGS, items);
        }
        if let Some((set, ty)) = &returns {
            let ty = object::type_text(scene, ty, &schema);
            let out = args.iter().any(|arg| matches!(arg.mode.as_deref(), Some("OUT" | "INOUT")));
            if !out {
                attrs.set(if *set { &attr::RETURN_SET } else { &attr::RETURN }, ty);
            }
        }
        if let Some(columns) = &table {
            let mut item_of = Attrs::default();
            item_of
                .set(&attr::TABLE_COLUMNS, columns.iter().map(|param| item(scene, param, &schema)).collect());
            attrs.set(&attr::RETURN_TABLE, vec![item_of]);
        }
        let signature = attr::signature(&attrs);
        let routine =
            Routine { schema: schema.clone(), name: name.text().clone(), kind, body: body.clone(), attrs };
        let key = SmolStr::from(format!("{}\n{signature}", name.text()));
        if let Some(id) = scene.find(Space::Routine, Some(&schema), &key) {
            if replace {
                let mut routine = routine;
                if let Some(Thing::Routine(old)) = scene.thing(id)
                    && let Some(comment) = old.attrs.get(&attr::COMMENT)
                {
                    routine.attrs.set(&attr::COMMENT, comment);
                }
                scene.set(id, Thing::Routine(Arc::new(routine)));
            } else {
                scene.exists("function", &name.name, Some(id));
            }
            return;
        }
        let mut part = Part::default();
        let path = ObjectPath::Routine { schema: schema.clone(), routine: name.text().clone() };
        part.add(path, range, name.name.range);
        scene.insert(Space::Routine, schema, key, Thing::Routine(Arc::new(routine)), part, 0);
    });
}

/// The text between the quotes, or the body of the standard.
fn body_of(create: &ast::CreateObject) -> (String, bool) {
    let Some(body) = create.body() else { return (String::new(), false) };
    let mut literals = body.children().filter_map(ast::Literal::cast);
    match literals.next() {
        Some(literal) => {
            let first = string_of(&literal.text()).unwrap_or_default();
            // `AS 'file', 'symbol'`: the symbol is the source.
            let second = literals.next().and_then(|literal| string_of(&literal.text()));
            (second.unwrap_or(first), false)
        }
        None => (body.text().to_string().trim().to_owned(), true),
    }
}

fn options(create: &ast::CreateObject, attrs: &mut Attrs) {
    let words: Vec<SmolStr> = create
        .syntax()
        .children_with_tokens()
        .filter_map(|child| child.into_token())
        .filter(|token| token.kind() == SyntaxKind::KEYWORD)
        .map(|token| SmolStr::from(token.text().to_ascii_uppercase()))
        .collect();
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "STABLE" | "IMMUTABLE" => attrs.set(&attr::VOLATILITY, word.to_string()),
            "STRICT" => attrs.set(&attr::STRICT, true),
            "WINDOW" => attrs.set(&attr::WINDOW, true),
            "LEAKPROOF" if at == 0 || words[at - 1] != "NOT" => attrs.set(&attr::LEAKPROOF, true),
            "DEFINER" => attrs.set(&attr::SECURITY, "DEFINER".to_owned()),
            _ => {}
        }
    }
    let mut config: Vec<String> = Vec::new();
    for option in create.options() {
        let path = option.path().map(|path| fold(&path.name));
        let number = option.number().and_then(|text| text.parse::<i64>().ok());
        match option.words().split(' ').next().unwrap_or_default() {
            "LANGUAGE" => {
                let name = path.or_else(|| {
                    let text = option.syntax().text().to_string();
                    let quoted =
                        text.split_whitespace().nth(1).map(|word| word.trim_matches('\'').to_lowercase());
                    quoted.map(SmolStr::from)
                });
                let name = name.unwrap_or_default();
                let name = match name.as_str() {
                    "sql" => "SQL".to_owned(),
                    "plpgsql" => "PLpgSQL".to_owned(),
                    other => other.to_owned(),
                };
                attrs.set(&attr::LANG, name);
            }
            "PARALLEL" => {
                let word = path.unwrap_or_default().to_uppercase();
                if word != "UNSAFE" && !word.is_empty() {
                    attrs.set(&attr::PARALLEL, word);
                }
            }
            "COST" => {
                if let Some(number) = number.filter(|number| *number != 100) {
                    attrs.set(&attr::COST, number);
                }
            }
            "ROWS" => {
                if let Some(number) = number.filter(|number| *number != 1000) {
                    attrs.set(&attr::ROWS, number);
                }
            }
            "SET" => {
                let text = option.syntax().text().to_string();
                let rest = text.trim().get(3..).unwrap_or_default().trim();
                let (name, value) = match rest.split_once('=') {
                    Some((name, value)) => (name, value),
                    None => {
                        let at = rest.to_uppercase().find(" TO ");
                        let Some(at) = at else { continue };
                        (&rest[..at], &rest[at + 4..])
                    }
                };
                let values: Vec<String> =
                    value.split(',').map(|value| value.trim().trim_matches('\'').to_owned()).collect();
                config.push(format!("{}={}", name.trim().to_lowercase(), values.join(", ")));
            }
            _ => {}
        }
    }
    if !config.is_empty() {
        attrs.set(&attr::CONFIG_PARAMS, config);
    }
}

/// Reads `CREATE AGGREGATE`.
pub(super) fn create_aggregate(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(path) = create.path() else { return };
    let name = Qualified::of(&path);
    let written = signatures(create.syntax()).into_iter().next().flatten().unwrap_or_default();
    let options: Vec<(String, Option<String>)> = create
        .params()
        .unwrap_or_default()
        .iter()
        .filter_map(|param| Some((fold(&param.path()?.name).to_string(), param.value())))
        .collect();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let schema = scene.schema_for(name.schema());
        let mut attrs = Attrs::default();
        let items: Vec<Attrs> = written
            .split(',')
            .filter_map(argument_type)
            .filter(|part| !part.is_empty() && *part != "*")
            .map(|ty| {
                item(scene, &Param { name: None, ty: ty.to_owned(), mode: None, default: None }, &schema)
            })
            .collect();
        if !items.is_empty() {
            attrs.set(&attr::ARGS, items);
        }
        for (key, value) in &options {
            let Some(value) = value else { continue };
            let path = match &names::steps(value)[..] {
                [of, name] if of != "pg_catalog" => names::qualified(&schema, of, name),
                [.., name] => names::quoted(name).into_owned(),
                [] => value.clone(),
            };
            match key.as_str() {
                "sfunc" => attrs.set(&attr::STATE_FUNC, path),
                "stype" => attrs.set(&attr::STATE_TYPE, object::type_text(scene, value, &schema)),
                "finalfunc" => attrs.set(&attr::FINAL_FUNC, path),
                "initcond" => attrs.set(&attr::INITIAL_VALUE, value.clone()),
                "parallel" if !value.eq_ignore_ascii_case("unsafe") => {
                    attrs.set(&attr::PARALLEL, value.to_uppercase());
                }
                _ => {}
            }
        }
        let signature = attr::signature(&attrs);
        let object = Object {
            kind: attr::AGGREGATE,
            schema: schema.clone(),
            name: name.text().clone(),
            comment: None,
            attrs,
        };
        let mut part = Part::default();
        let path =
            ObjectPath::Object { schema: schema.clone(), kind: attr::AGGREGATE, name: name.text().clone() };
        part.add(path, range, name.name.range);
        let key = SmolStr::from(format!("{}\n{signature}", name.text()));
        if let Some(id) = scene.find(Space::Routine, Some(&schema), &key) {
            scene.remove(id);
        }
        scene.insert(Space::Routine, schema, key, Thing::Object(Arc::new(object)), part, 0);
    });
}

/// The strings among the arguments of `EXECUTE FUNCTION f('a', 1)`.
fn arguments(args: Option<&SyntaxNode>) -> Vec<String> {
    let Some(args) = args else { return Vec::new() };
    args.children()
        .map(|arg| {
            let text = arg.text().to_string();
            let text = text.trim();
            if text.contains('\'') { string_of(text).unwrap_or_default() } else { text.to_owned() }
        })
        .collect()
}

/// The name of a function as an attribute of an object of `own` has it.
fn function_name(scene: &Scene<'_, '_>, path: &Qualified, own: &str) -> String {
    match path.schema() {
        Some("pg_catalog") => names::quoted(path.text()).into_owned(),
        Some(schema) => names::qualified(own, schema, path.text()),
        None => {
            let found = find(scene, path, None).and_then(|id| scene.name_of(id));
            match found {
                Some((schema, _)) => names::qualified(own, &schema, path.text()),
                None => names::quoted(path.text()).into_owned(),
            }
        }
    }
}

/// `ALTER FUNCTION | PROCEDURE | AGGREGATE`.
pub(super) fn alter(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
    let signature = signatures(alter.syntax()).into_iter().next().flatten();
    for action in alter.actions() {
        let AlterAction::Other(action) = action else { continue };
        let words = action.words();
        let to = action.paths().first().map(|path| fold(&path.name));
        let (name, signature) = (name.clone(), signature.clone());
        step(builder, move |scene| {
            let Some(id) = find(scene, &name, signature.as_deref()) else {
                scene.missing("function", Space::Routine, &name.name);
                return;
            };
            let Some((schema, key)) = scene.name_of(id) else { return };
            match (words.as_str(), &to) {
                ("RENAME TO", Some(to)) => {
                    let rest = key.split_once('\n').map(|(_, rest)| rest).unwrap_or_default();
                    let new = SmolStr::from(format!("{to}\n{rest}"));
                    edit(scene, id, |_, of| *of = to.clone());
                    scene.rename(id, schema, new);
                }
                ("SET SCHEMA", Some(to)) => {
                    edit(scene, id, |of, _| *of = to.clone());
                    scene.rename(id, to.clone(), key);
                }
                _ => {}
            }
        });
    }
}

/// Changes schema and name of a routine or aggregate.
fn edit(scene: &mut Scene<'_, '_>, id: Id, change: impl FnOnce(&mut SmolStr, &mut SmolStr)) {
    match scene.thing(id).cloned() {
        Some(Thing::Routine(mut routine)) => {
            let routine_mut = Arc::make_mut(&mut routine);
            change(&mut routine_mut.schema, &mut routine_mut.name);
            scene.set(id, Thing::Routine(routine));
        }
        Some(Thing::Object(mut object)) => {
            let object_mut = Arc::make_mut(&mut object);
            change(&mut object_mut.schema, &mut object_mut.name);
            scene.set(id, Thing::Object(object));
        }
        _ => {}
    }
}

/// Drops a routine or aggregate, with `cascade` also the triggers that call it.
pub(super) fn drop(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    signature: Option<&str>,
    if_exists: bool,
    cascade: bool,
) {
    let Some(id) = find(scene, name, signature) else {
        if !if_exists {
            scene.missing("function", Space::Routine, &name.name);
        }
        return;
    };
    let Some((schema, _)) = scene.name_of(id) else { return };
    scene.remove(id);
    if !cascade {
        return;
    }
    for id in scene.all(|space, _| matches!(space, Space::Owned | Space::Global(_))) {
        let calls = |attrs: &Attrs, own: &str| {
            let target = attrs.get(&attr::EXECUTE).and_then(|text| names::target(&text));
            target.is_some_and(|(of, called)| {
                called == *name.text() && (if of.is_empty() { own } else { &of }) == schema
            })
        };
        let goes = match scene.thing(id) {
            Some(Thing::Trigger(trigger)) => calls(&trigger.attrs, &trigger.schema),
            Some(Thing::Object(object)) => calls(&object.attrs, &object.schema),
            _ => false,
        };
        if goes {
            scene.remove(id);
        }
    }
}
