//! Generated views as people write them, for MySQL and MariaDB: joins, conditions, groups, orders, limits, aggregates,
//! functions, cases, queries in queries, unions; over two tables and over views made before.
//!
//! Deterministic: a seed gives the same text for ever. What a server refuses the test leaves out.

use dialects::testing::rng::Rng;

/// Two tables and the views of a seed, as statements.
pub fn statements(seed: u64) -> Vec<String> {
    let mut gen_ = Gen { rng: Rng::new(seed ^ 0x51ec7), sources: Vec::new() };
    let mut out = vec![
        "CREATE TABLE qa (id int PRIMARY KEY, num int, price decimal(10,2), label varchar(20), born date, seen datetime)"
            .to_owned(),
        "CREATE TABLE qb (id int PRIMARY KEY, qa_id int, label varchar(20), amount int, note text)".to_owned(),
    ];
    for at in 0..14 {
        out.push(format!("CREATE VIEW qv{at} AS {}", gen_.query()));
    }
    out
}

const QA: &[(&str, Kind)] = &[
    ("id", Kind::Int),
    ("num", Kind::Int),
    ("price", Kind::Int),
    ("label", Kind::Text),
    ("born", Kind::Date),
    ("seen", Kind::Date),
];
const QB: &[(&str, Kind)] = &[
    ("id", Kind::Int),
    ("qa_id", Kind::Int),
    ("label", Kind::Text),
    ("amount", Kind::Int),
    ("note", Kind::Text),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Date,
}

struct Gen {
    rng: Rng,
    /// What a select may name: the prefix with its point, and the columns.
    sources: Vec<(String, &'static [(&'static str, Kind)])>,
}

impl Gen {
    fn one(&mut self, texts: &[&'static str]) -> &'static str {
        let text: &&'static str = self.rng.pick(texts);
        text
    }

    fn chance(&mut self, of: usize) -> bool {
        self.rng.one_in(of)
    }

    fn column(&mut self, kind: Kind) -> String {
        let (prefix, columns) = self.rng.pick(&self.sources).clone();
        let own: Vec<&str> = columns.iter().filter(|(_, of)| *of == kind).map(|(name, _)| *name).collect();
        if own.is_empty() {
            return match kind {
                Kind::Int => "1".into(),
                Kind::Text => "'x'".into(),
                Kind::Date => "'2024-05-06'".into(),
            };
        }
        let name = *self.rng.pick(&own);
        format!("{prefix}{name}")
    }

    fn number(&mut self, depth: u32) -> String {
        let plain = depth == 0 || self.chance(2);
        if plain {
            return match self.rng.below(4) {
                0 => self.one(&["1", "2.5", "0", "100"]).to_owned(),
                _ => self.column(Kind::Int),
            };
        }
        let (a, b) = (self.number(depth - 1), self.number(depth - 1));
        match self.rng.below(9) {
            0 => format!("{a} + {b}"),
            1 => format!("({a} - {b})*2"),
            2 => format!("abs({a})"),
            3 => format!("coalesce({a}, {b}, 0)"),
            4 => format!("ROUND({a}, 2)"),
            5 => format!("case when {} then {a} else {b} end", self.condition(depth - 1)),
            6 => format!("if({}, {a}, {b})", self.condition(depth - 1)),
            7 => format!("length({})", self.text(depth - 1)),
            _ => format!("ifnull({a}, {b})"),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        if depth == 0 || self.chance(2) {
            return match self.rng.below(3) {
                0 => self.one(&["'x'", "'it''s'", "\"dq\"", "''", "'100%'"]).to_owned(),
                _ => self.column(Kind::Text),
            };
        }
        let a = self.text(depth - 1);
        match self.rng.below(6) {
            0 => format!("concat({a}, '-', {})", self.text(depth - 1)),
            1 => format!("UPPER({a})"),
            2 => format!("lower({a})"),
            3 => format!("substring({a}, 1, 3)"),
            4 => format!("replace({a}, 'a', 'b')"),
            _ => format!("case {a} when 'x' then 'one' else {} end", self.text(depth - 1)),
        }
    }

    fn date(&mut self) -> String {
        let column = self.column(Kind::Date);
        match self.rng.below(3) {
            0 => format!("{column} + interval 1 day"),
            1 => format!("date({column})"),
            _ => column,
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        if depth > 0 && self.chance(3) {
            let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
            return match self.rng.below(4) {
                0 => format!("{a} and {b}"),
                1 => format!("({a} or {b})"),
                2 => format!("not ({a})"),
                _ => format!("({a}) AND ({b})"),
            };
        }
        match self.rng.below(9) {
            0 => format!("{} is not null", self.column(Kind::Int)),
            1 => format!("{} like 'a%'", self.column(Kind::Text)),
            2 => format!("{} in (1, 2, 3)", self.column(Kind::Int)),
            3 => format!("{} between 1 and 10", self.column(Kind::Int)),
            4 => format!("{} <> {}", self.text(1), self.column(Kind::Text)),
            5 => format!("{} >= '2024-01-01'", self.date()),
            6 => format!("{} is null", self.column(Kind::Text)),
            _ => {
                let op = self.one(&["=", ">", "<", "<=", "!=", ">="]);
                format!("{} {op} {}", self.number(1), self.number(1))
            }
        }
    }

    /// `from …`, after which the sources are known.
    fn from(&mut self) -> String {
        let own = |prefix: &str, columns| (prefix.to_owned(), columns);
        match self.rng.below(7) {
            0 | 1 => {
                let prefix = self.one(&["", "", "qa."]);
                self.sources = vec![own(prefix, QA)];
                "from qa".to_owned()
            }
            2 => {
                self.sources = vec![own("x.", QA)];
                "from qa as x".to_owned()
            }
            3 => {
                self.sources = vec![own("qa.", QA), own("qb.", QB)];
                let word = self.one(&["join", "left join", "inner join", "LEFT OUTER JOIN"]);
                let more = if self.chance(3) { " and qb.amount > 2" } else { "" };
                format!("from qa {word} qb on qb.qa_id = qa.id{more}")
            }
            4 => {
                self.sources = vec![own("a.", QA), own("b.", QB), own("c.", QB)];
                "FROM qa a JOIN qb b ON a.id = b.qa_id LEFT JOIN qb c ON c.id = b.id".to_owned()
            }
            5 => {
                self.sources = vec![own("qa.", QA), own("b2.", QB)];
                "from qa, qb b2".to_owned()
            }
            _ => {
                self.sources = vec![own("s.", &QA[..2])];
                "from (select id, num from qa where num > 0) s".to_owned()
            }
        }
    }

    fn query(&mut self) -> String {
        if self.chance(8) {
            let all = self.one(&["union", "union all", "UNION"]);
            let order = if self.chance(2) { " order by k" } else { "" };
            return format!("select id as k, label from qa {all} select qa_id, note from qb{order}");
        }
        let from = self.from();
        let mut text = String::from(self.one(&["select ", "SELECT ", "select distinct "]));
        let grouped = self.chance(3);
        let mut names = Vec::new();
        let mut items = Vec::new();
        let mut group = String::new();
        if grouped {
            text = "select ".to_owned();
            let key = self.column(Kind::Int);
            let word = self.one(&[
                "count(*)",
                "sum(NUM)",
                "max(NUM)",
                "avg(NUM)",
                "count(distinct NUM)",
                "min(NUM) + 1",
            ]);
            let of = self.number(1);
            items.push(key.clone());
            items.push(format!("{} as total", word.replace("NUM", &of)));
            group = format!(" group by {key}");
            if self.chance(2) {
                group.push_str(self.one(&[" having count(*) > 1", " having total > 3"]));
            }
            names.push("total".to_owned());
        } else {
            for at in 0..1 + self.rng.below(4) {
                let value = match self.rng.below(4) {
                    0 => self.text(2),
                    1 => self.number(2),
                    2 => self.date(),
                    _ => self.column(Kind::Int),
                };
                match self.rng.below(3) {
                    0 => items.push(value),
                    1 => items.push(format!("{value} as c{at}")),
                    _ => items.push(format!("{value} `c {at}`")),
                }
            }
            if self.chance(5) {
                items.push(format!(
                    "(select max(z.amount) from qb z where z.qa_id = {}) as most",
                    self.column(Kind::Int)
                ));
            }
        }
        text.push_str(&items.join(", "));
        text.push_str(&format!(" {from}"));
        if self.chance(2) {
            text.push_str(&format!(" where {}", self.condition(2)));
        } else if self.chance(4) {
            let column = self.column(Kind::Int);
            text.push_str(&format!(" where {column} in (select qa_id from qb where amount > 1)"));
        } else if self.chance(4) {
            let column = self.column(Kind::Int);
            text.push_str(&format!(" where exists (select 1 from qb y where y.qa_id = {column})"));
        }
        text.push_str(&group);
        if self.chance(2) {
            let by = match names.pop() {
                Some(name) if self.chance(2) => name,
                _ if grouped => items[0].clone(),
                _ => self.column(Kind::Int),
            };
            text.push_str(&format!(" order by {by}{}", self.one(&["", " desc", " ASC"])));
        }
        if self.chance(4) {
            text.push_str(self.one(&[" limit 10", " limit 5, 10", " LIMIT 3 OFFSET 1"]));
        }
        text
    }
}
