//! `ALTER TABLE` and what goes around it.
//!
//! One modified table becomes: renames, dropped indexes, one `ALTER TABLE` with the drops of constraints first, new
//! indexes, comments and settings. Its reverse is made of the opposite changes in the opposite order.
//!
//! Source: atlas `sql/postgres/migrate.go`, `modifyTable`, `alterTable`; reference engine.md §9, §14.

use engine::Error;
use engine::diff::{CONCURRENTLY, LOCK_SAFE};
use rustc_hash::FxHashSet;
use schema::{
    Attrs, ChangeKind, Check, Column, ColumnChange, ForeignKey, Index, Key, Kinds, ObjectPath, PrimaryKey,
    SmolStr, Table, TableChange,
};

use super::super::attr;
use super::super::diff::becomes_valid;
use super::super::names;
use super::render::{ident, param_value, primary_key_name};
use super::{Planner, check_path, column, column_path, index_path, key_path, primary_key_path, table_path};

/// One statement: its text, its comment, what undoes it, what it is about.
type Said = (String, String, Vec<String>, Vec<ObjectPath>);

/// The clauses of one `ALTER TABLE`.
#[derive(Default)]
struct Clauses {
    drops: Vec<String>,
    rest: Vec<String>,
}

impl Planner<'_> {
    pub(super) fn modify_table(
        &mut self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
    ) -> Result<(), Error> {
        let errors: Vec<String> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::AddColumn(column)
                | TableChange::ModifyColumn(ColumnChange { to: column, .. }) => column::check(column).err(),
                TableChange::ModifyCheck { from, to, .. } => bad_check(from, to).err(),
                _ => None,
            })
            .collect();
        if !errors.is_empty() {
            return Err(Error::Invalid(format!("alter table {:?}: {}", to.name, errors.join(", "))));
        }
        self.renames(from, to, changes);
        let gone: FxHashSet<&SmolStr> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::DropColumn(column) => Some(&column.name),
                _ => None,
            })
            .collect();
        let vanishes = |index: &Index| {
            index.parts.iter().filter_map(schema::IndexPart::column_name).any(|name| gone.contains(name))
                || index
                    .attrs
                    .get(&attr::INCLUDE)
                    .is_some_and(|list| list.iter().any(|name| gone.contains(&SmolStr::from(name.as_str()))))
        };
        // What the main statement does; the rest has statements of its own.
        let mut main: Vec<TableChange> = Vec::new();
        // What goes with a column, and comes back when the column does.
        let mut lost: Vec<TableChange> = Vec::new();
        let mut added: Vec<(&Index, bool)> = Vec::new();
        for change in changes {
            match change {
                // It goes with its column.
                TableChange::DropIndex(index) if vanishes(index) => lost.push(change.clone()),
                TableChange::DropForeignKey(key) if key.columns.iter().any(|name| gone.contains(name)) => {
                    lost.push(change.clone());
                }
                TableChange::DropIndex(index) if index.key == Key::Index => {
                    self.drop_index(from, index, index.attrs.is(&CONCURRENTLY));
                }
                TableChange::AddIndex(index) if index.key == Key::Index => {
                    added.push((index, index.attrs.is(&CONCURRENTLY)));
                }
                TableChange::ModifyIndex { from: old, to: new, kinds } if !only_comment(*kinds) => {
                    if old.key == Key::Index {
                        if !vanishes(old) {
                            self.drop_index(from, old, false);
                        }
                    } else if !vanishes(old) {
                        main.push(TableChange::DropIndex(old.clone()));
                    }
                    if new.key == Key::Index {
                        added.push((new, false));
                    } else {
                        main.push(TableChange::AddIndex(new.clone()));
                    }
                }
                TableChange::ModifyIndex { .. }
                | TableChange::RenameColumn { .. }
                | TableChange::RenameIndex { .. }
                | TableChange::RenameConstraint { .. }
                | TableChange::AddAttr(_)
                | TableChange::DropAttr(_)
                | TableChange::ModifyAttr(_) => {}
                other => main.push(other.clone()),
            }
        }
        self.sequences(from, to, &main);
        let proofs = self.prove_not_null(to, &main);
        self.main(from, to, &main, &lost);
        for (cmd, reverse) in proofs {
            self.push(cmd, format!("modify {:?} table", to.name), vec![reverse], vec![table_path(to)]);
        }
        self.dropped_sequences(from, to, &main);
        for (index, concurrently) in added {
            self.add_index(to, index, concurrently);
        }
        for change in changes {
            if let TableChange::ModifyAttr(name) | TableChange::AddAttr(name) | TableChange::DropAttr(name) =
                change
            {
                for (cmd, comment, reverse, objects) in self.setting(from, to, name) {
                    self.push(cmd, comment, reverse, objects);
                }
            }
        }
        self.comments(from, to, changes);
        Ok(())
    }

    fn renames(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        let table = self.render.table(to);
        for change in changes {
            let (what, old, new, path) = match change {
                TableChange::RenameColumn { from, to: new } => {
                    ("column", &from.name, &new.name, column_path(to, &new.name))
                }
                TableChange::RenameConstraint { from, to: new } => {
                    ("constraint", from, new, check_path(to, new))
                }
                TableChange::RenameIndex { from: old, to: new } => {
                    let rename = |a: &SmolStr, b: &SmolStr| {
                        let index = self.render.path(&from.schema, a);
                        format!("ALTER INDEX {index} RENAME TO {}", ident(b))
                    };
                    let (cmd, reverse) = (rename(&old.name, &new.name), rename(&new.name, &old.name));
                    let comment = format!("rename an index from {:?} to {:?}", old.name, new.name);
                    let paths = vec![index_path(to, &new.name), table_path(to)];
                    self.push(cmd, comment, vec![reverse], paths);
                    continue;
                }
                _ => continue,
            };
            let word = what.to_ascii_uppercase();
            let rename =
                |a: &str, b: &str| format!("ALTER TABLE {table} RENAME {word} {} TO {}", ident(a), ident(b));
            let comment = format!("rename a {what} from {old:?} to {new:?}");
            self.push(rename(old, new), comment, vec![rename(new, old)], vec![path, table_path(to)]);
        }
    }

    /// Constraints by which the server knows that there is no NULL, so that it need not look at all rows while nobody
    /// may write. Returns the statements that drop them again.
    fn prove_not_null(&mut self, table: &Table, changes: &[TableChange]) -> Vec<(String, String)> {
        let path = self.render.table(table);
        let comment = format!("modify {:?} table", table.name);
        let mut drops = Vec::new();
        for change in columns(changes).filter(|change| change.to.attrs.is(&LOCK_SAFE)) {
            let column = &change.to.name;
            let taken = |name: &str| table.checks.iter().any(|check| check.name.as_deref() == Some(name));
            let name = ident(&names::implied(&table.name, &[column], "not_null", taken));
            let add = format!(
                "ALTER TABLE {path} ADD CONSTRAINT {name} CHECK ({} IS NOT NULL) NOT VALID",
                ident(column)
            );
            let drop = format!("ALTER TABLE {path} DROP CONSTRAINT {name}");
            let objects = vec![column_path(table, column), table_path(table)];
            self.push(add.clone(), comment.clone(), vec![drop.clone()], objects.clone());
            let validate = format!("ALTER TABLE {path} VALIDATE CONSTRAINT {name}");
            // Nothing is to be undone of having looked; the constraint goes with the statement before.
            self.push(validate.clone(), comment.clone(), vec![validate], objects);
            drops.push((drop, add));
        }
        drops
    }

    /// The one `ALTER TABLE`.
    fn main(&mut self, from: &Table, to: &Table, changes: &[TableChange], lost: &[TableChange]) {
        // The sequence of an identity must be gone before one of its name is made; see `sequences`.
        let text = |from: &Table, to: &Table, changes: &[TableChange]| {
            let mut clauses = Clauses::default();
            changes.iter().for_each(|change| self.clause(from, to, change, &mut clauses));
            let list: Vec<String> = clauses.drops.into_iter().chain(clauses.rest).collect();
            (!list.is_empty()).then(|| format!("ALTER TABLE {} {}", self.render.table(to), list.join(", ")))
        };
        let Some(cmd) = text(from, to, changes) else { return };
        let (indexes, constraints): (Vec<_>, Vec<_>) = lost
            .iter()
            .cloned()
            .partition(|change| matches!(change, TableChange::DropIndex(index) if index.key == Key::Index));
        let undone = changes.iter().rev().chain(&constraints).map(opposite);
        let undone: Option<Vec<TableChange>> = undone.collect();
        let mut reverse: Vec<String> =
            undone.and_then(|changes| text(to, from, &changes)).into_iter().collect();
        if !reverse.is_empty() {
            for change in &indexes {
                if let TableChange::DropIndex(index) = change {
                    reverse.push(self.render.create_index(from, index, false));
                }
            }
            let owner = self.render.table(from);
            for change in changes {
                if let TableChange::DropColumn(column) = change
                    && let Some(text) = column.comment.as_deref().filter(|text| !text.is_empty())
                {
                    let what = format!("COLUMN {owner}.{}", ident(&column.name));
                    reverse.push(self.render.comment(&what, Some(text)));
                }
            }
        }
        let mut objects = vec![table_path(to)];
        objects.extend(changes.iter().filter_map(|change| path(to, change)));
        self.push(cmd, format!("modify {:?} table", to.name), reverse, objects);
    }

    fn clause(&self, from: &Table, to: &Table, change: &TableChange, clauses: &mut Clauses) {
        use TableChange as T;
        let render = &self.render;
        let drop = |name: &str| format!("DROP CONSTRAINT {}", ident(name));
        let not_valid = |attrs: &Attrs| if attrs.is(&attr::NOT_VALID) { " NOT VALID" } else { "" };
        match change {
            T::AddColumn(column) => {
                let mut writer = render.line();
                writer.word("ADD COLUMN");
                render.column(&mut writer, column);
                clauses.rest.push(writer.finish());
            }
            T::DropColumn(column) => clauses.rest.push(format!("DROP COLUMN {}", ident(&column.name))),
            T::ModifyColumn(change) => clauses.rest.extend(column::clauses(render, to, change)),
            T::AddPrimaryKey(key) => clauses.rest.push(format!("ADD {}", render.primary_key(to, key))),
            T::DropPrimaryKey(key) => clauses.drops.push(drop(&primary_key_name(from, Some(key)))),
            T::ModifyPrimaryKey { from: old, to: new, kinds } if !only_comment(*kinds) => {
                clauses.drops.push(drop(&primary_key_name(from, Some(old))));
                let unnamed = PrimaryKey { name: None, ..new.clone() };
                clauses.rest.push(format!("ADD {}", render.primary_key(to, &unnamed)));
            }
            T::AddIndex(index) => clauses.rest.push(format!("ADD {}", render.constraint(to, index))),
            T::DropIndex(index) => clauses.drops.push(drop(&index.name)),
            T::AddForeignKey(key) => {
                let text = render.foreign_key(to, key);
                clauses.rest.push(format!("ADD {text}{}", not_valid(&key.attrs)));
            }
            T::DropForeignKey(key) => clauses.drops.push(drop(key.name.as_deref().unwrap_or_default())),
            T::ModifyForeignKey { from: old, to: new, kinds } => {
                if only_attr(*kinds) && validated(old, new) {
                    clauses.rest.push(validate(new.name.as_deref()));
                } else if !only_attr(*kinds)
                    || !same_but_comment(&old.attrs, &new.attrs)
                    || old.ref_schema != new.ref_schema
                {
                    clauses.drops.push(drop(old.name.as_deref().unwrap_or_default()));
                    let text = render.foreign_key(to, new);
                    clauses.rest.push(format!("ADD {text}{}", not_valid(&new.attrs)));
                }
            }
            T::AddCheck(check) => {
                clauses.rest.push(format!("ADD {}{}", render.check(check), not_valid(&check.attrs)));
            }
            T::DropCheck(check) => clauses.drops.push(drop(check.name.as_deref().unwrap_or_default())),
            T::ModifyCheck { from: old, to: new, kinds } => {
                let same = !kinds.has(ChangeKind::Expr);
                let mut valid = new.attrs.clone();
                valid.set(&attr::NOT_VALID, true);
                if same && becomes_valid(&old.attrs, &new.attrs) && same_but_comment(&old.attrs, &valid) {
                    clauses.rest.push(validate(new.name.as_deref()));
                } else if !same || !same_but_comment(&old.attrs, &new.attrs) {
                    // The old constraint goes at its place: each pair stays together, as Atlas writes it.
                    clauses.rest.push(drop(old.name.as_deref().unwrap_or_default()));
                    clauses.rest.push(format!("ADD {}{}", render.check(new), not_valid(&new.attrs)));
                }
            }
            _ => {}
        }
    }

    /// The sequences that columns which become serial need before.
    fn sequences(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        for change in columns(changes) {
            if column::is_serial(&change.to) && !column::is_serial(&change.from) {
                let table = self.render.table(to);
                if attr::Identity::of(&change.from.attrs).is_some() {
                    let cmd =
                        format!("ALTER TABLE {table} ALTER COLUMN {} DROP IDENTITY", ident(&change.to.name));
                    self.push(cmd, format!("modify {:?} table", to.name), Vec::new(), vec![table_path(to)]);
                }
                let cmd = self.create_sequence(to, change);
                let comment = format!("create sequence for serial column {:?}", change.to.name);
                let name = self.render.path(&to.schema, &column::sequence(to, &change.to));
                let reverse = format!("DROP SEQUENCE IF EXISTS {name}");
                self.push(
                    cmd,
                    comment,
                    vec![reverse],
                    vec![column_path(to, &change.to.name), table_path(to)],
                );
            }
        }
        let _ = from;
    }

    fn create_sequence(&self, table: &Table, change: &ColumnChange) -> String {
        let serial = if column::is_serial(&change.to) { &change.to } else { &change.from };
        format!(
            "CREATE SEQUENCE IF NOT EXISTS {} OWNED BY {}.{}",
            self.render.path(&table.schema, &column::sequence(table, serial)),
            self.render.table(table),
            ident(&change.to.name)
        )
    }

    /// The sequences that columns which were serial no longer need.
    fn dropped_sequences(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        for change in columns(changes) {
            if column::is_serial(&change.from) && !column::is_serial(&change.to) {
                let name = self.render.path(&from.schema, &column::sequence(from, &change.from));
                let cmd = format!("DROP SEQUENCE IF EXISTS {name}");
                let comment = format!("drop sequence used by serial column {:?}", change.to.name);
                let reverse = self.create_sequence(to, change);
                self.push(
                    cmd,
                    comment,
                    vec![reverse],
                    vec![column_path(to, &change.to.name), table_path(to)],
                );
            }
        }
    }

    /// The comments that differ.
    fn comments(&mut self, from: &Table, to: &Table, changes: &[TableChange]) {
        let owner = self.render.table(to);
        for change in changes {
            match change {
                TableChange::ModifyAttr("comment")
                | TableChange::AddAttr("comment")
                | TableChange::DropAttr("comment") => {
                    let said = format!("table: {:?}", to.name);
                    let paths = vec![table_path(to)];
                    self.comment(
                        &format!("TABLE {owner}"),
                        &said,
                        from.comment.as_deref(),
                        to.comment.as_deref(),
                        paths,
                    );
                }
                TableChange::AddColumn(column) => {
                    self.serial_options(to, None, column);
                    self.column_comment(to, &column.name, None, column.comment.as_deref());
                }
                TableChange::ModifyColumn(change)
                    if change.kinds.has(ChangeKind::Attr) && !change.kinds.has(ChangeKind::Comment) =>
                {
                    self.serial_options(to, Some(&change.from), &change.to);
                }
                TableChange::ModifyColumn(change) if change.kinds.has(ChangeKind::Comment) => {
                    self.serial_options(to, Some(&change.from), &change.to);
                    let (old, new) = (change.from.comment.as_deref(), change.to.comment.as_deref());
                    self.column_comment(to, &change.to.name, old, new);
                }
                TableChange::ModifyIndex { from: old, to: new, kinds } if only_comment(*kinds) => {
                    self.index_comment(to, new, old.comment.as_deref(), new.comment.as_deref());
                }
                TableChange::AddIndex(index) | TableChange::ModifyIndex { to: index, .. }
                    if index.key != Key::Index =>
                {
                    self.index_comment(to, index, None, index.comment.as_deref());
                }
                TableChange::AddCheck(check) => {
                    self.constraint_comment(to, &check.name, None, &check.attrs, check_path);
                }
                TableChange::ModifyCheck { from: old, to: new, kinds } => {
                    let kept = !kinds.has(ChangeKind::Expr) && same_but_comment(&old.attrs, &new.attrs);
                    self.constraint_comment(
                        to,
                        &new.name,
                        kept.then_some(&old.attrs),
                        &new.attrs,
                        check_path,
                    );
                }
                TableChange::AddForeignKey(key) => {
                    self.constraint_comment(to, &key.name, None, &key.attrs, key_path);
                }
                TableChange::ModifyForeignKey { from: old, to: new, kinds } => {
                    let kept = only_attr(*kinds) && same_but_comment(&old.attrs, &new.attrs);
                    self.constraint_comment(to, &new.name, kept.then_some(&old.attrs), &new.attrs, key_path);
                }
                _ => {}
            }
        }
    }

    /// The sequence of a serial column counts otherwise than before, or than usual.
    fn serial_options(&mut self, table: &Table, from: Option<&Column>, to: &Column) {
        if let Some((cmd, reverse)) = serial_options(self, table, from, to) {
            let objects = vec![column_path(table, &to.name), table_path(table)];
            self.push(cmd, format!("modify {:?} table", table.name), vec![reverse], objects);
        }
    }

    fn column_comment(&mut self, table: &Table, column: &SmolStr, from: Option<&str>, to: Option<&str>) {
        let what = format!("COLUMN {}.{}", self.render.table(table), ident(column));
        let said = format!("column: {column:?} on table: {:?}", table.name);
        self.comment(&what, &said, from, to, vec![column_path(table, column), table_path(table)]);
    }

    fn constraint_comment(
        &mut self,
        table: &Table,
        name: &Option<SmolStr>,
        from: Option<&Attrs>,
        to: &Attrs,
        path: fn(&Table, &SmolStr) -> ObjectPath,
    ) {
        let Some(name) = name else { return };
        let what = format!("CONSTRAINT {} ON {}", ident(name), self.render.table(table));
        let said = format!("constraint: {name:?} on table: {:?}", table.name);
        let old = from.and_then(|attrs| attrs.get(&attr::COMMENT));
        let new = to.get(&attr::COMMENT);
        self.comment(
            &what,
            &said,
            old.as_deref(),
            new.as_deref(),
            vec![path(table, name), table_path(table)],
        );
    }

    /// The statements that bring the attribute `name` of a table from one value to the other.
    fn setting(&self, from: &Table, to: &Table, name: &str) -> Vec<Said> {
        let forward = self.set(from, to, name);
        let back = self.set(to, from, name);
        let mut list = Vec::new();
        for (at, cmd) in forward.iter().enumerate() {
            // The first undoes all.
            let reverse = if at == 0 { back.clone() } else { Vec::new() };
            let reverse = if forward.len() == back.len() {
                back.get(at).cloned().into_iter().collect()
            } else {
                reverse
            };
            list.push((cmd.clone(), format!("modify {:?} table", to.name), reverse, vec![table_path(to)]));
        }
        list
    }

    fn set(&self, from: &Table, to: &Table, name: &str) -> Vec<String> {
        let table = self.render.table(to);
        let alter = |what: String| format!("ALTER TABLE {table} {what}");
        match name {
            "unlogged" => {
                let logged = if to.attrs.is(&attr::UNLOGGED) { "UNLOGGED" } else { "LOGGED" };
                vec![alter(format!("SET {logged}"))]
            }
            "access_method" => {
                let method = to.attrs.get(&attr::ACCESS_METHOD).unwrap_or_else(|| "heap".into());
                vec![alter(format!("SET ACCESS METHOD {}", ident(&method)))]
            }
            "replica_identity" => {
                let what = match to.attrs.get(&attr::REPLICA_IDENTITY).as_deref() {
                    None => "DEFAULT".to_string(),
                    Some(word @ ("FULL" | "NOTHING" | "DEFAULT")) => word.to_string(),
                    Some(index) => format!("USING INDEX {}", ident(index)),
                };
                vec![alter(format!("REPLICA IDENTITY {what}"))]
            }
            "storage_params" => {
                let pair = |param: &str| {
                    let (name, value) = param.split_once('=').unwrap_or((param, ""));
                    (name.trim().to_string(), value.trim().to_string())
                };
                let list = |table: &Table| -> Vec<(String, String)> {
                    super::render::strings(&table.attrs, &attr::STORAGE_PARAMS)
                        .iter()
                        .map(|it| pair(it))
                        .collect()
                };
                let (old, new) = (list(from), list(to));
                let set: Vec<String> = new
                    .iter()
                    .filter(|pair| !old.contains(pair))
                    .map(|(name, value)| format!("{name} = {}", param_value(value)))
                    .collect();
                let reset: Vec<&str> = old
                    .iter()
                    .filter(|(name, _)| !new.iter().any(|(other, _)| other == name))
                    .map(|(name, _)| name.as_str())
                    .collect();
                let mut clauses = Vec::new();
                if !set.is_empty() {
                    clauses.push(format!("SET ({})", set.join(", ")));
                }
                if !reset.is_empty() {
                    clauses.push(format!("RESET ({})", reset.join(", ")));
                }
                if clauses.is_empty() { Vec::new() } else { vec![alter(clauses.join(", "))] }
            }
            "row_security" => {
                let (was, is) = (attr::row_security(&from.attrs), attr::row_security(&to.attrs));
                let mut list = Vec::new();
                if was.0 != is.0 {
                    let word = if is.0 { "ENABLE" } else { "DISABLE" };
                    list.push(alter(format!("{word} ROW LEVEL SECURITY")));
                }
                if was.1 != is.1 {
                    let word = if is.1 { "FORCE" } else { "NO FORCE" };
                    list.push(alter(format!("{word} ROW LEVEL SECURITY")));
                }
                list
            }
            _ => Vec::new(),
        }
    }
}

/// What a new table needs that `CREATE TABLE` cannot say.
pub fn after_create(planner: &Planner<'_>, table: &Table) -> Vec<Said> {
    let blank = Table { attrs: Attrs::default(), ..table.clone() };
    let mut list = planner.setting(&blank, table, "row_security");
    if table.attrs.get(&attr::REPLICA_IDENTITY).is_some() {
        list.extend(planner.setting(&blank, table, "replica_identity"));
    }
    for column in &table.columns {
        if let Some((cmd, reverse)) = serial_options(planner, table, None, column) {
            let objects = vec![column_path(table, &column.name), table_path(table)];
            list.push((cmd, format!("modify {:?} table", table.name), vec![reverse], objects));
        }
        if let Some(storage) = column.attrs.get(&attr::STORAGE) {
            let cmd = format!(
                "ALTER TABLE {} ALTER COLUMN {} SET STORAGE {storage}",
                planner.render.table(table),
                ident(&column.name)
            );
            let objects = vec![column_path(table, &column.name), table_path(table)];
            list.push((cmd, format!("modify {:?} table", table.name), Vec::new(), objects));
        }
    }
    let render = &planner.render;
    let keys = table.foreign_keys.iter().filter(|key| key.attrs.is(&attr::NOT_VALID)).map(|key| {
        let name = key.name.clone().unwrap_or_default();
        (render.foreign_key(table, key), key_path(table, &name), name)
    });
    let checks = table.checks.iter().filter(|check| check.attrs.is(&attr::NOT_VALID)).map(|check| {
        let name = check.name.clone().unwrap_or_default();
        (render.check(check), check_path(table, &name), name)
    });
    for (text, path, name) in keys.chain(checks) {
        let cmd = format!("ALTER TABLE {} ADD {text} NOT VALID", render.table(table));
        let reverse = format!("ALTER TABLE {} DROP CONSTRAINT {}", render.table(table), ident(&name));
        list.push((
            cmd,
            format!("modify {:?} table", table.name),
            vec![reverse],
            vec![path, table_path(table)],
        ));
    }
    list
}

/// `ALTER SEQUENCE …` for a serial column, with its opposite.
fn serial_options(
    planner: &Planner<'_>,
    table: &Table,
    from: Option<&Column>,
    to: &Column,
) -> Option<(String, String)> {
    let options = |column: &Column| {
        let items = column.attrs.get(&attr::SEQUENCE_OPTIONS).filter(|_| column::is_serial(column));
        items.and_then(|items| items.into_iter().next()).unwrap_or_default()
    };
    let (old, new) = (from.map(options).unwrap_or_default(), options(to));
    if old == new || from.is_some_and(|from| !column::is_serial(from)) {
        return None;
    }
    let path = planner.render.path(&table.schema, &column::sequence(table, to));
    let alter = |from: &Attrs, to: &Attrs| {
        format!("ALTER SEQUENCE {path}{}", super::objects::sequence_options(to, Some(from)))
    };
    Some((alter(&old, &new), alter(&new, &old)))
}

fn columns(changes: &[TableChange]) -> impl Iterator<Item = &ColumnChange> {
    changes.iter().filter_map(|change| match change {
        TableChange::ModifyColumn(change) => Some(change),
        _ => None,
    })
}

fn validate(name: Option<&str>) -> String {
    format!("VALIDATE CONSTRAINT {}", ident(name.unwrap_or_default()))
}

fn only_comment(kinds: Kinds) -> bool {
    let mut comment = Kinds::NONE;
    comment.add(ChangeKind::Comment);
    kinds == comment
}

fn only_attr(kinds: Kinds) -> bool {
    let mut attr = Kinds::NONE;
    attr.add(ChangeKind::Attr);
    kinds == attr
}

/// Whether nothing but the comment differs.
fn same_but_comment(a: &Attrs, b: &Attrs) -> bool {
    let bare = |attrs: &Attrs| {
        let mut attrs = attrs.clone();
        attrs.remove(&attr::COMMENT);
        attrs.remove(&CONCURRENTLY);
        attrs
    };
    bare(a) == bare(b)
}

/// Whether all that differs is that old rows are to be looked at.
fn validated(old: &ForeignKey, new: &ForeignKey) -> bool {
    let mut attrs = new.attrs.clone();
    attrs.set(&attr::NOT_VALID, true);
    becomes_valid(&old.attrs, &new.attrs)
        && same_but_comment(&old.attrs, &attrs)
        && old.ref_schema == new.ref_schema
}

fn bad_check(from: &Check, to: &Check) -> Result<(), String> {
    match (&from.name, &to.name) {
        (Some(old), Some(new)) if old != new => {
            Err(format!("mismatch check constraint names: {old:?} != {new:?}"))
        }
        (None, None) => Err("cannot modify unnamed check constraint".into()),
        _ => Ok(()),
    }
}

/// The change that undoes `change`; `None` when none does.
fn opposite(change: &TableChange) -> Option<TableChange> {
    use TableChange as T;
    Some(match change {
        T::AddColumn(it) => T::DropColumn(it.clone()),
        T::DropColumn(it) => T::AddColumn(it.clone()),
        T::ModifyColumn(change) => {
            // An expression cannot be given back to a column.
            if change.kinds.has(ChangeKind::Generated) {
                return None;
            }
            T::ModifyColumn(ColumnChange {
                from: change.to.clone(),
                to: change.from.clone(),
                kinds: change.kinds,
            })
        }
        T::AddPrimaryKey(it) => T::DropPrimaryKey(it.clone()),
        T::DropPrimaryKey(it) => T::AddPrimaryKey(it.clone()),
        T::ModifyPrimaryKey { from, to, kinds } => T::ModifyPrimaryKey {
            from: PrimaryKey { name: None, ..to.clone() },
            to: from.clone(),
            kinds: *kinds,
        },
        T::AddIndex(it) => T::DropIndex(it.clone()),
        T::DropIndex(it) => T::AddIndex(it.clone()),
        T::AddForeignKey(it) => T::DropForeignKey(it.clone()),
        T::DropForeignKey(it) => T::AddForeignKey(it.clone()),
        T::ModifyForeignKey { from, to, kinds } => {
            T::ModifyForeignKey { from: to.clone(), to: from.clone(), kinds: *kinds }
        }
        T::AddCheck(it) if it.name.is_some() => T::DropCheck(it.clone()),
        T::AddCheck(_) => return None,
        T::DropCheck(it) => T::AddCheck(it.clone()),
        T::ModifyCheck { from, to, kinds } => {
            T::ModifyCheck { from: to.clone(), to: from.clone(), kinds: *kinds }
        }
        _ => return None,
    })
}

/// What a change is about, inside its table.
fn path(table: &Table, change: &TableChange) -> Option<ObjectPath> {
    use TableChange as T;
    Some(match change {
        T::AddColumn(it) | T::DropColumn(it) => column_path(table, &it.name),
        T::ModifyColumn(change) => column_path(table, &change.to.name),
        T::AddPrimaryKey(_) | T::DropPrimaryKey(_) | T::ModifyPrimaryKey { .. } => primary_key_path(table),
        T::AddIndex(it) | T::DropIndex(it) | T::ModifyIndex { to: it, .. } => index_path(table, &it.name),
        T::AddForeignKey(it) | T::DropForeignKey(it) | T::ModifyForeignKey { to: it, .. } => {
            key_path(table, it.name.as_ref()?)
        }
        T::AddCheck(it) | T::DropCheck(it) | T::ModifyCheck { to: it, .. } => {
            check_path(table, it.name.as_ref()?)
        }
        _ => return None,
    })
}
