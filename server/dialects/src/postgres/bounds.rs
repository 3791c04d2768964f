//! The bounds of a partition: `FOR VALUES …` in the model, the blocks `range`, `list` and `hash` in HCL.
//!
//! Source: PostgreSQL 18, `CREATE TABLE … PARTITION OF`; `ruleutils.c`, `get_partition_bound_spec`.

use schema::{AttrKey, AttrValue, Attrs};

use super::attr::BOUND;

static RANGE: AttrKey<Vec<Attrs>> = AttrKey::new("range", "");
static LIST: AttrKey<Vec<Attrs>> = AttrKey::new("list", "");
static HASH: AttrKey<Vec<Attrs>> = AttrKey::new("hash", "");
static FROM: AttrKey<Vec<String>> = AttrKey::new("from", "");
static TO: AttrKey<Vec<String>> = AttrKey::new("to", "");
static IN: AttrKey<Vec<String>> = AttrKey::new("in", "");
static MODULUS: AttrKey<i64> = AttrKey::new("modulus", "");
static REMAINDER: AttrKey<i64> = AttrKey::new("remainder", "");

/// Makes [`BOUND`] of the blocks of HCL. No block is the default partition.
pub fn canonical(attrs: &mut Attrs) {
    if attrs.get(&BOUND).is_some() {
        return;
    }
    let first = |key| attrs.get(key).and_then(|items: Vec<Attrs>| items.into_iter().next());
    let bound = if let Some(range) = first(&RANGE) {
        format!("FOR VALUES FROM ({}) TO ({})", values(&range, "from"), values(&range, "to"))
    } else if let Some(list) = first(&LIST) {
        format!("FOR VALUES IN ({})", values(&list, "in"))
    } else if let Some(hash) = first(&HASH) {
        let (modulus, remainder) = (hash.get(&MODULUS).unwrap_or(1), hash.get(&REMAINDER).unwrap_or(0));
        format!("FOR VALUES WITH (modulus {modulus}, remainder {remainder})")
    } else {
        "DEFAULT".to_owned()
    };
    for key in [&RANGE, &LIST, &HASH] {
        attrs.remove(key);
    }
    attrs.set(&BOUND, bound);
}

fn values(attrs: &Attrs, name: &str) -> String {
    match attrs.iter().find(|(known, _)| *known == name) {
        Some((_, AttrValue::List(texts))) => texts.join(", "),
        Some((_, AttrValue::Str(text))) => text.clone(),
        Some((_, AttrValue::Int(number))) => number.to_string(),
        Some((_, AttrValue::Bool(flag))) => flag.to_string(),
        _ => String::new(),
    }
}

/// The opposite of [`canonical`].
pub fn printed(attrs: &mut Attrs) {
    let Some(bound) = attrs.get(&BOUND) else { return };
    let rest = bound.trim();
    let mut item = Attrs::default();
    let key = if let Some(rest) = rest.strip_prefix("FOR VALUES FROM ") {
        let Some((from, rest)) = list(rest) else { return };
        let Some((to, _)) = rest.trim().strip_prefix("TO ").and_then(list) else { return };
        item.set(&FROM, from);
        item.set(&TO, to);
        &RANGE
    } else if let Some((values, _)) = rest.strip_prefix("FOR VALUES IN ").and_then(list) {
        item.set(&IN, values);
        &LIST
    } else if let Some((values, _)) = rest.strip_prefix("FOR VALUES WITH ").and_then(list) {
        for (key, text) in [&MODULUS, &REMAINDER].into_iter().zip(&values) {
            if let Some(number) = text.rsplit(' ').next().and_then(|number| number.parse().ok()) {
                item.set(key, number);
            }
        }
        &HASH
    } else {
        attrs.remove(&BOUND);
        return;
    };
    attrs.remove(&BOUND);
    attrs.set(key, vec![item]);
}

/// A bound somebody wrote, in the server's spelling: its words in upper case, those of a hash in lower, and one space
/// behind a comma. What is no bound stays as it is.
pub fn spelled(text: &str) -> String {
    let whole = || text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(rest) = after(text, "FOR").and_then(|rest| after(rest, "VALUES")) else {
        return if text.trim().eq_ignore_ascii_case("default") { "DEFAULT".to_owned() } else { whole() };
    };
    if let Some((from, rest)) = after(rest, "FROM").and_then(list)
        && let Some((to, _)) = after(rest, "TO").and_then(list)
    {
        return format!("FOR VALUES FROM ({}) TO ({})", listed(&from), listed(&to));
    }
    if let Some((values, _)) = after(rest, "IN").and_then(list) {
        return format!("FOR VALUES IN ({})", listed(&values));
    }
    match after(rest, "WITH").and_then(list) {
        Some((values, _)) => {
            let words = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let values: Vec<String> = values.iter().map(words).collect();
            format!("FOR VALUES WITH ({})", values.join(", ").to_ascii_lowercase())
        }
        None => whole(),
    }
}

/// Values with their words in upper case.
fn listed(values: &[String]) -> String {
    let one = |value: &String| match value.to_ascii_uppercase() {
        word if matches!(word.as_str(), "MINVALUE" | "MAXVALUE" | "NULL") => word,
        _ => value.clone(),
    };
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What stands behind the word `text` begins with.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let rest =
        text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..]);
    rest.filter(|rest| rest.starts_with(|ch: char| ch == '(' || ch.is_whitespace()))
}

/// The values between the parentheses `text` starts with, and what is behind them.
fn list(text: &str) -> Option<(Vec<String>, &str)> {
    let inner = text.trim_start().strip_prefix('(')?;
    let (mut depth, mut quoted, mut start) = (0, false, 0);
    let mut values = Vec::new();
    for (at, ch) in inner.char_indices() {
        match ch {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                values.push(inner[start..at].trim().to_owned());
                start = at + 1;
                if ch == ')' {
                    return Some((values, &inner[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_as_people_write_them() {
        for (written, expected) in [
            ("for values with (MODULUS 2,remainder  0)", "FOR VALUES WITH (modulus 2, remainder 0)"),
            ("FOR VALUES IN ('a,(b)',null , 3)", "FOR VALUES IN ('a,(b)', NULL, 3)"),
            (
                "for values from (minvalue,1) to ('x  y', maxvalue)",
                "FOR VALUES FROM (MINVALUE, 1) TO ('x  y', MAXVALUE)",
            ),
            ("default", "DEFAULT"),
        ] {
            assert_eq!(spelled(written), expected);
            assert_eq!(spelled(expected), expected);
        }
    }

    #[test]
    fn bounds_go_to_blocks_and_back() {
        for bound in [
            "FOR VALUES FROM ('2020-01-01', MINVALUE) TO ('2021-01-01', 5)",
            "FOR VALUES IN ('a, b', NULL, 'it''s')",
            "FOR VALUES WITH (modulus 4, remainder 1)",
            "DEFAULT",
        ] {
            let mut attrs = Attrs::default();
            attrs.set(&BOUND, bound.to_owned());
            printed(&mut attrs);
            assert_eq!(attrs.get(&BOUND), None);
            canonical(&mut attrs);
            assert_eq!(attrs.get(&BOUND).as_deref(), Some(bound));
        }
    }
}
