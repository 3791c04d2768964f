//! Statements that make what has a body: written from their parts, and taken apart again.
//!
//! The texts are the server's own (`SHOW CREATE`) or ours; what a user may write is read by the parser of SQL.

use schema::{Routine, RoutineKind};

use super::attr::{
    ARG, CHARSET, COLLATE, COMMENT, DATA_ACCESS, DETERMINISTIC, MODE, NAME, RETURN, SECURITY, TYPE,
};
use super::charset;
use super::names::{ident, quoted};
use super::types::quote;

/// What stands before the action of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriggerHead<'a> {
    pub name: &'a str,
    /// `BEFORE` or `AFTER`
    pub time: &'a str,
    /// `INSERT`, `UPDATE` or `DELETE`
    pub event: &'a str,
    pub on: &'a str,
}

/// The body of [`schema::Trigger`]: without definer, without schema, without the place among its like, which is an
/// attribute.
pub fn trigger_statement(head: &TriggerHead<'_>, action: &str) -> String {
    let TriggerHead { name, time, event, on } = head;
    format!(
        "CREATE TRIGGER {} {} {} ON {} FOR EACH ROW {}",
        ident(name),
        time.to_ascii_uppercase(),
        event.to_ascii_uppercase(),
        ident(on),
        action.trim()
    )
}

/// The parts of what [`trigger_statement`] wrote: name, time, event, table, action.
pub fn trigger_parts(statement: &str) -> Option<(String, String, String, String, &str)> {
    let rest = statement.strip_prefix("CREATE TRIGGER ")?;
    let (name, rest) = quoted(rest)?;
    let mut words = rest.trim_start().splitn(3, ' ');
    let (time, event, rest) = (words.next()?, words.next()?, words.next()?);
    let (on, rest) = quoted(rest.strip_prefix("ON ")?)?;
    let action = rest.strip_prefix(" FOR EACH ROW ")?;
    Some((name, time.to_string(), event.to_string(), on, action))
}

/// The action of a trigger in the server's statement.
pub fn trigger_action(created: &str) -> Option<&str> {
    behind(created, &["FOR", "EACH", "ROW"]).map(|rest| {
        // `FOLLOWS` is not shown, but may have been written.
        let rest = rest.trim_start();
        let mut words = rest.split_whitespace();
        match words.next() {
            Some(word) if word.eq_ignore_ascii_case("follows") || word.eq_ignore_ascii_case("precedes") => {
                let other = words.next().unwrap_or_default();
                rest.split_once(other).map_or(rest, |(_, action)| action)
            }
            _ => rest,
        }
        .trim()
    })
}

/// The statement of an event in the server's statement.
pub fn event_action(created: &str) -> Option<&str> {
    behind(created, &["DO"]).map(str::trim)
}

/// What is behind the first occurrence of `words` outside of strings, names in backticks and comments.
fn behind<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let mut found = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                super::types::unquote(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len())
            }
            '`' => quoted(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len()),
            ch if ch.is_alphanumeric() || ch == '_' => {
                let end = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_')).unwrap_or(rest.len());
                found = if words.get(found).is_some_and(|word| word.eq_ignore_ascii_case(&rest[..end])) {
                    found + 1
                } else {
                    0
                };
                if found == words.len() {
                    return Some(&rest[end..]);
                }
                end
            }
            ch => ch.len_utf8(),
        };
        rest = &rest[length..];
    }
    None
}

/// The body of a routine in the server's statement, which has each characteristic on a line of its own.
pub fn routine_body(created: &str) -> Option<&str> {
    let open = parameters(created)?;
    let (_, mut rest) = created[open..].split_once('\n')?;
    // `COMMENT` is followed by a string that may have several lines.
    while let Some(line) = rest.strip_prefix("    ") {
        let word = line.split_whitespace().next().unwrap_or_default();
        if !["NO", "READS", "MODIFIES", "CONTAINS", "DETERMINISTIC", "NOT", "SQL", "COMMENT", "LANGUAGE"]
            .contains(&word)
        {
            break;
        }
        let skipped = if word == "COMMENT" {
            let text = line.strip_prefix("COMMENT ")?;
            let (_, after) = super::types::unquote(text)?;
            after.split_once('\n')?.1
        } else {
            line.split_once('\n')?.1
        };
        rest = skipped;
    }
    Some(rest.trim())
}

/// Where the parameters of a routine end.
fn parameters(created: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(first) = created[at..].chars().next() {
        let rest = &created[at..];
        at += match first {
            '\'' | '"' => {
                super::types::unquote(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len())
            }
            '`' => quoted(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len()),
            ch => {
                match ch {
                    '(' => depth += 1,
                    ')' if depth <= 1 => return Some(at),
                    ')' => depth -= 1,
                    _ => {}
                }
                ch.len_utf8()
            }
        };
    }
    None
}

/// The statement that makes a routine, without definer and schema.
pub fn routine_statement(routine: &Routine) -> String {
    let attrs = &routine.attrs;
    let mut out = match routine.kind {
        // Only an aggregate of MariaDB fetches its rows so, and it must.
        RoutineKind::Function if routine.body.to_ascii_lowercase().contains("fetch group next row") => {
            format!("CREATE AGGREGATE FUNCTION {} (", ident(&routine.name))
        }
        RoutineKind::Function => format!("CREATE FUNCTION {} (", ident(&routine.name)),
        RoutineKind::Procedure => format!("CREATE PROCEDURE {} (", ident(&routine.name)),
    };
    let args: Vec<String> = attrs
        .get(&ARG)
        .unwrap_or_default()
        .iter()
        .map(|arg| {
            let mode = arg.get(&MODE).filter(|mode| mode != "IN").map(|mode| mode + " ").unwrap_or_default();
            let mut text = format!(
                "{mode}{} {}",
                ident(&arg.get(&NAME).unwrap_or_default()),
                arg.get(&TYPE).unwrap_or_default()
            );
            let collate = arg.get(&COLLATE);
            // MySQL wants the charset before a collation here.
            let charset = arg.get(&CHARSET).or_else(|| collate.as_deref().map(charset::of_collation));
            for (word, value) in [(" CHARSET ", charset), (" COLLATE ", collate)] {
                if let Some(value) = value {
                    text.push_str(word);
                    text.push_str(&value);
                }
            }
            text
        })
        .collect();
    out.push_str(&args.join(", "));
    out.push(')');
    if let Some(returns) = attrs.get(&RETURN) {
        out.push_str(&format!(" RETURNS {}", with_charset(&returns)));
    }
    if attrs.is(&DETERMINISTIC) {
        out.push_str(" DETERMINISTIC");
    }
    if let Some(access) = attrs.get(&DATA_ACCESS) {
        out.push_str(&format!(" {}", access.replace('_', " ")));
    }
    if let Some(security) = attrs.get(&SECURITY) {
        out.push_str(&format!(" SQL SECURITY {security}"));
    }
    if let Some(comment) = attrs.get(&COMMENT) {
        out.push_str(&format!(" COMMENT {}", quote(&comment)));
    }
    out.push(' ');
    out.push_str(routine.body.trim());
    out
}

/// A type with a collation, which MySQL wants the charset before.
fn with_charset(ty: &str) -> String {
    let lower = ty.to_ascii_lowercase();
    match lower.find(" collate ") {
        Some(at) if !lower[..at].contains(" charset ") && !lower[..at].contains(" character set ") => {
            let collation = lower[at..].split_whitespace().nth(1).unwrap_or_default();
            format!("{} CHARSET {}{}", &ty[..at], charset::of_collation(collation), &ty[at..])
        }
        _ => ty.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_the_servers_statements() {
        let function = "CREATE DEFINER=`r`@`%` FUNCTION `f`(a int, b decimal(5,2)) RETURNS varchar(20) CHARSET utf8mb4\n    \
                        NO SQL\n    DETERMINISTIC\n    SQL SECURITY INVOKER\n    COMMENT 'it''s\n(x'\nbegin\n    return 1;\nend";
        assert_eq!(routine_body(function), Some("begin\n    return 1;\nend"));
        let procedure = "CREATE DEFINER=`r`@`%` PROCEDURE `p`()\n    READS SQL DATA\nselect ')'";
        assert_eq!(routine_body(procedure), Some("select ')'"));
        let trigger =
            "CREATE DEFINER=`for`@`each` trigger tr2 before insert on t for each row set new.a = 'x'";
        assert_eq!(trigger_action(trigger), Some("set new.a = 'x'"));
        let event = "CREATE DEFINER=`do`@`%` EVENT `do` ON SCHEDULE AT '2030-01-01 DO' ON COMPLETION NOT PRESERVE ENABLE DO update t set s = 'it''s'";
        assert_eq!(event_action(event), Some("update t set s = 'it''s'"));
    }

    #[test]
    fn a_trigger_is_taken_apart() {
        let head = TriggerHead { name: "a`b", time: "before", event: "insert", on: "t" };
        let statement = trigger_statement(&head, " set new.a = 1 ");
        assert_eq!(statement, "CREATE TRIGGER `a``b` BEFORE INSERT ON `t` FOR EACH ROW set new.a = 1");
        let parts = trigger_parts(&statement);
        assert_eq!(
            parts,
            Some(("a`b".into(), "BEFORE".into(), "INSERT".into(), "t".into(), "set new.a = 1"))
        );
    }
}
