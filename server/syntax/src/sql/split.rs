//! Finds where statements end.
//!
//! One function, [`cut`], finds the end of the statement at the start of a text. It never looks back, and says how
//! far it looked ahead, so a file can be split anew from any statement on, and a statement whose neighbourhood did
//! not change need not be looked at. The only memory between two calls is the [`State`]: the delimiter in force.

use std::ops::Range;

use smol_str::SmolStr;

use crate::sql::comments::{self, Comment};
use crate::sql::grammar::{Features, Grammar, closest};
use crate::sql::lexer::{self, Mode, is_space, is_word};

/// What one statement leaves to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The delimiter, when it is not `;`.
    pub delimiter: Option<SmolStr>,
    /// Rows for the `COPY` before follow.
    pub rows: bool,
}

/// One statement's extent, from the start of the text given to [`cut`].
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub len: usize,
    /// How many bytes decided this cut. More than the text has, when its end did.
    pub examined: usize,
    /// Where the statement begins, behind comments and white space.
    pub start: usize,
    /// The delimiter; empty when none was there.
    pub delimiter: Range<usize>,
    pub kind: CutKind,
    pub next: State,
    /// In [`Mode::Exact`]: the offset of a quote or parenthesis that is never closed, or of one closed too often.
    pub fault: Option<(usize, Fault)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutKind {
    Statement,
    /// For the client: `DELIMITER`, `GO`, `-- atlas:delimiter`.
    Client,
    /// White space and comments.
    Trivia,
}

/// What makes text impossible to split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    UnclosedQuote,
    UnclosedParenthesis,
    UnexpectedParenthesis,
    /// A command that changes the delimiter names none.
    EmptyDelimiter,
}

/// The bytes at which the scan of a statement stops to look.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let bytes = b"'\"`[-/#$\n;()";
    let mut at = 0;
    while at < bytes.len() {
        stops[bytes[at] as usize] = true;
        at += 1;
    }
    stops
};

/// Finds the end of the statement `text` begins with.
///
/// `complete` says that `text` goes to the end of the file; without it, `None` asks for more text. `first` says
/// that it begins at the start of the file, where `-- atlas:delimiter` counts.
///
/// Source: atlas `sql/migrate/lex.go`, whose rules [`Mode::Exact`] follows but for its handling of unclosed comments.
pub(crate) fn cut(
    text: &str,
    complete: bool,
    first: bool,
    state: &State,
    grammar: &Grammar,
    mode: Mode,
) -> Option<Cut> {
    let mut scan =
        Scan { bytes: text.as_bytes(), text, grammar, mode, state, examined: 0, fault: None, nested: false };
    let cut = scan.run(first);
    (complete || cut.examined <= text.len()).then_some(cut)
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    grammar: &'a Grammar,
    mode: Mode,
    state: &'a State,
    examined: usize,
    fault: Option<(usize, Fault)>,
    /// A `;` in parentheses separates nothing, not even while typing: `CREATE RULE … DO (…; …)`.
    nested: bool,
}

/// A body in `BEGIN … END`.
#[derive(Default)]
struct Block {
    begun: bool,
    /// Open `BEGIN`s.
    depth: usize,
    /// Open `CASE`s.
    cases: usize,
    /// Whether the next word begins a statement of the body.
    fresh: bool,
    /// Behind the last `;` of the body.
    last: usize,
    /// The body is one compound statement without `BEGIN`.
    bare: bool,
}

impl<'a> Scan<'a> {
    fn run(&mut self, first: bool) -> Cut {
        if self.state.rows {
            return self.rows();
        }
        if first && let Some(cut) = self.header() {
            return cut;
        }
        let start = self.trivia(0);
        if start >= self.bytes.len() {
            self.examined = self.bytes.len() + 1;
            return self.client(start, CutKind::Trivia, self.state.clone());
        }
        if let Some(cut) = self.command(start) {
            return cut;
        }
        let block = self.opens_block(start).then(Block::default);
        let cut = self.statement(start, block);
        match cut {
            Some(cut) => cut,
            // A body that is never closed: read on as if `BEGIN` were any word, as Atlas does.
            None => match self.statement(start, None) {
                Some(cut) => cut,
                None => self.end_at(start, self.bytes.len(), self.bytes.len()..self.bytes.len()),
            },
        }
    }

    /// The rows of a `COPY`, with the line `\.` that ends them.
    fn rows(&mut self) -> Cut {
        let mut at = 0;
        loop {
            let line = lexer::line_end(self.bytes, at);
            let last = self.text.get(at..line) == Some("\\.");
            at = self.next_line(line);
            if last || at >= self.bytes.len() {
                return self.client(at, CutKind::Client, State::default());
            }
        }
    }

    /// Whether the statement from `start` to `end` is a `COPY` whose rows follow.
    fn copies(&self, start: usize, end: usize) -> bool {
        let text = self.text.get(start..end).unwrap_or_default();
        if !self.grammar.lexical.copy_data
            || self.state.delimiter.is_some()
            || !text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("COPY"))
        {
            return false;
        }
        let tokens = lexer::tokens(text, text.len(), self.grammar);
        let mut words = tokens.iter().filter(|token| !token.kind.is_trivia()).map(|token| {
            let is = |word: &str| {
                text.get(token.start..token.end).is_some_and(|text| text.eq_ignore_ascii_case(word))
            };
            (is("FROM"), is("STDIN"))
        });
        let mut from = false;
        words.any(|(is_from, is_stdin)| std::mem::replace(&mut from, is_from) && is_stdin)
    }

    /// `-- atlas:delimiter x` as the first line of a file.
    fn header(&mut self) -> Option<Cut> {
        let mark = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        let rest = self.text.get(mark..)?.strip_prefix("-- atlas:delimiter")?;
        if !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '\n']) {
            return None;
        }
        let end = lexer::line_end(self.bytes, 0);
        let delimiter = decode(self.text.get(mark + 18..end)?.trim_matches([' ', '\t', '\r']));
        if delimiter.is_empty() {
            if self.mode == Mode::Exact {
                self.fault = Some((mark, Fault::EmptyDelimiter));
                let len = self.next_line(end);
                return Some(self.client(len, CutKind::Client, self.state.clone()));
            }
            return None;
        }
        let len = self.next_line(end);
        Some(self.client(len, CutKind::Client, State::of(&delimiter)))
    }

    /// A line for the client at `start`.
    fn command(&mut self, start: usize) -> Option<Cut> {
        let (word, end) = self.word(start);
        let line = lexer::line_end(self.bytes, start);
        let lexical = &self.grammar.lexical;
        if word.eq_ignore_ascii_case("DELIMITER") && matches!(self.bytes.get(end), Some(b' ' | b'\t')) {
            let argument = self.text.get(end..line).unwrap_or_default().trim();
            let argument = match argument.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
                Some(inner) => inner.replace("''", "'"),
                None => argument.to_owned(),
            };
            let delimiter = decode(&argument);
            if delimiter.is_empty() {
                self.fault = Some((start, Fault::EmptyDelimiter));
            }
            let next = if delimiter.is_empty() { self.state.clone() } else { State::of(&delimiter) };
            let len = self.next_line(line);
            return Some(self.client(len, CutKind::Client, next));
        }
        let go = lexical.go_batches
            && word.eq_ignore_ascii_case("GO")
            && self
                .text
                .get(end..line)
                .is_some_and(|rest| rest.trim().bytes().all(|byte| byte.is_ascii_digit()));
        if go || (lexical.backslash_commands && self.bytes[start] == b'\\') {
            let len = self.next_line(line);
            return Some(self.client(len, CutKind::Client, self.state.clone()));
        }
        None
    }

    fn client(&mut self, len: usize, kind: CutKind, next: State) -> Cut {
        self.see(len);
        let fault = self.fault;
        Cut { len, examined: self.examined, start: len, delimiter: len..len, kind, next, fault }
    }

    /// Behind the line break at `end`.
    fn next_line(&mut self, end: usize) -> usize {
        let mut next = end;
        if self.bytes.get(next) == Some(&b'\r') {
            next += 1;
        }
        if self.bytes.get(next) == Some(&b'\n') { next + 1 } else { self.see_end(next) }
    }

    /// Behind the white space and comments at `at`.
    fn trivia(&mut self, mut at: usize) -> usize {
        if self.bytes[at..].starts_with("\u{feff}".as_bytes()) {
            at += 3;
        }
        while let Some(&byte) = self.bytes.get(at) {
            // A delimiter may look like a comment.
            if is_space(byte) {
                at += 1;
            } else if self.at_delimiter(at).is_some() {
                break;
            } else if let Some(end) = lexer::line_comment(self.bytes, at, self.grammar) {
                at = end;
            } else if lexer::version_comment(self.bytes, at, self.grammar).is_some() {
                self.see(at + 12);
                break;
            } else if self.bytes[at..].starts_with(b"/*") {
                self.see(at + 12);
                let extent = lexer::block_comment(self.bytes, at, self.grammar);
                self.see(extent.examined);
                at = extent.end;
            } else {
                break;
            }
        }
        // The first byte behind decides.
        self.see(at + 1);
        at
    }

    /// The length of the delimiter at `at`.
    fn at_delimiter(&self, at: usize) -> Option<usize> {
        match &self.state.delimiter {
            None => (self.bytes[at] == b';').then_some(1),
            Some(delimiter) => self.bytes[at..].starts_with(delimiter.as_bytes()).then_some(delimiter.len()),
        }
    }

    /// The word at `at`, possibly empty, and its end.
    fn word(&mut self, at: usize) -> (&'a str, usize) {
        let len = self.bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
        self.see(at + len + 1);
        (self.text.get(at..at + len).unwrap_or_default(), at + len)
    }

    /// Whether the statement at `start` defines something with a body of statements.
    fn opens_block(&mut self, start: usize) -> bool {
        let trigger = self.grammar.has(Features::TRIGGER_BODY);
        let routine = self.grammar.has(Features::ROUTINE_BODY) || self.grammar.has(Features::POSTGRES);
        if self.state.delimiter.is_some() || !(trigger || routine) {
            return false;
        }
        let mysql = self.grammar.has(Features::MYSQL);
        let start = match lexer::version_comment(self.bytes, start, self.grammar) {
            Some(end) => self.trivia_within(end).min(self.bytes.len()),
            None => start,
        };
        let (word, mut at) = self.word(start);
        if !self.means(word, "CREATE") {
            return false;
        }
        // `CREATE OR REPLACE DEFINER = 'a'@'b' PROCEDURE` is the longest way to the word that decides; comments with a
        // version make it longer.
        for _ in 0..if mysql { 40 } else { 12 } {
            at = self.trivia_within(at);
            let Some(&byte) = self.bytes.get(at) else { return false };
            if !is_word(byte) {
                if matches!(byte, b'(' | b';') {
                    return false;
                }
                at += 1;
                continue;
            }
            let (word, end) = self.word(at);
            let word = word.to_ascii_uppercase();
            match word.as_str() {
                "TRIGGER" => return !self.grammar.has(Features::POSTGRES),
                "PROCEDURE" | "FUNCTION" | "EVENT" | "PROC" => return routine,
                "TABLE" | "INDEX" | "VIEW" => return false,
                "RULE" if self.grammar.has(Features::POSTGRES) => {
                    self.nested = true;
                    return false;
                }
                _ if self.grammar.has(Features::POSTGRES) => at = end,
                other if self.means(other, "TRIGGER") => return true,
                _ => at = end,
            }
        }
        false
    }

    /// Whether `word` is `keyword`, or while typing a slip for it.
    fn means(&self, word: &str, keyword: &'static str) -> bool {
        word.eq_ignore_ascii_case(keyword)
            || (self.mode == Mode::Typing
                && !self.grammar.is_keyword(word)
                && closest(word, [keyword]).is_some())
    }

    /// Like [`Self::trivia`], within a statement.
    fn trivia_within(&mut self, at: usize) -> usize {
        if at >= self.bytes.len() { self.see_end(at) } else { self.trivia(at) }
    }

    /// The statement at `start`; `None` when the block it should have has no end and the reader is exact.
    fn statement(&mut self, start: usize, mut block: Option<Block>) -> Option<Cut> {
        let mut at = start;
        let mut open: Vec<usize> = Vec::new();
        let defines = self.may_be_cut_short(start);
        let delimiter_byte = self.state.delimiter.as_ref().and_then(|delimiter| delimiter.bytes().next());
        while let Some(&byte) = self.bytes.get(at) {
            if delimiter_byte == Some(byte)
                && open.is_empty()
                && let Some(len) = self.at_delimiter(at)
            {
                return Some(self.end_at(start, at + len, at..at + len));
            }
            if !STOPS[usize::from(byte)] {
                if block.is_some() && is_word(byte) {
                    at = match self.block_word(at, block.as_mut()?) {
                        Ok(next) => next,
                        Err(last) => return Some(self.end_at(start, last, last..last)),
                    };
                } else {
                    at += 1;
                }
                continue;
            }
            match byte {
                b'\'' | b'"' => at = self.quote(at),
                b'`' if self.grammar.lexical.backtick_names => at = self.quote(at),
                b'[' if self.grammar.lexical.bracket_names => at = self.quote(at),
                b'$' if self.grammar.lexical.dollar_quotes
                    && (at == 0 || !is_word(self.bytes[at - 1]))
                    && lexer::dollar_tag(self.bytes, at).is_some() =>
                {
                    let extent = lexer::dollar_quoted(self.bytes, at);
                    self.see(extent.examined);
                    at = extent.end;
                }
                b'-' | b'#' => at = lexer::line_comment(self.bytes, at, self.grammar).unwrap_or(at + 1),
                b'/' if self.bytes.get(at + 1) == Some(&b'*') => {
                    self.see(at + 12);
                    if let Some(end) = lexer::version_comment(self.bytes, at, self.grammar) {
                        at = end;
                        continue;
                    }
                    let extent = lexer::block_comment(self.bytes, at, self.grammar);
                    self.see(extent.examined);
                    at = extent.end;
                }
                b'(' => {
                    open.push(at);
                    at += 1;
                }
                b')' => {
                    if open.pop().is_none() && self.mode == Mode::Exact && self.fault.is_none() {
                        self.fault = Some((at, Fault::UnexpectedParenthesis));
                    }
                    at += 1;
                }
                b'\n' => {
                    if defines && self.mode == Mode::Typing && self.definition_at(at + 1, start) {
                        let end = self.last_token_end(start, at);
                        return Some(self.end_at(start, end, end..end));
                    }
                    if self.grammar.lexical.go_batches && self.go_at(at + 1) {
                        return Some(self.end_at(start, at, at..at));
                    }
                    at += 1;
                }
                b';' if self.state.delimiter.is_none() => match block.as_mut() {
                    Some(block) if block.begun && block.depth > 0 => {
                        at += 1;
                        block.fresh = true;
                        block.last = at;
                    }
                    _ if (self.mode == Mode::Exact || self.nested) && !open.is_empty() => at += 1,
                    _ => return Some(self.end_at(start, at + 1, at..at + 1)),
                },
                _ => at += 1,
            }
        }
        self.see_end(at);
        if self.mode == Mode::Exact {
            if block.is_some_and(|block| block.begun && block.depth > 0) {
                return None;
            }
            if self.fault.is_none()
                && let Some(&paren) = open.first()
            {
                self.fault = Some((paren, Fault::UnclosedParenthesis));
            }
        }
        Some(self.end_at(start, self.bytes.len(), self.bytes.len()..self.bytes.len()))
    }

    /// Behind the quoted text at `at`.
    fn quote(&mut self, at: usize) -> usize {
        let extent = lexer::quoted(self.bytes, at, self.grammar, self.mode);
        self.see(extent.examined);
        if !extent.closed && self.mode == Mode::Exact && self.fault.is_none() {
            self.fault = Some((at, Fault::UnclosedQuote));
        }
        extent.end
    }

    /// Takes the word at `at` into account; its end, or where the body must have ended.
    fn block_word(&mut self, at: usize, block: &mut Block) -> Result<usize, usize> {
        let typing = self.mode == Mode::Typing;
        let only_rows = !self.grammar.has(Features::ROUTINE_BODY);
        let (word, end) = self.word(at);
        let mysql = self.grammar.has(Features::MYSQL);
        if !(matches!(word.len(), 3..=9) || mysql && word.len() == 2) {
            block.fresh = false;
            return Ok(end);
        }
        let word = word.to_ascii_uppercase();
        let fresh = std::mem::take(&mut block.fresh);
        if mysql {
            let compound = matches!(word.as_str(), "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT");
            if compound && !block.begun && self.starts_body(at) {
                // A body may be one `IF … END IF` without `BEGIN`.
                *block = Block { begun: true, bare: true, depth: 1, last: end, ..Block::default() };
                block.fresh = matches!(word.as_str(), "LOOP" | "REPEAT");
                return Ok(end);
            }
            if compound && block.bare && fresh && block.cases == 0 {
                block.depth += 1;
                block.fresh = matches!(word.as_str(), "LOOP" | "REPEAT");
                return Ok(end);
            }
            if block.bare && matches!(word.as_str(), "THEN" | "ELSE" | "DO") {
                block.fresh = true;
                return Ok(end);
            }
        }
        match word.as_str() {
            "BEGIN" if !block.begun && self.grammar.has(Features::POSTGRES) && !self.atomic_at(end) => {}
            "BEGIN" if !block.begun => {
                block.begun = true;
                block.depth = 1;
                block.fresh = true;
                block.last = end;
            }
            "BEGIN" if !only_rows => {
                block.depth += 1;
                block.fresh = true;
            }
            "CASE" if block.begun => block.cases += 1,
            "END" if block.begun && block.depth > 0 => {
                let mut behind = end;
                while self.bytes.get(behind).is_some_and(|byte| is_space(*byte)) {
                    behind += 1;
                }
                let (next, next_end) = self.word(behind.min(self.bytes.len()));
                let next = next.to_ascii_uppercase();
                if matches!(next.as_str(), "IF" | "LOOP" | "WHILE" | "REPEAT" | "FOR") {
                    block.depth -= usize::from(block.bare);
                    return Ok(next_end);
                }
                if block.bare && next == "CASE" && block.cases == 0 {
                    block.depth -= 1;
                    return Ok(next_end);
                }
                if block.cases > 0 {
                    block.cases -= 1;
                    return Ok(if next == "CASE" { next_end } else { end });
                }
                block.depth -= 1;
            }
            // What cannot stand in a body begins the next statement.
            "CREATE" | "DROP" | "ALTER" | "PRAGMA" | "ATTACH" | "DETACH" | "COMMIT" | "BEGIN" | "VACUUM"
                if fresh && typing && only_rows && block.depth > 0 =>
            {
                return Err(block.last);
            }
            _ => {}
        }
        Ok(end)
    }

    /// Whether what stands before `at` ends the head of a trigger, routine or event of MySQL.
    fn starts_body(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default().trim_end();
        if before.ends_with([')', ':', '\'', '"']) {
            return true;
        }
        let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        let word = before.get(start..).unwrap_or_default().to_ascii_uppercase();
        matches!(word.as_str(), "ROW" | "DO" | "DETERMINISTIC" | "SQL" | "DATA" | "INVOKER" | "DEFINER")
    }

    /// Whether `ATOMIC` is the word behind `at`.
    fn atomic_at(&mut self, at: usize) -> bool {
        let at = self.trivia_within(at).min(self.bytes.len());
        self.word(at).0.eq_ignore_ascii_case("ATOMIC")
    }

    /// Whether a line that starts with `CREATE TABLE` ends the statement at `start`: not where definitions nest.
    fn may_be_cut_short(&mut self, start: usize) -> bool {
        if self.state.delimiter.is_some() || self.grammar.has(Features::ROUTINE_BODY) {
            return false;
        }
        let (word, end) = self.word(start);
        if self.grammar.has(Features::POSTGRES) && word.eq_ignore_ascii_case("CREATE") {
            // `CREATE SCHEMA s CREATE TABLE …`.
            let at = self.trivia_within(end).min(self.bytes.len());
            return !self.word(at).0.eq_ignore_ascii_case("SCHEMA");
        }
        !word.eq_ignore_ascii_case("EXPLAIN")
    }

    /// Whether the line at `at` starts a definition, which can only be a statement of its own.
    fn definition_at(&mut self, at: usize, start: usize) -> bool {
        let mut at = at;
        while matches!(self.bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        self.see(at + 1);
        if !matches!(self.bytes.get(at), Some(b'c' | b'C' | b'd' | b'D' | b'a' | b'A')) {
            return false;
        }
        let (word, end) = self.word(at);
        let word = word.to_ascii_uppercase();
        if !matches!(word.as_str(), "CREATE" | "DROP" | "ALTER") {
            return false;
        }
        let mut next = end;
        while matches!(self.bytes.get(next), Some(b' ' | b'\t')) {
            next += 1;
        }
        if next == end {
            return false;
        }
        let (object, _) = self.word(next.min(self.bytes.len()));
        let object = object.to_ascii_uppercase();
        match word.as_str() {
            "CREATE" => matches!(
                object.as_str(),
                "TABLE" | "INDEX" | "VIEW" | "TRIGGER" | "UNIQUE" | "TEMP" | "TEMPORARY" | "VIRTUAL"
            ),
            "ALTER" => object == "TABLE",
            // `ALTER TABLE t DROP INDEX i` is one statement elsewhere.
            _ => {
                let (first, _) = self.word(start);
                !first.eq_ignore_ascii_case("ALTER")
                    && matches!(object.as_str(), "TABLE" | "INDEX" | "VIEW" | "TRIGGER")
            }
        }
    }

    /// Whether the line at `at` is `GO`.
    fn go_at(&mut self, at: usize) -> bool {
        let line = lexer::line_end(self.bytes, at.min(self.bytes.len()));
        self.see(line + 1);
        let text = self.text.get(at..line).unwrap_or_default().trim();
        text.get(..2).is_some_and(|go| go.eq_ignore_ascii_case("GO"))
            && text.get(2..).is_some_and(|rest| {
                rest.is_empty()
                    || (rest.starts_with([' ', '\t'])
                        && rest.trim().bytes().all(|byte| byte.is_ascii_digit()))
            })
    }

    /// The end of the last token before `end` that is not trivia.
    fn last_token_end(&self, start: usize, end: usize) -> usize {
        let text = self.text.get(start..end).unwrap_or_default();
        lexer::tokens(text, text.len(), self.grammar)
            .iter()
            .rfind(|token| !token.kind.is_trivia())
            .map_or(end, |token| start + token.end)
    }

    /// The statement from `start` to `end`, with a comment on the same line.
    fn end_at(&mut self, start: usize, end: usize, delimiter: Range<usize>) -> Cut {
        let mut len = end;
        if !delimiter.is_empty() {
            let mut at = end;
            while matches!(self.bytes.get(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            self.see(at + 2);
            if self.bytes.get(at).is_some_and(|byte| matches!(byte, b'-' | b'#'))
                && self.state.delimiter.is_none()
                && let Some(comment) = lexer::line_comment(self.bytes, at, self.grammar)
            {
                self.see(comment + 1);
                len = comment;
            }
        } else {
            self.see(end + 1);
        }
        let mut next = self.state.clone();
        if !delimiter.is_empty() && self.copies(start, delimiter.start) {
            len = self.next_line(lexer::line_end(self.bytes, len));
            self.see(len + 1);
            next.rows = true;
        }
        Cut {
            len,
            examined: self.examined,
            start,
            delimiter,
            kind: CutKind::Statement,
            next,
            fault: self.fault,
        }
    }

    fn see(&mut self, upto: usize) {
        self.examined = self.examined.max(upto);
    }

    fn see_end(&mut self, at: usize) -> usize {
        self.see(self.bytes.len() + 1);
        at
    }
}

impl State {
    fn of(delimiter: &str) -> State {
        State { delimiter: (delimiter != ";").then(|| SmolStr::new(delimiter)), rows: false }
    }
}

/// `\n`, `\r` and `\t` as the characters they name.
fn decode(argument: &str) -> String {
    argument.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
}

/// One statement of a file that is to be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    /// The statement, trimmed, without comments before it and without its delimiter.
    pub text: &'a str,
    /// Where `text` stands, in bytes.
    pub range: Range<usize>,
    /// Where the statement stands with its delimiter.
    pub with_delimiter: Range<usize>,
    /// The comments and white space before it.
    pub leading: &'a str,
}

impl Split<'_> {
    /// The comments before it, relative to `leading`.
    pub fn comments(&self, grammar: &Grammar) -> Vec<Comment> {
        comments::leading(self.leading, self.leading.len(), grammar)
    }
}

/// The statements of `text`, as an executor sees them: quotes run to their end, a `;` in parentheses separates
/// nothing. Lone delimiters and client commands yield no statement.
///
/// # Errors
/// The offset of the quote or parenthesis that makes the text impossible to split.
///
/// Source: atlas `sql/migrate/lex.go`.
pub fn split<'a>(text: &'a str, grammar: &Grammar) -> Result<Vec<Split<'a>>, (usize, Fault)> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut state = State::default();
    while at < text.len() {
        let rest = &text[at..];
        let Some(cut) = cut(rest, true, at == 0, &state, grammar, Mode::Exact) else { break };
        if let Some((offset, fault)) = cut.fault {
            return Err((at + offset, fault));
        }
        if cut.kind == CutKind::Statement && cut.start < cut.delimiter.start {
            let body = rest[cut.start..cut.delimiter.start].trim_end();
            let start = at + cut.start;
            out.push(Split {
                text: body,
                range: start..start + body.len(),
                with_delimiter: start..at + cut.delimiter.end,
                leading: &rest[..cut.start],
            });
        }
        at += cut.len.max(1);
        state = cut.next;
    }
    Ok(out)
}
