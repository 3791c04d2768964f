//! Reads a query as views have them: `select … from … where … group by … having … order by … limit …`, `union` of such.
//!
//! What else there is (common tables, windows, hints, locks) is no tree here.

use super::Parser;
use crate::mysql::expr::query::{Item, Kind, Order, Query, Relation, Select};
use crate::mysql::expr::tree::{Expr, Level};
use crate::mysql::words::{Kind as Word, unquote, words};

/// The tree of `text`; `None` when anything in it is not known.
pub fn parse(text: &str) -> Option<Query> {
    let words = words(text);
    let mut parser = Parser::new(text, &words);
    parser.queries = true;
    let query = parser.query()?;
    (parser.at == words.len()).then_some(query)
}

/// Words that are no reserved ones everywhere, and yet no alias where one may stand.
const NO_ALIAS: &[&str] =
    &["window", "offset", "lateral", "of", "except", "intersect", "fetch", "partition", "rows"];

impl Parser<'_> {
    /// `( query )`.
    pub(super) fn inner_query(&mut self) -> Option<Query> {
        self.depth += 1;
        if self.depth > super::DEPTH {
            return None;
        }
        self.expect("(")?;
        let query = self.query()?;
        self.expect(")")?;
        self.depth -= 1;
        Some(query)
    }

    fn query(&mut self) -> Option<Query> {
        let first = self.select()?;
        let mut more = Vec::new();
        while self.eat("union") {
            let all = self.eat("all");
            if !all {
                self.eat("distinct");
            }
            more.push((all, self.select()?));
        }
        let mut order = Vec::new();
        if self.eat("order") {
            self.expect("by")?;
            loop {
                let expr = self.expr(Level::Or)?;
                let desc = self.eat("desc");
                if !desc {
                    self.eat("asc");
                }
                order.push(Order { expr, desc });
                if !self.eat(",") {
                    break;
                }
            }
        }
        let mut limit = None;
        if self.eat("limit") {
            let first = self.count()?;
            limit = Some(if self.eat(",") {
                (Some(first), self.count()?)
            } else if self.eat("offset") {
                (Some(self.count()?), first)
            } else {
                (None, first)
            });
        }
        Some(Query { first, more, order, limit })
    }

    /// A whole number.
    fn count(&mut self) -> Option<String> {
        let text = self.peek(0);
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| self.at += 1)?;
        Some(text.to_owned())
    }

    fn select(&mut self) -> Option<Select> {
        self.expect("select")?;
        let mut select = Select { distinct: self.eat("distinct"), ..Select::default() };
        if !select.distinct {
            self.eat("all");
        }
        loop {
            select.items.push(self.item()?);
            if !self.eat(",") {
                break;
            }
        }
        if self.eat("from") {
            if self.is(0, "dual") {
                return None;
            }
            loop {
                select.from.push(self.relation()?);
                if !self.eat(",") {
                    break;
                }
            }
        }
        if self.eat("where") {
            select.filter = Some(self.expr(Level::Or)?);
        }
        if self.eat("group") {
            self.expect("by")?;
            loop {
                select.group.push(self.expr(Level::Or)?);
                if !self.eat(",") {
                    break;
                }
            }
        }
        if self.eat("having") {
            select.having = Some(self.expr(Level::Or)?);
        }
        Some(select)
    }

    fn item(&mut self) -> Option<Item> {
        if self.eat("*") {
            return Some(Item::All);
        }
        if self.is(1, ".") && self.is(2, "*") {
            let name = self.name()?;
            self.at += 2;
            return Some(Item::AllOf(name));
        }
        let start = self.words.get(self.at)?.range.start;
        let expr = self.expr(Level::Or)?;
        let end = self.words.get(self.at.checked_sub(1)?)?.range.end;
        let source = self.text.get(start..end)?.to_owned();
        let said = self.alias(true);
        Some(Item::Expr { expr, source, said: said.ok()? })
    }

    /// `[as] alias`; a text may be one behind `as`. An error is something that should have been one.
    fn alias(&mut self, text: bool) -> Result<Option<String>, ()> {
        let said = self.eat("as");
        if said && text && self.kind(0) == Some(Word::Text) {
            let name = unquote(self.peek(0));
            self.at += 1;
            return Ok(Some(name));
        }
        if NO_ALIAS.iter().any(|word| self.is(0, word)) {
            return if said { Err(()) } else { Ok(None) };
        }
        match self.name() {
            Some(name) => Ok(Some(name)),
            None if said => Err(()),
            None => Ok(None),
        }
    }

    /// A table with all that is joined to it.
    fn relation(&mut self) -> Option<Relation> {
        let mut left = self.factor()?;
        loop {
            let kind = if self.eat("left") {
                Kind::Left
            } else if self.eat("right") {
                Kind::Right
            } else if self.eat("inner") || self.eat("cross") || self.is(0, "join") {
                Kind::Inner
            } else {
                return Some(left);
            };
            if kind != Kind::Inner {
                self.eat("outer");
            }
            self.expect("join")?;
            let right = self.factor()?;
            let (mut on, mut using) = (None, Vec::new());
            if self.eat("on") {
                on = Some(self.expr(Level::Or)?);
            } else if self.eat("using") {
                self.expect("(")?;
                loop {
                    using.push(self.name()?);
                    if !self.eat(",") {
                        break;
                    }
                }
                self.expect(")")?;
            } else if kind != Kind::Inner || self.is_join() {
                // What such a one binds to is another matter.
                return None;
            }
            left =
                Relation::Join { left: Box::new(left), right: Box::new(right), kind, on, using, bare: true };
        }
    }

    fn is_join(&self) -> bool {
        ["join", "inner", "cross", "left", "right", "natural", "straight_join"]
            .iter()
            .any(|word| self.is(0, word))
    }

    fn factor(&mut self) -> Option<Relation> {
        if self.is(0, "(") && self.is(1, "select") {
            let query = self.inner_query()?;
            let name = self.alias(false).ok()??;
            // Names for its columns are another matter.
            return (!self.is(0, "(")).then(|| Relation::Query { query: Box::new(query), name });
        }
        if self.eat("(") {
            let mut left = self.relation()?;
            while self.eat(",") {
                let right = self.relation()?;
                left = Relation::Join {
                    left: Box::new(left),
                    right: Box::new(right),
                    kind: Kind::Inner,
                    on: None,
                    using: Vec::new(),
                    bare: false,
                };
            }
            self.expect(")")?;
            if let Relation::Join { bare, .. } = &mut left {
                *bare = false;
            }
            return Some(left);
        }
        let first = self.name()?;
        let (schema, name) = match self.eat(".") {
            true => (Some(first), self.name()?),
            false => (None, first),
        };
        let alias = self.alias(false).ok()?;
        Some(Relation::Table { schema, name, alias })
    }
}

impl Expr {
    /// A column without its table.
    pub fn plain_column(&self) -> Option<&str> {
        match self {
            Expr::Column(parts) => parts.last().map(String::as_str).filter(|_| parts.len() == 1),
            _ => None,
        }
    }
}
