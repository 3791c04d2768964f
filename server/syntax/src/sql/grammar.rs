//! What differs between dialects: lexer flags, keywords, feature bits.
//!
//! Data only; the values are statics of the crate `dialects`. Invariant: the keyword lists are upper case and
//! sorted, so that a look-up is a binary search.

/// A dialect as lexer, splitter and parser see it. Build one with `Grammar { name: "…", ..Grammar::BASE }`.
#[derive(Debug)]
pub struct Grammar {
    /// The dialect's name, lower case; part of a piece's identity.
    pub name: &'static str,
    pub lexical: Lexical,
    /// Words that are never a name unless quoted. Upper case, sorted.
    pub reserved: &'static [&'static str],
    /// Keywords that may be a name. Upper case, sorted.
    pub unreserved: &'static [&'static str],
    /// Words a statement may begin with. Upper case, sorted. A first word close to one of them and no name of a
    /// statement itself is reported as misspelt.
    pub statements: &'static [&'static str],
    pub features: Features,
}

/// How the characters of a dialect form tokens.
#[derive(Clone, Copy, Debug)]
pub struct Lexical {
    /// `` `name` ``.
    pub backtick_names: bool,
    /// `[name]`.
    pub bracket_names: bool,
    /// What `"…"` is.
    pub double_quotes: DoubleQuotes,
    /// `\'` does not end a string.
    pub backslash_escapes: bool,
    /// Letters that may stand before `'`, lower case: `x` blob, `b` bits, `n` national, `e` with backslash escapes.
    pub string_prefixes: &'static [u8],
    /// `$tag$ … $tag$`.
    pub dollar_quotes: bool,
    /// `# comment`.
    pub hash_comments: bool,
    /// `/* /* */ */` is one comment.
    pub nested_comments: bool,
    /// `--` starts a comment only before white space or the end (MySQL).
    pub dashes_need_space: bool,
    /// Letters that start a parameter: some of `?:@$`.
    pub parameters: &'static [u8],
    /// A `GO` alone on its line ends a batch (sqlcmd).
    pub go_batches: bool,
    /// A line that starts with `\` is for psql.
    pub backslash_commands: bool,
    /// An operator is any run of operator characters: `->>`, `@>`, `!~~*`.
    pub free_operators: bool,
    /// The lines behind `COPY … FROM stdin;` are rows, up to a line `\.`.
    pub copy_data: bool,
    /// Comments whose content is code: `/*!50100 … */`.
    pub version_comments: Option<VersionComments>,
    /// A name may begin with a digit (`2fa`), `0b01` is a number, `<=>` and `&&` are operators.
    pub digit_names: bool,
}

/// Comments that some servers execute.
#[derive(Clone, Copy, Debug)]
pub struct VersionComments {
    /// What stands behind `/*` in them: `!`, `M!`. A number of five or six digits may follow.
    pub marks: &'static [&'static str],
    /// From and to which number a `/*!` is a comment after all, both included; from 990000 on every one is.
    pub skipped: Option<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubleQuotes {
    Name,
    String,
}

/// A set of abilities of a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(u64);

impl Features {
    pub const NONE: Features = Features(0);
    /// The statements of this dialect are parsed. Without it every statement is opaque and counts as skipped.
    pub const DEEP: Features = Features(1);
    /// `CREATE TABLE … WITHOUT ROWID`.
    pub const WITHOUT_ROWID: Features = Features(1 << 1);
    /// `CREATE TABLE … STRICT`.
    pub const STRICT: Features = Features(1 << 2);
    /// `PRIMARY KEY AUTOINCREMENT`.
    pub const AUTOINCREMENT: Features = Features(1 << 3);
    /// `ON CONFLICT …` behind a constraint.
    pub const CONFLICT_CLAUSE: Features = Features(1 << 4);
    /// `CREATE TRIGGER … BEGIN …; …; END` is one statement, and its body holds only queries and changes of rows.
    pub const TRIGGER_BODY: Features = Features(1 << 5);
    /// `CREATE PROCEDURE … BEGIN …; …; END`, with nested blocks, is one statement.
    pub const ROUTINE_BODY: Features = Features(1 << 6);
    /// `CREATE VIRTUAL TABLE … USING module(…)`.
    pub const VIRTUAL_TABLE: Features = Features(1 << 7);
    /// A column needs no type.
    pub const UNTYPED_COLUMNS: Features = Features(1 << 8);
    /// A type is any run of names: `UNSIGNED BIG INT`.
    pub const FREE_TYPES: Features = Features(1 << 9);
    /// `'name'` is accepted where a name is needed.
    pub const STRING_NAMES: Features = Features(1 << 10);
    /// `PRAGMA`, `ATTACH`, `DETACH`, `REINDEX`, `VACUUM`, `ANALYZE` as SQLite has them.
    pub const SQLITE_COMMANDS: Features = Features(1 << 11);
    /// `[GENERATED ALWAYS] AS (expr) [STORED | VIRTUAL]`.
    pub const GENERATED: Features = Features(1 << 12);
    /// The parser knows all that columns, constraints, indexes, views, triggers and queries of this dialect may
    /// contain: a token it does not expect there is an error and not an opaque part. Unknown statements, table
    /// options and actions of `ALTER TABLE` stay opaque, for those are what new versions add.
    pub const COMPLETE: Features = Features(1 << 13);
    /// The statements, types and operators of PostgreSQL. Queries are read loosely and have no errors of their own.
    pub const POSTGRES: Features = Features(1 << 14);

    /// The statements, types and clauses of MySQL and of what speaks its language. Queries and bodies are read loosely
    /// and have no errors of their own.
    pub const MYSQL: Features = Features(1 << 40);

    /// Both sets together, in a constant.
    #[must_use]
    pub const fn with(self, other: Features) -> Features {
        Features(self.0 | other.0)
    }

    /// Whether every bit of `other` is set.
    pub const fn has(self, other: Features) -> bool {
        self.0 & other.0 == other.0
    }
}

impl Grammar {
    /// Standard SQL's lexical rules, no keywords, nothing parsed: what a dialect starts from.
    pub const BASE: Grammar = Grammar {
        name: "sql",
        lexical: Lexical {
            backtick_names: false,
            bracket_names: false,
            double_quotes: DoubleQuotes::Name,
            backslash_escapes: false,
            string_prefixes: b"xbn",
            dollar_quotes: false,
            hash_comments: false,
            nested_comments: false,
            dashes_need_space: false,
            parameters: b"?:@$",
            go_batches: false,
            backslash_commands: false,
            free_operators: false,
            copy_data: false,
            version_comments: None,
            digit_names: false,
        },
        reserved: &[],
        unreserved: &[],
        statements: &[],
        features: Features::NONE,
    };

    /// Whether `word` can never be a bare name.
    pub fn is_reserved(&self, word: &str) -> bool {
        contains(self.reserved, word)
    }

    /// Whether `word` is a keyword of either list.
    pub fn is_keyword(&self, word: &str) -> bool {
        self.is_reserved(word) || contains(self.unreserved, word)
    }

    /// Whether a statement may begin with `word`.
    pub fn starts_statement(&self, word: &str) -> bool {
        contains(self.statements, word)
    }

    pub(crate) fn has(&self, feature: Features) -> bool {
        self.features.has(feature)
    }
}

fn contains(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search_by(|entry| compare(entry, word)).is_ok()
}

/// Orders `entry` (upper case) against `word` in any case.
fn compare(entry: &str, word: &str) -> std::cmp::Ordering {
    entry.bytes().cmp(word.bytes().map(|byte| byte.to_ascii_uppercase()))
}

/// The entry of `among` that `word` was probably meant to be: one slip for short words, two for long ones.
pub(crate) fn closest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<u8> = word.bytes().map(|byte| byte.to_ascii_uppercase()).collect();
    let allowed = match word.len() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    among
        .into_iter()
        .filter(|entry| entry.len().abs_diff(word.len()) <= allowed)
        .map(|entry| (distance(&word, entry.as_bytes()), entry))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, entry)| entry)
}

/// Edit distance in which two swapped neighbours count as one slip (optimal string alignment).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
