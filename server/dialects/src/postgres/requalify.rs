//! A schema under another name in texts of SQL: expressions, queries, bodies, statements.
//!
//! Names are found among the tokens, so strings and comments stay; of strings only those that name something are
//! rewritten (`nextval('shop.seq')`, `'shop.t'::regclass`). A name `shop.x` may also mean a column of a table or an alias
//! called `shop`. Invariant: where the text has such a thing, only places where none can stand are rewritten: types,
//! calls, what is read from, names of three steps.

use std::sync::Arc;

use schema::{AttrValue, Attrs, Column, Default, Index, PartOf, Realm, SmolStr, Table, View};

use super::expr::tokens::{Token, first};
use super::{names, rules};

/// A token with its place.
struct Placed {
    start: usize,
    end: usize,
    token: Token,
}

/// `text` with what it names in schema `old` in schema `new`, or in none where `new` is empty; `None` when it names
/// nothing there.
pub fn requalified(text: &str, old: &str, new: &str) -> Option<String> {
    if old == new || !has(text, old) {
        return None;
    }
    let tokens = placed(text);
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let chains = chains(&tokens);
    // An alias, a table or a column of that name.
    let shadowed = chains.iter().any(|chain| chain.last().is_some_and(|at| names(&tokens, *at, old)));
    for chain in &chains {
        let (Some(&head), Some(&last)) = (chain.first(), chain.last()) else { continue };
        if chain.len() < 2 || !names(&tokens, head, old) {
            continue;
        }
        if shadowed && chain.len() < 3 && !is_surely_qualified(&tokens, head, last) {
            continue;
        }
        let end = match (new.is_empty(), chain.get(1)) {
            (true, Some(&second)) => tokens[second].start,
            _ => tokens[head].end,
        };
        let text = if new.is_empty() { String::new() } else { names::quoted(new).into_owned() };
        edits.push((tokens[head].start, end, text));
    }
    for (at, placed) in tokens.iter().enumerate() {
        let Token::Text(value) = &placed.token else { continue };
        if !is_name(&tokens, at) {
            continue;
        }
        let steps = names::steps(value);
        let [first, rest @ ..] = &steps[..] else { continue };
        if rest.is_empty() || first != old {
            continue;
        }
        let schema = (!new.is_empty()).then(|| names::quoted(new));
        let steps: Vec<_> = schema.into_iter().chain(rest.iter().map(|step| names::quoted(step))).collect();
        edits.push((placed.start, placed.end, format!("'{}'", steps.join(".").replace('\'', "''"))));
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort();
    let mut out = text.to_owned();
    for (start, end, text) in edits.iter().rev() {
        out.replace_range(*start..*end, text);
    }
    Some(out)
}

/// The tokens; what is not known stands for itself.
fn placed(text: &str) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(ch) = text[at..].chars().next() {
        let (token, len) = first(&text[at..]).unwrap_or((Some(Token::Mark(ch)), ch.len_utf8()));
        if let Some(token) = token {
            out.push(Placed { start: at, end: at + len, token });
        }
        at += len;
    }
    out
}

fn is(tokens: &[Placed], at: Option<usize>, token: &Token) -> bool {
    at.and_then(|at| tokens.get(at)).is_some_and(|placed| placed.token == *token)
}

fn word(tokens: &[Placed], at: Option<usize>) -> Option<&str> {
    match &tokens.get(at?)?.token {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

fn names(tokens: &[Placed], at: usize, name: &str) -> bool {
    matches!(&tokens[at].token, Token::Word(own) | Token::Name(own) if own == name)
}

/// Names and what dots join to them: the places of their steps.
fn chains(tokens: &[Placed]) -> Vec<Vec<usize>> {
    let is_step = |at: usize| {
        matches!(tokens.get(at).map(|placed| &placed.token), Some(Token::Word(_) | Token::Name(_)))
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // Behind a dot stands a field of something else.
        if !is_step(at) || is(tokens, at.checked_sub(1), &Token::Mark('.')) {
            at += 1;
            continue;
        }
        let mut chain = vec![at];
        while is(tokens, Some(at + 1), &Token::Mark('.')) && is_step(at + 2) {
            at += 2;
            chain.push(at);
        }
        out.push(chain);
        at += 1;
    }
    out
}

/// Whether what stands from `head` to `last` can be no column: a type, a call, something that is read from.
fn is_surely_qualified(tokens: &[Placed], head: usize, last: usize) -> bool {
    let before = head.checked_sub(1);
    if is(tokens, before, &Token::Op("::".to_owned())) || is(tokens, Some(last + 1), &Token::Mark('(')) {
        return true;
    }
    let mut at = before;
    while is(tokens, at, &Token::Mark('(')) {
        at = at.and_then(|at| at.checked_sub(1));
    }
    match word(tokens, at) {
        Some("join" | "into" | "update" | "table" | "references" | "function" | "procedure") => true,
        Some("from") => {
            let before = at.and_then(|at| at.checked_sub(1));
            // `IS DISTINCT FROM a`, `extract(year FROM a)`.
            word(tokens, before) != Some("distinct") && !in_call(tokens, at.unwrap_or_default())
        }
        _ => false,
    }
}

/// Whether the innermost parentheses around a place are those of a call in a form of the standard.
fn in_call(tokens: &[Placed], at: usize) -> bool {
    let mut depth = 0usize;
    for at in (0..at).rev() {
        match tokens[at].token {
            Token::Mark(')') => depth += 1,
            Token::Mark('(') if depth > 0 => depth -= 1,
            Token::Mark('(') => {
                let call = word(tokens, at.checked_sub(1));
                return matches!(call, Some("extract" | "substring" | "trim" | "overlay" | "position"));
            }
            _ => {}
        }
    }
    false
}

/// Whether a string is the name of something.
fn is_name(tokens: &[Placed], at: usize) -> bool {
    let cast = is(tokens, Some(at + 1), &Token::Op("::".to_owned()))
        && word(tokens, Some(at + 2)).is_some_and(|ty| ty.starts_with("reg"));
    let open = at.checked_sub(1).filter(|open| is(tokens, Some(*open), &Token::Mark('(')));
    let call = open.and_then(|open| word(tokens, open.checked_sub(1)));
    cast || matches!(call, Some("nextval" | "currval" | "setval" | "to_regclass" | "to_regtype"))
}

/// Attributes that are no SQL.
const TEXTS: &[&str] = &["comment", "password", "options", "locale", "version", "rules", "renamed_from"];

/// Rewrites all that names something in schema `old` in the texts of `realm`.
pub fn realm(realm: &mut Realm, old: &SmolStr, new: &SmolStr) {
    let rewrite = |text: &mut String| {
        if let Some(found) = requalified(text, old, new) {
            *text = found;
        }
    };
    let attrs = |attrs: &mut Attrs| attributes(attrs, old, new);
    let part = |of: &mut PartOf| {
        if let PartOf::Expr(expr) = of {
            rewrite(&mut expr.0);
        }
    };
    let index = |index: &mut Index| {
        for it in &mut index.parts {
            part(&mut it.of);
            attrs(&mut it.attrs);
        }
        index.predicate.iter_mut().for_each(|predicate| rewrite(&mut predicate.0));
        attrs(&mut index.attrs);
    };
    for object in &mut realm.objects {
        edit(object, |object| attrs(&mut object.attrs));
    }
    for schema in &mut realm.schemas {
        for table in schema.tables.iter_mut().filter(|table| in_table(table, old)) {
            edit(table, |table| {
                for column in &mut table.columns {
                    if let Some(Default::Expr(expr)) = &mut column.default {
                        rewrite(&mut expr.0);
                    }
                    column.generated.iter_mut().for_each(|generated| rewrite(&mut generated.expr.0));
                    attrs(&mut column.attrs);
                }
                table.indexes.iter_mut().for_each(index);
                table.checks.iter_mut().for_each(|check| rewrite(&mut check.expr.0));
                attrs(&mut table.attrs);
            });
        }
        for view in schema.views.iter_mut().filter(|view| in_view(view, old)) {
            edit(view, |view| {
                rewrite(&mut view.body);
                view.indexes.iter_mut().for_each(index);
                attrs(&mut view.attrs);
                let of = view.depends_on.iter_mut().filter(|(schema, _)| schema == old && !new.is_empty());
                of.for_each(|(schema, _)| schema.clone_from(new));
            });
        }
        for trigger in &mut schema.triggers {
            edit(trigger, |trigger| {
                rewrite(&mut trigger.body);
                attrs(&mut trigger.attrs);
                *trigger = rules::with_body(trigger.clone());
            });
        }
        for routine in &mut schema.routines {
            edit(routine, |routine| {
                rewrite(&mut routine.body);
                attrs(&mut routine.attrs);
            });
        }
        for object in &mut schema.objects {
            edit(object, |object| attrs(&mut object.attrs));
        }
    }
}

/// `realm` without the name of `schema` in texts, as a server writes them whose search path is that schema; `None` when
/// nothing says it.
pub fn unqualified(realm: &Realm, schema: &SmolStr) -> Option<Realm> {
    let mut out = realm.clone();
    self::realm(&mut out, schema, &SmolStr::default());
    let same = |a: &schema::Schema, b: &schema::Schema| {
        let tables = a.tables.iter().zip(&b.tables).all(|(a, b)| Arc::ptr_eq(a, b));
        let views = a.views.iter().zip(&b.views).all(|(a, b)| Arc::ptr_eq(a, b));
        let triggers = a.triggers.iter().zip(&b.triggers).all(|(a, b)| Arc::ptr_eq(a, b));
        let routines = a.routines.iter().zip(&b.routines).all(|(a, b)| Arc::ptr_eq(a, b));
        let objects = a.objects.iter().zip(&b.objects).all(|(a, b)| Arc::ptr_eq(a, b));
        tables && views && triggers && routines && objects
    };
    let objects = realm.objects.iter().zip(&out.objects).all(|(a, b)| Arc::ptr_eq(a, b));
    let nothing = objects && realm.schemas.iter().zip(&out.schemas).all(|(a, b)| same(a, b));
    (!nothing).then_some(out)
}

/// Whether a text of the table has the name anywhere, so that the others need not be copied.
fn in_table(table: &Table, name: &str) -> bool {
    let default = |column: &Column| match &column.default {
        Some(Default::Expr(expr)) => has(&expr.0, name),
        _ => false,
    };
    let generated =
        |column: &Column| column.generated.as_ref().is_some_and(|generated| has(&generated.expr.0, name));
    table.columns.iter().any(|it| default(it) || generated(it) || in_attrs(&it.attrs, name))
        || table.indexes.iter().any(|index| in_index(index, name))
        || table.checks.iter().any(|check| has(&check.expr.0, name))
        || in_attrs(&table.attrs, name)
}

fn in_view(view: &View, name: &str) -> bool {
    has(&view.body, name)
        || view.indexes.iter().any(|index| in_index(index, name))
        || in_attrs(&view.attrs, name)
        || view.depends_on.iter().any(|(schema, _)| schema == name)
}

fn in_index(index: &Index, name: &str) -> bool {
    let part = |of: &PartOf| matches!(of, PartOf::Expr(expr) if has(&expr.0, name));
    index.parts.iter().any(|it| part(&it.of) || in_attrs(&it.attrs, name))
        || index.predicate.as_ref().is_some_and(|predicate| has(&predicate.0, name))
        || in_attrs(&index.attrs, name)
}

fn in_attrs(attrs: &Attrs, name: &str) -> bool {
    attrs.iter().any(|(_, value)| match value {
        AttrValue::Str(text) => has(text, name),
        AttrValue::Items(items) => items.iter().any(|item| in_attrs(item, name)),
        AttrValue::Bool(_) | AttrValue::Int(_) | AttrValue::List(_) => false,
    })
}

/// Whether a text contains a name in any case.
fn has(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    !name.is_empty() && text.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name))
}

/// Changes what is shared only when there is a change, so that what stays the same stays shared.
fn edit<T: Clone + PartialEq>(of: &mut Arc<T>, change: impl FnOnce(&mut T)) {
    let mut changed = T::clone(of);
    change(&mut changed);
    if changed != **of {
        *of = Arc::new(changed);
    }
}

fn attributes(attrs: &mut Attrs, old: &str, new: &str) {
    let mut found: Vec<(&'static str, AttrValue)> = Vec::new();
    for (name, value) in attrs.iter().filter(|(name, _)| !TEXTS.contains(name)) {
        match value {
            // Alone it is the name of the schema.
            AttrValue::Str(text) if name == "schema" && text == old && !new.is_empty() => {
                found.push((name, AttrValue::Str(new.to_owned())));
            }
            AttrValue::Str(text) => {
                found.extend(requalified(text, old, new).map(|text| (name, AttrValue::Str(text))));
            }
            AttrValue::Items(items) => {
                let mut items = items.clone();
                items.iter_mut().for_each(|item| attributes(item, old, new));
                found.push((name, AttrValue::Items(items)));
            }
            AttrValue::Bool(_) | AttrValue::Int(_) | AttrValue::List(_) => {}
        }
    }
    for (name, value) in found {
        attrs.put(name, value);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::requalified;

    fn check(text: &str, expect: Expect) {
        let other = requalified(text, "shop", "Dev").unwrap_or_else(|| "(nothing)".to_owned());
        let none = requalified(text, "shop", "").unwrap_or_else(|| "(nothing)".to_owned());
        expect.assert_eq(&format!("{other}\n{none}"));
    }

    #[test]
    fn types_calls_and_tables_get_another_schema() {
        check(
            "'x'::shop.state",
            expect![[r#"
                'x'::"Dev".state
                'x'::state"#]],
        );
        check(
            "Shop.f(a) > \"shop\".g(b.c) AND (d).shop.e",
            expect![[r#"
            "Dev".f(a) > "Dev".g(b.c) AND (d).shop.e
            f(a) > g(b.c) AND (d).shop.e"#]],
        );
        check(
            "SELECT t.id FROM shop.t, shop.u WHERE t.s = 'shop.t' -- shop.t",
            expect![[r#"
            SELECT t.id FROM "Dev".t, "Dev".u WHERE t.s = 'shop.t' -- shop.t
            SELECT t.id FROM t, u WHERE t.s = 'shop.t' -- shop.t"#]],
        );
        check(
            "nextval('shop.seq'::regclass) + currval('shop.\"S 1\"')",
            expect![[r#"
            nextval('"Dev".seq'::regclass) + currval('"Dev"."S 1"')
            nextval('seq'::regclass) + currval('"S 1"')"#]],
        );
    }

    #[test]
    fn an_alias_of_the_name_hides_the_schema() {
        check(
            "SELECT shop.id, shop.f(1), 'x'::shop.state FROM shop.shop shop JOIN shop.t ON t.id = shop.id",
            expect![[r#"
                SELECT shop.id, "Dev".f(1), 'x'::"Dev".state FROM "Dev".shop shop JOIN "Dev".t ON t.id = shop.id
                SELECT shop.id, f(1), 'x'::state FROM shop shop JOIN t ON t.id = shop.id"#]],
        );
        check(
            "SELECT shop.id FROM orders shop",
            expect![[r#"
            (nothing)
            (nothing)"#]],
        );
        check(
            "SELECT extract(year FROM shop.at), shop.at IS DISTINCT FROM shop.b FROM orders shop",
            expect![[r#"
                (nothing)
                (nothing)"#]],
        );
    }

    #[test]
    fn other_schemas_stay() {
        check(
            "public.f(workshop.x) || e'shop.\\'t' || $$ it's shop.t",
            expect![[r#"
            public.f(workshop.x) || e'shop.\'t' || $$ it's "Dev".t
            public.f(workshop.x) || e'shop.\'t' || $$ it's t"#]],
        );
    }
}
