//! The query of a view as `pg_get_viewdef` writes it: names qualified, `*` spelled out, one line for each part.
//!
//! Known are plain selects: tables and their joins with `ON`, conditions, groups, aggregates, orders and limits. What else
//! there is (subqueries, sets, windows, `WITH`, `USING`, `CASE`) gives `None`, and the view counts as a guess.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`get_basic_select_query`, `get_from_clause_item`, `get_rule_orderby`).

use super::Types;
use super::node::{Form, Node, Ty, column_word};
use super::parse::Reader;
use super::write::Writer;
use crate::postgres::names;

/// A table or view a query reads.
#[derive(Clone, Debug)]
pub struct Source {
    pub schema: String,
    pub name: String,
    /// With their types, where those are known.
    pub columns: Vec<(String, Option<Ty>)>,
}

/// What a query is read with.
pub struct Queries<'a> {
    /// The table or view of a name, and perhaps a schema.
    pub source: &'a dyn Fn(Option<&str>, &str) -> Option<Source>,
    /// PostgreSQL 16 and later, which do not qualify the columns of a query of one table.
    pub plain: bool,
}

#[derive(Debug)]
struct Select {
    distinct: bool,
    items: Vec<Item>,
    from: Vec<From>,
    filter: Option<Node>,
    group: Vec<Node>,
    having: Option<Node>,
    order: Vec<Order>,
    limit: Option<String>,
    offset: Option<String>,
}

#[derive(Debug)]
enum Item {
    /// `*`, `t.*`.
    All(Option<String>),
    One(Node, Option<String>),
}

#[derive(Debug)]
enum From {
    Table { schema: Option<String>, name: String, alias: Option<String> },
    Join { left: Box<From>, kind: &'static str, right: Box<From>, on: Option<Node> },
}

#[derive(Debug)]
struct Order {
    of: Node,
    desc: bool,
    nulls_first: Option<bool>,
}

impl Reader {
    fn select(&mut self) -> Option<Select> {
        self.word_is("select")?;
        let distinct = self.eat_word("distinct");
        if distinct && self.is_word("on") || self.is_word("all") {
            return None;
        }
        let mut items = vec![self.item()?];
        while self.eat(',') {
            items.push(self.item()?);
        }
        let mut from = Vec::new();
        if self.eat_word("from") {
            from.push(self.source_list_item()?);
            while self.eat(',') {
                from.push(self.source_list_item()?);
            }
        }
        let filter = if self.eat_word("where") { Some(self.expr(0)?) } else { None };
        let mut group = Vec::new();
        if self.eat_word("group") {
            self.word_is("by")?;
            group = self.nodes()?;
        }
        let having = if self.eat_word("having") { Some(self.expr(0)?) } else { None };
        let mut order = Vec::new();
        if self.eat_word("order") {
            self.word_is("by")?;
            order.push(self.order()?);
            while self.eat(',') {
                order.push(self.order()?);
            }
        }
        let (mut limit, mut offset) = (None, None);
        loop {
            if limit.is_none() && self.eat_word("limit") {
                limit = Some(self.whole_number()?);
            } else if offset.is_none() && self.eat_word("offset") {
                offset = Some(self.whole_number()?);
            } else {
                break;
            }
        }
        Some(Select { distinct, items, from, filter, group, having, order, limit, offset })
    }

    fn word_is(&mut self, word: &str) -> Option<()> {
        self.eat_word(word).then_some(())
    }

    fn nodes(&mut self) -> Option<Vec<Node>> {
        let mut out = vec![self.expr(0)?];
        while self.eat(',') {
            out.push(self.expr(0)?);
        }
        Some(out)
    }

    fn item(&mut self) -> Option<Item> {
        if self.eat_op("*") {
            return Some(Item::All(None));
        }
        if let Some(of) = self.eat_all_of() {
            return Some(Item::All(Some(of)));
        }
        let node = self.expr(0)?;
        let alias = if self.eat_word("as") { Some(self.name()?) } else { self.alias() };
        Some(Item::One(node, alias))
    }

    fn source_list_item(&mut self) -> Option<From> {
        let mut left = self.source()?;
        loop {
            let kind = if self.eat_word("cross") {
                "CROSS JOIN"
            } else if self.eat_word("inner") || self.is_word("join") {
                "JOIN"
            } else if let Some(side) = ["left", "right", "full"].into_iter().find(|side| self.eat_word(side))
            {
                self.eat_word("outer");
                match side {
                    "left" => "LEFT JOIN",
                    "right" => "RIGHT JOIN",
                    _ => "FULL JOIN",
                }
            } else {
                return Some(left);
            };
            self.word_is("join")?;
            let right = self.source()?;
            let on = if kind == "CROSS JOIN" {
                None
            } else {
                self.word_is("on")?;
                Some(self.expr(0)?)
            };
            left = From::Join { left: Box::new(left), kind, right: Box::new(right), on };
        }
    }

    fn source(&mut self) -> Option<From> {
        if self.eat('(') {
            let inner = self.source_list_item()?;
            self.expect(')')?;
            // Of what stands alone in parentheses only a join can be.
            return matches!(inner, From::Join { .. }).then_some(inner);
        }
        if ["only", "lateral", "rows"].iter().any(|word| self.is_word(word)) {
            return None;
        }
        let mut path = self.path()?;
        let name = path.pop()?;
        let schema = path.pop();
        if !path.is_empty() {
            return None;
        }
        let alias = if self.eat_word("as") { Some(self.name()?) } else { self.alias() };
        if self.eat('(') {
            return None;
        }
        Some(From::Table { schema, name, alias })
    }

    fn order(&mut self) -> Option<Order> {
        let of = self.expr(0)?;
        let desc = self.eat_word("desc");
        if !desc {
            self.eat_word("asc");
        }
        let nulls_first = if self.eat_word("nulls") {
            let first = self.eat_word("first");
            if !first {
                self.word_is("last")?;
            }
            Some(first)
        } else {
            None
        };
        Some(Order { of, desc, nulls_first })
    }
}

/// The query `text` as the server would write it, and whether that is sure; `None` when it is not of the known kind.
pub fn normalize(text: &str, types: &Types<'_>, queries: &Queries<'_>) -> Option<super::Normal> {
    let mut reader = Reader::of(text.trim().trim_end_matches(';'))?;
    let select = reader.select()?;
    if !reader.is_done() {
        return None;
    }
    let mut scope = Scope { sources: Vec::new(), plain: false };
    for from in &select.from {
        scope.add(from, queries)?;
    }
    scope.plain = queries.plain && scope.sources.len() == 1;
    let column = |path: &[String]| scope.ty(path);
    let types = Types { column: &column, ..*types };
    let mut writer = Writer { types: &types, sure: true, unstable: false, indent: 0 };
    let text = write(&select, &scope, &mut writer)?;
    Some(super::Normal { text, sure: writer.sure, unstable: false })
}

/// What the names of a query may mean.
struct Scope {
    /// The name a source goes by, and the source.
    sources: Vec<(String, Source)>,
    plain: bool,
}

impl Scope {
    fn add(&mut self, from: &From, queries: &Queries<'_>) -> Option<()> {
        match from {
            From::Table { schema, name, alias } => {
                let source = (queries.source)(schema.as_deref(), name)?;
                self.sources.push((alias.clone().unwrap_or_else(|| name.clone()), source));
                Some(())
            }
            From::Join { left, right, .. } => {
                self.add(left, queries)?;
                self.add(right, queries)
            }
        }
    }

    fn ty(&self, path: &[String]) -> Option<Ty> {
        let (name, before) = path.split_last()?;
        let of = before.last();
        let mut found = self.sources.iter().filter(|(own, _)| of.is_none_or(|of| of == own));
        found.find_map(|(_, source)| source.columns.iter().find(|(own, _)| own == name)?.1.clone())
    }

    /// The column of `path` as it is written.
    fn column(&self, path: &[String]) -> Option<Vec<String>> {
        let (name, before) = path.split_last()?;
        let (schema, of) = match before {
            [] => (None, None),
            [of] => (None, Some(of)),
            [schema, of] => (Some(schema), Some(of)),
            _ => return None,
        };
        let mut found = self.sources.iter().filter(|(own, source)| {
            of.is_none_or(|of| of == own)
                && schema.is_none_or(|schema| *schema == source.schema)
                && source.columns.iter().any(|(own, _)| own == name)
        });
        let (own, _) = found.next()?;
        // A name of two tables would be a mistake.
        if found.next().is_some() {
            return None;
        }
        Some(if self.plain { vec![name.clone()] } else { vec![own.clone(), name.clone()] })
    }

    /// The expression with its names resolved; `None` when one is not known, or something in it is not.
    fn resolved(&self, node: &Node) -> Option<Node> {
        let mut node = node.clone();
        let mut known = true;
        node.visit(&mut |node| match node {
            Node::Column(path) => match self.column(path) {
                Some(found) => *path = found,
                None => known = false,
            },
            Node::Case(..) | Node::Row(_) | Node::Field(..) => known = false,
            _ => {}
        });
        known.then_some(node)
    }
}

fn write(select: &Select, scope: &Scope, writer: &mut Writer<'_>) -> Option<String> {
    // What is selected: the expression, and what the column is called.
    let mut items: Vec<(Node, String)> = Vec::new();
    for item in &select.items {
        match item {
            Item::All(of) => {
                if of.as_ref().is_some_and(|of| !scope.sources.iter().any(|(own, _)| own == of)) {
                    return None;
                }
                for (own, source) in &scope.sources {
                    if of.as_ref().is_some_and(|of| of != own) {
                        continue;
                    }
                    if source.columns.is_empty() {
                        return None;
                    }
                    for (name, _) in &source.columns {
                        let path =
                            if scope.plain { vec![name.clone()] } else { vec![own.clone(), name.clone()] };
                        items.push((Node::Column(path), name.clone()));
                    }
                }
            }
            Item::One(node, alias) => {
                let name = match alias {
                    Some(alias) => alias.clone(),
                    None => column_word(node).map_or_else(|| "?column?".to_owned(), |(word, _)| word),
                };
                items.push((scope.resolved(node)?, name));
            }
        }
    }
    let mut lines = Vec::new();
    for (node, name) in &items {
        let text = match node {
            Node::Null(None) => "NULL::text".to_owned(),
            node => writer.print(node),
        };
        lines.push(match node {
            Node::Column(path) if path.last() == Some(name) => text,
            _ => format!("{text} AS {}", names::quoted(name)),
        });
    }
    let distinct = if select.distinct { "DISTINCT " } else { "" };
    let mut out = format!("SELECT {distinct}{}", lines.join(",\n    "));
    if !select.from.is_empty() {
        let mut parts = Vec::new();
        let mut sources = scope.sources.iter();
        for from in &select.from {
            parts.push(source(from, &mut sources, scope, writer)?);
        }
        out.push_str(&format!("\n   FROM {}", parts.join(",\n    ")));
    }
    if let Some(filter) = &select.filter {
        let filter = scope.resolved(filter)?;
        out.push_str(&format!("\n  WHERE {}", writer.boolean(&filter)));
    }
    if !select.group.is_empty() {
        let mut parts: Vec<String> = Vec::new();
        for node in &select.group {
            let node = match (scope.resolved(node), node) {
                (_, Node::Number(number)) => numbered(&items, number)?,
                // A name of the tables comes before one that is selected.
                (None, Node::Column(path)) => called(&items, path)?,
                (node, _) => node?,
            };
            let text = sorted(&node, writer)?;
            if !parts.contains(&text) {
                parts.push(text);
            }
        }
        out.push_str(&format!("\n  GROUP BY {}", parts.join(", ")));
    }
    if let Some(having) = &select.having {
        let having = scope.resolved(having)?;
        out.push_str(&format!("\n HAVING {}", writer.boolean(&having)));
    }
    if !select.order.is_empty() {
        let (mut known, mut parts): (Vec<String>, Vec<String>) = Default::default();
        for order in &select.order {
            let node = match &order.of {
                Node::Number(number) => numbered(&items, number)?,
                Node::Column(path) => match called(&items, path) {
                    Some(node) => node,
                    None => scope.resolved(&order.of)?,
                },
                node => scope.resolved(node)?,
            };
            let text = sorted(&node, writer)?;
            if known.contains(&text) {
                continue;
            }
            let desc = if order.desc { " DESC" } else { "" };
            let nulls = match (order.desc, order.nulls_first) {
                (true, Some(false)) => " NULLS LAST",
                (false, Some(true)) => " NULLS FIRST",
                _ => "",
            };
            parts.push(format!("{text}{desc}{nulls}"));
            known.push(text);
        }
        out.push_str(&format!("\n  ORDER BY {}", parts.join(", ")));
    }
    if let Some(offset) = &select.offset {
        out.push_str(&format!("\n OFFSET {offset}"));
    }
    if let Some(limit) = &select.limit {
        out.push_str(&format!("\n LIMIT {limit}"));
    }
    Some(out)
}

fn source<'s>(
    from: &From,
    sources: &mut impl Iterator<Item = &'s (String, Source)>,
    scope: &Scope,
    writer: &mut Writer<'_>,
) -> Option<String> {
    match from {
        From::Table { .. } => {
            let (own, source) = sources.next()?;
            let name = format!("{}.{}", names::quoted(&source.schema), names::quoted(&source.name));
            Some(if *own == source.name { name } else { format!("{name} {}", names::quoted(own)) })
        }
        From::Join { left, kind, right, on } => {
            let left = self::source(left, sources, scope, writer)?;
            let right = self::source(right, sources, scope, writer)?;
            let on = match on {
                Some(on) => {
                    let on = scope.resolved(on)?;
                    format!(" ON ({})", writer.boolean(&on))
                }
                None => String::new(),
            };
            Some(format!("({left}\n     {kind} {right}{on})"))
        }
    }
}

/// What is selected at a place: `ORDER BY 2`.
fn numbered(items: &[(Node, String)], number: &str) -> Option<Node> {
    let at: usize = number.parse().ok()?;
    items.get(at.checked_sub(1)?).map(|(node, _)| node.clone())
}

/// What is selected under a name.
fn called(items: &[(Node, String)], path: &[String]) -> Option<Node> {
    let [name] = path else { return None };
    let mut found = items.iter().filter(|(_, own)| own == name);
    let (node, _) = found.next()?;
    // Of two that are not the same nobody can tell.
    found.all(|(other, _)| other == node).then(|| node.clone())
}

/// An expression rows are grouped or sorted by: calls stand in parentheses.
fn sorted(node: &Node, writer: &mut Writer<'_>) -> Option<String> {
    match node {
        Node::Call(call) if call.form == Form::Plain || call.form == Form::Distinct => {
            Some(format!("({})", writer.print(node)))
        }
        Node::Column(_)
        | Node::Binary(..)
        | Node::Special(..)
        | Node::Is(..)
        | Node::And(_)
        | Node::Or(_) => Some(writer.print(node)),
        _ => None,
    }
}
