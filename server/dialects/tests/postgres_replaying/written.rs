//! Generated SQL as people write it: tables whose defaults, checks, generated columns, indexes and partitions hold
//! expressions of every common type, in many spellings, and views over them.
//!
//! Deterministic: a seed gives the same text for ever. What a server of some version does not know is left out by
//! `version`; a server accepts nearly all of the rest, and what it refuses the test leaves out.

#[path = "queries.rs"]
mod queries;

use dialects::testing::rng::Rng;

/// The schema of a seed, as statements, for a server of at least `version` (`150000`).
pub fn statements(seed: u64, version: i64) -> Vec<String> {
    let mut gen_ = Gen { rng: Rng::new(seed), version, columns: Vec::new() };
    let mut out = vec![
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine')".to_owned(),
        gen_.domain(),
        "CREATE SEQUENCE numbers START 10".to_owned(),
    ];
    let mut tables = Vec::new();
    for at in 0..3 {
        let name = format!("t{at}");
        out.extend(gen_.table(&name));
        tables.push((name, gen_.columns.clone()));
    }
    // A generator of their own, so that there may be more of them and the tables stay.
    gen_.rng = Rng::new(seed + 1_000_000);
    out.extend((0..8).map(|at| gen_.view(&format!("v{at}"), &tables)));
    out
}

/// The types of columns, as written, and the family their values belong to.
const TYPES: &[(&str, Kind)] = &[
    ("int", Kind::Int),
    ("integer", Kind::Int),
    ("bigint", Kind::Big),
    ("smallint", Kind::Small),
    ("numeric(10,2)", Kind::Numeric),
    ("decimal", Kind::Numeric),
    ("double precision", Kind::Double),
    ("real", Kind::Real),
    ("text", Kind::Text),
    ("varchar(40)", Kind::Varchar),
    ("varchar", Kind::Varchar),
    ("char(3)", Kind::Char),
    ("boolean", Kind::Bool),
    ("date", Kind::Date),
    ("timestamp", Kind::Timestamp),
    ("timestamptz", Kind::Timestamptz),
    ("timestamp(3) with time zone", Kind::Timestamptz),
    ("time", Kind::Time),
    ("interval", Kind::Interval),
    ("uuid", Kind::Uuid),
    ("jsonb", Kind::Jsonb),
    ("json", Kind::Json),
    ("text[]", Kind::Texts),
    ("int[]", Kind::Ints),
    ("bytea", Kind::Bytes),
    ("inet", Kind::Inet),
    ("mood", Kind::Mood),
    ("code", Kind::Domain),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int,
    Big,
    Small,
    Numeric,
    Double,
    Real,
    Text,
    Varchar,
    Char,
    Bool,
    Date,
    Timestamp,
    Timestamptz,
    Time,
    Interval,
    Uuid,
    Jsonb,
    Json,
    Texts,
    Ints,
    Bytes,
    Inet,
    Mood,
    Domain,
}

use Kind::*;

const NUMBERS: &[Kind] = &[Int, Big, Small, Numeric, Double, Real];
const TEXTS: &[Kind] = &[Text, Varchar, Char];
const MOMENTS: &[Kind] = &[Date, Timestamp, Timestamptz];

struct Gen {
    rng: Rng,
    version: i64,
    /// Those of the table, with what they are of.
    columns: Vec<(String, Kind)>,
}

impl Gen {
    fn one<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        let text: &&'a str = self.rng.pick(texts);
        text
    }

    /// A word of SQL in one of the ways people write it.
    fn word(&mut self, word: &str) -> String {
        if self.rng.one_in(3) { word.to_lowercase() } else { word.to_owned() }
    }

    fn column(&mut self, kind: Kind) -> Option<String> {
        let own: Vec<String> =
            self.columns.iter().filter(|(_, of)| *of == kind).map(|(name, _)| name.clone()).collect();
        if own.is_empty() { None } else { Some(self.rng.pick(&own).clone()) }
    }

    fn domain(&mut self) -> String {
        let of = self.one(&["text", "varchar(20)"]);
        let check = self.one(&[
            "value <> ''",
            "VALUE ~ '^[a-z]+$'",
            "char_length(value) > 2 and value not like 'x%'",
            "value in ('a', 'b')",
        ]);
        let default = self.one(&["", " DEFAULT 'abc'", " default ('a' || 'b')"]);
        format!("CREATE DOMAIN code AS {of}{default} CHECK ({check})")
    }

    fn literal(&mut self, kind: Kind) -> String {
        let texts: &[&str] = match kind {
            Int => &["0", "1", "-1", "42", "'7'", "(3)", "+5", "1000000", "'5'::int", "int '6'"],
            Big => &["0", "-7", "5000000000", "'9'::bigint", "cast(3 as bigint)", "2147483648"],
            Small => &["0", "3", "'2'", "4::smallint", "-2"],
            Numeric => &["0", "1.5", "-0.25", "100", "'2.50'", ".5", "1.50", "0.00", "2::numeric", "1e3"],
            Double => &["0", "1.5", "-2", "'3.25'", "1e10", "2::double precision", "0.1"],
            Real => &["0", "1.5", "'2'", "3::real"],
            Text => &[
                "''",
                "'x'",
                "'it''s'",
                "'a%'",
                "'x'::text",
                "text 'y'",
                "'back\\slash'",
                "E'tab\\t'",
                "'X Y'",
            ],
            Varchar => &[
                "''",
                "'x'",
                "'n/a'",
                "'x'::varchar",
                "'y'::character varying",
                "'z'::text",
                "cast('q' as varchar(10))",
            ],
            Char => &["'abc'", "'a'", "'abc'::char(3)", "'x'::bpchar"],
            Bool => &["true", "false", "TRUE", "'t'", "'f'::bool", "'yes'", "(1 = 1)", "not true"],
            Date => {
                &["'2020-01-01'", "'2020-02-03'::date", "date '2020-02-03'", "current_date", "CURRENT_DATE"]
            }
            Timestamp => &[
                "'2020-01-01'",
                "'2020-01-01 10:00:00'",
                "timestamp '2020-01-01 00:00:00'",
                "localtimestamp",
            ],
            Timestamptz => &[
                "now()",
                "NOW()",
                "current_timestamp",
                "CURRENT_TIMESTAMP",
                "'2020-01-01 00:00:00+00'",
                "clock_timestamp()",
                "current_timestamp(3)",
            ],
            Time => &["'10:00'", "'10:00:00'", "time '12:30'", "localtime"],
            Interval => &[
                "'1 day'",
                "interval '2 hours'",
                "'3 mons'::interval",
                "interval '1' day",
                "'1 year 2 days'",
                "'00:05:00'",
            ],
            Uuid => {
                &["'00000000-0000-0000-0000-000000000000'", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid"]
            }
            Jsonb => &["'{}'", "'[]'::jsonb", "'{\"a\": 1}'", "'{\"b\":[1,2], \"a\":null}'::jsonb", "'null'"],
            Json => &["'{}'", "'{\"a\" :1}'::json"],
            Texts => &[
                "'{}'",
                "'{a,b}'",
                "array['a','b']",
                "ARRAY[]::text[]",
                "'{}'::text[]",
                "array['x']::text[]",
                "'{\"a b\",c}'",
            ],
            Ints => &["'{}'", "'{1,2}'", "array[1,2]", "ARRAY[]::int[]", "'{ 1, 2 }'::integer[]"],
            Bytes => &["''", "'\\x00ff'", "'\\xDEADBEEF'::bytea", "'abc'"],
            Inet => &["'127.0.0.1'", "'10.0.0.0/8'::inet"],
            Mood => &["'ok'", "'sad'::mood", "'it''s fine'"],
            Domain => &["'a'", "'b'::text", "'a'::code"],
        };
        self.one(texts).to_owned()
    }

    /// A constant that does not depend on the time and belongs to no session.
    fn constant(&mut self, kind: Kind) -> String {
        loop {
            let text = self.literal(kind);
            let lower = text.to_lowercase();
            if !["now", "current", "local", "clock"].iter().any(|word| lower.contains(word)) {
                return text;
            }
        }
    }

    /// A value of a family, of columns where there are some.
    fn value(&mut self, kind: Kind, depth: usize) -> String {
        let column = self.column(kind);
        if depth == 0 || self.rng.one_in(3) {
            return match column {
                Some(column) if !self.rng.one_in(4) => column,
                _ => self.typed(kind),
            };
        }
        let depth = depth - 1;
        match kind {
            Int | Big | Small | Numeric | Double | Real => {
                let (op, of) = (self.one(&["+", "-", "*", "/"]), *self.rng.pick(NUMBERS));
                match self.rng.below(9) {
                    0 => format!("{} {op} {}", self.value(kind, depth), self.value(of, 0)),
                    1 => format!("({} {op} {}) * 2", self.value(kind, depth), self.value(kind, 0)),
                    2 => format!("-{}", column.unwrap_or_else(|| "1".into())),
                    3 => format!("abs({})", self.value(kind, depth)),
                    4 => format!("coalesce({}, {})", self.value(kind, depth), self.constant(kind)),
                    5 => format!(
                        "{}({}, {})",
                        self.one(&["greatest", "LEAST"]),
                        self.value(kind, depth),
                        self.constant(kind)
                    ),
                    6 => format!(
                        "CASE WHEN {} THEN {} ELSE {} END",
                        self.condition(depth),
                        self.value(kind, 0),
                        self.constant(kind)
                    ),
                    7 => format!(
                        "{}({})",
                        self.one(&["length", "char_length", "octet_length"]),
                        self.text(depth)
                    ),
                    _ => match kind {
                        Numeric => format!("round({}, 1)", self.value(Numeric, depth)),
                        Double => {
                            format!("{}({})", self.one(&["floor", "ceil", "sqrt"]), self.value(Double, depth))
                        }
                        Int => format!("{} % 3", self.value(Int, depth)),
                        _ => format!("nullif({}, 0)", self.value(kind, depth)),
                    },
                }
            }
            Text | Varchar | Char => match self.rng.below(9) {
                0 => format!(
                    "{}({})",
                    self.one(&["lower", "upper", "UPPER", "trim", "btrim", "md5"]),
                    self.text(depth)
                ),
                1 => format!("{} || {}", self.text(depth), self.text(0)),
                2 => format!("coalesce({}, '')", self.text(depth)),
                3 => format!("substring({} from 1 for 3)", self.text(depth)),
                4 => format!("replace({}, 'a', 'b')", self.text(depth)),
                5 => format!("left({}, 2)", self.text(depth)),
                6 => format!("nullif({}, '')", self.text(depth)),
                7 => format!("split_part({}, '@', 1)", self.text(depth)),
                _ => format!("CASE WHEN {} THEN 'x' ELSE {} END", self.condition(depth), self.text(0)),
            },
            Date | Timestamp => match self.rng.below(3) {
                0 => format!("{} + interval '1 day'", self.value(Timestamp, depth)),
                1 => format!("date_trunc('month', {})", self.value(Timestamp, depth)),
                _ => column.unwrap_or_else(|| self.typed(kind)),
            },
            Bool => format!("({})", self.condition(depth)),
            Jsonb => format!("{} -> 'a'", self.value(Jsonb, 0)),
            _ => column.unwrap_or_else(|| self.typed(kind)),
        }
    }

    /// A constant whose type can be told from its text, where operators ask for that.
    fn typed(&mut self, kind: Kind) -> String {
        let text = self.constant(kind);
        let bare =
            text.starts_with('\'') && text.ends_with('\'') || text.starts_with("'") && !text.contains("::");
        let ty = match kind {
            Date => "date",
            Timestamp => "timestamp",
            Timestamptz => "timestamptz",
            Time => "time",
            Interval => "interval",
            Uuid => "uuid",
            Jsonb => "jsonb",
            Json => "json",
            Texts => "text[]",
            Ints => "int[]",
            Bytes => "bytea",
            Inet => "inet",
            Mood => "mood",
            _ => return text,
        };
        if !bare {
            return text;
        }
        if self.rng.one_in(3) { format!("CAST({text} AS {ty})") } else { format!("{text}::{ty}") }
    }

    fn text(&mut self, depth: usize) -> String {
        let kind = *self.rng.pick(TEXTS);
        self.value(kind, depth)
    }

    /// Something true or false.
    fn condition(&mut self, depth: usize) -> String {
        if depth > 0 && self.rng.one_in(3) {
            let depth = depth - 1;
            let (a, b) = (self.condition(depth), self.condition(depth));
            let (and, or, not) = (self.word("AND"), self.word("OR"), self.word("NOT"));
            return match self.rng.below(6) {
                0 => format!("{a} {and} {b}"),
                1 => format!("{a} {or} {b}"),
                2 => format!("({a}) {and} ({b})"),
                3 => format!("({a} {or} {b}) {and} {}", self.condition(0)),
                4 => format!("{not} ({a})"),
                _ => format!("({a}) IS {}", self.one(&["TRUE", "NOT FALSE", "not true", "UNKNOWN"])),
            };
        }
        let compare = self.one(&["=", "<>", "!=", "<", "<=", ">", ">="]);
        match self.rng.below(16) {
            0..=3 => {
                let kind = *self.rng.pick(NUMBERS);
                let of = if self.rng.one_in(2) { kind } else { *self.rng.pick(NUMBERS) };
                format!("{} {compare} {}", self.value(kind, depth.min(1)), self.value(of, 0))
            }
            4..=5 => format!("{} {compare} {}", self.text(depth.min(1)), self.text(0)),
            6 => {
                let like = self.one(&[
                    "LIKE 'a%'",
                    "like '%b'",
                    "NOT LIKE '_x'",
                    "ILIKE 'q%'",
                    "~ '^[a-z]+$'",
                    "!~* 'x'",
                    "similar to 'a|b'",
                ]);
                format!("{} {like}", self.text(depth.min(1)))
            }
            7 => {
                let kind = *self.rng.pick(&[Int, Big, Small, Numeric, Text, Varchar, Mood, Char, Date]);
                let mut list: Vec<String> = (0..1 + self.rng.below(3)).map(|_| self.constant(kind)).collect();
                list.dedup();
                let not = if self.rng.one_in(3) { "NOT IN" } else { "in" };
                format!("{} {not} ({})", self.value(kind, 0), list.join(", "))
            }
            8 => {
                let kind = *self.rng.pick(&[Int, Big, Numeric, Double, Date, Timestamp, Text]);
                let not = if self.rng.one_in(4) { "NOT BETWEEN" } else { "between" };
                format!("{} {not} {} AND {}", self.value(kind, 0), self.constant(kind), self.constant(kind))
            }
            9 => {
                let (_, kind) = *self.rng.pick(TYPES);
                let is = self.one(&["IS NULL", "is not null", "IS NOT NULL"]);
                format!("{} {is}", self.value(kind, 0))
            }
            10 => self.value(Bool, 0),
            11 => {
                let kind = *self.rng.pick(MOMENTS);
                let of = *self.rng.pick(MOMENTS);
                format!("{} {compare} {}", self.value(kind, 0), self.value(of, 0))
            }
            12 => {
                let column = self.value(Jsonb, 0);
                let test = self.one(&[
                    "? 'a'",
                    "@> '{\"a\": 1}'",
                    "->> 'a' = 'x'",
                    "-> 'a' is not null",
                    "#>> '{a,b}' <> ''",
                ]);
                format!("{column} {test}")
            }
            13 => match self.rng.below(4) {
                0 => format!("{} = ANY ({})", self.value(Text, 0), self.value(Texts, 0)),
                1 => format!("{} && {}", self.value(Texts, 0), self.constant(Texts)),
                2 => format!("array_length({}, 1) {compare} 3", self.value(Texts, 0)),
                _ => format!("{} = any (array[1, 2])", self.value(Int, 0)),
            },
            14 => {
                let kind = *self.rng.pick(&[Int, Text, Bool, Date, Mood, Numeric]);
                let is = self.one(&["IS DISTINCT FROM", "is not distinct from"]);
                format!("{} {is} {}", self.value(kind, 0), self.value(kind, 0))
            }
            _ => {
                let unit = self.one(&["year", "MONTH", "dow", "epoch"]);
                let kind = *self.rng.pick(&[Date, Timestamp]);
                format!("extract({unit} from {}) {compare} 7", self.value(kind, 0))
            }
        }
    }

    fn table(&mut self, name: &str) -> Vec<String> {
        self.columns.clear();
        let partitioned = self.version >= 110_000 && self.rng.one_in(6);
        let mut parts: Vec<String> = Vec::new();
        let identity = self.one(&[
            "id int primary key",
            "id serial PRIMARY KEY",
            "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            "id integer generated by default as identity (start with 10 increment by 5) primary key",
            "id int not null default nextval('numbers')",
            "id bigserial",
        ]);
        parts.push(if partitioned { "id int not null".to_owned() } else { identity.to_owned() });
        self.columns.push(("id".into(), Int));
        let mut later = Vec::new();
        for at in 0..6 + self.rng.below(8) {
            let (ty, kind) = *self.rng.pick(TYPES);
            let name = match self.rng.below(8) {
                0 => format!("\"C {at}\""),
                1 => format!("\"order{at}\""),
                _ => format!("c{at}"),
            };
            let mut text = format!("{name} {ty}");
            match self.rng.below(5) {
                0 | 1 => {
                    let default = self.literal(kind);
                    let default = if default.starts_with("not") { format!("({default})") } else { default };
                    text.push_str(&format!(" {} {default}", self.word("DEFAULT")));
                }
                2 => {
                    let kept = std::mem::take(&mut self.columns);
                    let plain = matches!(kind, Int | Numeric | Double | Text | Varchar | Timestamp);
                    let value = if plain { self.value(kind, 2) } else { self.constant(kind) };
                    self.columns = kept;
                    text.push_str(&format!(" default ({value})"));
                }
                _ => {}
            }
            if self.rng.one_in(4) {
                text.push_str(self.one(&[" NOT NULL", " not null", " null"]));
            }
            parts.push(text);
            later.push((name, kind));
        }
        self.columns.extend(later);
        let mut out = Vec::new();
        let mut text = format!("CREATE TABLE {name} (\n  {}\n)", parts.join(",\n  "));
        if partitioned {
            let by = match self.rng.below(4) {
                0 => "LIST (id)".to_owned(),
                1 => "hash (id)".to_owned(),
                2 => "RANGE ((id % 3))".to_owned(),
                _ => "range (id)".to_owned(),
            };
            text.push_str(&format!(" PARTITION BY {by}"));
        }
        out.push(text);
        // Alone, so that what the server refuses leaves the others.
        if self.version >= 120_000 && !partitioned {
            for at in 0..self.rng.below(3) {
                let (ty, kind) = *self.rng.pick(&[
                    ("int", Int),
                    ("numeric", Numeric),
                    ("text", Text),
                    ("varchar(50)", Varchar),
                    ("boolean", Bool),
                ]);
                let value = self.value(kind, 2);
                let always = self.word("GENERATED ALWAYS AS");
                out.push(format!("ALTER TABLE {name} ADD COLUMN g{at} {ty} {always} ({value}) STORED"));
            }
        }
        for at in 0..2 + self.rng.below(6) {
            let condition = self.condition(2);
            let check = match self.rng.below(3) {
                0 => format!("CHECK ({condition})"),
                1 => format!("constraint {name}_k{at} check ({condition})"),
                _ if partitioned => format!("CONSTRAINT {name}_k{at} CHECK ({condition})"),
                _ => format!("CONSTRAINT {name}_k{at} CHECK ({condition}) NO INHERIT"),
            };
            out.push(format!("ALTER TABLE {name} ADD {check}"));
        }
        for at in 0..1 + self.rng.below(4) {
            out.push(self.index(name, at, partitioned));
        }
        out
    }

    fn index(&mut self, table: &str, at: usize, partitioned: bool) -> String {
        let unique = if self.rng.one_in(5) && !partitioned { "UNIQUE " } else { "" };
        let name = if self.rng.one_in(4) { String::new() } else { format!("{table}_i{at} ") };
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..1 + self.rng.below(2) {
            let (column, kind) = self.rng.pick(&self.columns).clone();
            let sorts = !matches!(kind, Json | Jsonb | Texts | Ints | Bytes);
            parts.push(match self.rng.below(5) {
                0 => format!("({})", self.value(Int, 2)),
                1 => format!("({})", self.text(2)),
                2 => format!("lower({})", self.text(0)),
                3 if sorts => {
                    format!("{column} {}", self.one(&["DESC", "desc nulls last", "ASC NULLS FIRST", "asc"]))
                }
                _ if sorts => column,
                _ => "id".to_owned(),
            });
        }
        let predicate = match self.rng.below(3) {
            0 => format!(" WHERE {}", self.condition(1)),
            _ => String::new(),
        };
        let include = if self.version >= 110_000 && self.rng.one_in(6) { " INCLUDE (id)" } else { "" };
        format!("CREATE {unique}INDEX {name}ON {table} ({}){include}{predicate}", parts.join(", "))
    }
}
