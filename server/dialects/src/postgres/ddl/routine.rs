//! Functions, procedures, aggregates, triggers, policies, event triggers.

use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Id, Scene, Space, Thing};
use schema::{Attrs, Object, ObjectPath, Routine, RoutineKind, SmolStr, Trigger};
use syntax::sql::ast::{self, AlterAction};
use syntax::sql::{Piece, SyntaxKind, SyntaxNode};

use super::super::{attr, names, rules};
use super::{Qualified, constraint, fold, name_of, object, step};

/// The name of what belongs to a table, among the owned things of its schema.
pub(super) fn owned_name(table: &str, name: &str) -> SmolStr {
    SmolStr::from(format!("{table}\n{name}"))
}

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

/// The types in the parentheses behind each name of a `DROP` or `COMMENT`, as written; `None` without parentheses.
pub(super) fn signatures(node: &SyntaxNode) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = Vec::new();
    for child in node.children() {
        match child.kind() {
            SyntaxKind::PATH => out.push(None),
            SyntaxKind::SIGNATURE => {
                let text = child.text().to_string();
                let inner = text.trim().trim_start_matches('(').trim_end_matches(')').trim().to_owned();
                if let Some(last) = out.last_mut() {
                    *last = Some(inner);
                }
            }
            _ => {}
        }
    }
    out
}

/// One argument of a signature as written: mode and name may be before the type.
fn argument_type(text: &str) -> Option<&str> {
    let mut text = text.trim();
    let mut words = text.split_whitespace();
    match words.next()?.to_ascii_uppercase().as_str() {
        "OUT" => return None,
        "IN" | "INOUT" | "VARIADIC" => text = text.split_once(char::is_whitespace)?.1.trim(),
        _ => {}
    }
    Some(text)
}

/// Whether the signature as written means the routine with `attrs`.
fn matches(scene: &Scene<'_, '_>, attrs: &Attrs, own: &str, written: &str) -> bool {
    let args = attrs.get(&attr::ARGS).unwrap_or_default();
    let types: Vec<String> = args
        .iter()
        .filter(|arg| arg.get(&attr::MODE).is_none_or(|mode| mode != "OUT"))
        .map(|arg| arg.get(&attr::TYPE).unwrap_or_default())
        .collect();
    let mut depth = 0;
    let parts = written.split(|ch| {
        match ch {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        ch == ',' && depth == 0
    });
    let written: Vec<&str> = parts.filter_map(argument_type).filter(|part| !part.is_empty()).collect();
    if written == ["*"] {
        return types.is_empty();
    }
    written.len() == types.len()
        && written.iter().zip(&types).all(|(written, ty)| {
            // A name may stand before the type.
            let whole = object::type_text(scene, written, own);
            whole == *ty
                || written
                    .split_once(char::is_whitespace)
                    .is_some_and(|(_, rest)| object::type_text(scene, rest.trim(), own) == *ty)
        })
}

/// The routine or aggregate that is meant.
pub(super) fn find(scene: &Scene<'_, '_>, name: &Qualified, signature: Option<&str>) -> Option<Id> {
    let schemas: Vec<SmolStr> = match name.schema() {
        Some(schema) => vec![schema.into()],
        None => scene.search_path().to_vec(),
    };
    for schema in schemas {
        let prefix = format!("{}\n", name.text());
        for id in scene.all(|space, of| space == Space::Routine && of == schema) {
            if !scene.name_of(id).is_some_and(|(_, of)| of.starts_with(&prefix)) {
                continue;
            }
            let attrs = match scene.thing(id) {
                Some(Thing::Routine(routine)) => &routine.attrs,
                Some(Thing::Object(object)) => &object.attrs,
                _ => continue,
            };
            if signature.is_none_or(|written| matches(scene, attrs, &schema, written)) {
                return Some(id);
            }
        }
    }
    None
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

/// Reads `CREATE TRIGGER`.
pub(super) fn create_trigger(create: &ast::CreateTrigger, piece: &Piece, builder: &mut Builder) {
    let (Some(name), (schema, Some(on))) = (create.name(), create.table_path()) else { return };
    let Some((function, args)) = create.executes() else { return };
    let on = Qualified { schema: schema.as_ref().map(name_of), name: name_of(&on) };
    let name = name_of(&name);
    let function = Qualified::of(&function);
    let mut attrs = Attrs::default();
    let time = create.time().unwrap_or_else(|| "AFTER".into());
    attrs.set(&attr::TIME, time.to_string());
    let written: Vec<SmolStr> = create.events().filter_map(|event| event.event()).collect();
    let events = ["INSERT", "DELETE", "UPDATE", "TRUNCATE"];
    let events = events.iter().filter(|event| written.iter().any(|word| word == **event));
    attrs.set(&attr::EVENTS, events.map(|event| (*event).to_owned()).collect());
    let columns: Vec<String> =
        create.events().flat_map(|event| event.columns()).map(|column| fold(&column).to_string()).collect();
    if !columns.is_empty() {
        attrs.set(&attr::UPDATE_OF, columns);
    }
    let row = create.for_each_row().is_some() || create.constraint();
    attrs.set(&attr::FOR_EACH, if row { "ROW" } else { "STATEMENT" }.to_owned());
    if let Some(when) = create.when() {
        let text = when.text();
        let text = text.trim();
        let inner = if rules::is_wrapped(text) { text[1..text.len() - 1].trim() } else { text };
        attrs.set(&attr::WHEN, inner.to_owned());
    }
    if create.constraint() {
        attrs.set(&attr::CONSTRAINT, true);
        constraint::deferrable(create.deferrables(), &mut attrs);
    }
    let args = arguments(args.as_ref());
    if !args.is_empty() {
        attrs.set(&attr::EXECUTE_ARGS, args);
    }
    if let Some(node) = create.referencing() {
        let mut key = None;
        for child in node.children_with_tokens() {
            match child {
                rowan_element::Token(token) if token.text().eq_ignore_ascii_case("OLD") => {
                    key = Some(&attr::OLD_TABLE)
                }
                rowan_element::Token(token) if token.text().eq_ignore_ascii_case("NEW") => {
                    key = Some(&attr::NEW_TABLE)
                }
                rowan_element::Node(node) => {
                    if let (Some(key), Some(name)) = (key.take(), ast::Name::of(&node)) {
                        attrs.set(key, fold(&name).to_string());
                    }
                }
                rowan_element::Token(_) => {}
            }
        }
    }
    let from = create.from().map(|path| Qualified::of(&path));
    let replace = create.or_replace();
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some(id) = scene.find(Space::Relation, on.schema(), on.text()) else {
            scene.missing("table", Space::Relation, &on.name);
            return;
        };
        let Some((schema, of)) = scene.name_of(id) else { return };
        let mut attrs = attrs.clone();
        attrs.set(&attr::EXECUTE, function_name(scene, &function, &schema));
        if let Some(from) = &from {
            let found =
                scene.find(Space::Relation, from.schema(), from.text()).and_then(|id| scene.name_of(id));
            let (of_schema, name) = found.unwrap_or_else(|| (schema.clone(), from.text().clone()));
            attrs.set(&attr::FROM, names::qualified(&schema, &of_schema, &name));
        }
        let trigger = Trigger {
            schema: schema.clone(),
            name: name.text.clone(),
            on: of.clone(),
            body: String::new(),
            attrs,
        };
        let trigger = rules::with_body(trigger);
        let key = owned_name(&of, &name.text);
        if let Some(id) = scene.find(Space::Owned, Some(&schema), &key) {
            if replace {
                scene.set(id, Thing::Trigger(Arc::new(trigger)));
            } else {
                scene.exists("trigger", &name, Some(id));
            }
            return;
        }
        let mut part = Part::default();
        part.add(
            ObjectPath::Trigger { schema: schema.clone(), trigger: name.text.clone() },
            range,
            name.range,
        );
        scene.insert(Space::Owned, schema, key, Thing::Trigger(Arc::new(trigger)), part, 0);
    });
}

use rowan::NodeOrToken as rowan_element;

/// What a policy says, as far as it is written.
#[derive(Clone, Debug, Default)]
struct Policy {
    restrictive: Option<bool>,
    command: Option<String>,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

impl Policy {
    fn of(options: impl Iterator<Item = ast::OptionClause>, roles: Vec<ast::Name>) -> Self {
        let mut policy = Policy::default();
        for option in options {
            let words = option.words();
            let expr = option.expr().map(|expr| expr.text().trim().to_owned());
            match words.split_once(' ').unwrap_or((&words, "")) {
                ("AS", word) => policy.restrictive = Some(word == "RESTRICTIVE"),
                ("FOR", word) => policy.command = Some(word.to_owned()),
                ("USING", _) => policy.using = expr,
                ("WITH", _) => policy.check = expr,
                _ => {}
            }
        }
        policy.roles = roles
            .iter()
            .map(|name| {
                let plain = fold(name);
                match plain.as_str() {
                    "public" | "current_user" | "session_user" | "current_role" if !name.is_quoted() => {
                        plain.to_uppercase()
                    }
                    _ => plain.to_string(),
                }
            })
            .collect();
        policy
    }

    fn set(&self, attrs: &mut Attrs) {
        match self.restrictive {
            Some(true) => attrs.set(&attr::AS, "RESTRICTIVE".to_owned()),
            Some(false) => attrs.remove(&attr::AS),
            None => {}
        }
        if let Some(command) = self.command.as_ref().filter(|command| *command != "ALL") {
            attrs.set(&attr::FOR, command.clone());
        }
        if self.roles == ["PUBLIC"] {
            attrs.remove(&attr::TO);
        } else if !self.roles.is_empty() {
            attrs.set(&attr::TO, self.roles.clone());
        }
        if let Some(using) = &self.using {
            attrs.set(&attr::USING, using.clone());
        }
        if let Some(check) = &self.check {
            attrs.set(&attr::WITH_CHECK, check.clone());
        }
    }
}

/// Reads `CREATE POLICY`.
pub(super) fn create_policy(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let Some(name) = create.path().map(|path| name_of(&path.name)) else { return };
    // The table is the first of the options, without a word of its own.
    let Some(on) = create.options().find_map(|option| option.path()).map(|path| Qualified::of(&path)) else {
        return;
    };
    let policy = Policy::of(create.options(), create.roles());
    let range = piece.statement_range();
    step(builder, move |scene| {
        let Some(id) = scene.find(Space::Relation, on.schema(), on.text()) else {
            scene.missing("table", Space::Relation, &on.name);
            return;
        };
        let Some((schema, of)) = scene.name_of(id) else { return };
        let mut attrs = Attrs::default();
        attrs.set(&attr::ON, names::quoted(&of).into_owned());
        policy.set(&mut attrs);
        let key = owned_name(&of, &name.text);
        if let Some(id) = scene.find(Space::Owned, Some(&schema), &key) {
            scene.exists("policy", &name, Some(id));
            return;
        }
        let object = Object {
            kind: attr::POLICY,
            schema: schema.clone(),
            name: name.text.clone(),
            comment: None,
            attrs,
        };
        let mut part = Part::default();
        let path = ObjectPath::Object { schema: schema.clone(), kind: attr::POLICY, name: name.text.clone() };
        part.add(path, range, name.range);
        scene.insert(Space::Owned, schema, key, Thing::Object(Arc::new(object)), part, 0);
    });
}

/// Reads `CREATE EVENT TRIGGER`.
pub(super) fn create_event_trigger(create: &ast::CreateObject, piece: &Piece, builder: &mut Builder) {
    let (Some(name), Some(event)) = (create.path(), create.event()) else { return };
    let name = name_of(&name.name);
    let Some(function) = create.executes().map(|path| Qualified::of(&path)) else { return };
    let mut attrs = Attrs::default();
    attrs.set(&attr::ON, fold(&event).to_string());
    if let Some(when) = create.when() {
        let tags: Vec<String> = when
            .syntax()
            .descendants()
            .filter_map(ast::Literal::cast)
            .filter_map(|literal| literal.string().map(|text| text.to_string()))
            .collect();
        attrs.set(&attr::TAGS, tags);
    }
    let range = piece.statement_range();
    step(builder, move |scene| {
        let found = find(scene, &function, None).and_then(|id| scene.name_of(id)).map(|(schema, _)| schema);
        let schema = found.unwrap_or_else(|| scene.schema_for(function.schema()));
        let mut attrs = attrs.clone();
        attrs.set(&attr::EXECUTE, names::qualified("", &schema, function.text()));
        let object = Object {
            kind: attr::EVENT_TRIGGER,
            schema: SmolStr::default(),
            name: name.text.clone(),
            comment: None,
            attrs,
        };
        let mut part = Part::default();
        let path = ObjectPath::Object {
            schema: SmolStr::default(),
            kind: attr::EVENT_TRIGGER,
            name: name.text.clone(),
        };
        part.add(path, range, name.range);
        let space = Space::Global(attr::EVENT_TRIGGER);
        scene.insert(space, SmolStr::default(), name.text.clone(), Thing::Object(Arc::new(object)), part, 0);
    });
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

/// `ALTER TRIGGER | POLICY name ON table`.
pub(super) fn alter_owned(alter: &ast::AlterObject, name: &Qualified, builder: &mut Builder) {
    let Some(on) = alter.options().find_map(|option| option.path()).map(|path| Qualified::of(&path)) else {
        return;
    };
    let policy = Policy::of(alter.options(), alter.roles());
    let to = alter.actions().find_map(|action| match action {
        AlterAction::Other(action) if action.words() == "RENAME TO" => {
            action.paths().first().map(|path| fold(&path.name))
        }
        _ => None,
    });
    let name = name.clone();
    step(builder, move |scene| {
        let Some(id) = super::drop::find_owned(scene, name.text(), &on) else {
            scene.missing("trigger", Space::Owned, &name.name);
            return;
        };
        let Some((schema, key)) = scene.name_of(id) else { return };
        match (scene.thing(id).cloned(), &to) {
            (Some(Thing::Trigger(trigger)), Some(to)) => {
                let trigger = rules::with_body(Trigger { name: to.clone(), ..Trigger::clone(&trigger) });
                scene.set(id, Thing::Trigger(Arc::new(trigger)));
            }
            (Some(Thing::Object(_)), _) => object::change(scene, id, |object| match &to {
                Some(to) => object.name = to.clone(),
                None => policy.set(&mut object.attrs),
            }),
            _ => return,
        }
        if let Some(to) = &to {
            let table = key.split_once('\n').map(|(table, _)| table).unwrap_or_default();
            scene.rename(id, schema, owned_name(table, to));
        }
    });
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
