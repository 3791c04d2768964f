//! Queries of views: how the servers print them.
//!
//! Every column is named with its table and every result with its alias, joins stand in parentheses. As expressions, all
//! that is understood is printed, and it is said whether a server was seen to print all of it so.
//!
//! Source: `VIEWS.VIEW_DEFINITION` of MySQL 9.7 and MariaDB 10.11 for some hundred and fifty queries;
//! `tests/mysql/sentences.rs` asks real ones.

use std::cell::Cell;

use engine::connection::Capabilities;

use super::parse;
use super::print::{Printer, Style, Use};
use super::tree::{Expr, Level};
use crate::mysql::features::{INTRODUCERS, MARIADB};
use crate::mysql::names::ident;

/// Selects with what is done to all their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub first: Select,
    /// What is united with it, and whether equal rows stay.
    pub more: Vec<(bool, Select)>,
    pub order: Vec<Order>,
    /// How many rows are left out, and how many there are at most.
    pub limit: Option<(Option<String>, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub expr: Expr,
    pub desc: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    pub distinct: bool,
    pub items: Vec<Item>,
    pub from: Vec<Relation>,
    pub filter: Option<Expr>,
    pub group: Vec<Expr>,
    pub having: Option<Expr>,
}

/// One result, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    All,
    AllOf(String),
    /// With its text and the name it was given.
    Expr {
        expr: Expr,
        source: String,
        said: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    Table {
        schema: Option<String>,
        name: String,
        alias: Option<String>,
    },
    Query {
        query: Box<Query>,
        name: String,
    },
    Join {
        left: Box<Relation>,
        right: Box<Relation>,
        kind: Kind,
        on: Option<Expr>,
        using: Vec<String>,
        /// Without parentheses around it.
        bare: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Inner,
    Left,
    Right,
}

/// A column of a table or view.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// Not part of `*`.
    pub hidden: bool,
}

/// The columns of a table or view, and whether all its text has the charset of definitions; `None` where it is not known.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<(Vec<Column>, bool)>;

/// The columns of what queries may name.
pub struct Relations<'a> {
    /// The schema of the view.
    pub schema: &'a str,
    pub columns: Lookup<'a>,
}

/// A query as a server prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub text: String,
    /// The aliases of its results.
    pub names: Vec<String>,
    /// Whether the server surely prints it so.
    pub sure: bool,
}

/// `text` as `server` prints it, its results named `names` if there are some; `None` when it is not understood.
pub fn printed(
    text: &str,
    names: Option<&[String]>,
    relations: &Relations<'_>,
    server: &Capabilities,
) -> Option<Printed> {
    let query = parse::query(text).filter(|_| super::is_read_as_usual(server))?;
    let known = server.has(MARIADB) || server.has(INTRODUCERS);
    let writer = Writer { style: super::style(server), relations, sure: Cell::new(known) };
    let (text, names) = writer.query(&query, None, Place::Named(names))?;
    Some(Printed { text, names, sure: writer.sure.get() })
}

/// Where a query stands.
#[derive(Clone, Copy)]
enum Place<'n> {
    /// Its results have aliases, perhaps these.
    Named(Option<&'n [String]>),
    /// Inside an expression.
    Inside(Use),
}

/// What names in a select may lead to.
struct Scope<'s> {
    sources: Vec<(String, Vec<Column>)>,
    outer: Option<&'s Scope<'s>>,
}

/// A result of a select.
struct Result {
    expr: Expr,
    alias: String,
    /// Whether the alias was given, and is not the column's own name.
    is_alias: bool,
}

struct Writer<'a> {
    style: Style,
    relations: &'a Relations<'a>,
    sure: Cell<bool>,
}

impl Writer<'_> {
    fn doubt_if(&self, doubtful: bool) {
        self.sure.set(self.sure.get() && !doubtful);
    }

    fn is_maria(&self) -> bool {
        self.style == Style::Maria
    }

    fn query(
        &self,
        query: &Query,
        outer: Option<&Scope<'_>>,
        place: Place<'_>,
    ) -> Option<(String, Vec<String>)> {
        if query.more.is_empty() {
            return self.select(&query.first, Some(query), outer, place);
        }
        let mut text = String::new();
        // What comes first is put into parentheses when it is united otherwise than the rest.
        let all = query.more.first().is_some_and(|(all, _)| *all);
        self.doubt_if(query.more.iter().any(|(other, _)| *other != all));
        let (first, names) = self.select(&query.first, None, outer, place)?;
        text.push_str(&first);
        for (all, select) in &query.more {
            let place = match place {
                Place::Named(_) => Place::Named(None),
                inside => inside,
            };
            let (next, _) = self.select(select, None, outer, place)?;
            text.push_str(if *all { " union all " } else { " union " });
            text.push_str(&next);
        }
        let order = query.order.iter().map(|order| {
            let text = match &order.expr {
                Expr::Number(number) if !self.is_maria() => {
                    ident(number.parse::<usize>().ok().and_then(|at| names.get(at.checked_sub(1)?))?)
                }
                Expr::Number(number) => number.clone(),
                expr => {
                    let name = expr.plain_column()?;
                    self.doubt_if(!names.iter().any(|own| own == name));
                    ident(name)
                }
            };
            Some(descending(text, order.desc))
        });
        self.finish(&mut text, order.collect::<Option<Vec<_>>>()?, query);
        Some((text, names))
    }

    fn finish(&self, text: &mut String, order: Vec<String>, query: &Query) {
        if !order.is_empty() {
            text.push_str(&format!(" order by {}", order.join(",")));
        }
        match &query.limit {
            Some((Some(offset), count)) => text.push_str(&format!(" limit {offset},{count}")),
            Some((None, count)) => text.push_str(&format!(" limit {count}")),
            None => {}
        }
    }

    /// A select, with what is done to its rows when it is alone.
    fn select(
        &self,
        select: &Select,
        query: Option<&Query>,
        outer: Option<&Scope<'_>>,
        place: Place<'_>,
    ) -> Option<(String, Vec<String>)> {
        let mut scope = Scope { sources: Vec::new(), outer };
        for relation in &select.from {
            self.gather(relation, &mut scope)?;
        }
        let results = self.results(select, &scope, place)?;
        let mut names: Vec<&str> = results.iter().map(|result| result.alias.as_str()).collect();
        names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
        // Of equal ones the server calls one otherwise.
        let named = matches!(place, Place::Named(_));
        self.doubt_if(named && names.windows(2).any(|two| two[0].eq_ignore_ascii_case(two[1])));
        let worked_out = select.distinct
            || !select.group.is_empty()
            || results.iter().any(|result| has_aggregate(&result.expr));
        let mut text = String::from("select ");
        if select.distinct {
            text.push_str("distinct ");
        }
        let items: Vec<String> = results
            .iter()
            .map(|result| {
                let value = self.expr(&result.expr, &scope);
                match place {
                    Place::Named(_) => format!("{value} AS {}", ident(&result.alias)),
                    Place::Inside(_) => value,
                }
            })
            .collect();
        text.push_str(&items.join(","));
        if !select.from.is_empty() {
            // Where all results have names it may be a server's own text, whose join of two without a condition is a
            // list of them.
            let named = select.items.iter().all(|item| matches!(item, Item::Expr { said: Some(_), .. }));
            let from: Option<Vec<String>> = select
                .from
                .iter()
                .map(|relation| match relation {
                    Relation::Join { left, right, on: None, using, bare: true, .. }
                        if named && using.is_empty() =>
                    {
                        self.doubt_if(true);
                        Some(format!(
                            "{} join {}",
                            self.relation(left, &scope)?,
                            self.relation(right, &scope)?
                        ))
                    }
                    relation => self.relation(relation, &scope),
                })
                .collect();
            text.push_str(&format!(" from {}", from?.join(" join ")));
        }
        // Nothing to read from is said in a way of its own.
        self.doubt_if(
            select.from.is_empty() && (select.filter.is_some() || query.is_some_and(|it| it.limit.is_some())),
        );
        if let Some(filter) = &select.filter {
            text.push_str(&format!(" where {}", self.condition(filter, &scope, &[])));
        }
        if !select.group.is_empty() {
            let group: Vec<String> =
                select.group.iter().map(|expr| self.by(expr, (&results, worked_out), &scope, true)).collect();
            text.push_str(&format!(" group by {}", group.join(",")));
        }
        if let Some(having) = &select.having {
            text.push_str(&format!(" having {}", self.condition(having, &scope, &results)));
        }
        if let Some(query) = query {
            let order = query.order.iter();
            let order = order.map(|order| {
                descending(self.by(&order.expr, (&results, worked_out), &scope, false), order.desc)
            });
            self.finish(&mut text, order.collect(), query);
        }
        // The first row tells all.
        if matches!(place, Place::Inside(Use::Exists)) && self.is_maria() {
            let limit = query.and_then(|query| query.limit.as_ref());
            let one = limit.is_some_and(|(offset, count)| offset.is_none() && count == "1");
            self.doubt_if(query.is_none() || limit.is_some() && !one);
            if !one {
                text.push_str(" limit 1");
            }
        }
        if matches!(place, Place::Inside(_)) {
            // Servers leave out what has no effect there.
            let idle = select.distinct || query.is_some_and(|query| !query.order.is_empty());
            self.doubt_if(idle || !select.group.is_empty() || select.from.is_empty());
        }
        Some((text, results.into_iter().map(|result| result.alias).collect()))
    }

    /// Adds what a relation brings to the scope.
    fn gather(&self, relation: &Relation, scope: &mut Scope<'_>) -> Option<()> {
        match relation {
            Relation::Table { schema, name, alias } => {
                if schema.as_deref().is_some_and(|schema| schema != self.relations.schema) {
                    return None;
                }
                let (columns, usual) = (self.relations.columns)(name)?;
                self.doubt_if(!usual);
                scope.sources.push((alias.as_ref().unwrap_or(name).clone(), columns));
            }
            Relation::Query { query, name } => {
                let (_, names) = self.query(query, None, Place::Named(None))?;
                let columns = names.into_iter().map(|name| Column { name, hidden: false });
                scope.sources.push((name.clone(), columns.collect()));
            }
            Relation::Join { left, right, .. } => {
                self.gather(left, scope)?;
                self.gather(right, scope)?;
            }
        }
        Some(())
    }

    fn relation(&self, relation: &Relation, scope: &Scope<'_>) -> Option<String> {
        Some(match relation {
            Relation::Table { name, alias: None, .. } => ident(name),
            Relation::Table { name, alias: Some(alias), .. } => {
                self.doubt_if(name == alias);
                format!("{} {}", ident(name), ident(alias))
            }
            Relation::Query { query, name } => {
                let (text, _) = self.query(query, None, Place::Named(None))?;
                format!("({text}) {}", ident(name))
            }
            Relation::Join { left, right, kind, on, using, .. } => {
                let plain = |relation: &Relation| !matches!(relation, Relation::Join { .. });
                self.doubt_if(*kind == Kind::Right && !(plain(left) && plain(right)));
                let (a, b) = (self.relation(left, scope)?, self.relation(right, scope)?);
                let on = match on {
                    Some(on) => Some(self.condition(on, scope, &[])),
                    None if using.is_empty() => None,
                    None => Some(self.using(left, right, using, scope)?),
                };
                let on = on.map(|on| format!(" on({on})")).unwrap_or_default();
                match kind {
                    Kind::Inner => format!("({a} join {b}{on})"),
                    Kind::Left => format!("({a} left join {b}{on})"),
                    Kind::Right => format!("({b} left join {a}{on})"),
                }
            }
        })
    }

    /// What `using` means.
    fn using(
        &self,
        left: &Relation,
        right: &Relation,
        names: &[String],
        scope: &Scope<'_>,
    ) -> Option<String> {
        let name = |relation: &Relation| match relation {
            Relation::Table { name, alias, .. } => Some(alias.as_ref().unwrap_or(name).clone()),
            Relation::Query { name, .. } => Some(name.clone()),
            Relation::Join { .. } => None,
        };
        let (left, right) = (name(left)?, name(right)?);
        let equal = |column: &String| {
            let of = |source: &String| Expr::Column(vec![source.clone(), column.clone()]);
            Expr::binary(super::tree::Op::Equal, of(&left), of(&right))
        };
        let mut list: Vec<Expr> = names.iter().map(equal).collect();
        let condition = if list.len() == 1 { list.pop()? } else { Expr::And(list) };
        Some(self.condition(&condition, scope, &[]))
    }

    /// All results, `*` as the columns it stands for.
    fn results(&self, select: &Select, scope: &Scope<'_>, place: Place<'_>) -> Option<Vec<Result>> {
        let mut out: Vec<Result> = Vec::new();
        let mut all = |source: &(String, Vec<Column>)| {
            out.extend(source.1.iter().filter(|column| !column.hidden).map(|column| Result {
                expr: Expr::Column(vec![source.0.clone(), column.name.clone()]),
                alias: column.name.clone(),
                is_alias: false,
            }));
        };
        let mut rest = Vec::new();
        for item in &select.items {
            match item {
                Item::All if matches!(place, Place::Inside(Use::Exists)) && select.items.len() == 1 => {
                    let one = Expr::Number("1".to_owned());
                    return Some(vec![Result { expr: one, alias: "1".to_owned(), is_alias: true }]);
                }
                Item::All => {
                    let merges = select.from.iter().any(|relation| {
                        matches!(relation, Relation::Join { using, kind, .. }
                            if !using.is_empty() || *kind == Kind::Right)
                    });
                    self.doubt_if(merges || matches!(place, Place::Inside(_)));
                    // Only first, or everything would have to stand in order.
                    if select.items.len() > 1 {
                        return None;
                    }
                    scope.sources.iter().for_each(&mut all);
                }
                Item::AllOf(name) => {
                    if !rest.is_empty() {
                        return self.mixed(select, scope, place);
                    }
                    all(scope.sources.iter().find(|(own, _)| own == name)?);
                }
                Item::Expr { expr, source, said } => {
                    rest.push(self.result(expr, source, said.as_deref()));
                }
            }
        }
        out.append(&mut rest);
        self.name(&mut out, place);
        Some(out)
    }

    /// The same where `t.*` stands behind others.
    fn mixed(&self, select: &Select, scope: &Scope<'_>, place: Place<'_>) -> Option<Vec<Result>> {
        let mut out = Vec::new();
        for item in &select.items {
            match item {
                Item::All => return None,
                Item::AllOf(name) => {
                    let (source, columns) = scope.sources.iter().find(|(own, _)| own == name)?;
                    out.extend(columns.iter().filter(|column| !column.hidden).map(|column| Result {
                        expr: Expr::Column(vec![source.clone(), column.name.clone()]),
                        alias: column.name.clone(),
                        is_alias: false,
                    }));
                }
                Item::Expr { expr, source, said } => out.push(self.result(expr, source, said.as_deref())),
            }
        }
        self.name(&mut out, place);
        Some(out)
    }

    /// Gives results the names behind the view's own.
    fn name(&self, results: &mut [Result], place: Place<'_>) {
        let Place::Named(Some(names)) = place else { return };
        self.doubt_if(names.len() != results.len());
        for (result, name) in results.iter_mut().zip(names) {
            result.is_alias |= result.alias != *name;
            result.alias.clone_from(name);
        }
    }

    fn result(&self, expr: &Expr, source: &str, said: Option<&str>) -> Result {
        let own = match expr {
            Expr::Column(parts) => parts.last().cloned(),
            _ => None,
        };
        let alias = match (said, expr) {
            (Some(said), _) => said.to_owned(),
            (None, Expr::Column(parts)) => parts.last().cloned().unwrap_or_default(),
            (None, Expr::Text(None, text)) => text.clone(),
            (None, Expr::Null) => "NULL".to_owned(),
            (None, expr) => {
                self.doubt_if(matches!(expr, Expr::Bool(_) | Expr::Text(..)));
                source.to_owned()
            }
        };
        // Long ones and those of several lines have names of the server's.
        let plain = !alias.is_empty()
            && alias.chars().count() <= 64
            && alias.is_ascii()
            && alias.trim() == alias
            && !alias.contains(['\n', '\r', '\t', '\\'])
            && !alias.contains("/*");
        self.doubt_if(!plain);
        Result { expr: expr.clone(), is_alias: own.is_none_or(|own| own != alias), alias }
    }

    /// The text of `group by` or `order by` one expression.
    fn by(
        &self,
        expr: &Expr,
        (results, worked_out): (&[Result], bool),
        scope: &Scope<'_>,
        group: bool,
    ) -> String {
        let printed = |result: &Result| self.expr(&result.expr, scope);
        if let Expr::Number(number) = expr {
            let result = number.parse::<usize>().ok().and_then(|at| results.get(at.checked_sub(1)?));
            return match result {
                Some(result) if !self.is_maria() => {
                    self.doubt_if(result.is_alias);
                    printed(result)
                }
                result => {
                    self.doubt_if(result.is_none());
                    number.clone()
                }
            };
        }
        let found = expr.plain_column().and_then(|name| {
            let mut same = results.iter().filter(|result| result.alias.eq_ignore_ascii_case(name));
            let found = same.next()?;
            self.doubt_if(same.next().is_some());
            Some((name, found))
        });
        match found {
            Some((name, result)) if result.is_alias => {
                // A column of this name is meant in one place, and not in the other.
                self.doubt_if(has(scope, name) || result.alias != name);
                self.doubt_if(group && matches!(result.expr, Expr::Column(_)));
                // MySQL names the result where rows are worked out before they are sorted.
                let alias = !self.is_maria() && (group || worked_out);
                if alias { ident(&result.alias) } else { printed(result) }
            }
            Some((_, result)) if !group => printed(result),
            _ => {
                self.doubt_if(names_alias(expr, results) && expr.plain_column().is_none());
                self.expr(expr, scope)
            }
        }
    }

    fn expr(&self, expr: &Expr, scope: &Scope<'_>) -> String {
        self.with_printer(scope, &[], |printer| printer.print(expr))
    }

    fn condition(&self, expr: &Expr, scope: &Scope<'_>, results: &[Result]) -> String {
        self.with_printer(scope, results, |printer| printer.condition(expr, Level::Or))
    }

    /// Prints with what `scope` knows, and with the aliases of `results`.
    fn with_printer(
        &self,
        scope: &Scope<'_>,
        results: &[Result],
        print: impl FnOnce(&Printer<'_>) -> String,
    ) -> String {
        let columns = |parts: &[String]| {
            if let [name] = parts
                && let Some(result) = results.iter().find(|it| it.alias.eq_ignore_ascii_case(name))
                && result.is_alias
            {
                return (ident(&result.alias), result.alias == *name && !has(scope, name));
            }
            self.column(parts, scope)
        };
        let queries = |query: &Query, what: Use| {
            let (text, names) = self.query(query, Some(scope), Place::Inside(what))?;
            self.doubt_if(!query.more.is_empty() || names.is_empty());
            Some(format!("({text})"))
        };
        let printer = Printer::new(self.style, &columns).without_charsets().with_queries(&queries);
        let text = print(&printer);
        self.doubt_if(!printer.is_sure());
        text
    }

    /// A column with its table, and whether that is sure.
    fn column(&self, parts: &[String], scope: &Scope<'_>) -> (String, bool) {
        let unknown = || {
            let all: Vec<String> = parts.iter().map(|part| ident(part)).collect();
            (all.join("."), false)
        };
        let (source, name) = match parts {
            [name] => (None, name),
            [source, name] => (Some(source), name),
            [schema, source, name] if schema == self.relations.schema => (Some(source), name),
            _ => return unknown(),
        };
        let mut at = Some(scope);
        while let Some(scope) = at {
            let found: Vec<(&String, &Column)> = scope
                .sources
                .iter()
                .filter(|(own, _)| source.is_none_or(|source| source == own))
                .flat_map(|(own, columns)| {
                    let same = columns.iter().filter(|column| column.name.eq_ignore_ascii_case(name));
                    same.map(move |column| (own, column))
                })
                .collect();
            match &found[..] {
                [] => at = scope.outer,
                [(own, column), rest @ ..] => {
                    return (format!("{}.{}", ident(own), ident(&column.name)), rest.is_empty());
                }
            }
        }
        unknown()
    }
}

/// Whether a source has a column of this name.
fn has(scope: &Scope<'_>, name: &str) -> bool {
    let mut columns = scope.sources.iter().flat_map(|(_, columns)| columns);
    columns.any(|column| column.name.eq_ignore_ascii_case(name))
}

/// Whether an expression names a result by its alias.
fn names_alias(expr: &Expr, results: &[Result]) -> bool {
    let mut found = false;
    expr.visit(&mut |expr| {
        if let Some(name) = expr.plain_column() {
            found |= results.iter().any(|it| it.is_alias && it.alias.eq_ignore_ascii_case(name));
        }
    });
    found
}

fn has_aggregate(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |expr| found |= matches!(expr, Expr::Aggregate(..)));
    found
}

fn descending(text: String, desc: bool) -> String {
    if desc { format!("{text} desc") } else { text }
}
