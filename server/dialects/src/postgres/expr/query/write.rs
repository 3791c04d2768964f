//! Prints queries whose names are resolved.
//!
//! Invariant: a level is the indentation the server counts with; what a query begins with has one space before it.
//!
//! Source: PostgreSQL 15, `ruleutils.c`.

use super::super::node::{Call, More, Node, Over, Ty};
use super::super::write::types::{is_moment, is_string, rank};
use super::super::write::{Writer, line};
use super::{Body, From, Item, On, Order, Query, Select, Window};
use crate::postgres::names;

/// How far the parts of a query are set in.
const STEP: usize = 8;

impl Writer<'_> {
    /// A query that begins at `start`. Its columns are called `names`, where it is the whole of a view; where they are
    /// not `visible` to anybody, a name the server made up is not shown.
    ///
    /// Source: `get_select_query_def`.
    pub fn query(&mut self, query: &Query, start: usize, names: Option<&[String]>, visible: bool) -> String {
        let outer = self.indent;
        let mut out = String::new();
        if !query.with.is_empty() {
            out.push_str(if query.recursive { " WITH RECURSIVE " } else { " WITH " });
            let level = start + STEP;
            let mut parts = Vec::new();
            for with in &query.with {
                let mut part = names::quoted(&with.name).into_owned();
                if !with.columns.is_empty() {
                    part.push_str(&format!("({})", list(&with.columns)));
                }
                part.push_str(match with.materialized.filter(|_| self.materialized) {
                    None => " AS (",
                    Some(true) => " AS MATERIALIZED (",
                    Some(false) => " AS NOT MATERIALIZED (",
                });
                part.push_str(&line(level, 0));
                part.push_str(&self.query(&with.query, level, None, true));
                part.push_str(&line(level, 0));
                part.push(')');
                parts.push(part);
            }
            out.push_str(&parts.join(", "));
            out.push_str(&line(start, 0));
        }
        // A select sets its parts in; those of several have no level of their own.
        let level = match &query.body {
            Body::Select(select) => {
                out.push_str(&self.select(select, start, names, visible));
                start
            }
            Body::Values(rows) => {
                self.indent = start + STEP;
                let rows: Vec<String> = rows
                    .iter()
                    .map(|row| {
                        let row: Vec<String> = row.iter().map(|node| self.print(node)).collect();
                        format!("({})", row.join(","))
                    })
                    .collect();
                out.push_str(&format!(" VALUES {}", rows.join(", ")));
                start
            }
            Body::Set(..) => {
                out.push_str(&self.set(query, start, names, visible));
                start.saturating_sub(STEP)
            }
        };
        self.indent = if matches!(query.body, Body::Set(..)) { start } else { start + STEP };
        if !query.order.is_empty() {
            out.push_str(&format!("{} ORDER BY {}", line(level, 1), self.orders(&query.order)));
        }
        if let Some(offset) = &query.offset {
            out.push_str(&format!("{} OFFSET {}", line(level, 0), self.print(offset)));
        }
        if let Some(limit) = &query.limit {
            out.push_str(&format!("{} LIMIT {}", line(level, 0), self.print(limit)));
        }
        self.indent = outer;
        out
    }

    /// The parts of `UNION` and its like; a part with clauses of its own stands in parentheses.
    ///
    /// Source: `get_setop_query`.
    fn set(&mut self, query: &Query, level: usize, names: Option<&[String]>, visible: bool) -> String {
        let Body::Set(word, all, left, right) = &query.body else {
            return self.query(query, level, names, visible);
        };
        let is_set = |query: &Query| matches!(query.body, Body::Set(..)) && !query.has_clauses();
        let same = matches!(&left.body, Body::Set(of, every, ..) if of == word && every == all);
        let part = |writer: &mut Self, query: &Query, level: usize, visible: bool| {
            if is_set(query) {
                writer.set(query, level, names, visible)
            } else {
                let text = writer.query(query, level, names, visible);
                if query.has_clauses() { format!("({text})") } else { text }
            }
        };
        let mut out = String::new();
        if is_set(left) && !same {
            out.push('(');
            out.push_str(&line(level + STEP, 0));
            out.push_str(&part(self, left, level + STEP, visible));
            out.push_str(&line(level, 0));
            out.push_str(") ");
        } else {
            out.push_str(&part(self, left, level, visible));
            out.push_str(&line(level, 0));
        }
        out.push_str(word);
        if *all {
            out.push_str(" ALL");
        }
        if is_set(right) {
            out.push_str(" (");
            out.push_str(&line(level + STEP, 0));
            out.push_str(&part(self, right, level + STEP, false));
            out.push_str(&line(level, 0));
            out.push(')');
        } else {
            out.push_str(&line(level, 0));
            out.push_str(&part(self, right, level, false));
        }
        out
    }

    fn select(&mut self, select: &Select, start: usize, names: Option<&[String]>, visible: bool) -> String {
        self.indent = start + STEP;
        let mut out = " SELECT ".to_owned();
        match &select.distinct {
            Some(on) if on.is_empty() => out.push_str("DISTINCT "),
            Some(on) => {
                let on: Vec<String> = on.iter().map(|node| self.sorted(node)).collect();
                out.push_str(&format!("DISTINCT ON ({}) ", on.join(", ")));
            }
            None => {}
        }
        for (at, item) in select.items.iter().enumerate() {
            let Item::One(node, own) = item else { continue };
            let name = names.and_then(|names| names.get(at)).or(own.as_ref());
            let text = match node {
                Node::Null(None) => "NULL::text".to_owned(),
                node => self.print(node),
            };
            let shown = match node {
                Node::Known(path, _) => path.last().map(String::as_str),
                _ if visible => None,
                _ => Some("?column?"),
            };
            let text = match name {
                Some(name) if shown != Some(name) => format!("{text} AS {}", names::quoted(name)),
                _ => text,
            };
            if at > 0 {
                // What begins a line by itself needs no other.
                out.push(',');
                if !text.starts_with('\n') {
                    out.push_str(&line(start, 4));
                }
            }
            out.push_str(&text);
        }
        let mut before = format!("{} FROM ", line(start, 2));
        for from in &select.from {
            let text = self.from(from, start);
            out.push_str(&before);
            out.push_str(&text);
            before = format!(",{}", line(start, 4));
        }
        if let Some(filter) = &select.filter {
            out.push_str(&format!("{} WHERE {}", line(start, 1), self.boolean(filter)));
        }
        if !select.group.is_empty() {
            let mut parts: Vec<String> = Vec::new();
            for node in &select.group {
                let text = self.sorted(node);
                if !parts.contains(&text) {
                    parts.push(text);
                }
            }
            out.push_str(&format!("{} GROUP BY {}", line(start, 1), parts.join(", ")));
        }
        if let Some(having) = &select.having {
            out.push_str(&format!("{} HAVING {}", line(start, 0), self.boolean(having)));
        }
        if !select.windows.is_empty() {
            let windows: Vec<String> = select
                .windows
                .iter()
                .map(|(name, window)| format!("{} AS {}", names::quoted(name), self.window(window)))
                .collect();
            out.push_str(&format!("{} WINDOW {}", line(start, 1), windows.join(", ")));
        }
        out
    }

    /// Source: `get_from_clause_item`.
    fn from(&mut self, from: &From, start: usize) -> String {
        match from {
            From::Table { schema, name, alias } => {
                let mut text = names::quoted(name).into_owned();
                if let Some(schema) = schema {
                    text = format!("{}.{text}", names::quoted(schema));
                }
                match alias {
                    Some(alias) => format!("{text} {}", names::quoted(alias)),
                    None => text,
                }
            }
            From::Query { lateral, query, alias, columns } => {
                let text = self.query(query, start + STEP, None, true);
                let lateral = if *lateral { "LATERAL " } else { "" };
                let alias = alias.as_deref().unwrap_or_default();
                let columns = if columns.is_empty() { String::new() } else { format!("({})", list(columns)) };
                format!("{lateral}({text}) {}{columns}", names::quoted(alias))
            }
            From::Join { left, kind, right, on } => {
                let left = self.from(left, start);
                let right = self.from(right, start);
                let on = match on {
                    On::Condition(on) => format!(" ON ({})", self.boolean(on)),
                    On::Using(names) => format!(" USING ({})", list(names)),
                    On::Nothing | On::Natural => String::new(),
                };
                format!("({left}{} {kind} {right}{on})", line(start, 4))
            }
        }
    }

    /// An expression rows are grouped or sorted by: what looks like a call stands in parentheses.
    ///
    /// Source: `get_rule_sortgroupclause`.
    fn sorted(&mut self, node: &Node) -> String {
        let text = self.print(node);
        match node {
            Node::Call(_) | Node::Zone(..) => format!("({text})"),
            Node::Cast(of, to)
                if matches!(
                    **of,
                    Node::Text(_, None) | Node::Number(_) | Node::Bool(_) | Node::Null(None)
                ) =>
            {
                // What is a constant afterwards; others are calls.
                self.sure &=
                    matches!(**of, Node::Text(..) | Node::Null(_)) || self.ty(of).as_ref() == Some(to);
                match text.contains("::") {
                    // To a length it is cut by a call.
                    true if !to.args.is_empty() => format!("({text})"),
                    true => text,
                    false => format!("{text}::{}", to.text()),
                }
            }
            Node::Cast(of, to) => {
                let Some(from) = self.ty(of) else { return text };
                let number = rank(&from).is_some() && rank(to).is_some();
                let relabels = from.bare() == to.bare() || is_string(&from) && is_string(to);
                if number && !relabels || is_moment(&from) && is_moment(to) {
                    return format!("({text})");
                }
                // Whether there is a function for it is not known of others.
                self.sure &= to.args.is_empty() && (relabels || is_string(to) && !from.is_padded());
                text
            }
            // A constant says its type, so that it is no number of a column.
            Node::Text(..) | Node::Number(_) | Node::Bool(_) | Node::Null(_) if !text.contains("::") => {
                match self.ty(node) {
                    Some(ty) => format!("{text}::{}", ty.text()),
                    None => text,
                }
            }
            Node::Value(_) => {
                self.unsure();
                text
            }
            _ => text,
        }
    }

    fn orders(&mut self, orders: &[Order]) -> String {
        let (mut known, mut parts): (Vec<String>, Vec<String>) = Default::default();
        for order in orders {
            // Columns of several selects are counted.
            let text = match order.place {
                Some(place) => place.to_string(),
                None => self.sorted(&order.of),
            };
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
        parts.join(", ")
    }

    /// Source: `get_rule_windowspec`.
    fn window(&mut self, window: &Window) -> String {
        let mut parts = Vec::new();
        if let Some(base) = &window.base {
            parts.push(names::quoted(base).into_owned());
        }
        if !window.partition.is_empty() {
            let nodes: Vec<String> = window.partition.iter().map(|node| self.sorted(node)).collect();
            parts.push(format!("PARTITION BY {}", nodes.join(", ")));
        }
        if !window.order.is_empty() {
            parts.push(format!("ORDER BY {}", self.orders(&window.order)));
        }
        parts.extend(window.frame.clone());
        format!("({})", parts.join(" "))
    }

    /// The rest of a call that is `head` so far, an open parenthesis in it.
    ///
    /// Source: `get_agg_expr`, `get_windowfunc_expr`.
    pub(in super::super) fn aggregate(&mut self, head: &str, more: &More) -> String {
        let mut out = head.to_owned();
        if !more.order.is_empty() {
            out.push_str(&format!(" ORDER BY {}", self.orders(&more.order)));
        }
        if let Some(filter) = &more.filter {
            out.push_str(&format!(") FILTER (WHERE {}", self.boolean(filter)));
        }
        out.push(')');
        match &more.over {
            Some(Over::Name(name)) => format!("{out} OVER {}", names::quoted(name)),
            Some(Over::Window(window)) => format!("{out} OVER {}", self.window(window)),
            None => out,
        }
    }

    /// Source: `get_sublink_expr`.
    pub(in super::super) fn among(&mut self, left: &Node, op: &str, word: &str, query: &Query) -> String {
        let left = match self.of_query(query) {
            Some(ty) => self.operands(op, left.clone(), Node::Text(String::new(), Some(ty))).0,
            None => {
                self.unsure();
                left.clone()
            }
        };
        let left = self.print(&left);
        let query = self.query(query, self.indent, None, false);
        match (op, word) {
            ("=", "ANY") => format!("({left} IN ({query}))"),
            _ => format!("({left} {op} {word} ({query}))"),
        }
    }

    /// The type of the first column.
    pub(in super::super) fn of_query(&mut self, query: &Query) -> Option<Ty> {
        match &query.body {
            Body::Select(select) => match select.items.first()? {
                Item::One(Node::Text(_, None) | Node::Null(None), _) => Some(Ty::new("text")),
                Item::One(node, _) => self.ty(node).map(|ty| ty.bare()),
                Item::All(_) => None,
            },
            Body::Set(_, _, left, right) => {
                let (left, right) = (self.of_query(left)?, self.of_query(right)?);
                let nodes = [left, right].map(|ty| Node::Text(String::new(), Some(ty)));
                self.common(&nodes)
            }
            Body::Values(rows) => {
                let nodes: Option<Vec<Node>> = rows.iter().map(|row| row.first().cloned()).collect();
                Some(self.common(&nodes?).unwrap_or_else(|| Ty::new("text")))
            }
        }
    }
}

impl Query {
    /// What the server calls the first column.
    pub fn first_name(&self) -> Option<String> {
        match &self.body {
            Body::Select(select) => match select.items.first()? {
                Item::One(_, name) => name.clone(),
                Item::All(_) => None,
            },
            Body::Set(_, _, left, _) => left.first_name(),
            Body::Values(_) => Some("column1".to_owned()),
        }
    }
}

/// Whether a call is of an aggregate whose result no type of an argument tells.
pub(super) fn is_grouping(call: &Call) -> bool {
    matches!(call.path.last().map(String::as_str), Some("rollup" | "cube" | "grouping"))
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| names::quoted(name)).collect::<Vec<_>>().join(", ")
}
