//! Views, triggers, functions, procedures, events and sequences.
//!
//! None of them can be changed in place but views and events: the others are dropped and made again.
//!
//! Source: MySQL 9, "CREATE VIEW", "CREATE TRIGGER", "CREATE PROCEDURE", "CREATE EVENT"; MariaDB, "CREATE SEQUENCE".

use engine::Error;
use schema::{Change, Object, ObjectPath, Routine, RoutineKind, Trigger, View};

use super::super::attr::{
    AS, CACHE, CYCLE, EVENT, FOLLOWS, INCREMENT, MAX_VALUE, MIN_VALUE, PRESERVE, SCHEDULE, SEQUENCE, START,
    STATUS,
};
use super::super::{body, words};
use super::{Planner, literal, view_path};

impl Planner<'_> {
    /// Plans a change of anything that is no schema and no table.
    pub(super) fn object(&mut self, change: &Change) -> Result<(), Error> {
        match change {
            Change::AddView(view) => {
                let comment = format!("create {:?} view", view.name);
                let reverse = self.render.drop("VIEW", &view.schema, &view.name);
                let cmd = self.render.create_view(view, false);
                self.push(cmd, comment, vec![reverse], vec![view_path(view)]);
            }
            Change::DropView(view) => {
                let comment = format!("drop {:?} view", view.name);
                let cmd = self.render.drop("VIEW", &view.schema, &view.name);
                self.push(cmd, comment, vec![self.render.create_view(view, false)], vec![view_path(view)]);
            }
            Change::ModifyView { from, to } => self.modify_view(from, to),
            Change::RenameView { from, to } => {
                let (old, new) = ((&*from.schema, &*from.name), (&*to.schema, &*to.name));
                let (cmd, reverse) = (self.render.rename(old, new), self.render.rename(new, old));
                let comment = format!("rename a view from {:?} to {:?}", from.name, to.name);
                self.push(cmd, comment, vec![reverse], vec![view_path(to), view_path(from)]);
            }
            // No statement gives these another name.
            Change::RenameTrigger { from, to } => {
                self.drop_trigger(from);
                self.add_trigger(to);
            }
            Change::RenameRoutine { from, to } => {
                self.drop_routine(from);
                self.add_routine(to);
            }
            Change::RenameObject { from, to } => self.rename_object(from, to),
            Change::AddTrigger(trigger) => self.add_trigger(trigger),
            Change::DropTrigger(trigger) => self.drop_trigger(trigger),
            Change::ModifyTrigger { from, to } => {
                self.drop_trigger(from);
                self.add_trigger(to);
            }
            Change::AddRoutine(routine) => self.add_routine(routine),
            Change::DropRoutine(routine) => self.drop_routine(routine),
            Change::ModifyRoutine { from, to } => {
                self.drop_routine(from);
                self.add_routine(to);
            }
            Change::AddObject(object) => {
                let cmd = self.create(object, "CREATE")?;
                let reverse = self.render.drop(keyword(object), &object.schema, &object.name);
                let comment = format!("create {:?} {}", object.name, object.kind);
                self.push(cmd, comment, vec![reverse], vec![object_path(object)]);
            }
            Change::DropObject(object) => {
                let reverse = self.create(object, "CREATE").into_iter().collect();
                let cmd = self.render.drop(keyword(object), &object.schema, &object.name);
                self.push(
                    cmd,
                    format!("drop {:?} {}", object.name, object.kind),
                    reverse,
                    vec![object_path(object)],
                );
            }
            Change::ModifyObject { from, to } => {
                let (cmd, reverse) = (self.create(to, "ALTER")?, self.create(from, "ALTER")?);
                let comment = format!("modify {:?} {}", to.name, to.kind);
                self.push(cmd, comment, vec![reverse], vec![object_path(to)]);
            }
            other => {
                return Err(Error::Unsupported(format!(
                    "mysql: unsupported change: {}",
                    engine::diff::describe(other)
                )));
            }
        }
        Ok(())
    }

    fn rename_object(&mut self, from: &Object, to: &Object) {
        let one = |from: &Object, to: &Object| match to.kind {
            EVENT => {
                let mut writer = self.render.writer();
                writer.word("ALTER EVENT");
                self.render.path(&mut writer, &from.schema, &from.name);
                writer.word("RENAME TO");
                self.render.path(&mut writer, &to.schema, &to.name);
                writer.finish()
            }
            _ => self.render.rename((&from.schema, &from.name), (&to.schema, &to.name)),
        };
        let (cmd, reverse) = (one(from, to), one(to, from));
        let comment = format!("rename {} {:?} to {:?}", to.kind, from.name, to.name);
        self.push(cmd, comment, vec![reverse], vec![object_path(to), object_path(from)]);
    }

    fn modify_view(&mut self, from: &View, to: &View) {
        let (cmd, reverse) = (self.render.create_view(to, true), self.render.create_view(from, true));
        self.push(cmd, format!("modify {:?} view", to.name), vec![reverse], vec![view_path(to)]);
    }

    fn create_trigger(&self, trigger: &Trigger) -> String {
        let text = self.render.stored(&trigger.body, &trigger.schema, &["TRIGGER", "ON"]);
        let Some(other) = trigger.attrs.get(&FOLLOWS) else { return text };
        let mut writer = self.render.writer();
        writer.word("FOLLOWS").ident(&other);
        words::insert_after(&text, &["FOR", "EACH", "ROW"], &writer.finish())
    }

    fn add_trigger(&mut self, trigger: &Trigger) {
        let comment = format!("create trigger {:?}", trigger.name);
        let reverse = self.render.drop("TRIGGER", &trigger.schema, &trigger.name);
        self.push(self.create_trigger(trigger), comment, vec![reverse], vec![trigger_path(trigger)]);
    }

    fn drop_trigger(&mut self, trigger: &Trigger) {
        let comment = format!("drop trigger {:?}", trigger.name);
        let cmd = self.render.drop("TRIGGER", &trigger.schema, &trigger.name);
        self.push(cmd, comment, vec![self.create_trigger(trigger)], vec![trigger_path(trigger)]);
    }

    fn create_routine(&self, routine: &Routine) -> String {
        let keyword = routine_words(routine).1;
        self.render.stored(&body::routine_statement(routine), &routine.schema, &[keyword])
    }

    fn add_routine(&mut self, routine: &Routine) {
        let (kind, keyword) = routine_words(routine);
        let comment = format!("create {:?} {kind}", routine.name);
        let reverse = self.render.drop(keyword, &routine.schema, &routine.name);
        self.push(self.create_routine(routine), comment, vec![reverse], vec![routine_path(routine)]);
    }

    fn drop_routine(&mut self, routine: &Routine) {
        let (kind, keyword) = routine_words(routine);
        let comment = format!("drop {:?} {kind}", routine.name);
        let cmd = self.render.drop(keyword, &routine.schema, &routine.name);
        self.push(cmd, comment, vec![self.create_routine(routine)], vec![routine_path(routine)]);
    }

    /// `CREATE` or `ALTER` of an event or a sequence, with everything said.
    fn create(&self, object: &Object, verb: &str) -> Result<String, Error> {
        let mut writer = self.render.writer();
        writer.word(verb).word(keyword(object));
        self.render.path(&mut writer, &object.schema, &object.name);
        match object.kind {
            EVENT => {
                let schedule = object.attrs.get(&SCHEDULE).unwrap_or_default();
                writer.word("ON SCHEDULE").word(&schedule).word("ON COMPLETION");
                writer.word_if(!object.attrs.is(&PRESERVE), "NOT").word("PRESERVE");
                let status = object.attrs.get(&STATUS).unwrap_or_else(|| "ENABLE".to_string());
                writer.word(match status.to_ascii_uppercase().as_str() {
                    "DISABLE" | "DISABLED" => "DISABLE",
                    "ENABLE" | "ENABLED" => "ENABLE",
                    _ => "DISABLE ON SLAVE",
                });
                let comment = object.comment.as_deref().unwrap_or_default();
                if verb == "ALTER" || !comment.is_empty() {
                    writer.word("COMMENT").word(&literal::text(comment, self.render.server));
                }
                writer.word("DO").word(&object.attrs.get(&AS).unwrap_or_default());
            }
            SEQUENCE => {
                for (key, word) in [
                    (&START, "START WITH"),
                    (&MIN_VALUE, "MINVALUE"),
                    (&MAX_VALUE, "MAXVALUE"),
                    (&INCREMENT, "INCREMENT BY"),
                    (&CACHE, "CACHE"),
                ] {
                    if let Some(value) = object.attrs.get(key) {
                        writer.word(word).word(&value.to_string());
                    }
                }
                writer.word(if object.attrs.is(&CYCLE) { "CYCLE" } else { "NOCYCLE" });
            }
            other => {
                return Err(Error::Unsupported(format!("mysql has no {other}: {:?}", object.name)));
            }
        }
        Ok(writer.finish())
    }
}

fn keyword(object: &Object) -> &'static str {
    match object.kind {
        EVENT => "EVENT",
        SEQUENCE => "SEQUENCE",
        other => other,
    }
}

fn routine_words(routine: &Routine) -> (&'static str, &'static str) {
    match routine.kind {
        RoutineKind::Function => ("function", "FUNCTION"),
        RoutineKind::Procedure => ("procedure", "PROCEDURE"),
    }
}

fn trigger_path(trigger: &Trigger) -> ObjectPath {
    ObjectPath::Trigger { schema: trigger.schema.clone(), trigger: trigger.name.clone() }
}

fn routine_path(routine: &Routine) -> ObjectPath {
    ObjectPath::Routine { schema: routine.schema.clone(), routine: routine.name.clone() }
}

pub(super) fn object_path(object: &Object) -> ObjectPath {
    ObjectPath::Object { schema: object.schema.clone(), kind: object.kind, name: object.name.clone() }
}
