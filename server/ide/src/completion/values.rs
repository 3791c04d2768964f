//! Values of attributes: words, types, references, functions.

use engine::types::{ArgKind, TypeDef};
use hcl::spec::{AttrType, Content, EnumValue};
use project::Role;
use text::TextRange;

use super::hcl::Cx;
use super::item::Rank;
use super::{Item, ItemKind, references, strings};
use crate::describe;
use crate::hcl_place::Value;

/// The types of variables.
const VARIABLE_TYPES: [(&str, &str); 9] = [
    ("string", "string"),
    ("number", "number"),
    ("int", "int"),
    ("bool", "bool"),
    ("any", "any"),
    ("list", "list(${1:string})"),
    ("set", "set(${1:string})"),
    ("map", "map(${1:string})"),
    ("object", "object({\n  $0\n})"),
];

static ANY: AttrType = AttrType::Any;

pub(super) fn complete(cx: &Cx<'_>, value: &Value) -> Vec<Item> {
    let name = value.attribute.name();
    let declared = cx.declared.zip(name).and_then(|(place, name)| place.body.attribute(name.text()));
    if let Some(string) = &value.string {
        return strings::complete(cx, value, string, declared);
    }
    if let Some(path) = &value.path {
        return references::after(cx, value, path);
    }
    if !value.open {
        return Vec::new();
    }
    let range = cx.file(value.word);
    let mut ty = declared.map_or(&ANY, |declared| &declared.ty);
    if let Some((call, _)) = &value.call {
        let is_type = cx.world.dialect.is_some_and(|it| engine::types::by_hcl(it.types, call).is_some());
        match ty {
            AttrType::VariableType => {}
            _ if is_type || call == "sql" => return Vec::new(),
            _ => ty = &ANY,
        }
    }
    let mut items = Vec::new();
    of_type(cx, ty, value.lists, range, &mut items);
    if declared.is_some_and(|declared| declared.content == Content::Sql) && value.call.is_none() {
        let heredoc = Item::new(ItemKind::Snippet, "<<-SQL", range, Rank::Usual)
            .detail("heredoc")
            .snippet("<<-SQL\n  $0\nSQL");
        items.push(heredoc);
    }
    if !matches!(ty, AttrType::VariableType | AttrType::Type) {
        references::names(cx, range, &mut items);
    }
    if takes_functions(ty) {
        items.extend(functions(cx, range));
    }
    items
}

/// Whether a computed value is likely.
fn takes_functions(ty: &AttrType) -> bool {
    match ty {
        AttrType::Any
        | AttrType::String
        | AttrType::Int
        | AttrType::Number
        | AttrType::Map(_)
        | AttrType::Sql => true,
        AttrType::List(inner) => takes_functions(inner),
        AttrType::OneOf(types) => types.iter().any(takes_functions),
        _ => false,
    }
}

/// What a value of type `ty` may be; `lists` lists are open around it.
fn of_type(cx: &Cx<'_>, ty: &'static AttrType, lists: usize, range: TextRange, items: &mut Vec<Item>) {
    match ty {
        AttrType::Any => items.extend(constants(&["true", "false", "null"], range, Rank::Later)),
        AttrType::Bool => items.extend(constants(&["true", "false"], range, Rank::First)),
        AttrType::Enum(values) => items.extend(values.iter().map(|value| word(value, range))),
        AttrType::Ref(kinds) => references::roots(cx, kinds, range, items),
        AttrType::Type => types(cx, range, items),
        AttrType::VariableType => items.extend(VARIABLE_TYPES.iter().map(|(label, text)| {
            let item = Item::new(ItemKind::Type, *label, range, Rank::First);
            if label == text { item } else { item.snippet(*text) }
        })),
        AttrType::Sql => items.push(raw(range)),
        AttrType::List(inner) if lists > 0 => of_type(cx, inner, lists - 1, range, items),
        AttrType::List(inner) => {
            let text = if matches!(inner, AttrType::String) { "[\"$0\"]" } else { "[$0]" };
            items.push(
                Item::new(ItemKind::Snippet, "[…]", range, Rank::First)
                    .detail(ty.describe())
                    .snippet(text)
                    .again(),
            );
        }
        AttrType::Map(_) => {
            let item = Item::new(ItemKind::Snippet, "{…}", range, Rank::First).detail(ty.describe());
            items.push(item.snippet("{\n  $0\n}"));
        }
        AttrType::OneOf(types) => {
            // Inside a list only the alternatives that are lists are meant.
            let is_list = |ty: &&AttrType| matches!(ty, AttrType::List(_) | AttrType::Any);
            let any_list = types.iter().any(|ty| is_list(&ty));
            for ty in types.iter().filter(|ty| lists == 0 || !any_list || is_list(ty)) {
                of_type(cx, ty, lists, range, items);
            }
        }
        AttrType::String | AttrType::Int | AttrType::Number => {}
    }
}

fn constants(words: &[&str], range: TextRange, rank: Rank) -> Vec<Item> {
    words.iter().map(|word| Item::new(ItemKind::Value, *word, range, rank)).collect()
}

fn word(value: &EnumValue, range: TextRange) -> Item {
    Item::new(ItemKind::EnumValue, value.name, range, Rank::First).doc(value.doc)
}

fn raw(range: TextRange) -> Item {
    let mut item = Item::new(ItemKind::Function, "sql(\"…\")", range, Rank::Usual)
        .detail("sql expression")
        .snippet("sql(\"$0\")");
    item.filter = Some("sql".into());
    item
}

/// The column types of the dialect.
fn types(cx: &Cx<'_>, range: TextRange, items: &mut Vec<Item>) {
    let Some(dialect) = cx.world.dialect else { return };
    for def in dialect.types {
        let doc = describe::column_type(def, dialect, true);
        if def.args.iter().all(|arg| !arg.required) {
            items.push(
                Item::new(ItemKind::Type, def.hcl, range, Rank::First).detail(dialect.title).doc(doc.clone()),
            );
        }
        // Arguments the database forgets are not worth typing.
        if def.args.iter().any(|arg| arg.kept) {
            let item = Item::new(ItemKind::Type, format!("{}(…)", def.hcl), range, Rank::Usual)
                .detail(format!("{}{}", def.hcl, describe::type_args(def)))
                .doc(doc)
                .snippet(format!("{}({})", def.hcl, arguments(def)));
            items.push(Item { filter: Some(def.hcl.to_owned()), ..item });
        }
    }
    items.push(raw(range));
    for schema in cx.world.schemas() {
        for object in &schema.objects {
            let label = references::path(&[object.kind, &object.name]);
            items.push(Item::new(ItemKind::Object, label, range, Rank::First).detail(object.kind));
        }
    }
}

/// The arguments of a type as tab stops.
pub(super) fn arguments(def: &TypeDef) -> String {
    let arg = |(at, arg): (usize, &engine::types::TypeArg)| match arg.kind {
        ArgKind::Int => format!("${{{}:{}}}", at + 1, arg.name),
        ArgKind::Strings => format!("\"${{{}:{}}}\"", at + 1, arg.name),
    };
    let wanted = def
        .args
        .iter()
        .take_while(|arg| arg.kept)
        .take(if def.args.iter().any(|arg| arg.required) { 9 } else { 1 });
    wanted.enumerate().map(arg).collect::<Vec<_>>().join(", ")
}

fn functions(cx: &Cx<'_>, range: TextRange) -> Vec<Item> {
    let item = |function: &'static hcl::Function| {
        let no_args = function.params.is_empty() && function.variadic.is_none();
        let text = if no_args { format!("{}()", function.name) } else { format!("{}($0)", function.name) };
        let asks = cx.world.info.role == Role::Config && function.purity == hcl::function::Purity::Project;
        let rank = if asks { Rank::Later } else { Rank::Last };
        Item::new(ItemKind::Function, function.name, range, rank)
            .detail(function.signature())
            .doc(describe::function(function))
            .snippet(text)
    };
    hcl::functions::all(cx.functions).map(item).collect()
}
