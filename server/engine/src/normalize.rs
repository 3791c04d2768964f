//! What the user wrote as the server will write it, without asking the server.
//!
//! A database keeps another text than it was given: types under their own names, expressions with its own
//! parentheses and casts, implied charsets and sequences. Before a state that was written is compared with one that
//! was inspected, it is brought into the server's form here; a dev database does the same for sure. Where the form
//! cannot be told from the text alone, the object is named in [`Normalized::approximate`], and a preview marks it `≈`.
//! Invariants: normalizing twice equals once; what was inspected is a fixed point; tables whose text and surroundings
//! are the same come back pointer-equal.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use schema::{Attrs, Object, ObjectPath, Realm, Routine, Schema, Table, Trigger, View};

use crate::connection::Capabilities;
use crate::renames::RENAMED_FROM;
use crate::{Dialect, Error};

/// A dialect's say in what the server keeps of a definition. Each method returns the same `Arc` when there is
/// nothing to do.
pub trait Hooks: Sync + Send {
    /// Whether there is anything to do at all.
    fn is_needed(&self) -> bool {
        true
    }

    /// What a written state that was made on some server tells of that server's settings, where nobody asked it.
    fn tells(&self, realm: &Realm, server: &mut Capabilities) {
        let _ = (realm, server);
    }

    /// What all objects of the realm depend on beyond their own text (declared types, inherited charsets), as a
    /// number: objects are worked out anew when it changes.
    fn surroundings(&self, realm: &Realm, server: &Capabilities) -> u64 {
        let _ = (realm, server);
        0
    }

    /// The schema's own attributes; its objects are handled by the other methods.
    fn schema(&self, schema: &mut Schema, cx: &mut Context<'_>) {
        let _ = (schema, cx);
    }

    /// A table with all in it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what the server would refuse and no other check has said.
    fn table(&self, table: &Arc<Table>, cx: &mut Context<'_>) -> Result<Arc<Table>, Error> {
        let _ = cx;
        Ok(table.clone())
    }

    fn view(&self, view: &Arc<View>, cx: &mut Context<'_>) -> Arc<View> {
        let _ = cx;
        view.clone()
    }

    fn trigger(&self, trigger: &Arc<Trigger>, cx: &mut Context<'_>) -> Arc<Trigger> {
        let _ = cx;
        trigger.clone()
    }

    fn routine(&self, routine: &Arc<Routine>, cx: &mut Context<'_>) -> Arc<Routine> {
        let _ = cx;
        routine.clone()
    }

    fn object(&self, object: &Arc<Object>, cx: &mut Context<'_>) -> Arc<Object> {
        let _ = cx;
        object.clone()
    }
}

/// For databases that keep the text they were given: everything is as it was written.
#[derive(Debug)]
pub struct AsWritten;

impl Hooks for AsWritten {
    fn is_needed(&self) -> bool {
        false
    }
}

/// What a hook may look at, and where it says what it is not sure of.
#[derive(Debug)]
pub struct Context<'a> {
    /// The realm as it was written.
    pub realm: &'a Realm,
    pub server: &'a Capabilities,
    approximate: Vec<ObjectPath>,
}

impl Context<'_> {
    /// The server's form of this object is a guess.
    pub fn approximate(&mut self, object: ObjectPath) {
        self.approximate.push(object);
    }
}

/// A realm in the server's form.
#[derive(Clone, Debug)]
pub struct Normalized {
    pub realm: Arc<Realm>,
    /// Objects whose form a server may write otherwise, in the order of the realm.
    pub approximate: Vec<ObjectPath>,
}

/// What was normalized before, by the identity of the table it was made from. For one dialect.
#[derive(Debug, Default)]
pub struct Cache {
    tables: FxHashMap<usize, Entry>,
    surroundings: Option<(u64, Capabilities)>,
}

/// How many tables that the last state does not have are kept anyhow.
const ROOM: usize = 256;

#[derive(Debug)]
struct Entry {
    /// Kept, so that its address stays its own.
    from: Arc<Table>,
    to: Arc<Table>,
    approximate: Vec<ObjectPath>,
    used: bool,
}

/// Brings `realm` into the form a server with these capabilities keeps it in.
///
/// # Errors
/// What the dialect says of objects a server would refuse.
pub fn normalize(
    realm: &Arc<Realm>,
    dialect: &Dialect,
    server: &Capabilities,
    cache: &mut Cache,
) -> Result<Normalized, Error> {
    let hooks = dialect.normalize;
    if !hooks.is_needed() {
        return Ok(Normalized { realm: realm.clone(), approximate: Vec::new() });
    }
    let surroundings = hooks.surroundings(realm, server);
    if !cache.surroundings.as_ref().is_some_and(|(number, of)| *number == surroundings && of == server) {
        cache.tables.clear();
        cache.surroundings = Some((surroundings, server.clone()));
    }
    cache.tables.values_mut().for_each(|entry| entry.used = false);
    let mut cx = Context { realm, server, approximate: Vec::new() };
    let mut out = Realm { attrs: realm.attrs.clone(), ..Realm::default() };
    for object in &realm.objects {
        out.objects.push(hooks.object(object, &mut cx));
    }
    for schema in &realm.schemas {
        let mut to = Schema {
            comment: schema.comment.clone(),
            attrs: schema.attrs.clone(),
            ..Schema::new(schema.name.clone())
        };
        hooks.schema(&mut to, &mut cx);
        for table in &schema.tables {
            to.tables.push(one_table(table, hooks, &mut cx, cache)?);
        }
        to.views = schema.views.iter().map(|view| hooks.view(view, &mut cx)).collect();
        to.triggers = schema.triggers.iter().map(|trigger| hooks.trigger(trigger, &mut cx)).collect();
        to.routines = schema.routines.iter().map(|routine| hooks.routine(routine, &mut cx)).collect();
        to.objects = schema.objects.iter().map(|object| hooks.object(object, &mut cx)).collect();
        out.schemas.push(to);
    }
    let approximate = cx.approximate;
    // What other states have is kept for a while: a directory is looked at file by file, back and forth.
    let used = cache.tables.values().filter(|entry| entry.used).count();
    if cache.tables.len() > used * 2 + ROOM {
        cache.tables.retain(|_, entry| entry.used);
    }
    Ok(Normalized { realm: Arc::new(out), approximate })
}

/// The accounts of `realm` and what they may do, in the server's form. They are not made in a dev database, whose server
/// has accounts of its own.
pub fn accounts(realm: &Realm, dialect: &Dialect, server: &Capabilities) -> Vec<Arc<Object>> {
    let mut cx = Context { realm, server, approximate: Vec::new() };
    let accounts = realm.objects.iter().filter(|object| crate::scope::Accounts::is_about(object));
    accounts.map(|object| dialect.normalize.object(object, &mut cx)).collect()
}

/// Takes into `to`, which a server made of `from`, what only the author can say and no server keeps: what an object
/// depends on, and what it was called before.
pub fn carry(from: &Realm, to: &mut Realm) {
    for schema in &mut to.schemas {
        let Some(written) = from.schema(&schema.name) else { continue };
        for table in &mut schema.tables {
            if let Some(written) = written.table(&table.name).filter(|written| says_more(written)) {
                carry_table(written, Arc::make_mut(table));
            }
        }
        for view in &mut schema.views {
            let Some(written) = written.view(&view.name) else { continue };
            let hinted = written.attrs.get(&RENAMED_FROM).is_some();
            if hinted || !written.depends_on.is_empty() {
                let view = Arc::make_mut(view);
                view.depends_on.clone_from(&written.depends_on);
                hint(&written.attrs, &mut view.attrs);
            }
        }
        for object in &mut schema.objects {
            let same = |other: &&Arc<Object>| other.kind == object.kind && other.name == object.name;
            if let Some(written) = written.objects.iter().find(same)
                && written.attrs.get(&RENAMED_FROM).is_some()
            {
                hint(&written.attrs, &mut Arc::make_mut(object).attrs);
            }
        }
    }
}

fn says_more(table: &Table) -> bool {
    let hinted = |attrs: &Attrs| attrs.get(&RENAMED_FROM).is_some();
    !table.depends_on.is_empty()
        || hinted(&table.attrs)
        || table.columns.iter().any(|column| hinted(&column.attrs))
        || table.indexes.iter().any(|index| hinted(&index.attrs))
}

fn carry_table(from: &Table, to: &mut Table) {
    to.depends_on.clone_from(&from.depends_on);
    hint(&from.attrs, &mut to.attrs);
    for column in &mut to.columns {
        if let Some(written) = from.column(&column.name) {
            hint(&written.attrs, &mut column.attrs);
        }
    }
    for index in &mut to.indexes {
        if let Some(written) = from.index(&index.name) {
            hint(&written.attrs, &mut index.attrs);
        }
    }
}

fn hint(from: &Attrs, to: &mut Attrs) {
    if let Some(old) = from.get(&RENAMED_FROM) {
        to.set(&RENAMED_FROM, old);
    }
}

fn one_table(
    table: &Arc<Table>,
    hooks: &dyn Hooks,
    cx: &mut Context<'_>,
    cache: &mut Cache,
) -> Result<Arc<Table>, Error> {
    let key = Arc::as_ptr(table) as usize;
    if let Some(entry) = cache.tables.get_mut(&key)
        && Arc::ptr_eq(&entry.from, table)
    {
        entry.used = true;
        cx.approximate.extend(entry.approximate.iter().cloned());
        return Ok(entry.to.clone());
    }
    let before = cx.approximate.len();
    let to = hooks.table(table, cx)?;
    let approximate = cx.approximate[before..].to_vec();
    cache.tables.insert(key, Entry { from: table.clone(), to: to.clone(), approximate, used: true });
    Ok(to)
}
