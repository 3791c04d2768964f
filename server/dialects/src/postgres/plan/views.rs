//! Views and triggers: their statements, and what must step aside while something else changes.
//!
//! PostgreSQL refuses to change a column that a view, a trigger or a policy reads, and to drop what others use. Such
//! things go before and come back after. Invariant: what comes back is what it was, unless the desired state says
//! otherwise.
//!
//! Source: PostgreSQL 18, `CREATE VIEW`, `ALTER TABLE`; reference engine.md §8.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{
    Change, ChangeKind, Class, Column, Object, ObjectPath, Realm, Schema, SmolStr, Table, TableChange,
    Trigger, View, ViewKind,
};

use super::super::attr;
use super::super::diff::same_body;
use super::super::rules::trigger_statement;
use super::render::{ident, params};
use super::{Planner, column_path, routine, uses};

/// `changes` with what must step aside, and replacements that have to be a drop and an add as such.
pub fn spread(changes: &[Change], from: &Realm) -> Vec<(usize, Change)> {
    let mut run = Spread {
        from,
        said_views: FxHashSet::default(),
        said_triggers: FxHashSet::default(),
        said_policies: FxHashSet::default(),
        views: Vec::new(),
        triggers: Vec::new(),
        policies: Vec::new(),
        words: FxHashMap::default(),
    };
    for change in changes {
        run.note(change);
    }
    let mut rebuilt: FxHashSet<(SmolStr, SmolStr)> = FxHashSet::default();
    let mut list: Vec<(usize, Change)> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        match change {
            Change::ModifyView { from: old, to: new } if !is_replaceable(old, new) => {
                rebuilt.insert((old.schema.clone(), old.name.clone()));
                run.aside(at, &old.schema, &old.name, None);
            }
            Change::ModifyRoutine { from: old, to: new } if !routine::is_replaceable(old, new) => {
                run.aside(at, &old.schema, &old.name, None);
            }
            Change::ModifyTable { from: old, changes, .. } => {
                let columns: Vec<&SmolStr> = changes
                    .iter()
                    .filter_map(|change| match change {
                        TableChange::DropColumn(column) => Some(&column.name),
                        TableChange::ModifyColumn(change)
                            if change.kinds.has(ChangeKind::Type)
                                || change.kinds.has(ChangeKind::Collate) =>
                        {
                            Some(&change.from.name)
                        }
                        _ => None,
                    })
                    .collect();
                for column in columns {
                    run.aside(at, &old.schema, &old.name, Some(column));
                }
            }
            _ => {}
        }
    }
    let stepping: FxHashSet<(SmolStr, SmolStr)> =
        run.views.iter().map(|(_, view)| (view.schema.clone(), view.name.clone())).collect();
    let wanted: FxHashMap<(SmolStr, SmolStr), Arc<View>> = changes
        .iter()
        .filter_map(|change| match change {
            Change::ModifyView { to, .. } => Some(((to.schema.clone(), to.name.clone()), to.clone())),
            _ => None,
        })
        .collect();
    for (at, trigger) in &run.triggers {
        list.push((*at, Change::DropTrigger(trigger.clone())));
    }
    for (at, policy) in &run.policies {
        list.push((*at, Change::DropObject(policy.clone())));
    }
    // What looks at a view goes before it.
    for (at, view) in run.views.iter().rev() {
        list.push((*at, Change::DropView(view.clone())));
    }
    let mut extensions = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        match change {
            Change::ModifyView { from: old, to: new } => {
                let key = (old.schema.clone(), old.name.clone());
                if stepping.contains(&key) {
                    list.push((at, Change::AddView(new.clone())));
                } else if rebuilt.contains(&key) {
                    list.push((at, Change::DropView(old.clone())));
                    list.push((at, Change::AddView(new.clone())));
                } else {
                    list.push((at, change.clone()));
                }
            }
            Change::ModifyRoutine { from: old, to: new } if !routine::is_replaceable(old, new) => {
                list.push((at, Change::DropRoutine(old.clone())));
                list.push((at, Change::AddRoutine(new.clone())));
            }
            // Its types may be in use until everything else is gone.
            Change::DropObject(object) if object.kind == attr::EXTENSION => {
                extensions.push((at, change.clone()))
            }
            _ => list.push((at, change.clone())),
        }
    }
    for (at, view) in &run.views {
        if !wanted.contains_key(&(view.schema.clone(), view.name.clone())) {
            list.push((*at, Change::AddView(view.clone())));
        }
    }
    for (at, policy) in run.policies {
        list.push((at, Change::AddObject(policy)));
    }
    for (at, trigger) in run.triggers {
        list.push((at, Change::AddTrigger(trigger)));
    }
    list.extend(extensions);
    list
}

struct Spread<'a> {
    from: &'a Realm,
    /// What `changes` drop or make anew by themselves.
    said_views: FxHashSet<(SmolStr, SmolStr)>,
    said_triggers: FxHashSet<(SmolStr, SmolStr, SmolStr)>,
    said_policies: FxHashSet<(SmolStr, SmolStr, String)>,
    /// What steps aside, what is looked at before what looks at it, with the change it makes room for.
    views: Vec<(usize, Arc<View>)>,
    triggers: Vec<(usize, Arc<Trigger>)>,
    policies: Vec<(usize, Arc<Object>)>,
    /// The words of views and triggers that were looked at, by address.
    words: FxHashMap<usize, Arc<FxHashSet<SmolStr>>>,
}

impl Spread<'_> {
    fn note(&mut self, change: &Change) {
        match change {
            Change::DropView(view) => {
                self.said_views.insert((view.schema.clone(), view.name.clone()));
            }
            Change::DropTrigger(it) | Change::ModifyTrigger { from: it, .. } => {
                self.said_triggers.insert((it.schema.clone(), it.on.clone(), it.name.clone()));
            }
            Change::DropObject(it) | Change::ModifyObject { from: it, .. } if it.kind == attr::POLICY => {
                let on = it.attrs.get(&attr::ON).unwrap_or_default();
                self.said_policies.insert((it.schema.clone(), it.name.clone(), on));
            }
            _ => {}
        }
    }

    fn words_of(&mut self, at: usize, read: impl FnOnce(&mut FxHashSet<SmolStr>)) -> Arc<FxHashSet<SmolStr>> {
        let words = self.words.entry(at).or_insert_with(|| {
            let mut found = FxHashSet::default();
            read(&mut found);
            Arc::new(found)
        });
        words.clone()
    }

    /// Moves aside what reads `name`, or only its `column`.
    fn aside(&mut self, at: usize, schema: &SmolStr, name: &SmolStr, column: Option<&SmolStr>) {
        let from = self.from;
        for owner in &from.schemas {
            for view in &owner.views {
                let found = self.words_of(Arc::as_ptr(view) as usize, |found| uses::of_view(view, found));
                let reads = found.contains(name)
                    && column.is_none_or(|column| found.contains(column) || view.body.contains('*'));
                if reads && !(view.name == *name && view.schema == *schema) {
                    self.view(at, owner, view);
                }
            }
            for trigger in &owner.triggers {
                let found =
                    self.words_of(Arc::as_ptr(trigger) as usize, |found| uses::of_trigger(trigger, found));
                let reads = match column {
                    None => found.contains(name),
                    Some(column) => owner.name == *schema && trigger.on == *name && found.contains(column),
                };
                let key = (trigger.schema.clone(), trigger.on.clone(), trigger.name.clone());
                if reads && self.said_triggers.insert(key) {
                    self.triggers.push((at, trigger.clone()));
                }
            }
            for policy in owner.objects.iter().filter(|object| object.kind == attr::POLICY) {
                let found =
                    self.words_of(Arc::as_ptr(policy) as usize, |found| uses::of_object(policy, found));
                let on = policy.attrs.get(&attr::ON).unwrap_or_default();
                let reads = found.contains(name) && column.is_none_or(|column| found.contains(column));
                if reads && self.said_policies.insert((policy.schema.clone(), policy.name.clone(), on)) {
                    self.policies.push((at, policy.clone()));
                }
            }
        }
    }

    fn view(&mut self, at: usize, owner: &Schema, view: &Arc<View>) {
        if !self.said_views.insert((owner.name.clone(), view.name.clone())) {
            return;
        }
        self.views.push((at, view.clone()));
        let (schema, name) = (owner.name.clone(), view.name.clone());
        self.aside(at, &schema, &name, None);
        for trigger in owner.triggers.iter().filter(|trigger| trigger.on == view.name) {
            let key = (trigger.schema.clone(), trigger.on.clone(), trigger.name.clone());
            if self.said_triggers.insert(key) {
                self.triggers.push((at, trigger.clone()));
            }
        }
    }
}

/// Whether `CREATE OR REPLACE` makes `new` of `old`: it may add columns at the end and nothing else.
pub fn is_replaceable(old: &View, new: &View) -> bool {
    let same = |a: &Column, b: &Column| {
        a.name == b.name && (a.ty.is_none() || b.ty.is_none() || a.ty == b.ty || both_text(a, b))
    };
    let plain = old.kind == ViewKind::Plain && new.kind == ViewKind::Plain;
    let same_query = same_body(&old.body, &new.body);
    let known = !old.columns.is_empty() && !new.columns.is_empty();
    plain
        && (same_query
            || known
                && new.columns.len() >= old.columns.len()
                && old.columns.iter().zip(&new.columns).all(|(a, b)| same(a, b)))
        || same_query && old.kind == new.kind && old.attrs == new.attrs
}

fn both_text(a: &Column, b: &Column) -> bool {
    let unsized_text = |column: &Column| {
        column.ty.as_ref().is_some_and(|ty| ty.class == Class::String && ty.args.is_empty())
    };
    unsized_text(a) && unsized_text(b) && a.ty == b.ty
}

fn view_path(view: &View) -> ObjectPath {
    ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() }
}

fn trigger_path(trigger: &Trigger) -> ObjectPath {
    ObjectPath::Trigger { schema: trigger.schema.clone(), trigger: trigger.name.clone() }
}

fn word(view: &View) -> &'static str {
    match view.kind {
        ViewKind::Plain => "VIEW",
        ViewKind::Materialized => "MATERIALIZED VIEW",
    }
}

/// A table that stands for a materialized view where an index is made.
fn as_table(view: &View) -> Table {
    Table { schema: view.schema.clone(), name: view.name.clone(), ..Table::default() }
}

impl Planner<'_> {
    fn create_view(&self, view: &View, replace: bool) -> String {
        let mut writer = self.render.line();
        let columns: Vec<SmolStr> = Vec::new();
        writer
            .word("CREATE")
            .word_if(replace, "OR REPLACE")
            .word(word(view))
            .path(self.render.qualifier(&view.schema), &view.name);
        if !columns.is_empty() {
            writer.word(&self.render.columns(&columns));
        }
        if let Some(method) = view.attrs.get(&attr::ACCESS_METHOD) {
            writer.word("USING").ident(&method);
        }
        let mut options = Vec::new();
        let (barrier, invoker) = attr::view_security(&view.attrs);
        if barrier {
            options.push("security_barrier = true".to_string());
        }
        if invoker {
            options.push("security_invoker = true".to_string());
        }
        match params(&view.attrs) {
            Some(params) => {
                writer.word("WITH").word(&params);
            }
            None if !options.is_empty() => {
                writer.word("WITH").word(&format!("({})", options.join(", ")));
            }
            None => {}
        }
        writer.word("AS").word(view.body.trim().trim_end_matches(';').trim_end());
        if let Some(option) = view.attrs.get(&attr::CHECK_OPTION) {
            writer.word("WITH").word(&option.to_ascii_uppercase()).word("CHECK OPTION");
        }
        writer.word_if(view.attrs.is(&attr::WITH_NO_DATA), "WITH NO DATA");
        writer.finish()
    }

    fn drop_view_text(&self, view: &View) -> String {
        format!("DROP {} {}", word(view), self.render.path(&view.schema, &view.name))
    }

    /// What follows the statement that creates a view: its indexes and comments.
    fn after_view(&self, view: &View) -> Vec<(String, String)> {
        let table = as_table(view);
        let mut list = Vec::new();
        for index in &view.indexes {
            let comment = format!("create index {:?} to table: {:?}", index.name, view.name);
            list.push((self.render.create_index(&table, index, false), comment));
            if let Some(text) = index.comment.as_deref().filter(|text| !text.is_empty()) {
                let what = format!("INDEX {}", self.render.path(&view.schema, &index.name));
                let comment = format!("set comment to index: {:?} on table: {:?}", index.name, view.name);
                list.push((self.render.comment(&what, Some(text)), comment));
            }
        }
        list
    }

    pub(super) fn add_view(&mut self, view: &View) {
        let cmd = self.create_view(view, false);
        let kind = if view.kind == ViewKind::Plain { "view" } else { "materialized view" };
        let reverse = vec![self.drop_view_text(view)];
        self.push(cmd, format!("create {:?} {kind}", view.name), reverse, vec![view_path(view)]);
        for (cmd, comment) in self.after_view(view) {
            let reverse = Vec::new();
            self.push(cmd, comment, reverse, vec![view_path(view)]);
        }
        self.view_comments(None, view);
    }

    fn view_comments(&mut self, from: Option<&View>, to: &View) {
        let path = self.render.path(&to.schema, &to.name);
        let kind = if to.kind == ViewKind::Plain { "view" } else { "materialized view" };
        let old = from.and_then(|view| view.comment.as_deref());
        let said = format!("{kind}: {:?}", to.name);
        self.comment(&format!("{} {path}", word(to)), &said, old, to.comment.as_deref(), vec![view_path(to)]);
        for column in &to.columns {
            let old = from
                .and_then(|view| view.columns.iter().find(|old| old.name == column.name))
                .and_then(|column| column.comment.as_deref());
            let said = format!("column: {:?} on {kind}: {:?}", column.name, to.name);
            let paths = vec![column_path(&as_table(to), &column.name), view_path(to)];
            let what = format!("COLUMN {path}.{}", ident(&column.name));
            self.comment(&what, &said, old, column.comment.as_deref(), paths);
        }
    }

    pub(super) fn drop_view(&mut self, view: &View) {
        let cmd = self.drop_view_text(view);
        let kind = if view.kind == ViewKind::Plain { "view" } else { "materialized view" };
        let mut reverse = vec![self.create_view(view, false)];
        reverse.extend(self.after_view(view).into_iter().map(|(cmd, _)| cmd));
        self.push(cmd, format!("drop {:?} {kind}", view.name), reverse, vec![view_path(view)]);
    }

    pub(super) fn rename_view(&mut self, from: &View, to: &View) {
        let rename = |a: &View, b: &View| {
            format!("ALTER {} {} RENAME TO {}", word(a), self.render.path(&a.schema, &a.name), ident(&b.name))
        };
        let (cmd, reverse) = (rename(from, to), rename(to, from));
        let comment = format!("rename a view from {:?} to {:?}", from.name, to.name);
        self.push(cmd, comment, vec![reverse], vec![view_path(to), view_path(from)]);
    }

    /// A view that keeps its columns.
    pub(super) fn modify_view(&mut self, from: &View, to: &View) {
        let same = same_body(&from.body, &to.body) && from.attrs == to.attrs;
        if to.kind == ViewKind::Plain && !same {
            let (cmd, reverse) = (self.create_view(to, true), self.create_view(from, true));
            self.push(cmd, format!("modify {:?} view", to.name), vec![reverse], vec![view_path(to)]);
        }
        if to.kind == ViewKind::Materialized {
            let table = as_table(to);
            let same = |index: &schema::Index, list: &[schema::Index]| {
                list.iter()
                    .any(|other| other.name == index.name && super::super::diff::same_index(index, other))
            };
            for index in from.indexes.iter().filter(|index| !same(index, &to.indexes)) {
                self.drop_index(&table, index, false);
            }
            for index in to.indexes.iter().filter(|index| !same(index, &from.indexes)) {
                self.add_index(&table, index, false);
            }
        }
        self.view_comments(Some(from), to);
    }

    pub(super) fn create_trigger(&self, trigger: &Trigger) -> String {
        if trigger.attrs.get(&attr::EXECUTE).is_none() {
            return trigger.body.trim().trim_end_matches(';').to_string();
        }
        let on = self.render.path(&trigger.schema, &trigger.on);
        let word = if self.major() < 11 { "PROCEDURE" } else { "FUNCTION" };
        trigger_statement(trigger, &on, word, |name| self.render.target(&trigger.schema, name))
    }

    fn drop_trigger_text(&self, trigger: &Trigger) -> String {
        let on = self.render.path(&trigger.schema, &trigger.on);
        format!("DROP TRIGGER {} ON {on}", ident(&trigger.name))
    }

    pub(super) fn add_trigger(&mut self, trigger: &Trigger) {
        let (cmd, reverse) = (self.create_trigger(trigger), self.drop_trigger_text(trigger));
        self.push(
            cmd,
            format!("create trigger {:?}", trigger.name),
            vec![reverse],
            vec![trigger_path(trigger)],
        );
        self.trigger_comment(None, trigger);
    }

    fn trigger_comment(&mut self, from: Option<&Trigger>, to: &Trigger) {
        let text = |trigger: &Trigger| trigger.attrs.get(&attr::COMMENT);
        let (old, new) = (from.and_then(text), text(to));
        let on = self.render.path(&to.schema, &to.on);
        let what = format!("TRIGGER {} ON {on}", ident(&to.name));
        let said = format!("trigger: {:?}", to.name);
        self.comment(&what, &said, old.as_deref(), new.as_deref(), vec![trigger_path(to)]);
    }

    pub(super) fn drop_trigger(&mut self, trigger: &Trigger) {
        let (cmd, reverse) = (self.drop_trigger_text(trigger), self.create_trigger(trigger));
        self.push(
            cmd,
            format!("drop trigger {:?}", trigger.name),
            vec![reverse],
            vec![trigger_path(trigger)],
        );
    }

    pub(super) fn rename_trigger(&mut self, from: &Trigger, to: &Trigger) {
        let on = self.render.path(&from.schema, &from.on);
        let rename = |a: &str, b: &str| format!("ALTER TRIGGER {} ON {on} RENAME TO {}", ident(a), ident(b));
        let comment = format!("rename a trigger from {:?} to {:?}", from.name, to.name);
        let paths = vec![trigger_path(to), trigger_path(from)];
        self.push(rename(&from.name, &to.name), comment, vec![rename(&to.name, &from.name)], paths);
    }

    pub(super) fn modify_trigger(&mut self, from: &Trigger, to: &Trigger) {
        if !same_body(&from.body, &to.body) {
            self.drop_trigger(from);
            self.add_trigger(to);
        } else {
            self.trigger_comment(Some(from), to);
        }
    }
}
