//! Finds what the names of a query mean: tables get the names they are printed with, columns theirs and their types, `*`
//! becomes a list.
//!
//! A name of a table is taken from the queries around it too, as the server gives each another one (`t_1`).
//!
//! Source: PostgreSQL 15, `parse_relation.c`, `parse_clause.c` (`findTargetlistEntrySQL92`, `transformJoinUsingClause`),
//! `ruleutils.c` (`set_rtable_names`).

use super::super::node::{Call, Node, Over, Ty, column_word};
use super::super::write::Writer;
use super::write::is_grouping;
use super::{Body, From, Item, On, Order, Output, Queries, Query, Select, Window};

/// Resolves a query that stands alone, and gives its columns; `None` when something in it is not known.
pub(super) fn whole(
    query: &mut Query,
    queries: &Queries<'_>,
    writer: &mut Writer<'_>,
) -> Option<Vec<Output>> {
    Resolver { queries, writer }.query(query, &Around::default())
}

struct Resolver<'a, 'w, 'q> {
    queries: &'a Queries<'q>,
    writer: &'a mut Writer<'w>,
}

/// What is around a query.
#[derive(Clone, Default)]
struct Around {
    /// The tables names may mean, the nearest query first.
    scopes: Vec<Scope>,
    /// Queries of `WITH`, the nearest last.
    with: Vec<(String, Vec<Output>)>,
    /// The names tables are printed with.
    taken: Vec<String>,
    /// Whether there is a query around it.
    inside: bool,
}

/// Names, and the columns they are.
type Visible = Vec<(String, Node)>;

/// The tables of one query.
#[derive(Clone, Default)]
struct Scope {
    tables: Vec<Shown>,
    /// What `*` gives and a name alone may mean.
    visible: Visible,
    /// Whether columns are not qualified.
    plain: bool,
}

#[derive(Clone)]
struct Shown {
    /// What the query calls it, and what it is printed with.
    name: String,
    shown: String,
    schema: Option<String>,
    columns: Vec<Output>,
}

impl Shown {
    fn column(&self, plain: bool, column: &Output) -> Node {
        let path =
            if plain { vec![column.name.clone()] } else { vec![self.shown.clone(), column.name.clone()] };
        Node::Known(path, column.ty.clone())
    }
}

impl Scope {
    /// As queries inside of this one see it: they qualify columns.
    fn qualified(&self) -> Scope {
        if !self.plain {
            return self.clone();
        }
        let columns = |table: &Shown| {
            let columns = table.columns.iter();
            columns.map(|it| (it.name.clone(), table.column(false, it))).collect::<Vec<_>>()
        };
        Scope {
            tables: self.tables.clone(),
            visible: self.tables.iter().flat_map(columns).collect(),
            plain: false,
        }
    }

    /// The column of `path`: none, one, or more than can be told apart.
    fn find(&self, path: &[String]) -> Result<Option<Node>, ()> {
        let Some((name, before)) = path.split_last() else { return Err(()) };
        let mut found: Vec<Node> = Vec::new();
        match before {
            [] => {
                let of = self.visible.iter().filter(|(own, _)| own == name);
                found.extend(of.map(|(_, node)| node.clone()));
            }
            [.., of] if before.len() <= 2 => {
                let schema = if before.len() == 2 { before.first() } else { None };
                for table in self.tables.iter().filter(|table| table.name == *of) {
                    if schema.is_some() && schema != table.schema.as_ref() {
                        continue;
                    }
                    let column = table.columns.iter().find(|column| column.name == *name).ok_or(())?;
                    found.push(table.column(self.plain, column));
                }
            }
            _ => return Err(()),
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(()),
        }
    }
}

impl Resolver<'_, '_, '_> {
    fn query(&mut self, query: &mut Query, around: &Around) -> Option<Vec<Output>> {
        let mut around = around.clone();
        if !query.with.is_empty() {
            // The names of the tables of the whole query come before those inside of `WITH`.
            let mut inner = around.clone();
            inner.inside = true;
            if let Body::Select(select) = &query.body {
                inner.taken.extend(shown(&select.from, &around.taken));
            }
            for with in &mut query.with {
                let outputs = if query.recursive {
                    self.recursive(&with.name, &with.columns, &mut with.query, &inner)?
                } else {
                    self.query(&mut with.query, &inner)?
                };
                let outputs = renamed(outputs, &with.columns)?;
                inner.with.push((with.name.clone(), outputs.clone()));
                around.with.push((with.name.clone(), outputs));
            }
        }
        match &mut query.body {
            Body::Select(select) => self.select(select, &mut query.order, &around),
            Body::Set(..) => {
                let outputs = self.set(&mut query.body, &around)?;
                for order in &mut query.order {
                    let at = match &order.of {
                        Node::Number(number) => number.parse::<usize>().ok()?.checked_sub(1)?,
                        Node::Column(path) => {
                            let [name] = &path[..] else { return None };
                            let mut found = outputs.iter().enumerate().filter(|(_, it)| it.name == *name);
                            let (at, _) = found.next()?;
                            if found.next().is_some() {
                                return None;
                            }
                            at
                        }
                        _ => return None,
                    };
                    outputs.get(at)?;
                    order.place = Some(at + 1);
                }
                Some(outputs)
            }
            Body::Values(rows) => {
                if !query.order.is_empty() || query.limit.is_some() || query.offset.is_some() {
                    return None;
                }
                self.values(rows, &around)
            }
        }
    }

    /// A query that may read itself: its first part says what columns there are.
    fn recursive(
        &mut self,
        name: &str,
        columns: &[String],
        query: &mut Query,
        around: &Around,
    ) -> Option<Vec<Output>> {
        let mut probe = query.clone();
        let Body::Set(_, _, left, _) = &mut probe.body else { return self.query(query, around) };
        let first = renamed(self.query(left, around)?, columns)?;
        let mut around = around.clone();
        around.with.push((name.to_owned(), first));
        self.query(query, &around)
    }

    fn values(&mut self, rows: &mut [Vec<Node>], around: &Around) -> Option<Vec<Output>> {
        let width = rows.first()?.len();
        let empty = Scope::default();
        for row in rows.iter_mut() {
            if row.len() != width {
                return None;
            }
            for node in row {
                self.node(node, &empty, around)?;
            }
        }
        let mut outputs = Vec::new();
        for at in 0..width {
            let nodes: Vec<Node> = rows.iter().filter_map(|row| row.get(at).cloned()).collect();
            let ty = self.writer.common(&nodes).unwrap_or_else(|| Ty::new("text"));
            for row in rows.iter_mut() {
                if let Some(node) = row.get_mut(at) {
                    *node = self.writer.coerce(node.clone(), &ty);
                }
            }
            outputs.push(Output { name: format!("column{}", at + 1), ty: Some(ty) });
        }
        Some(outputs)
    }

    /// Selects that are joined: literals without a type take that of the other side.
    ///
    /// Source: `transformSetOperationTree`.
    fn set(&mut self, body: &mut Body, around: &Around) -> Option<Vec<Output>> {
        let Body::Set(_, _, left, right) = body else { return None };
        let around = &Around { inside: true, ..around.clone() };
        let mut sides = Vec::new();
        for side in [left, right] {
            let outputs = if matches!(side.body, Body::Set(..)) && !side.has_clauses() {
                self.set(&mut side.body, around)?
            } else {
                self.query(side, around)?
            };
            sides.push((side, outputs));
        }
        let [(left, a), (right, b)] = &mut sides[..] else { return None };
        if a.len() != b.len() {
            return None;
        }
        let mut outputs = Vec::new();
        for (at, (one, other)) in a.iter().zip(b.iter()).enumerate() {
            let (x, y) = (untyped(left, at), untyped(right, at));
            let node = |untyped: bool, ty: &Option<Ty>| match (untyped, ty) {
                (true, _) => Some(Node::Null(None)),
                (false, Some(ty)) => Some(Node::Text(String::new(), Some(ty.clone()))),
                (false, None) => None,
            };
            let nodes = [node(x, &one.ty), node(y, &other.ty)];
            let [Some(first), Some(second)] = nodes else {
                if x || y {
                    self.writer.unsure();
                }
                outputs.push(Output { name: one.name.clone(), ty: None });
                continue;
            };
            let ty = self.writer.common(&[first, second]).unwrap_or_else(|| Ty::new("text"));
            if x {
                self.coerce(left, at, &ty);
            }
            if y {
                self.coerce(right, at, &ty);
            }
            outputs.push(Output { name: one.name.clone(), ty: Some(ty) });
        }
        Some(outputs)
    }

    fn coerce(&mut self, query: &mut Query, at: usize, ty: &Ty) {
        if let Body::Select(select) = &mut query.body
            && let Some(Item::One(node, _)) = select.items.get_mut(at)
        {
            *node = self.writer.coerce(node.clone(), ty);
        }
    }

    fn select(&mut self, select: &mut Select, order: &mut [Order], around: &Around) -> Option<Vec<Output>> {
        let mut names = shown(&select.from, &around.taken).into_iter();
        let mut inner = Around { inside: true, ..around.clone() };
        inner.taken.extend(names.clone());
        let mut scope = Scope::default();
        let single = matches!(&select.from[..], [From::Table { .. } | From::Query { .. }]);
        scope.plain = self.queries.plain && single && !around.inside;
        select.plain = scope.plain;
        for from in &mut select.from {
            let visible = self.from(from, &mut names, &mut scope, &inner)?;
            scope.visible.extend(visible);
        }
        let mut items = Vec::new();
        for item in std::mem::take(&mut select.items) {
            match item {
                Item::All(of) => {
                    let all: Vec<(String, Node)> = match &of {
                        None => scope.visible.clone(),
                        Some(of) => {
                            let mut tables = scope.tables.iter().filter(|table| table.name == *of);
                            let table = tables.next()?;
                            let columns = table.columns.iter();
                            columns.map(|it| (it.name.clone(), table.column(scope.plain, it))).collect()
                        }
                    };
                    if all.is_empty() {
                        return None;
                    }
                    items.extend(all.into_iter().map(|(name, node)| (node, name)));
                }
                Item::One(mut node, alias) => {
                    self.node(&mut node, &scope, &inner)?;
                    let name = match alias {
                        Some(alias) => alias,
                        None => column_word(&node).map_or_else(|| "?column?".to_owned(), |(word, _)| word),
                    };
                    items.push((node, name));
                }
            }
        }
        if let Some(filter) = &mut select.filter {
            self.node(filter, &scope, &inner)?;
        }
        for node in &mut select.group {
            if matches!(node, Node::Call(call) if is_grouping(call)) {
                return None;
            }
            // A name of the tables comes before one that is selected.
            let found = match &*node {
                Node::Number(number) => Some(numbered(&items, number)?),
                Node::Column(path) if scope.find(path).ok()?.is_none() => called(&items, path),
                _ => None,
            };
            match found {
                Some(found) => *node = found,
                None => self.node(node, &scope, &inner)?,
            }
        }
        if let Some(having) = &mut select.having {
            self.node(having, &scope, &inner)?;
        }
        for (_, window) in &mut select.windows {
            self.window(window, &scope, &inner)?;
        }
        for order in order.iter_mut() {
            self.sorted(&mut order.of, &items, &scope, &inner)?;
        }
        if let Some(on) = &mut select.distinct {
            for node in on.iter_mut() {
                self.sorted(node, &items, &scope, &inner)?;
            }
            // They stand in the order rows are sorted by.
            let place = |node: &Node| order.iter().position(|it| it.of == *node).unwrap_or(usize::MAX);
            on.sort_by_key(place);
        }
        // A literal rows are compared by is a text, whatever stands beside it in another select.
        for (node, _) in &mut items {
            if !is_untyped(node) {
                continue;
            }
            let same = |other: &Node| other == node;
            if select.distinct.is_some()
                || order.iter().any(|order| same(&order.of))
                || select.group.iter().any(same)
            {
                let text = self.writer.coerce(node.clone(), &Ty::new("text"));
                let sorted = order.iter_mut().map(|order| &mut order.of).chain(&mut select.group);
                sorted.filter(|other| **other == *node).for_each(|other| other.clone_from(&text));
                *node = text;
            }
        }
        let mut outputs = Vec::new();
        for (node, name) in &items {
            let ty = match node {
                node if is_untyped(node) => Some(Ty::new("text")),
                // A type nobody asks for needs not be known.
                node => self.quietly(node),
            };
            outputs.push(Output { name: name.clone(), ty });
        }
        if scope.plain {
            self.qualify_sorted(select, order, &items, &scope);
        }
        select.items = items.into_iter().map(|(node, name)| Item::One(node, Some(name))).collect();
        Some(outputs)
    }

    /// A column rows are sorted by is qualified where something else is selected under its name.
    ///
    /// Source: PostgreSQL 18, `get_variable`.
    fn qualify_sorted(
        &mut self,
        select: &Select,
        order: &mut [Order],
        items: &[(Node, String)],
        scope: &Scope,
    ) {
        let [table] = &scope.tables[..] else { return };
        let other = |node: &Node| {
            let Node::Known(path, _) = node else { return false };
            items.iter().any(|(item, name)| path.last() == Some(name) && item != node)
        };
        for order in order.iter_mut() {
            if other(&order.of)
                && let Node::Known(path, _) = &mut order.of
            {
                path.insert(0, table.shown.clone());
                self.writer.unsure();
            }
        }
        if select.group.iter().any(other) {
            self.writer.unsure();
        }
    }

    /// The type of an expression, whatever is not known of it.
    fn quietly(&mut self, node: &Node) -> Option<Ty> {
        let sure = self.writer.sure;
        let ty = self.writer.ty(node);
        let known = self.writer.sure || !sure;
        self.writer.sure = sure;
        ty.filter(|_| known)
    }

    /// What rows are sorted by: a column that is selected, by name or by number, or an expression.
    fn sorted(
        &mut self,
        node: &mut Node,
        items: &[(Node, String)],
        scope: &Scope,
        around: &Around,
    ) -> Option<()> {
        let found = match &*node {
            Node::Number(number) => Some(numbered(items, number)?),
            Node::Column(path) => called(items, path),
            _ => None,
        };
        match found {
            Some(found) => {
                *node = found;
                Some(())
            }
            None => self.node(node, scope, around),
        }
    }

    fn window(&mut self, window: &mut Window, scope: &Scope, around: &Around) -> Option<()> {
        for node in window.partition.iter_mut().chain(window.order.iter_mut().map(|order| &mut order.of)) {
            // Numbers are values here.
            if matches!(node, Node::Number(_)) {
                return None;
            }
            self.node(node, scope, around)?;
        }
        Some(())
    }

    /// An item of `FROM`, and what is visible of it.
    fn from(
        &mut self,
        from: &mut From,
        names: &mut impl Iterator<Item = String>,
        scope: &mut Scope,
        around: &Around,
    ) -> Option<Visible> {
        let table = match from {
            From::Table { schema, name, alias } => {
                let shown = names.next()?;
                let with = around.with.iter().rev().find(|(own, _)| schema.is_none() && own == name);
                let (columns, full) = match with {
                    Some((_, columns)) => (columns.clone(), None),
                    None => {
                        let source = (self.queries.source)(schema.as_deref(), name)?;
                        let columns = source.columns.into_iter().map(|(name, ty)| Output { name, ty });
                        (columns.collect(), Some(source.schema))
                    }
                };
                let own = alias.clone().unwrap_or_else(|| name.clone());
                *alias = (alias.is_some() || shown != *name).then(|| shown.clone());
                schema.clone_from(&full);
                Shown { name: own, shown, schema: full, columns }
            }
            From::Query { lateral, query, alias, columns } => {
                let shown = names.next()?;
                let mut inner = around.clone();
                if *lateral {
                    inner.scopes.insert(0, scope.qualified());
                }
                let outputs = renamed(self.query(query, &inner)?, columns)?;
                if !columns.is_empty() {
                    *columns = outputs.iter().map(|output| output.name.clone()).collect();
                }
                let own = alias.clone()?;
                *alias = Some(shown.clone());
                Shown { name: own, shown, schema: None, columns: outputs }
            }
            From::Join { left, kind, right, on } => {
                let a = self.from(left, names, scope, around)?;
                let b = self.from(right, names, scope, around)?;
                return self.joined((a, b), kind, on, scope, around);
            }
        };
        // The server gives other names to columns of one name, and prints all of them.
        let mut seen: Vec<&str> = Vec::new();
        for column in &table.columns {
            if seen.contains(&column.name.as_str()) {
                return None;
            }
            seen.push(&column.name);
        }
        let columns = table.columns.iter();
        let visible =
            columns.map(|column| (column.name.clone(), table.column(scope.plain, column))).collect();
        scope.tables.push(table);
        Some(visible)
    }

    /// What is visible of two sides that are joined.
    fn joined(
        &mut self,
        (a, b): (Visible, Visible),
        kind: &mut &'static str,
        on: &mut On,
        scope: &Scope,
        around: &Around,
    ) -> Option<Visible> {
        if matches!(on, On::Natural) {
            let both = a.iter().map(|(name, _)| name).filter(|name| b.iter().any(|(own, _)| own == *name));
            let names: Vec<String> = both.cloned().collect();
            *on = if names.is_empty() { On::Nothing } else { On::Using(names) };
            if matches!(on, On::Nothing) {
                if *kind != "JOIN" {
                    return None;
                }
                *kind = "CROSS JOIN";
            }
        }
        let names = match on {
            On::Using(names) => names.clone(),
            On::Condition(node) => {
                let both: Vec<(String, Node)> = a.iter().chain(&b).cloned().collect();
                let own = Scope { visible: both.clone(), ..scope.clone() };
                self.node(node, &own, around)?;
                return Some(both);
            }
            On::Nothing | On::Natural => return Some(a.into_iter().chain(b).collect()),
        };
        // Where values have to be converted, or may come from either side, the server thinks up names.
        if *kind == "FULL JOIN" {
            return None;
        }
        let one = |side: &[(String, Node)], name: &str| {
            let mut found = side.iter().filter(|(own, _)| own == name);
            let (_, node) = found.next()?;
            found.next().is_none().then(|| node.clone())
        };
        let mut visible = Vec::new();
        for name in &names {
            let (left, right) = (one(&a, name)?, one(&b, name)?);
            match (&left, &right) {
                (Node::Known(_, Some(x)), Node::Known(_, Some(y))) if x == y => {}
                (Node::Known(..), Node::Known(..)) => return None,
                _ => return None,
            }
            visible.push((name.clone(), if *kind == "RIGHT JOIN" { right } else { left }));
        }
        let rest = a.into_iter().chain(b).filter(|(name, _)| !names.contains(name));
        visible.extend(rest);
        Some(visible)
    }

    /// Resolves an expression; `None` when a name in it is not known, or something else is not.
    fn node(&mut self, node: &mut Node, scope: &Scope, around: &Around) -> Option<()> {
        super::super::qualify(node, self.writer.types);
        let mut inner = around.clone();
        inner.scopes.insert(0, scope.qualified());
        let mut known = true;
        node.visit(&mut |node| known &= self.step(node, scope, around, &inner).is_some());
        known.then_some(())
    }

    fn step(&mut self, node: &mut Node, scope: &Scope, around: &Around, inner: &Around) -> Option<()> {
        match node {
            Node::Column(path) => {
                for scope in std::iter::once(scope).chain(&around.scopes) {
                    // Seen from another query a column is always qualified.
                    if let Some(found) = scope.find(path).ok()? {
                        *node = found;
                        return Some(());
                    }
                }
                None
            }
            Node::Row(_) | Node::Field(..) => None,
            Node::Query(query) | Node::Elements(query) => {
                let outputs = self.query(query, inner)?;
                (outputs.len() == 1).then_some(())
            }
            Node::Exists(query) => self.query(query, inner).map(|_| ()),
            Node::Among(left, _, _, query) => {
                if matches!(**left, Node::Row(_)) {
                    return None;
                }
                let outputs = self.query(query, inner)?;
                (outputs.len() == 1).then_some(())
            }
            Node::Call(Call { more: Some(more), .. }) => {
                let order = more.order.iter_mut().map(|order| &mut order.of);
                for node in order.chain(more.filter.as_mut()) {
                    self.node(node, scope, around)?;
                }
                match &mut more.over {
                    Some(Over::Window(window)) => self.window(window, scope, around),
                    _ => Some(()),
                }
            }
            _ => Some(()),
        }
    }
}

/// The names the tables of `FROM` are printed with, in order.
///
/// Source: `set_rtable_names`.
fn shown(from: &[From], taken: &[String]) -> Vec<String> {
    fn add(from: &From, taken: &[String], out: &mut Vec<String>) {
        let name = match from {
            From::Join { left, right, .. } => {
                add(left, taken, out);
                add(right, taken, out);
                return;
            }
            From::Table { name, alias, .. } => alias.as_ref().unwrap_or(name),
            From::Query { alias, .. } => match alias {
                Some(alias) => alias,
                None => return,
            },
        };
        let mut own = name.clone();
        let mut number = 0;
        while taken.contains(&own) || out.contains(&own) {
            number += 1;
            own = format!("{name}_{number}");
        }
        out.push(own);
    }
    let mut out = Vec::new();
    for from in from {
        add(from, taken, &mut out);
    }
    out
}

/// `outputs` under other names, as far as there are some.
fn renamed(mut outputs: Vec<Output>, names: &[String]) -> Option<Vec<Output>> {
    if names.len() > outputs.len() {
        return None;
    }
    for (output, name) in outputs.iter_mut().zip(names) {
        output.name.clone_from(name);
    }
    Some(outputs)
}

/// Whether what a select gives at a place is a literal that has no type yet.
fn untyped(query: &Query, at: usize) -> bool {
    let Body::Select(select) = &query.body else { return false };
    matches!(select.items.get(at), Some(Item::One(node, _)) if is_untyped(node))
}

fn is_untyped(node: &Node) -> bool {
    matches!(node, Node::Text(_, None) | Node::Null(None))
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
