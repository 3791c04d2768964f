//! Generated SQL as people write it, for MySQL and MariaDB: tables whose defaults, checks, generated columns, indexes and
//! partitions hold expressions of every common type, in many spellings; charsets and collations at every level.
//!
//! Deterministic: a seed gives the same text for ever. A server accepts most of it, and what it refuses the test leaves
//! out.

use dialects::testing::rng::Rng;

/// The schema of a seed, as statements.
pub fn statements(seed: u64, maria: bool) -> Vec<String> {
    let mut gen_ = Gen { rng: Rng::new(seed), maria, columns: Vec::new() };
    (0..3).flat_map(|at| gen_.table(&format!("t{at}"))).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int,
    Decimal,
    Float,
    Bool,
    Bits,
    Text,
    Long,
    Enum,
    Bytes,
    Date,
    Datetime,
    Timestamp,
    Time,
    Year,
    Json,
}

use Kind::*;

/// The types of columns, as written.
const TYPES: &[(&str, Kind)] = &[
    ("int", Int),
    ("INTEGER", Int),
    ("int(11)", Int),
    ("bigint unsigned", Int),
    ("tinyint", Int),
    ("mediumint", Int),
    ("smallint unsigned", Int),
    ("decimal(10,2)", Decimal),
    ("numeric", Decimal),
    ("dec(6)", Decimal),
    ("float", Float),
    ("double precision", Float),
    ("real", Float),
    ("bool", Bool),
    ("boolean", Bool),
    ("tinyint(1)", Bool),
    ("bit(4)", Bits),
    ("varchar(40)", Text),
    ("varchar(20) character set latin1", Text),
    ("varchar(20) charset utf8mb4 collate utf8mb4_bin", Text),
    ("char(3)", Text),
    ("character varying(9)", Text),
    ("nvarchar(9)", Text),
    ("text", Long),
    ("mediumtext", Long),
    ("enum('a','b','it''s')", Enum),
    ("set('x','y')", Enum),
    ("varbinary(9)", Bytes),
    ("binary(3)", Bytes),
    ("date", Date),
    ("datetime", Datetime),
    ("datetime(3)", Datetime),
    ("timestamp null", Timestamp),
    ("time", Time),
    ("year", Year),
    ("json", Json),
];

struct Gen {
    rng: Rng,
    maria: bool,
    columns: Vec<(String, Kind)>,
}

impl Gen {
    fn one<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        let text: &&'a str = self.rng.pick(texts);
        text
    }

    fn column(&mut self, kinds: &[Kind]) -> Option<String> {
        let own: Vec<String> =
            self.columns.iter().filter(|(_, of)| kinds.contains(of)).map(|(name, _)| name.clone()).collect();
        if own.is_empty() { None } else { Some(self.rng.pick(&own).clone()) }
    }

    /// A default as people write it; empty for none.
    fn default(&mut self, kind: Kind) -> String {
        let texts: &[&str] = match kind {
            Int => &["0", "1", "'7'", "5", "NULL", "(1 + 2)", "(abs(-4))", "-1"],
            Decimal => &["0", "1.5", "'2.50'", "0.00", "10", "(1.5 * 2)"],
            Float => &["0", "1.5", "'3.25'", "1e3", "(pi())"],
            Bool => &["true", "FALSE", "1", "'0'", "0"],
            Bits => &["b'101'", "5", "b'0'"],
            Text => &[
                "''",
                "'x'",
                "'it''s'",
                "\"dq\"",
                "'a\\'b'",
                "('x')",
                "(concat('a', 'b'))",
                "(lower('ABC'))",
                "NULL",
            ],
            Long => &["('x')", "(concat('a', 'b'))", "(repeat('ab', 3))"],
            Enum => &["NULL", "''"],
            Bytes => &["'abc'", "x'4142'", "0x4142", "''"],
            Date => &["'2020-01-01'", "(curdate())", "(current_date)", "(CURRENT_DATE + INTERVAL 1 DAY)"],
            Datetime => &["'2020-01-01 10:00:00'", "'2020-01-01'", "(now())"],
            Timestamp => &["CURRENT_TIMESTAMP", "NULL", "now()", "current_timestamp()", "localtimestamp"],
            Time => &["'10:00:00'", "'10:00'"],
            Year => &["2020", "'2021'"],
            Json => &["(json_object())", "(json_array(1, 2))", "('{}')"],
        };
        let text = self.one(texts);
        let update = kind == Timestamp && self.rng.one_in(3);
        format!(" DEFAULT {text}{}", if update { " ON UPDATE CURRENT_TIMESTAMP" } else { "" })
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 || self.rng.one_in(3) {
            let column = self.column(&[Int, Decimal, Float, Bool]);
            let constant =
                self.one(&["0", "1", "-1", "42", "1.5", ".5", "1e3", "007", "0x1F", "'7'", "true", "+5"]);
            return match column {
                Some(column) if !self.rng.one_in(4) => column,
                _ => constant.to_owned(),
            };
        }
        let depth = depth - 1;
        let op = self.one(&["+", "-", "*", "/", "%", "div", "MOD", "&", "|", "^", "<<"]);
        match self.rng.below(9) {
            0 | 1 => format!("{} {op} {}", self.number(depth), self.number(0)),
            2 => format!("({} {op} {}) * 2", self.number(depth), self.number(0)),
            3 => format!("-{}", self.column(&[Int, Float]).unwrap_or_else(|| "1".into())),
            4 => {
                let name = self.one(&["abs", "ceil", "FLOOR", "sign", "round", "sqrt"]);
                format!("{name}({})", self.number(depth))
            }
            5 => {
                let name = self.one(&["coalesce", "ifnull", "greatest", "LEAST", "nullif"]);
                format!("{name}({}, {})", self.number(depth), self.number(0))
            }
            6 => {
                let name = self.one(&["length", "char_length", "OCTET_LENGTH", "character_length", "ascii"]);
                format!("{name}({})", self.text(depth))
            }
            7 => format!(
                "case when {} then {} else {} end",
                self.condition(depth),
                self.number(0),
                self.number(0)
            ),
            _ => {
                let name = self.one(&["year", "month", "day", "dayofweek", "to_days", "quarter"]);
                format!("{name}({})", self.moment(0))
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 || self.rng.one_in(3) {
            let column = self.column(&[Text, Long]);
            let constant =
                self.one(&["''", "'x'", "'it''s'", "\"dq\"", "'a\\nb'", "'a%'", "_utf8mb4'x'", "'x' 'y'"]);
            return match column {
                Some(column) if !self.rng.one_in(4) => column,
                _ => constant.to_owned(),
            };
        }
        let depth = depth - 1;
        match self.rng.below(8) {
            0 => {
                let name = self.one(&["lower", "UPPER", "trim", "reverse", "lcase", "ltrim"]);
                format!("{name}({})", self.text(depth))
            }
            1 => format!("concat({}, {})", self.text(depth), self.text(0)),
            2 => format!("substring({}, 1, 3)", self.text(depth)),
            3 => format!("replace({}, 'a', 'b')", self.text(depth)),
            4 => format!("left({}, 2)", self.text(depth)),
            5 => format!("if({}, {}, 'y')", self.condition(depth), self.text(0)),
            6 => format!("cast({} as char(10))", self.number(depth)),
            _ => format!("coalesce({}, '')", self.text(depth)),
        }
    }

    fn moment(&mut self, depth: usize) -> String {
        let column = self.column(&[Date, Datetime]);
        let own = column.unwrap_or_else(|| self.one(&["'2020-01-01'", "date '2020-01-01'"]).to_owned());
        if depth == 0 {
            return own;
        }
        match self.rng.below(4) {
            0 => format!("{own} + interval 1 day"),
            1 => format!("date_sub({own}, INTERVAL 2 month)"),
            2 => format!("date({own})"),
            _ => own,
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth > 0 && self.rng.one_in(3) {
            let depth = depth - 1;
            let (a, b) = (self.condition(depth), self.condition(depth));
            return match self.rng.below(7) {
                0 => format!("{a} AND {b}"),
                1 => format!("{a} or {b}"),
                2 => format!("({a}) and ({b})"),
                3 => format!("({a} || {b}) && {}", self.condition(0)),
                4 => format!("not ({a})"),
                5 => format!("({a}) xor ({b})"),
                _ => format!("({a}) is {}", self.one(&["true", "NOT FALSE", "not true", "unknown"])),
            };
        }
        let compare = self.one(&["=", "<>", "!=", "<", "<=", ">", ">=", "<=>"]);
        match self.rng.below(12) {
            0..=2 => format!("{} {compare} {}", self.number(depth.min(1)), self.number(0)),
            3..=4 => format!("{} {compare} {}", self.text(depth.min(1)), self.text(0)),
            5 => {
                let like = self.one(&[
                    "LIKE 'a%'",
                    "like '%b'",
                    "NOT LIKE '_x'",
                    "regexp '^[a-z]+$'",
                    "rlike 'x'",
                    "not regexp 'y'",
                    "like 'a!%' escape '!'",
                ]);
                format!("{} {like}", self.text(depth.min(1)))
            }
            6 => {
                let not = self.one(&["in", "NOT IN"]);
                let list: Vec<&str> =
                    (0..1 + self.rng.below(3)).map(|_| self.one(&["1", "2", "-3", "4.5"])).collect();
                format!("{} {not} ({})", self.number(0), list.join(", "))
            }
            7 => {
                let not = self.one(&["between", "NOT BETWEEN"]);
                format!("{} {not} {} and {}", self.number(0), self.number(0), self.number(0))
            }
            8 => {
                let (_, kind) = *self.rng.pick(TYPES);
                let column = self.column(&[kind]).unwrap_or_else(|| "id".into());
                format!("{column} {}", self.one(&["IS NULL", "is not null", "<=> null"]))
            }
            9 => format!("{} {compare} {}", self.moment(depth.min(1)), self.moment(0)),
            10 => self.column(&[Bool, Int]).unwrap_or_else(|| "id".into()),
            _ => match self.column(&[Json]) {
                Some(column) => format!("json_extract({column}, '$.a') {compare} 1"),
                None => format!("{} in ('a', 'b')", self.text(0)),
            },
        }
    }

    fn table(&mut self, name: &str) -> Vec<String> {
        self.columns = vec![("id".into(), Int)];
        let mut parts = vec![
            self.one(&[
                "id int PRIMARY KEY",
                "id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY",
                "id int(10) unsigned not null, primary key (id)",
                "id int NOT NULL AUTO_INCREMENT, UNIQUE KEY (id)",
            ])
            .to_owned(),
        ];
        let mut later = Vec::new();
        for at in 0..6 + self.rng.below(8) {
            let (ty, kind) = *self.rng.pick(TYPES);
            let name = match self.rng.below(8) {
                0 => format!("`C {at}`"),
                1 => format!("`order{at}`"),
                2 => format!("Upper{at}"),
                _ => format!("c{at}"),
            };
            let mut text = format!("{name} {ty}");
            let default = self.default(kind);
            if self.rng.one_in(2) && !(self.maria && default.contains("pi()")) {
                text.push_str(&default);
            }
            if self.rng.one_in(4) && !ty.contains("null") && !text.contains("NULL") {
                text.push_str(self.one(&[" NOT NULL", " not null"]));
            }
            if self.rng.one_in(6) {
                text.push_str(" COMMENT 'it''s \\\\ one'");
            }
            parts.push(text);
            later.push((name, kind));
        }
        self.columns.extend(later);
        let tail = self.one(&[
            "",
            "",
            " ENGINE=InnoDB",
            " engine = innodb default charset = utf8mb4",
            " DEFAULT CHARSET=latin1",
            " COLLATE utf8mb4_bin",
            " ROW_FORMAT=DYNAMIC COMMENT='a table'",
            " PARTITION BY HASH (id) PARTITIONS 3",
            " PARTITION BY RANGE (id + 1) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
            " partition by key (id) partitions 2",
        ]);
        let mut out = vec![format!("CREATE TABLE {name} (\n  {}\n){tail}", parts.join(",\n  "))];
        // Alone, so that what the server refuses leaves the others.
        for at in 0..self.rng.below(3) {
            let value = match self.rng.below(3) {
                0 => format!("g{at} int GENERATED ALWAYS AS ({}) STORED", self.number(2)),
                1 => format!("g{at} varchar(80) as ({}) virtual", self.text(2)),
                _ => format!("g{at} bool AS ({})", self.condition(1)),
            };
            out.push(format!("ALTER TABLE {name} ADD COLUMN {value}"));
        }
        for at in 0..2 + self.rng.below(6) {
            let condition = self.condition(2);
            out.push(match self.rng.below(3) {
                0 => format!("ALTER TABLE {name} ADD CHECK ({condition})"),
                1 if !self.maria => {
                    format!("ALTER TABLE {name} ADD CONSTRAINT {name}_k{at} CHECK ({condition}) NOT ENFORCED")
                }
                _ => format!("ALTER TABLE {name} ADD CONSTRAINT {name}_k{at} CHECK ({condition})"),
            });
        }
        for at in 0..1 + self.rng.below(4) {
            out.push(self.index(name, at));
        }
        if name != "t0" && self.rng.one_in(2) {
            let action = self.one(&["", " ON DELETE CASCADE", " on update restrict", " ON DELETE SET NULL"]);
            let label = self.one(&["", "CONSTRAINT to_first "]);
            let label = if label.is_empty() { String::new() } else { format!("CONSTRAINT {name}_to_first ") };
            let column = self.column(&[Int]).unwrap_or_else(|| "id".into());
            out.push(format!(
                "ALTER TABLE {name} ADD {label}FOREIGN KEY ({column}) REFERENCES t0 (id){action}"
            ));
        }
        out
    }

    fn index(&mut self, table: &str, at: usize) -> String {
        let unique = if self.rng.one_in(6) { "UNIQUE " } else { "" };
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..1 + self.rng.below(2) {
            let (column, kind) = self.rng.pick(&self.columns).clone();
            parts.push(match kind {
                Long => format!("{column}(5)"),
                Json => "id".to_owned(),
                Text if self.rng.one_in(3) => format!("{column}(2)"),
                _ if self.rng.one_in(3) => format!("{column} {}", self.one(&["DESC", "asc"])),
                _ if !self.maria && self.rng.one_in(4) => format!("({})", self.number(2)),
                _ => column,
            });
        }
        parts.dedup();
        let using = self.one(&["", "", " USING BTREE", " COMMENT 'an index'"]);
        format!("CREATE {unique}INDEX {table}_i{at} ON {table} ({}){using}", parts.join(", "))
    }
}
