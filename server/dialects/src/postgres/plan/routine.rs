//! Functions and procedures.
//!
//! Source: PostgreSQL 18, `CREATE FUNCTION`, `CREATE PROCEDURE`.

use schema::{Attrs, ObjectPath, Routine, RoutineKind};

use super::super::attr;
use super::Planner;
use super::render::{ident, literal, strings};

/// Whether `CREATE OR REPLACE` makes `new` of `old`: names, types and modes of arguments and the result stay.
pub fn is_replaceable(old: &Routine, new: &Routine) -> bool {
    let args = |routine: &Routine| -> Vec<(Option<String>, Option<String>, Option<String>)> {
        let items = routine.attrs.get(&attr::ARGS).unwrap_or_default();
        items.iter().map(|arg| (arg.get(&attr::NAME), arg.get(&attr::TYPE), arg.get(&attr::MODE))).collect()
    };
    let defaults = |routine: &Routine| -> Vec<bool> {
        let items = routine.attrs.get(&attr::ARGS).unwrap_or_default();
        items.iter().map(|arg| arg.get(&attr::DEFAULT).is_some()).collect()
    };
    let result = |routine: &Routine| {
        (
            routine.attrs.get(&attr::RETURN),
            routine.attrs.get(&attr::RETURN_SET),
            routine.attrs.get(&attr::RETURN_TABLE),
        )
    };
    let (a, b) = (args(old), args(new));
    // A name may be given where there was none.
    let same_args = a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| a.1 == b.1 && a.2 == b.2 && (a.0.is_none() || a.0 == b.0));
    // A default may be added, not removed.
    let kept = defaults(old).iter().zip(defaults(new)).all(|(old, new)| !old || new);
    old.kind == new.kind
        && same_args
        && kept
        && result(old) == result(new)
        && old.attrs.is(&attr::WINDOW) == new.attrs.is(&attr::WINDOW)
}

fn word(routine: &Routine) -> &'static str {
    match routine.kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    }
}

fn path(routine: &Routine) -> ObjectPath {
    ObjectPath::Routine { schema: routine.schema.clone(), routine: routine.name.clone() }
}

/// `$$`, or another mark that is not in `body`.
fn mark(body: &str) -> String {
    let numbered = (1..).map(|number| format!("$body{number}$"));
    let mut marks =
        ["$$".to_string(), "$body$".to_string(), "$function$".to_string()].into_iter().chain(numbered);
    marks
        .find(|mark| !body.contains(mark.as_str()) && !body.ends_with('$'))
        .unwrap_or_else(|| "$atlas_body$".into())
}

impl Planner<'_> {
    /// `"a" integer DEFAULT 1`.
    pub(super) fn arg(&self, own: &str, arg: &Attrs, with_default: bool) -> String {
        let mut parts = Vec::new();
        if let Some(mode) = arg.get(&attr::MODE) {
            parts.push(mode);
        }
        if let Some(name) = arg.get(&attr::NAME).filter(|name| !name.is_empty()) {
            parts.push(ident(&name));
        }
        parts.push(self.render.type_text(own, &arg.get(&attr::TYPE).unwrap_or_default()));
        if let (true, Some(default)) = (with_default, arg.get(&attr::DEFAULT)) {
            parts.push(format!("DEFAULT {default}"));
        }
        parts.join(" ")
    }

    /// `"s"."f" (integer, text)`: what tells it from others of its name.
    pub(super) fn signature(&self, schema: &str, name: &str, attrs: &Attrs) -> String {
        let items = attrs.get(&attr::ARGS).unwrap_or_default();
        let args: Vec<String> = items
            .iter()
            .filter(|arg| arg.get(&attr::MODE).is_none_or(|mode| mode != "OUT"))
            .map(|arg| self.render.type_text(schema, &arg.get(&attr::TYPE).unwrap_or_default()))
            .collect();
        format!("{} ({})", self.render.path(schema, name), args.join(", "))
    }

    fn create_routine(&self, routine: &Routine, replace: bool) -> String {
        let (own, attrs) = (routine.schema.as_str(), &routine.attrs);
        let items = attrs.get(&attr::ARGS).unwrap_or_default();
        let args: Vec<String> = items.iter().map(|arg| self.arg(own, arg, true)).collect();
        let mut writer = self.render.line();
        writer
            .word("CREATE")
            .word_if(replace, "OR REPLACE")
            .word(word(routine))
            .path(self.render.qualifier(own), &routine.name)
            .word(&format!("({})", args.join(", ")));
        if let Some(columns) = attrs.get(&attr::RETURN_TABLE).and_then(|items| items.first().cloned()) {
            let columns = columns.get(&attr::TABLE_COLUMNS).unwrap_or_default();
            let columns: Vec<String> = columns.iter().map(|column| self.arg(own, column, false)).collect();
            writer.word("RETURNS TABLE").word(&format!("({})", columns.join(", ")));
        } else if let Some(ty) = attrs.get(&attr::RETURN_SET) {
            writer.word("RETURNS SETOF").word(&self.render.type_text(own, &ty));
        } else if let Some(ty) = attrs.get(&attr::RETURN) {
            writer.word("RETURNS").word(&self.render.type_text(own, &ty));
        }
        let lang = attrs.get(&attr::LANG).unwrap_or_else(|| "SQL".into());
        let plain = lang.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '_');
        writer.word("LANGUAGE").word(&if plain { lang.to_ascii_lowercase() } else { ident(&lang) });
        writer.word_if(attrs.is(&attr::WINDOW), "WINDOW");
        if let Some(volatility) = attrs.get(&attr::VOLATILITY) {
            writer.word(&volatility);
        }
        writer.word_if(attrs.is(&attr::LEAKPROOF), "LEAKPROOF").word_if(attrs.is(&attr::STRICT), "STRICT");
        writer.word_if(attrs.get(&attr::SECURITY).is_some_and(|who| who == "DEFINER"), "SECURITY DEFINER");
        if let Some(parallel) = attrs.get(&attr::PARALLEL) {
            writer.word("PARALLEL").word(&parallel);
        }
        if let Some(cost) = attrs.get(&attr::COST) {
            writer.word(&format!("COST {cost}"));
        }
        if let Some(rows) = attrs.get(&attr::ROWS) {
            writer.word(&format!("ROWS {rows}"));
        }
        for param in strings(attrs, &attr::CONFIG_PARAMS) {
            if let Some((name, value)) = param.split_once('=') {
                writer.word("SET").word(&setting_name(name)).word("=").word(&setting(name, value));
            }
        }
        if attrs.is(&attr::SQL_BODY) {
            writer.word(routine.body.trim());
        } else {
            let mark = mark(&routine.body);
            writer.word("AS").word(&format!("{mark}{}{mark}", routine.body));
        }
        writer.finish()
    }

    fn drop_routine_text(&self, routine: &Routine) -> String {
        format!("DROP {} {}", word(routine), self.signature(&routine.schema, &routine.name, &routine.attrs))
    }

    fn routine_comment(&mut self, from: Option<&Routine>, to: &Routine) {
        let text = |routine: &Routine| routine.attrs.get(&attr::COMMENT);
        let (old, new) = (from.and_then(text), text(to));
        let kind = word(to).to_ascii_lowercase();
        let what = format!("{} {}", word(to), self.signature(&to.schema, &to.name, &to.attrs));
        let said = format!("{kind}: {:?}", to.name);
        self.comment(&what, &said, old.as_deref(), new.as_deref(), vec![path(to)]);
    }

    pub(super) fn add_routine(&mut self, routine: &Routine) {
        let (cmd, reverse) = (self.create_routine(routine, false), self.drop_routine_text(routine));
        let comment = format!("create {:?} {}", routine.name, word(routine).to_ascii_lowercase());
        self.push(cmd, comment, vec![reverse], vec![path(routine)]);
        self.routine_comment(None, routine);
    }

    pub(super) fn drop_routine(&mut self, routine: &Routine) {
        let (cmd, reverse) = (self.drop_routine_text(routine), self.create_routine(routine, false));
        let comment = format!("drop {:?} {}", routine.name, word(routine).to_ascii_lowercase());
        self.push(cmd, comment, vec![reverse], vec![path(routine)]);
    }

    pub(super) fn rename_routine(&mut self, from: &Routine, to: &Routine) {
        let rename = |a: &Routine, b: &Routine| {
            let signature = self.signature(&a.schema, &a.name, &a.attrs);
            format!("ALTER {} {signature} RENAME TO {}", word(a), ident(&b.name))
        };
        let (cmd, reverse) = (rename(from, to), rename(to, from));
        let kind = word(to).to_ascii_lowercase();
        let comment = format!("rename a {kind} from {:?} to {:?}", from.name, to.name);
        self.push(cmd, comment, vec![reverse], vec![path(to), path(from)]);
    }

    /// A routine that keeps its arguments and result.
    pub(super) fn modify_routine(&mut self, from: &Routine, to: &Routine) {
        let bare = |routine: &Routine| {
            let mut attrs = routine.attrs.clone();
            attrs.remove(&attr::COMMENT);
            attrs
        };
        if from.body != to.body || bare(from) != bare(to) {
            let (cmd, reverse) = (self.create_routine(to, true), self.create_routine(from, true));
            let comment = format!("modify {:?} {}", to.name, word(to).to_ascii_lowercase());
            self.push(cmd, comment, vec![reverse], vec![path(to)]);
        }
        self.routine_comment(Some(from), to);
    }
}

/// The name of a setting; those of extensions have a dot.
fn setting_name(name: &str) -> String {
    name.split('.').map(|step| super::super::names::quoted(step).into_owned()).collect::<Vec<_>>().join(".")
}

/// The value of a setting. Lists of names, such as a search path, are written as such.
fn setting(name: &str, value: &str) -> String {
    let lists = ["search_path", "temp_tablespaces", "session_preload_libraries", "shared_preload_libraries"];
    if lists.contains(&name) {
        if value.trim().is_empty() || value.trim() == "\"\"" {
            return "''".into();
        }
        return value.to_string();
    }
    literal(value.trim_matches('\''))
}
