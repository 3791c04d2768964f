//! Reads queries. What is not known makes all of the query unreadable.
//!
//! Source: PostgreSQL 15, `gram.y` (`SelectStmt`).

use super::super::node::{More, Node, Over};
use super::super::parse::Reader;
use super::{Body, From, Item, On, Order, Query, Select, Window, With};

impl Reader {
    /// Whether a query stands here.
    pub(in super::super) fn is_query(&self) -> bool {
        self.is_word("select") || self.is_word("with") || self.is_word("values")
    }

    /// A query that stands alone or in parentheses.
    pub(in super::super) fn query(&mut self) -> Option<Query> {
        self.nested(|reader| {
            let (mut recursive, mut with) = (false, Vec::new());
            if reader.eat_word("with") {
                recursive = reader.eat_word("recursive");
                with.push(reader.with()?);
                while reader.eat(',') {
                    with.push(reader.with()?);
                }
            }
            let mut query = reader.sets(0)?;
            if !with.is_empty() {
                // Those of a query in parentheses would be another level.
                if query.has_clauses() {
                    return None;
                }
                (query.recursive, query.with) = (recursive, with);
            }
            reader.behind(&mut query)?;
            Some(query)
        })
    }

    fn with(&mut self) -> Option<With> {
        let name = self.name()?;
        let columns = if self.eat('(') { self.names()? } else { Vec::new() };
        self.word_is("as")?;
        let materialized = if self.eat_word("materialized") {
            Some(true)
        } else if self.eat_word("not") {
            self.word_is("materialized")?;
            Some(false)
        } else {
            None
        };
        self.expect('(')?;
        let query = self.query()?;
        self.expect(')')?;
        // `SEARCH` and `CYCLE`.
        if self.is_word("search") || self.is_word("cycle") {
            return None;
        }
        Some(With { name, columns, materialized, query })
    }

    /// Names up to the closing parenthesis.
    fn names(&mut self) -> Option<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.eat(',') {
            names.push(self.name()?);
        }
        self.expect(')')?;
        Some(names)
    }

    /// Selects and what joins them; `INTERSECT` binds stronger than the others.
    fn sets(&mut self, power: u8) -> Option<Query> {
        let mut left = if self.eat('(') {
            let query = self.query()?;
            self.expect(')')?;
            query
        } else if self.eat_word("values") {
            Query::of(Body::Values(self.rows()?))
        } else {
            Query::of(Body::Select(Box::new(self.select()?)))
        };
        loop {
            let (word, own) = if self.is_word("union") {
                ("UNION", 1)
            } else if self.is_word("except") {
                ("EXCEPT", 1)
            } else if self.is_word("intersect") {
                ("INTERSECT", 2)
            } else {
                return Some(left);
            };
            if own <= power {
                return Some(left);
            }
            self.eat_word(&word.to_lowercase());
            let all = self.eat_word("all");
            if !all {
                self.eat_word("distinct");
            }
            let right = self.sets(own)?;
            left = Query::of(Body::Set(word, all, Box::new(left), Box::new(right)));
        }
    }

    fn rows(&mut self) -> Option<Vec<Vec<Node>>> {
        let mut rows = Vec::new();
        loop {
            self.expect('(')?;
            let row = self.nodes()?;
            self.expect(')')?;
            rows.push(row);
            if !self.eat(',') {
                return Some(rows);
            }
        }
    }

    /// `ORDER BY`, `LIMIT`, `OFFSET`.
    fn behind(&mut self, query: &mut Query) -> Option<()> {
        if self.is_word("order") && query.has_clauses() && query.with.is_empty() {
            return None;
        }
        if self.eat_word("order") {
            query.order = self.orders()?;
        }
        loop {
            if self.eat_word("limit") {
                if query.limit.is_some() {
                    return None;
                }
                query.limit = Some(Node::Number(self.whole_number()?));
            } else if self.eat_word("offset") {
                if query.offset.is_some() {
                    return None;
                }
                query.offset = Some(Node::Number(self.whole_number()?));
                if !self.eat_word("rows") {
                    self.eat_word("row");
                }
            } else {
                return Some(());
            }
        }
    }

    /// What stands behind `ORDER`.
    fn orders(&mut self) -> Option<Vec<Order>> {
        self.word_is("by")?;
        let mut orders = vec![self.order()?];
        while self.eat(',') {
            orders.push(self.order()?);
        }
        Some(orders)
    }

    fn select(&mut self) -> Option<Select> {
        self.word_is("select")?;
        let distinct = if self.eat_word("distinct") {
            let mut on = Vec::new();
            if self.eat_word("on") {
                self.expect('(')?;
                on = self.nodes()?;
                self.expect(')')?;
            }
            Some(on)
        } else {
            self.eat_word("all");
            None
        };
        let mut items = vec![self.item()?];
        while self.eat(',') {
            items.push(self.item()?);
        }
        let mut from = Vec::new();
        if self.eat_word("from") {
            from.push(self.joined()?);
            while self.eat(',') {
                from.push(self.joined()?);
            }
        }
        let filter = if self.eat_word("where") { Some(self.expr(0)?) } else { None };
        let mut group = Vec::new();
        if self.eat_word("group") {
            self.word_is("by")?;
            if self.is_word("grouping") || self.is_word("distinct") || self.is_word("all") {
                return None;
            }
            group = self.nodes()?;
        }
        let having = if self.eat_word("having") { Some(self.expr(0)?) } else { None };
        let mut windows = Vec::new();
        if self.eat_word("window") {
            loop {
                let name = self.name()?;
                self.word_is("as")?;
                self.expect('(')?;
                windows.push((name, self.window()?));
                if !self.eat(',') {
                    break;
                }
            }
        }
        Some(Select { distinct, items, from, filter, group, having, windows, plain: false })
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

    /// An item of `FROM` with what is joined to it.
    fn joined(&mut self) -> Option<From> {
        let mut left = self.source()?;
        loop {
            let natural = self.eat_word("natural");
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
                return (!natural).then_some(left);
            };
            self.word_is("join")?;
            let right = if natural || kind == "CROSS JOIN" { self.source()? } else { self.right()? };
            let on = if natural {
                On::Natural
            } else if kind == "CROSS JOIN" {
                On::Nothing
            } else if self.eat_word("using") {
                self.expect('(')?;
                let names = self.names()?;
                // The columns that are joined may have a name together.
                if self.is_word("as") {
                    return None;
                }
                On::Using(names)
            } else {
                self.word_is("on")?;
                On::Condition(self.expr(0)?)
            };
            left = From::Join { left: Box::new(left), kind, right: Box::new(right), on };
        }
    }

    /// What is joined: when its own condition comes first, it is a join itself.
    fn right(&mut self) -> Option<From> {
        let source = self.source()?;
        let joins = ["join", "inner", "left", "right", "full", "cross", "natural"];
        // `a JOIN b JOIN c ON … ON …`.
        if joins.iter().any(|word| self.is_word(word)) { None } else { Some(source) }
    }

    fn source(&mut self) -> Option<From> {
        if ["only", "rows"].iter().any(|word| self.is_word(word)) {
            return None;
        }
        let lateral = self.eat_word("lateral");
        if self.eat('(') {
            if self.is_query() || self.is('(') && self.opens_query() {
                let query = Box::new(self.query()?);
                self.expect(')')?;
                let alias = if self.eat_word("as") { Some(self.name()?) } else { self.alias() };
                let columns = if alias.is_some() && self.eat('(') { self.names()? } else { Vec::new() };
                return Some(From::Query { lateral, query, alias, columns });
            }
            let inner = self.joined()?;
            self.expect(')')?;
            // Of what stands alone in parentheses only a join can be, which has no name here.
            let named = self.is_word("as") || self.clone().alias().is_some();
            return (!lateral && !named && matches!(inner, From::Join { .. })).then_some(inner);
        }
        if lateral {
            return None;
        }
        let mut path = self.path()?;
        let name = path.pop()?;
        let schema = path.pop();
        if !path.is_empty() || self.is('(') || self.is_op("*") {
            return None;
        }
        let alias = if self.eat_word("as") { Some(self.name()?) } else { self.alias() };
        if self.is('(') || self.is_word("tablesample") {
            return None;
        }
        Some(From::Table { schema, name, alias })
    }

    /// Whether parentheses are followed by a query, however many there are.
    fn opens_query(&self) -> bool {
        let mut ahead = self.clone();
        while ahead.eat('(') {}
        ahead.is_query()
    }

    fn order(&mut self) -> Option<Order> {
        let of = self.expr(0)?;
        let desc = self.eat_word("desc");
        if !desc {
            self.eat_word("asc");
        }
        if self.is_word("using") {
            return None;
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
        Some(Order { of, place: None, desc, nulls_first })
    }

    /// What stands in the parentheses of a window, and the closing one.
    fn window(&mut self) -> Option<Window> {
        let mut window = Window::default();
        let parts = ["partition", "order", "rows", "range", "groups"];
        if !self.is(')') && !parts.iter().any(|word| self.is_word(word)) {
            window.base = Some(self.name()?);
        }
        if self.eat_word("partition") {
            self.word_is("by")?;
            window.partition = self.nodes()?;
        }
        if self.eat_word("order") {
            window.order = self.orders()?;
        }
        if let Some(unit) = ["rows", "range", "groups"].into_iter().find(|word| self.eat_word(word)) {
            let unit = unit.to_uppercase();
            let frame = if self.eat_word("between") {
                let from = self.bound()?;
                self.word_is("and")?;
                format!("{unit} BETWEEN {from} AND {}", self.bound()?)
            } else {
                format!("{unit} {}", self.bound()?)
            };
            window.frame = Some(frame);
        }
        self.expect(')')?;
        Some(window)
    }

    fn bound(&mut self) -> Option<String> {
        if self.eat_word("current") {
            self.word_is("row")?;
            return Some("CURRENT ROW".to_owned());
        }
        let of = if self.eat_word("unbounded") { "UNBOUNDED".to_owned() } else { self.whole_number()? };
        if self.eat_word("preceding") {
            Some(format!("{of} PRECEDING"))
        } else {
            self.word_is("following")?;
            Some(format!("{of} FOLLOWING"))
        }
    }

    /// What may stand in the parentheses of an aggregate behind its arguments.
    pub(in super::super) fn order_of_call(&mut self) -> Option<Vec<Order>> {
        if self.eat_word("order") { self.orders() } else { Some(Vec::new()) }
    }

    /// What may stand behind a call: `FILTER (WHERE …)`, `OVER (…)`.
    pub(in super::super) fn behind_call(&mut self, order: Vec<Order>) -> Option<Option<Box<More>>> {
        if self.is_word("within") {
            return None;
        }
        let mut filter = None;
        if self.is_word("filter") && self.nth_is(1, '(') {
            self.eat_word("filter");
            self.expect('(')?;
            self.word_is("where")?;
            filter = Some(self.expr(0)?);
            self.expect(')')?;
        }
        let mut over = None;
        if self.eat_word("over") {
            over = Some(if self.eat('(') { Over::Window(self.window()?) } else { Over::Name(self.name()?) });
        }
        if order.is_empty() && filter.is_none() && over.is_none() {
            return Some(None);
        }
        Some(Some(Box::new(More { order, filter, over })))
    }
}

impl Query {
    fn of(body: Body) -> Self {
        Self { recursive: false, with: Vec::new(), body, order: Vec::new(), limit: None, offset: None }
    }

    /// Whether something stands before or behind its body.
    pub fn has_clauses(&self) -> bool {
        !self.with.is_empty() || !self.order.is_empty() || self.limit.is_some() || self.offset.is_some()
    }
}
