//! Where in a SQL statement a cursor is, and which tables are in scope there.
//!
//! Works on the statement's tokens, because half-typed statements have no useful nodes; the lexer and the splitter are
//! the parser's. Invariant: nothing here knows a dialect; words are compared in lower case.

use smol_str::SmolStr;
use syntax::sql::ast::unquote;
use syntax::sql::{File, SyntaxKind};
use text::{TextRange, TextSize};

/// A token that is not white space.
#[derive(Clone, Debug)]
pub(crate) struct Tok {
    pub kind: SyntaxKind,
    /// Lower case; as written for names in quotes, without them.
    pub text: SmolStr,
    pub raw: SmolStr,
    /// In the file.
    pub range: TextRange,
    /// How many parentheses are open around it.
    pub depth: usize,
}

/// A cursor in a SQL file.
#[derive(Clone, Debug)]
pub(crate) struct SqlSpot {
    /// Of the whole statement.
    pub tokens: Vec<Tok>,
    /// Where the innermost statement starts, for those in a trigger's body.
    pub start: usize,
    /// How many tokens stand wholly before the word at the cursor.
    pub at: usize,
    /// The word at the cursor; empty when there is none.
    pub word: TextRange,
    /// Whether the cursor is in a comment, a string or a number.
    pub in_text: bool,
}

/// A table named by a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableUse {
    pub schema: Option<SmolStr>,
    /// Empty for a query in parentheses.
    pub name: SmolStr,
    pub alias: Option<SmolStr>,
    /// The tokens of the query it stands for.
    pub query: Option<(usize, usize)>,
    /// Columns that are written.
    pub columns: Vec<SmolStr>,
}

impl Tok {
    pub fn is_word(&self) -> bool {
        matches!(self.kind, SyntaxKind::IDENT | SyntaxKind::KEYWORD)
    }

    pub fn is_name(&self) -> bool {
        self.is_word() || self.kind == SyntaxKind::QUOTED_IDENT
    }

    pub fn is(&self, word: &str) -> bool {
        self.kind != SyntaxKind::QUOTED_IDENT && self.text == word
    }

    pub fn any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// The name without quotes, its case as written.
    pub fn name(&self) -> SmolStr {
        if self.kind == SyntaxKind::QUOTED_IDENT { unquote(&self.raw) } else { self.raw.clone() }
    }
}

impl SqlSpot {
    /// The place of `offset` in `file`.
    pub fn find(file: &File, offset: TextSize) -> SqlSpot {
        let empty =
            SqlSpot { tokens: Vec::new(), start: 0, at: 0, word: TextRange::empty(offset), in_text: false };
        let Some(placed) = file.piece_at(offset) else { return empty };
        let root = placed.piece.syntax();
        let mut spot = empty;
        let mut depth = 0usize;
        for token in root.descendants_with_tokens().filter_map(|element| element.into_token()) {
            let range = token.text_range() + placed.start;
            let kind = token.kind();
            let inside = range.start() < offset && offset <= range.end();
            if kind.is_trivia() {
                let in_comment = kind == SyntaxKind::LINE_COMMENT
                    || kind == SyntaxKind::BLOCK_COMMENT && offset < range.end();
                spot.in_text |= inside && in_comment;
                continue;
            }
            if kind == SyntaxKind::DELIMITER
                && range.end() <= offset
                && root.text_range().end() == token.text_range().end()
            {
                // Behind the end of this statement another one begins.
                return SqlSpot { in_text: false, ..SqlSpot { tokens: Vec::new(), start: 0, at: 0, ..spot } };
            }
            if kind == SyntaxKind::R_PAREN {
                depth = depth.saturating_sub(1);
            }
            let raw = SmolStr::from(token.text());
            let text = match kind {
                SyntaxKind::QUOTED_IDENT => unquote(&raw),
                _ => SmolStr::from(raw.to_ascii_lowercase()),
            };
            let tok = Tok { kind, text, raw, range, depth };
            if kind == SyntaxKind::L_PAREN {
                depth += 1;
            }
            if inside {
                match kind {
                    SyntaxKind::IDENT | SyntaxKind::KEYWORD | SyntaxKind::QUOTED_IDENT => spot.word = range,
                    SyntaxKind::STRING | SyntaxKind::BLOB | SyntaxKind::DOLLAR_STRING => {
                        spot.in_text |= offset < range.end() || !closed(&tok.raw);
                    }
                    SyntaxKind::NUMBER | SyntaxKind::PARAMETER => spot.in_text = true,
                    _ => {}
                }
            }
            if range.end() <= offset && spot.word != range {
                spot.at += 1;
            }
            spot.tokens.push(tok);
        }
        spot.start = spot.inner_start();
        spot
    }

    /// The tokens of the innermost statement before the word.
    pub fn before(&self) -> &[Tok] {
        self.tokens.get(self.start..self.at).unwrap_or_default()
    }

    /// Where the statement at the cursor starts: behind `begin` or `;` in the body of a trigger.
    fn inner_start(&self) -> usize {
        if !self.creates("trigger") {
            return 0;
        }
        let before = self.tokens.get(..self.at).unwrap_or_default();
        let Some(begin) = before.iter().position(|token| token.is("begin")) else { return 0 };
        before.iter().rposition(|token| token.raw == ";").unwrap_or(begin).max(begin) + 1
    }

    /// Whether the whole statement creates an object of this kind.
    pub fn creates(&self, kind: &str) -> bool {
        self.tokens.first().is_some_and(|first| first.is("create"))
            && self.tokens.iter().skip(1).take(5).find(|it| it.any(&OBJECTS)).is_some_and(|it| it.is(kind))
    }

    /// The table a trigger or an index is on.
    pub fn on_table(&self) -> Option<TableUse> {
        let end = self.tokens.iter().position(|it| it.is("begin")).unwrap_or(self.tokens.len());
        let on = self.tokens.get(..end)?.iter().position(|it| it.is("on"))?;
        self.table_at(on + 1).map(|(table, _)| table)
    }

    /// The path of a table at token `at`, and where it ends.
    pub fn table_at(&self, at: usize) -> Option<(TableUse, usize)> {
        let first = self.tokens.get(at).filter(|token| token.is_name())?;
        let dot = self.tokens.get(at + 1).is_some_and(|token| token.kind == SyntaxKind::DOT);
        let table = |schema, name, end| {
            (TableUse { schema, name, alias: None, query: None, columns: Vec::new() }, end)
        };
        match self.tokens.get(at + 2).filter(|token| dot && token.is_name()) {
            Some(name) => Some(table(Some(first.name()), name.name(), at + 3)),
            None if dot => None,
            None => Some(table(None, first.name(), at + 1)),
        }
    }

    /// The open parentheses around token `at`, by index.
    fn opened(&self, at: usize) -> Vec<usize> {
        let mut open = Vec::new();
        for (index, token) in self.tokens.iter().enumerate().take(at) {
            match token.kind {
                SyntaxKind::L_PAREN => open.push(index),
                SyntaxKind::R_PAREN => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// Where the parenthesis opened at `open` closes; the end when it does not.
    fn close_of(&self, open: usize) -> usize {
        let depth = self.tokens.get(open).map_or(0, |token| token.depth);
        let rest = self.tokens.iter().enumerate().skip(open + 1);
        rest.filter(|(_, token)| token.kind == SyntaxKind::R_PAREN && token.depth == depth)
            .map(|(index, _)| index)
            .next()
            .unwrap_or(self.tokens.len())
    }

    /// The end of the innermost statement.
    fn inner_end(&self) -> usize {
        let inner = self.start > 0;
        let rest = self.tokens.iter().enumerate().skip(self.start);
        rest.filter(|(_, token)| inner && token.raw == ";")
            .map(|(index, _)| index)
            .next()
            .unwrap_or(self.tokens.len())
    }

    /// The tables whose columns the cursor can name: of the queries around it.
    pub fn tables(&self) -> Vec<TableUse> {
        let around = self.opened(self.at);
        let mut found: Vec<TableUse> = Vec::new();
        let end = self.inner_end();
        let mut index = self.start;
        while index < end {
            let Some(token) = self.tokens.get(index) else { break };
            let introduces = token.any(&["from", "join", "into"])
                || token.is("update")
                    && (index == self.start || self.tokens.get(index + 1).is_some_and(|it| it.is("or")));
            index += 1;
            if !introduces {
                continue;
            }
            if !self
                .opened(index)
                .iter()
                .zip(around.iter().map(Some).chain(std::iter::repeat(None)))
                .all(|(a, b)| Some(a) == b)
            {
                continue;
            }
            // Conflict clauses stand between the verb and the table.
            if self.tokens.get(index).is_some_and(|it| it.is("or")) {
                index += 2;
            }
            while let Some((table, next)) = self.source_at(index) {
                index = next;
                found.push(table);
                let comma = self.tokens.get(index).is_some_and(|it| it.kind == SyntaxKind::COMMA);
                if !comma || !token.is("from") {
                    break;
                }
                index += 1;
            }
        }
        found
    }

    /// A table or a query with its alias.
    fn source_at(&self, at: usize) -> Option<(TableUse, usize)> {
        // A table function and the word being typed are no tables.
        if at == self.at && self.tokens.get(at).is_some_and(|token| token.range == self.word) {
            return None;
        }
        let (mut table, mut next) = if self.tokens.get(at)?.kind == SyntaxKind::L_PAREN {
            let close = self.close_of(at);
            let table = TableUse {
                schema: None,
                name: SmolStr::default(),
                alias: None,
                query: Some((at + 1, close)),
                columns: Vec::new(),
            };
            (table, close + 1)
        } else {
            self.table_at(at)?
        };
        if self.tokens.get(next).is_some_and(|it| it.is("as")) {
            next += 1;
        }
        let alias = self.tokens.get(next).filter(|it| {
            it.kind == SyntaxKind::QUOTED_IDENT
                || it.is_word() && it.range != self.word && !it.any(&NOT_ALIASES)
        });
        if let Some(alias) = alias {
            table.alias = Some(alias.name());
            next += 1;
        }
        Some((table, next))
    }

    /// The queries named by `with`.
    pub fn ctes(&self) -> Vec<TableUse> {
        let mut found = Vec::new();
        if !self.tokens.iter().any(|it| it.is("with")) {
            return found;
        }
        for (index, token) in self.tokens.iter().enumerate() {
            let introduced = index
                .checked_sub(1)
                .and_then(|before| self.tokens.get(before))
                .is_some_and(|before| before.any(&["with", "recursive"]) || before.kind == SyntaxKind::COMMA);
            if !introduced || !token.is_name() || token.is("recursive") {
                continue;
            }
            let mut next = index + 1;
            let mut columns = Vec::new();
            if self.tokens.get(next).is_some_and(|it| it.kind == SyntaxKind::L_PAREN) {
                let close = self.close_of(next);
                columns = self.names(next + 1, close);
                next = close + 1;
            }
            let is_query = self.tokens.get(next).is_some_and(|it| it.is("as"));
            let open = self
                .tokens
                .iter()
                .enumerate()
                .skip(next)
                .take(4)
                .find(|(_, it)| it.kind == SyntaxKind::L_PAREN);
            if let (true, Some((open, _))) = (is_query, open) {
                found.push(TableUse {
                    schema: None,
                    name: token.name(),
                    alias: None,
                    query: Some((open + 1, self.close_of(open))),
                    columns,
                });
            }
        }
        found
    }

    /// The names between two tokens.
    pub fn names(&self, from: usize, to: usize) -> Vec<SmolStr> {
        self.tokens
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter(|it| it.is_name())
            .map(Tok::name)
            .collect()
    }

    /// The text between two tokens, in which white space is one space.
    pub fn text(&self, from: usize, to: usize) -> String {
        let tokens = self.tokens.get(from..to).unwrap_or_default();
        tokens.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The columns a half-typed table definition has, with their types.
    pub fn own_columns(&self) -> Vec<(SmolStr, String)> {
        let Some(open) = self.tokens.iter().position(|token| token.kind == SyntaxKind::L_PAREN) else {
            return Vec::new();
        };
        let close = self.close_of(open);
        let mut found = Vec::new();
        let mut starts = true;
        for index in open + 1..close {
            let Some(token) = self.tokens.get(index) else { break };
            if token.depth == 1 && token.kind == SyntaxKind::COMMA {
                starts = true;
                continue;
            }
            if starts && token.is_name() && token.range != self.word && !token.any(&CONSTRAINTS) {
                let ty = self.tokens.get(index + 1).filter(|it| it.kind == SyntaxKind::IDENT);
                found.push((token.name(), ty.map_or_else(String::new, |ty| ty.raw.to_string())));
            }
            starts = false;
        }
        found
    }
}

/// Kinds of objects behind `create`.
const OBJECTS: [&str; 4] = ["table", "index", "view", "trigger"];

/// Words an element of a table definition starts with when it is no column.
pub(crate) const CONSTRAINTS: [&str; 5] = ["constraint", "primary", "unique", "check", "foreign"];

/// Words that follow a table and are not its alias.
const NOT_ALIASES: [&str; 30] = [
    "on",
    "where",
    "join",
    "left",
    "right",
    "inner",
    "outer",
    "full",
    "cross",
    "natural",
    "using",
    "group",
    "order",
    "having",
    "limit",
    "union",
    "except",
    "intersect",
    "set",
    "values",
    "select",
    "as",
    "indexed",
    "not",
    "default",
    "returning",
    "window",
    "offset",
    "when",
    "end",
];

/// Whether a string's closing quote is there.
fn closed(raw: &str) -> bool {
    raw.len() > 1 && raw.chars().next_back().is_some_and(|last| matches!(last, '\'' | '"' | '$'))
}
