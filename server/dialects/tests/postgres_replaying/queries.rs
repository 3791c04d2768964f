//! Views over generated tables: joins, groups, subqueries, sets, windows, `WITH`, in the ways people write them.

use super::{Gen, Kind};

/// A table and its columns.
pub type Table = (String, Vec<(String, Kind)>);

/// What can be grouped, sorted and compared.
const PLAIN: &[Kind] =
    &[Kind::Int, Kind::Big, Kind::Numeric, Kind::Text, Kind::Varchar, Kind::Bool, Kind::Date];

impl Gen {
    pub fn view(&mut self, name: &str, tables: &[Table]) -> String {
        let query = match self.rng.below(8) {
            0 | 1 => self.set(tables),
            2 => {
                let inner = self.select(tables, 1, None);
                let materialized = match self.rng.below(6) {
                    0 if self.version >= 120_000 => "MATERIALIZED ",
                    1 if self.version >= 120_000 => "not materialized ",
                    _ => "",
                };
                let outer = self.one(&["SELECT * FROM q", "select q.* from q", "SELECT z.* FROM q AS z, q"]);
                format!("WITH q AS {materialized}({inner}) {outer}")
            }
            3 => {
                let inner = self.select(tables, 1, None);
                let outer = self.one(&["SELECT *", "SELECT o.*", "select distinct o.*", "SELECT count(*)"]);
                format!("{outer} FROM ({inner}) {}o", self.one(&["", "AS "]))
            }
            _ => self.select(tables, 2, None),
        };
        let tail = match self.rng.below(6) {
            0 => " LIMIT 10",
            1 => " offset 2 limit 5",
            2 => " ORDER BY 1",
            _ => "",
        };
        let tail = if query.contains(" ORDER BY 1") { "" } else { tail };
        format!("CREATE VIEW {name} AS {query}{tail}")
    }

    fn set(&mut self, tables: &[Table]) -> String {
        let kinds: Vec<Kind> = (0..1 + self.rng.below(3)).map(|_| *self.rng.pick(PLAIN)).collect();
        let mut out = self.select(tables, 0, Some(&kinds));
        for _ in 0..1 + self.rng.below(3) {
            let word = self.one(&["UNION", "union all", "UNION ALL", "EXCEPT", "INTERSECT", "except all"]);
            let next = self.select(tables, 0, Some(&kinds));
            let next = match self.rng.below(5) {
                0 => format!("({next} ORDER BY 1 LIMIT 3)"),
                1 => format!("({next} UNION {})", self.select(tables, 0, Some(&kinds))),
                _ => next,
            };
            out = if self.rng.one_in(6) {
                format!("({out}) {word} {next}")
            } else {
                format!("{out} {word} {next}")
            };
        }
        out
    }

    /// A select whose columns are of `kinds`, or of any.
    fn select(&mut self, tables: &[Table], depth: usize, kinds: Option<&[Kind]>) -> String {
        let (first, second) = (self.rng.pick(tables).clone(), self.rng.pick(tables).clone());
        let outer = std::mem::take(&mut self.columns);
        let joined = self.rng.one_in(2);
        let from = if joined {
            let named = |alias: &str, table: &Table| {
                table.1.iter().map(|(name, kind)| (format!("{alias}.{name}"), *kind)).collect::<Vec<_>>()
            };
            self.columns = named("a", &first);
            self.columns.extend(named("b", &second));
            let on = self.condition(0);
            let (a, b) = (&first.0, &second.0);
            match self.rng.below(6) {
                0 => format!("{a} a, {b} AS b"),
                1 => format!("{a} a cross join {b} b"),
                2 => format!("{a} AS a LEFT JOIN {b} b ON {on}"),
                3 => format!("{a} a right outer join {b} b on {on}"),
                4 => format!("{a} a JOIN {b} b USING (id)"),
                _ => format!("{a} a INNER JOIN {b} b ON a.id = b.id AND {on}"),
            }
        } else {
            self.columns = first.1.clone();
            first.0.clone()
        };
        let grouped = kinds.is_none() && self.rng.one_in(4);
        let mut items: Vec<String> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        let count = kinds.map_or(1 + self.rng.below(4), <[Kind]>::len);
        for at in 0..count {
            let kind = kinds.map_or(*self.rng.pick(PLAIN), |kinds| kinds[at]);
            let value = if grouped && at > 0 {
                self.aggregate()
            } else if grouped {
                let value = self.value(kind, 1);
                keys.push(value.clone());
                value
            } else if kinds.is_none() && depth > 0 {
                match self.rng.below(5) {
                    0 => self.window(),
                    1 => {
                        let inner = self.rng.pick(tables).clone();
                        let column = self.value(Kind::Int, 0);
                        format!("(SELECT count(*) FROM {} x WHERE x.id = {column})", inner.0)
                    }
                    2 => format!("CASE WHEN {} THEN {} END", self.condition(1), self.value(kind, 0)),
                    _ => self.value(kind, 1),
                }
            } else {
                self.value(kind, 0)
            };
            items.push(match self.rng.below(4) {
                0 => format!("{value} AS \"Item {at}\""),
                _ => format!("{value} {}i{at}", self.one(&["AS ", "as ", ""])),
            });
        }
        let distinct = if !grouped && self.rng.one_in(8) { "DISTINCT " } else { "" };
        let mut out = format!("{} {distinct}{} FROM {from}", self.word("SELECT"), items.join(", "));
        if self.rng.one_in(2) {
            let mut filter = self.condition(1);
            if depth > 0 && self.rng.one_in(2) {
                let inner = self.rng.pick(tables).0.clone();
                let id = self.value(Kind::Int, 0);
                let more = match self.rng.below(5) {
                    0 => format!("EXISTS (SELECT 1 FROM {inner} x WHERE x.id = {id})"),
                    1 => format!("not exists (select * from {inner} where {inner}.id > 3)"),
                    2 => format!("{id} NOT IN (SELECT id FROM {inner})"),
                    3 => format!("{id} > ALL (SELECT id FROM {inner})"),
                    _ => format!("{id} IN (SELECT x.id FROM {inner} AS x WHERE x.id < {id})"),
                };
                filter = format!("({filter}) AND {more}");
            }
            out.push_str(&format!(" {} {filter}", self.word("WHERE")));
        }
        if grouped {
            let by = if self.rng.one_in(2) { "1".to_owned() } else { keys.join(", ") };
            out.push_str(&format!(" GROUP BY {by}"));
            if self.rng.one_in(3) {
                out.push_str(" HAVING count(*) > 1");
            }
        }
        if kinds.is_none() && self.rng.one_in(3) {
            out.push_str(self.one(&[" ORDER BY 1", " ORDER BY 1 DESC", " ORDER BY 1 NULLS FIRST"]));
        }
        self.columns = outer;
        out
    }

    fn aggregate(&mut self) -> String {
        let filter =
            if self.rng.one_in(4) { format!(" FILTER (WHERE {})", self.condition(0)) } else { String::new() };
        match self.rng.below(7) {
            0 => format!("count(*){filter}"),
            1 => format!("sum({}){filter}", self.value(Kind::Int, 1)),
            2 => format!("max({}){filter}", self.value(Kind::Numeric, 0)),
            3 => format!("count(DISTINCT {}){filter}", self.value(Kind::Text, 0)),
            4 => format!(
                "string_agg({}, ', ' ORDER BY {} DESC){filter}",
                self.value(Kind::Text, 0),
                self.value(Kind::Int, 0)
            ),
            5 => format!("array_agg({}){filter}", self.value(Kind::Int, 0)),
            _ => format!("bool_or({}){filter}", self.condition(0)),
        }
    }

    fn window(&mut self) -> String {
        let call = match self.rng.below(5) {
            0 => "row_number()".to_owned(),
            1 => "rank()".to_owned(),
            2 => format!("lag({})", self.value(Kind::Int, 0)),
            3 => format!("sum({})", self.value(Kind::Numeric, 0)),
            _ => "count(*)".to_owned(),
        };
        let partition = if self.rng.one_in(2) {
            format!("PARTITION BY {} ", self.value(Kind::Text, 0))
        } else {
            String::new()
        };
        let frame = self.one(&[
            "",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
            " rows 2 preceding",
            " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
        ]);
        format!("{call} OVER ({partition}ORDER BY {} DESC{frame})", self.value(Kind::Int, 0))
    }
}
