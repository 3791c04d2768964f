//! Completion in SQL, in files and in the strings of HCL: words, tables, columns, types.
//!
//! What fits a place is decided by the words before it; which words exist is the dialect's to say. Invariant: a word
//! the dialect's grammar does not know is never offered.

mod expect;

use engine::Dialect;
use hcl::spec::Attribute;
use schema::SmolStr;
use syntax::sql::{DoubleQuotes, File, Grammar};
use text::{Text, TextRange, TextSize};

use self::expect::Expect;
use super::hcl::Cx;
use super::item::Rank;
use super::values::arguments;
use super::{Item, ItemKind, references};
use crate::describe;
use crate::hcl_place::Str;
use crate::sql_place::{SqlSpot, TableUse};
use crate::world::{Rows, World};

/// Which part of a statement a string of HCL holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Whole statements.
    Statements,
    /// An expression over the columns of the block around it.
    Expression,
    /// Of a database we know nothing of.
    Elsewhere,
}

/// A cursor in SQL with what can be named there.
struct Sql<'a> {
    world: &'a World<'a>,
    dialect: &'static Dialect,
    spot: SqlSpot,
    part: Part,
    /// The columns of the table around a string of HCL.
    own: Vec<(SmolStr, String)>,
    /// The table a trigger is on.
    watched: Option<TableUse>,
    /// The word at the cursor, where the edit goes.
    range: TextRange,
    lower: bool,
}

/// Completion in a SQL file.
pub(super) fn in_file(world: &World<'_>, offset: TextSize) -> Vec<Item> {
    let Some(dialect) = world.dialect else { return Vec::new() };
    let Some(tree) = world.snapshot.sql(world.file, dialect.grammar) else { return Vec::new() };
    let spot = SqlSpot::find(&tree, offset);
    let watched = if spot.creates("trigger") { spot.on_table() } else { None };
    let range = spot.word;
    let lower = is_lower(&spot, Some(&tree));
    let sql = Sql { world, dialect, part: Part::Statements, own: Vec::new(), watched, range, lower, spot };
    sql.complete()
}

/// Which part of a statement the string of `declared` holds.
pub(super) fn part(cx: &Cx<'_>, declared: &Attribute) -> Part {
    match (cx.is_config(), declared.name, cx.block().as_str()) {
        (true, ..) => Part::Elsewhere,
        (_, "as", "view" | "trigger" | "materialized" | "function" | "procedure") => Part::Statements,
        _ => Part::Expression,
    }
}

/// Completion in a string of HCL.
pub(super) fn in_string(cx: &Cx<'_>, string: &Str, part: Part) -> Vec<Item> {
    let Some(dialect) = cx.world.dialect else { return Vec::new() };
    let embedded = string.embedded();
    let mut at = cx.spot.offset;
    // The indentation of a heredoc is no part of its text.
    let inner = loop {
        match embedded.to_text(at) {
            Some(inner) => break inner,
            None if at <= string.content.start() => break TextSize::new(0),
            None => at -= TextSize::new(1),
        }
    };
    let tree = File::parse(&Text::new(&embedded.text), dialect.grammar, None);
    let spot = SqlSpot::find(&tree, inner);
    let range = if spot.word.is_empty() {
        TextRange::empty(cx.spot.offset)
    } else {
        embedded.range_to_source(spot.word)
    };
    let watched = references::trigger_table(cx).and_then(|steps| {
        let (name, before) = steps.get(1..)?.split_last()?;
        let schema = before.first().cloned();
        Some(TableUse { schema, name: name.clone(), alias: None, query: None, columns: Vec::new() })
    });
    let lower = is_lower(&spot, Some(&tree));
    let own = if part == Part::Expression { references::own_names(cx) } else { Vec::new() };
    Sql { world: cx.world, dialect, part, own, watched, range: cx.file(range), lower, spot }.complete()
}

/// Whether the author writes keywords in lower case.
fn is_lower(spot: &SqlSpot, tree: Option<&File>) -> bool {
    use syntax::sql::SyntaxKind;
    let lower = |raw: &str| raw.chars().all(|ch| !ch.is_ascii_uppercase());
    if let Some(before) =
        spot.tokens.iter().rev().find(|it| it.kind == SyntaxKind::KEYWORD && it.range != spot.word)
    {
        return lower(&before.raw);
    }
    let first = tree.and_then(|tree| {
        let statement = tree
            .pieces()
            .iter()
            .find_map(|placed| placed.piece.statement_text().split_whitespace().next().map(str::to_owned));
        statement.filter(|word| !word.is_empty())
    });
    first.is_some_and(|word| lower(&word))
}

impl Sql<'_> {
    fn complete(&self) -> Vec<Item> {
        if self.spot.in_text {
            return Vec::new();
        }
        let mut items = Vec::new();
        if self.part == Part::Elsewhere {
            self.all_words(Rank::Usual, &mut items);
            return items;
        }
        match expect::expect(&self.spot, self.part == Part::Expression) {
            Expect::Nothing => {}
            Expect::Statement => {
                self.words(self.dialect.grammar.statements.iter().copied(), Rank::First, &mut items);
            }
            Expect::Words(words) => self.words(words.iter().copied(), Rank::First, &mut items),
            Expect::Tables => {
                self.tables(&mut items);
                self.views(Rank::First, &mut items);
            }
            Expect::OnlyTables => self.tables(&mut items),
            Expect::Views => self.views(Rank::First, &mut items),
            Expect::Indexes => self.indexes(&mut items),
            Expect::Triggers => self.triggers(&mut items),
            Expect::Types => self.types(&mut items),
            Expect::Own => self.own(&mut items),
            Expect::ColumnsOf(table) => self.columns_of(&table, &mut items),
            Expect::Member(name) => self.members(&name, &mut items),
            Expect::Expression => self.expression(&mut items),
            Expect::Operator => {
                self.words(expect::AFTER_VALUE.iter().copied(), Rank::Usual, &mut items);
            }
        }
        items
    }

    fn item(&self, kind: ItemKind, label: &str, rank: Rank) -> Item {
        Item::new(kind, label, self.range, rank)
    }

    /// An item for a name, quoted where it has to be.
    fn name(&self, kind: ItemKind, name: &str, rank: Rank) -> Item {
        self.item(kind, name, rank).insert(quoted(name, self.dialect.grammar))
    }

    /// Keywords in the author's case. A phrase is offered when the dialect knows its words.
    fn words<'w>(&self, words: impl Iterator<Item = &'w str>, rank: Rank, items: &mut Vec<Item>) {
        let grammar = self.dialect.grammar;
        for word in words {
            if !word.split(' ').all(|word| is_keyword(grammar, word)) {
                continue;
            }
            let word = if self.lower { word.to_ascii_lowercase() } else { word.to_ascii_uppercase() };
            items.push(self.item(ItemKind::Keyword, &word, rank));
        }
    }

    fn all_words(&self, rank: Rank, items: &mut Vec<Item>) {
        let grammar = self.dialect.grammar;
        self.words(grammar.reserved.iter().chain(grammar.unreserved).copied(), rank, items);
    }

    fn tables(&self, items: &mut Vec<Item>) {
        for schema in self.world.schemas() {
            items.extend(schema.tables.iter().map(|table| {
                let item = self.name(ItemKind::Table, &table.name, Rank::First);
                item.detail(describe::columns_count(&table.columns))
            }));
        }
        let ctes = self.spot.ctes();
        items
            .extend(ctes.iter().map(|cte| self.name(ItemKind::Table, &cte.name, Rank::First).detail("with")));
        if self.world.schemas().len() > 1 {
            let schemas = self.world.schemas().iter();
            items.extend(schemas.map(|schema| self.name(ItemKind::Schema, &schema.name, Rank::Usual)));
        }
    }

    fn views(&self, rank: Rank, items: &mut Vec<Item>) {
        for schema in self.world.schemas() {
            items.extend(
                schema.views.iter().map(|view| self.name(ItemKind::View, &view.name, rank).detail("view")),
            );
        }
    }

    fn indexes(&self, items: &mut Vec<Item>) {
        for schema in self.world.schemas() {
            for table in &schema.tables {
                let named = table.indexes.iter().filter(|index| !index.name.is_empty());
                items.extend(named.map(|index| {
                    self.name(ItemKind::Index, &index.name, Rank::First).detail(format!("on {}", table.name))
                }));
            }
        }
    }

    fn triggers(&self, items: &mut Vec<Item>) {
        for schema in self.world.schemas() {
            items.extend(schema.triggers.iter().map(|trigger| {
                self.name(ItemKind::Object, &trigger.name, Rank::First).detail(format!("on {}", trigger.on))
            }));
        }
    }

    fn types(&self, items: &mut Vec<Item>) {
        for def in self.dialect.types {
            let name = if self.lower { def.name.to_owned() } else { def.name.to_ascii_uppercase() };
            let doc = describe::column_type(def, self.dialect, false);
            items.push(self.item(ItemKind::Type, &name, Rank::First).doc(doc.clone()));
            if def.args.iter().any(|arg| arg.kept) {
                let label = format!("{name}(…)");
                let mut item = self.item(ItemKind::Type, &label, Rank::Usual).doc(doc);
                item = item.snippet(format!("{name}({})", arguments(def)));
                item.filter = Some(name);
                items.push(item);
            }
        }
    }

    /// The columns of the table that is being defined.
    fn own(&self, items: &mut Vec<Item>) {
        let mut columns = self.own.clone();
        if columns.is_empty() {
            columns = self.spot.own_columns();
        }
        items.extend(
            columns
                .iter()
                .map(|(name, ty)| self.name(ItemKind::Column, name, Rank::First).detail(ty.clone())),
        );
    }

    fn columns_of(&self, table: &TableUse, items: &mut Vec<Item>) {
        let found = self.columns(table);
        if found.is_empty() && self.spot.creates("table") && self.defines(&table.name) {
            return self.own(items);
        }
        items.extend(
            found
                .into_iter()
                .map(|(name, detail)| self.name(ItemKind::Column, &name, Rank::First).detail(detail)),
        );
    }

    /// Whether the statement defines the table `name`.
    fn defines(&self, name: &str) -> bool {
        let open = self.spot.tokens.iter().position(|token| token.raw == "(");
        let defined = open.and_then(|open| self.spot.tokens.get(open.checked_sub(1)?));
        defined.is_some_and(|token| token.name().eq_ignore_ascii_case(name))
    }

    /// The names and details of a table's columns.
    fn columns(&self, table: &TableUse) -> Vec<(SmolStr, String)> {
        if !table.columns.is_empty() {
            return table.columns.iter().map(|name| (name.clone(), String::new())).collect();
        }
        if let Some((from, to)) = table.query {
            let names = (self.dialect.body)(&self.spot.text(from, to)).unwrap_or_default();
            return names.into_iter().map(|name| (SmolStr::from(name), String::new())).collect();
        }
        if let Some(cte) = self.spot.ctes().into_iter().find(|cte| cte.name.eq_ignore_ascii_case(&table.name))
        {
            return self.columns(&cte);
        }
        let rows = self.world.rows(table.schema.as_deref(), &table.name);
        let columns = rows.map_or(&[][..], Rows::columns);
        let detail = |column: &schema::Column| describe::column_detail(column, Some(self.dialect));
        columns.iter().map(|column| (column.name.clone(), detail(column))).collect()
    }

    /// What may follow `name.`
    fn members(&self, name: &str, items: &mut Vec<Item>) {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        if (same("new") || same("old")) && self.watched.is_some() {
            if let Some(watched) = &self.watched {
                self.columns_of(watched, items);
            }
            return;
        }
        let tables = self.spot.tables();
        let used = tables.iter().find(|table| table.alias.as_deref().is_some_and(same));
        let used = used.or_else(|| tables.iter().find(|table| table.alias.is_none() && same(&table.name)));
        if let Some(table) = used {
            return self.columns_of(table, items);
        }
        if let Some(schema) = self.world.schemas().iter().find(|schema| same(&schema.name)) {
            items.extend(schema.tables.iter().map(|it| self.name(ItemKind::Table, &it.name, Rank::First)));
            items.extend(schema.views.iter().map(|it| self.name(ItemKind::View, &it.name, Rank::First)));
            return;
        }
        let table =
            TableUse { schema: None, name: name.into(), alias: None, query: None, columns: Vec::new() };
        self.columns_of(&table, items);
    }

    fn expression(&self, items: &mut Vec<Item>) {
        let tables = self.spot.tables();
        if self.part == Part::Expression && tables.is_empty() || self.spot.creates("table") {
            self.own(items);
        }
        let mut seen: Vec<(SmolStr, String, SmolStr)> = Vec::new();
        for table in &tables {
            let visible = table.alias.clone().unwrap_or_else(|| table.name.clone());
            seen.extend(
                self.columns(table).into_iter().map(|(name, detail)| (name, detail, visible.clone())),
            );
        }
        for (name, detail, visible) in &seen {
            let twice = seen.iter().any(|(other, _, of)| other == name && of != visible);
            let label =
                if twice && !visible.is_empty() { format!("{visible}.{name}") } else { name.to_string() };
            let grammar = self.dialect.grammar;
            let text = match twice && !visible.is_empty() {
                true => format!("{}.{}", quoted(visible, grammar), quoted(name, grammar)),
                false => quoted(name, grammar),
            };
            let mut item = self.item(ItemKind::Column, &label, Rank::First).insert(text);
            let of = if visible.is_empty() || twice { String::new() } else { format!(" of {visible}") };
            item = item.detail(format!("{detail}{of}").trim().to_owned());
            if label != *name {
                item.filter = Some(name.to_string());
            }
            items.push(item);
        }
        for table in &tables {
            let visible = table.alias.as_ref().unwrap_or(&table.name);
            if !visible.is_empty() {
                items.push(self.name(ItemKind::Table, visible, Rank::Usual).detail(table.name.as_str()));
            }
        }
        if self.watched.is_some() {
            for row in ["new", "old"] {
                let label = if self.lower { row.to_owned() } else { row.to_ascii_uppercase() };
                let text = format!("{label}.");
                items.push(
                    self.item(ItemKind::Table, &label, Rank::Usual)
                        .detail("the row that changes")
                        .insert(text)
                        .again(),
                );
            }
        }
        if let (true, Some(watched)) = (self.spot.creates("index"), self.spot.on_table()) {
            self.columns_of(&watched, items);
        }
        self.words(expect::VALUE.iter().copied(), Rank::Last, items);
    }
}

/// Whether the dialect knows `word`; the shared grammar knows none, and then all are taken.
fn is_keyword(grammar: &Grammar, word: &str) -> bool {
    let upper = word.to_ascii_uppercase();
    let knows = |words: &[&str]| words.binary_search(&upper.as_str()).is_ok();
    grammar.reserved.is_empty()
        || knows(grammar.reserved)
        || knows(grammar.unreserved)
        || knows(grammar.statements)
        || OPTION_WORDS.contains(&upper.as_str())
}

/// Words of options that are keywords only at their place.
const OPTION_WORDS: [&str; 4] = ["ROWID", "STRICT", "STORED", "FALSE"];

/// The name as the dialect needs it written.
fn quoted(name: &str, grammar: &Grammar) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|ch| ch.is_ascii_alphanumeric() || ch == '_')
        && grammar.reserved.binary_search(&name.to_ascii_uppercase().as_str()).is_err();
    if plain {
        return name.to_owned();
    }
    let quote = match grammar.lexical.double_quotes {
        DoubleQuotes::Name => '"',
        DoubleQuotes::String => '`',
    };
    format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
}
