//! Everything else a database is made of: sequences, extensions, partitions, roles and what they may do.
//!
//! Invariant: a sequence gets its owner when the table surely exists, which is at the end of the plan.
//!
//! Source: PostgreSQL 18, SQL commands; reference documented/schema-hcl.md.

use engine::Error;
use schema::{Attrs, Object, ObjectPath};

use super::super::attr;
use super::super::names;
use super::Planner;
use super::render::{Render, ident, literal, strings};

pub fn object_path(object: &Object) -> ObjectPath {
    ObjectPath::Object { schema: object.schema.clone(), kind: object.kind, name: object.name.clone() }
}

/// A role; the words that stand for one are not quoted.
pub fn role(name: &str) -> String {
    match name.to_ascii_uppercase().as_str() {
        word @ ("PUBLIC" | "CURRENT_USER" | "CURRENT_ROLE" | "SESSION_USER") => word.to_string(),
        _ => match &names::steps(name)[..] {
            [only] if name.starts_with('"') => ident(only),
            _ => ident(name),
        },
    }
}

/// What the kind is called in SQL, and in comments.
fn words(object: &Object) -> (&'static str, &'static str) {
    match object.kind {
        attr::ENUM => ("TYPE", "enum type"),
        attr::COMPOSITE => ("TYPE", "composite type"),
        attr::RANGE => ("TYPE", "range type"),
        attr::DOMAIN => ("DOMAIN", "domain type"),
        attr::SEQUENCE => ("SEQUENCE", "sequence"),
        attr::AGGREGATE => ("AGGREGATE", "aggregate"),
        attr::POLICY => ("POLICY", "policy"),
        attr::PARTITION_OF => ("TABLE", "partition"),
        attr::EXTENSION => ("EXTENSION", "extension"),
        attr::EVENT_TRIGGER => ("EVENT TRIGGER", "event trigger"),
        attr::COLLATION => ("COLLATION", "collation"),
        attr::CAST => ("CAST", "cast"),
        attr::SERVER => ("SERVER", "server"),
        attr::FOREIGN_TABLE => ("FOREIGN TABLE", "foreign table"),
        attr::USER_MAPPING => ("USER MAPPING", "user mapping"),
        attr::ROLE => ("ROLE", "role"),
        attr::USER => ("ROLE", "user"),
        _ => ("OBJECT", "object"),
    }
}

impl Render<'_> {
    /// A function an attribute of an object of `own` names; those of the server stay bare.
    pub fn function(&self, own: &str, text: &str) -> String {
        match names::target(text) {
            Some((schema, name)) if !schema.is_empty() => self.path(&schema, &name),
            Some((_, name)) if self.types.contains(&(own.into(), name.clone())) => self.path(own, &name),
            _ => text.to_string(),
        }
    }
}

impl Planner<'_> {
    /// How statements name `object`.
    fn name_of(&self, object: &Object) -> String {
        match object.kind {
            attr::AGGREGATE => self.aggregate_name(object),
            attr::POLICY => self.policy_name(object),
            attr::CAST => self.cast_name(object),
            attr::USER_MAPPING => self.mapping_name(object),
            attr::EXTENSION | attr::EVENT_TRIGGER | attr::ROLE | attr::USER | attr::SERVER => {
                ident(&object.name)
            }
            _ => self.render.path(&object.schema, &object.name),
        }
    }

    /// The statements that make `object`; none for a kind that is not made by one.
    fn create_object(&self, object: &Object) -> Result<Vec<String>, Error> {
        Ok(vec![match object.kind {
            attr::ENUM => self.create_enum(object),
            attr::DOMAIN => self.create_domain(object),
            attr::COMPOSITE => self.create_composite(object),
            attr::RANGE => self.create_range(object),
            attr::SEQUENCE => self.create_sequence_object(object),
            attr::AGGREGATE => self.create_aggregate(object),
            attr::POLICY => self.create_policy(object),
            attr::EVENT_TRIGGER => self.create_event_trigger(object),
            attr::COLLATION => self.create_collation(object),
            attr::CAST => self.create_cast(object),
            attr::SERVER => self.create_server(object),
            attr::USER_MAPPING => self.create_mapping(object),
            attr::FOREIGN_TABLE => self.create_foreign_table(object),
            attr::EXTENSION => {
                let mut writer = self.render.line();
                writer.word("CREATE EXTENSION").ident(&object.name);
                if let Some(schema) = object.attrs.get(&attr::SCHEMA) {
                    writer.word("WITH SCHEMA").ident(&schema);
                }
                if let Some(version) = object.attrs.get(&attr::VERSION) {
                    writer.word("VERSION").word(&literal(&version));
                }
                writer.finish()
            }
            attr::PARTITION_OF => {
                let of = object.attrs.get(&attr::OF).unwrap_or_default();
                let bound = object.attrs.get(&attr::BOUND).unwrap_or_default();
                let mut text = format!(
                    "CREATE TABLE {} PARTITION OF {} {bound}",
                    self.render.path(&object.schema, &object.name),
                    self.render.target(&object.schema, &of)
                );
                if let Some(partition) = attr::Partition::of(&object.attrs) {
                    text.push(' ');
                    text.push_str(&super::super::diff::partition_by(&partition));
                }
                text
            }
            kind => return Err(Error::Unsupported(format!("postgres: unsupported object: {kind}"))),
        }])
    }

    fn drop_object_text(&self, object: &Object) -> String {
        format!("DROP {} {}", words(object).0, self.name_of(object))
    }

    pub(super) fn add_object(&mut self, object: &Object) -> Result<(), Error> {
        let (_, kind) = words(object);
        match object.kind {
            attr::ROLE | attr::USER => {
                self.add_role(object);
                self.object_comment(None, object);
                return Ok(());
            }
            attr::PERMISSION => {
                self.add_permission(object);
                return Ok(());
            }
            _ => {}
        }
        let drop = vec![self.drop_object_text(object)];
        let title = format!("create {kind} {:?}", object.name);
        for cmd in self.create_object(object)? {
            self.push(cmd, title.clone(), drop.clone(), vec![object_path(object)]);
        }
        self.object_comment(None, object);
        if object.kind == attr::FOREIGN_TABLE {
            for (cmd, reverse) in self.foreign_comments(&[], object) {
                let said = format!("set comment to columns of foreign table: {:?}", object.name);
                self.push(cmd, said, vec![reverse], vec![object_path(object)]);
            }
        }
        if object.kind == attr::SEQUENCE
            && let Some(owner) = object.attrs.get(&attr::OWNER)
        {
            self.own(object, &owner);
        }
        Ok(())
    }

    /// Gives a sequence its owner, at the end of the plan.
    fn own(&mut self, object: &Object, owner: &str) {
        let steps = names::steps(owner);
        let owner = match &steps[..] {
            [table, column] => format!("{}.{}", self.render.path(&object.schema, table), ident(column)),
            [schema, table, column] => format!("{}.{}", self.render.path(schema, table), ident(column)),
            _ => return,
        };
        let path = self.render.path(&object.schema, &object.name);
        self.last.push(engine::plan::Statement {
            cmd: format!("ALTER SEQUENCE {path} OWNED BY {owner}"),
            comment: format!("modify sequence {:?}", object.name),
            reverse: vec![format!("ALTER SEQUENCE {path} OWNED BY NONE")],
            change: self.at,
            objects: vec![object_path(object)],
        });
    }

    fn object_comment(&mut self, from: Option<&Object>, to: &Object) {
        if matches!(to.kind, attr::PERMISSION | attr::USER_MAPPING) {
            return;
        }
        let text = |object: &Object| object.comment.clone().or_else(|| object.attrs.get(&attr::COMMENT));
        let (old, new) = (from.and_then(text), text(to));
        let (word, kind) = words(to);
        let what = format!("{word} {}", self.name_of(to));
        let said = format!("{kind}: {:?}", to.name);
        self.comment(&what, &said, old.as_deref(), new.as_deref(), vec![object_path(to)]);
    }

    pub(super) fn drop_object(&mut self, object: &Object) {
        match object.kind {
            attr::ROLE | attr::USER => return self.drop_role(object),
            attr::PERMISSION => return self.drop_permission(object),
            _ => {}
        }
        let cmd = self.drop_object_text(object);
        let reverse = self.create_object(object).unwrap_or_default();
        let title = format!("drop {} {:?}", words(object).1, object.name);
        self.push(cmd, title, reverse, vec![object_path(object)]);
    }

    pub(super) fn rename_object(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let (word, kind) = words(from);
        let unnamed = [attr::EXTENSION, attr::PERMISSION, attr::CAST, attr::USER_MAPPING];
        if unnamed.contains(&from.kind) {
            return Err(Error::Unsupported(format!("{kind} {:?} cannot be renamed", from.name)));
        }
        let rename =
            |a: &Object, b: &Object| format!("ALTER {word} {} RENAME TO {}", self.name_of(a), ident(&b.name));
        let (cmd, reverse) = (rename(from, to), rename(to, from));
        let article = if kind.starts_with(['a', 'e', 'o']) { "an" } else { "a" };
        let kind = if from.kind == attr::ENUM { "enum" } else { kind };
        let comment = format!("rename {article} {kind} from {:?} to {:?}", from.name, to.name);
        self.push(cmd, comment, vec![reverse], vec![object_path(to), object_path(from)]);
        Ok(())
    }

    pub(super) fn modify_object(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let mut bare = (from.attrs.clone(), to.attrs.clone());
        bare.0.remove(&attr::COMMENT);
        bare.1.remove(&attr::COMMENT);
        if bare.0 != bare.1 || from.kind != to.kind {
            match to.kind {
                attr::ENUM => self.modify_enum(from, to)?,
                attr::DOMAIN => self.modify_domain(from, to)?,
                attr::COMPOSITE => self.modify_composite(from, to),
                attr::SEQUENCE => self.modify_sequence(from, to),
                attr::EXTENSION => self.modify_extension(from, to),
                attr::POLICY => self.modify_policy(from, to)?,
                attr::ROLE | attr::USER => self.modify_role(from, to),
                attr::PERMISSION => self.modify_permission(from, to),
                attr::SERVER | attr::USER_MAPPING | attr::FOREIGN_TABLE => self.modify_foreign(from, to)?,
                attr::COLLATION => {
                    return Err(Error::Unsupported(format!(
                        "changing collation {:?} is not supported (drop and add is required)",
                        to.name
                    )));
                }
                attr::PARTITION_OF => self.modify_partition(from, to)?,
                attr::RANGE => {
                    return Err(Error::Unsupported(format!(
                        "changing range type {:?} is not supported (drop and add is required)",
                        to.name
                    )));
                }
                _ => {
                    self.drop_object(from);
                    self.add_object(to)?;
                    return Ok(());
                }
            }
        }
        self.object_comment(Some(from), to);
        Ok(())
    }

    /// A partition with other bounds, or of another table, keeps its rows: the server looks whether they fit.
    fn modify_partition(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let key = |object: &Object| attr::Partition::of(&object.attrs);
        if key(from) != key(to) {
            return Err(Error::Unsupported(format!(
                "partition key of partition {:?} cannot be changed (drop and add is required)",
                to.name
            )));
        }
        let path = self.render.path(&to.schema, &to.name);
        let parent = |object: &Object| {
            self.render.target(&object.schema, &object.attrs.get(&attr::OF).unwrap_or_default())
        };
        let detach = |object: &Object| format!("ALTER TABLE {} DETACH PARTITION {path}", parent(object));
        let attach = |object: &Object| {
            let bound = object.attrs.get(&attr::BOUND).unwrap_or_default();
            format!("ALTER TABLE {} ATTACH PARTITION {path} {bound}", parent(object))
        };
        let statements = [(detach(from), attach(from)), (attach(to), detach(to))];
        for (cmd, reverse) in statements {
            let title = format!("modify partition {:?}", to.name);
            self.push(cmd, title, vec![reverse], vec![object_path(to)]);
        }
        Ok(())
    }

    fn create_sequence_object(&self, object: &Object) -> String {
        let options = sequence_options(&object.attrs, None);
        let path = self.render.path(&object.schema, &object.name);
        let ty = object.attrs.get(&attr::TYPE).map(|ty| format!(" AS {ty}")).unwrap_or_default();
        format!("CREATE SEQUENCE {path}{ty}{options}")
    }

    fn modify_sequence(&mut self, from: &Object, to: &Object) {
        let alter = |from: &Object, to: &Object| {
            let ty = |object: &Object| object.attrs.get(&attr::TYPE).unwrap_or_else(|| "bigint".into());
            let mut text = String::new();
            if ty(from) != ty(to) {
                text.push_str(&format!(" AS {}", ty(to)));
            }
            text.push_str(&sequence_options(&to.attrs, Some(&from.attrs)));
            let path = self.render.path(&to.schema, &to.name);
            (!text.is_empty()).then(|| format!("ALTER SEQUENCE {path}{text}"))
        };
        if let Some(cmd) = alter(from, to) {
            let reverse = alter(to, from).into_iter().collect();
            self.push(cmd, format!("modify sequence {:?}", to.name), reverse, vec![object_path(to)]);
        }
        match (from.attrs.get(&attr::OWNER), to.attrs.get(&attr::OWNER)) {
            (old, Some(new)) if old.as_ref() != Some(&new) => self.own(to, &new),
            (Some(_), None) => {
                let path = self.render.path(&to.schema, &to.name);
                let cmd = format!("ALTER SEQUENCE {path} OWNED BY NONE");
                self.push(cmd, format!("modify sequence {:?}", to.name), Vec::new(), vec![object_path(to)]);
            }
            _ => {}
        }
    }

    fn modify_extension(&mut self, from: &Object, to: &Object) {
        let name = ident(&to.name);
        let title = format!("modify extension {:?}", to.name);
        let (old, new) = (from.attrs.get(&attr::SCHEMA), to.attrs.get(&attr::SCHEMA));
        if old != new {
            let set = |schema: Option<String>| {
                format!(
                    "ALTER EXTENSION {name} SET SCHEMA {}",
                    ident(&schema.unwrap_or_else(|| "public".into()))
                )
            };
            self.push(set(new), title.clone(), vec![set(old)], vec![object_path(to)]);
        }
        let (old, new) = (from.attrs.get(&attr::VERSION), to.attrs.get(&attr::VERSION));
        if let (true, Some(version)) = (old != new, new) {
            let cmd = format!("ALTER EXTENSION {name} UPDATE TO {}", literal(&version));
            self.push(cmd, title, Vec::new(), vec![object_path(to)]);
        }
    }

    /// A policy changes its conditions in place, not what it is for.
    fn modify_policy(&mut self, from: &Object, to: &Object) -> Result<(), Error> {
        let fixed = |object: &Object| (object.attrs.get(&attr::AS), object.attrs.get(&attr::FOR));
        let removed = |key| from.attrs.get(key).is_some() && to.attrs.get(key).is_none();
        if fixed(from) != fixed(to) || removed(&attr::USING) || removed(&attr::WITH_CHECK) {
            self.drop_object(from);
            return self.add_object(to);
        }
        let alter = |to: &Object| {
            let mut writer = self.render.line();
            writer.word("ALTER POLICY").word(&self.policy_name(to));
            let mut roles = strings(&to.attrs, &attr::TO);
            if roles.is_empty() {
                roles.push("PUBLIC".into());
            }
            writer.word("TO").word(&roles.iter().map(|name| role(name)).collect::<Vec<_>>().join(", "));
            if let Some(expr) = to.attrs.get(&attr::USING) {
                writer.word("USING").word(&super::render::wrapped(&expr));
            }
            if let Some(expr) = to.attrs.get(&attr::WITH_CHECK) {
                writer.word("WITH CHECK").word(&super::render::wrapped(&expr));
            }
            writer.finish()
        };
        let (cmd, reverse) = (alter(to), alter(from));
        self.push(cmd, format!("modify policy {:?}", to.name), vec![reverse], vec![object_path(to)]);
        Ok(())
    }
}

/// The options of a sequence; against `old`, those that differ.
pub(super) fn sequence_options(attrs: &Attrs, old: Option<&Attrs>) -> String {
    let mut text = String::new();
    let mut option = |key: &schema::AttrKey<i64>, word: &str, default: &str| {
        let value = attrs.get(key);
        if old.map_or(value.is_some(), |old| old.get(key) != value) {
            match value {
                Some(value) => text.push_str(&format!(" {word} {value}")),
                None => text.push_str(&format!(" {default}")),
            }
        }
    };
    let first = if attrs.get(&attr::INCREMENT).is_some_and(|step| step < 0) {
        "START WITH -1"
    } else {
        "START WITH 1"
    };
    option(&attr::INCREMENT, "INCREMENT BY", "INCREMENT BY 1");
    option(&attr::MIN_VALUE, "MINVALUE", "NO MINVALUE");
    option(&attr::MAX_VALUE, "MAXVALUE", "NO MAXVALUE");
    option(&attr::START, "START WITH", first);
    option(&attr::CACHE, "CACHE", "CACHE 1");
    let cycle = attrs.is(&attr::CYCLE);
    if old.map_or(cycle, |old| old.is(&attr::CYCLE) != cycle) {
        text.push_str(if cycle { " CYCLE" } else { " NO CYCLE" });
    }
    text
}
