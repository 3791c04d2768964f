//! Reading a PostgreSQL database: a constant number of catalog queries, whatever its size.
//!
//! Each query is set-oriented and stands in a file of its own; what depends on the version or on the schemas asked for
//! is put in for a word in braces. Everything is cast to text or numbers, so that drivers need no types of PostgreSQL;
//! lists are texts separated by U+001F. Invariants: an object an extension owns is never read; the result has the form
//! the attributes' documentation promises.
//!
//! Source: PostgreSQL 18, chapter 52; reference engine.md §4.2 for what Atlas reads and how it calls it.

mod accounts;
mod foreign;
mod objects;
mod routines;
mod tables;

use std::sync::Arc;

use engine::connection::{Capabilities, Query, Role, Rows, Value};
use engine::scope::Accounts;
use engine::{Error, Scope};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::{ColumnType, Object, Realm, Schema, SmolStr};

use super::attr;
use super::features::{self, MULTIRANGE, NOT_ENFORCED, NULLS_NOT_DISTINCT, SET_NULL_COLUMNS, SQL_BODY};
use super::{names, types};

pub use super::features::capabilities;

/// Which server this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The catalog queries.
pub fn queries(scope: &Scope, server: &Capabilities) -> Vec<Query> {
    let fill = Fill::new(scope, server);
    let cockroach = server.has(features::COCKROACH);
    let query = |name, text: &'static str| {
        let sql = std::borrow::Cow::Owned(fill.sql(text));
        Query::new(name, if cockroach { super::cockroach::query(name, sql) } else { sql })
    };
    let as_role = |role, query: Query| Query { role, ..query };
    let heavy = |weight, query: Query| Query { weight, ..query };
    vec![
        as_role(Role::Setup, query("search path", include_str!("inspect/start.sql"))),
        query("schemas", include_str!("inspect/schemas.sql")),
        as_role(Role::Measure, query("tables", include_str!("inspect/relations.sql"))),
        heavy(30, query("columns", include_str!("inspect/columns.sql"))),
        heavy(20, query("indexes", include_str!("inspect/indexes.sql"))),
        heavy(20, query("constraints", include_str!("inspect/constraints.sql"))),
        query("types", include_str!("inspect/types.sql")),
        query("sequences", include_str!("inspect/sequences.sql")),
        query("functions", include_str!("inspect/routines.sql")),
        query("arguments", include_str!("inspect/arguments.sql")),
        query("triggers", include_str!("inspect/triggers.sql")),
        query("policies", include_str!("inspect/policies.sql")),
        query("extensions", include_str!("inspect/database.sql")),
        query("collations", include_str!("inspect/collations.sql")),
        query("foreign servers", include_str!("inspect/foreign.sql")),
        query("roles", include_str!("inspect/roles.sql")),
        query("permissions", include_str!("inspect/permissions.sql")),
        as_role(Role::Restore, query("search path", include_str!("inspect/end.sql"))),
    ]
}

/// The newest release that is supported.
pub fn assumed() -> Capabilities {
    features::of_version(180_000)
}

/// The rows of [`queries`] as a realm.
///
/// # Errors
/// [`Error::SchemaNotFound`] when the schema the scope is bound to does not exist.
pub fn decode(rows: &[Rows], scope: &Scope, capabilities: &Capabilities) -> Result<Realm, Error> {
    let [
        _,
        schemas,
        relations,
        columns,
        indexes,
        constraints,
        types,
        sequences,
        functions,
        arguments,
        triggers,
        policies,
        database,
        collations,
        foreign,
        roles,
        permissions,
        _,
    ] = rows
    else {
        return Err(Error::Invalid(format!("postgres: {} results of 18 queries", rows.len())));
    };
    let mut out = Out::default();
    for row in &schemas.rows {
        let row = Row(row);
        out.at.insert(row.text(0).into(), out.realm.schemas.len());
        let comment = row.get(1).map(str::to_owned);
        out.realm.schemas.push(Schema { comment, ..Schema::new(row.text(0)) });
    }
    if let Some(bound) = scope.bound.as_ref().filter(|bound| !out.at.contains_key(*bound)) {
        return Err(Error::SchemaNotFound { dialect: "postgres", schema: bound.to_string() });
    }
    let cockroach = capabilities.has(features::COCKROACH);
    let catalog = tables::Catalog::new(relations, columns, indexes, constraints, cockroach);
    catalog.read(&mut out);
    objects::types(types, &catalog, &mut out);
    objects::sequences(sequences, &catalog, &mut out);
    routines::routines(functions, arguments, &mut out);
    routines::triggers(triggers, &mut out);
    objects::policies(policies, &mut out);
    if scope.bound.is_none() && scope.schemas.is_empty() {
        objects::database(database, &mut out);
        foreign::read(foreign, scope.accounts.sensitive, &mut out);
    }
    foreign::collations(collations, &mut out);
    accounts::roles(roles, &mut out);
    accounts::permissions(permissions, features::number(capabilities), &mut out);
    for schema in &mut out.realm.schemas {
        schema.objects.sort_by_key(|object| kind_order(object));
    }
    Ok(out.realm)
}

/// Objects by kind, in the order of the grammar, then as they were read.
fn kind_order(object: &Object) -> usize {
    super::spec::FILE.blocks.iter().position(|block| block.name == object.kind).unwrap_or(usize::MAX)
}

/// The realm being read.
#[derive(Default)]
struct Out {
    realm: Realm,
    at: FxHashMap<SmolStr, usize>,
}

impl Out {
    fn schema(&mut self, name: &str) -> Option<&mut Schema> {
        let at = *self.at.get(name)?;
        self.realm.schemas.get_mut(at)
    }

    fn object(&mut self, object: Object) {
        if let Some(schema) = self.schema(&object.schema.clone()) {
            schema.objects.push(Arc::new(object));
        }
    }
}

/// A row of the catalog.
#[derive(Clone, Copy)]
struct Row<'a>(&'a [Value]);

impl<'a> Row<'a> {
    /// The text of a column; empty for NULL.
    fn text(self, at: usize) -> &'a str {
        self.get(at).unwrap_or_default()
    }

    fn get(self, at: usize) -> Option<&'a str> {
        self.0.get(at).and_then(Value::text)
    }

    fn int(self, at: usize) -> i64 {
        self.number(at).unwrap_or_default()
    }

    fn number(self, at: usize) -> Option<i64> {
        self.0.get(at).and_then(Value::int)
    }

    fn is(self, at: usize) -> bool {
        self.int(at) != 0
    }

    /// The elements of a list.
    fn list(self, at: usize) -> Vec<String> {
        self.get(at).map(|text| text.split('\u{1f}').map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// A type as the catalog describes it; `ty` is `format_type`'s text, the rest is of the element of an array.
struct CatalogType<'a> {
    text: &'a str,
    /// `typtype`.
    kind: &'a str,
    schema: &'a str,
    name: &'a str,
    array: bool,
    of_extension: bool,
}

impl CatalogType<'_> {
    fn read(&self) -> ColumnType {
        if self.schema == "pg_catalog" || self.schema.is_empty() {
            return types::parse(self.text);
        }
        if self.of_extension {
            let prefix = format!("{}.", names::quoted(self.schema));
            return types::parse(self.text.strip_prefix(&prefix).unwrap_or(self.text));
        }
        let schema = Some(SmolStr::from(self.schema));
        if self.array {
            let name = format!("{}[]", names::quoted(self.name));
            return ColumnType { schema, ..ColumnType::new(schema::Class::Array, name) };
        }
        let class = if self.kind == "e" { schema::Class::Enum } else { schema::Class::UserDefined };
        ColumnType { schema, ..ColumnType::new(class, self.name) }
    }
}

/// The text of a type in an attribute of an object in the schema `own`, from `format_type`'s.
fn type_text(text: &str, own: &str) -> String {
    types::text(&types::parse(text), own)
}

/// A collation as an attribute has it.
fn collation(row: Row<'_>, schema: usize, name: usize, own: &str) -> Option<String> {
    let (schema, name) = (row.text(schema), row.get(name)?);
    Some(if schema == "pg_catalog" || schema == own { name.to_owned() } else { format!("{schema}.{name}") })
}

/// The words in braces of the queries.
struct Fill {
    schemas: String,
    path: String,
    server: Capabilities,
    number: i64,
    /// What of the accounts is looked at.
    accounts: Accounts,
}

impl Fill {
    fn new(scope: &Scope, server: &Capabilities) -> Self {
        let listed = |names: &mut dyn Iterator<Item = &SmolStr>| {
            let names: Vec<String> = names.map(|name| literal(name)).collect();
            format!("n.nspname in ({})", names.join(", "))
        };
        let of_system = "n.nspname not in ('information_schema', 'pg_catalog', 'pg_toast', 'crdb_internal', \
                         'pg_extension') and n.nspname not like 'pg\\_%temp\\_%' and \
                         not exists (select from pg_catalog.pg_depend ne where ne.classid = \
                         'pg_catalog.pg_namespace'::regclass and ne.objid = n.oid and ne.deptype = 'e')";
        let schemas = match &scope.bound {
            Some(bound) => listed(&mut std::iter::once(bound)),
            None if !scope.schemas.is_empty() => listed(&mut scope.schemas.iter()),
            None => of_system.to_owned(),
        };
        let path = match &scope.bound {
            Some(bound) => format!("quote_ident({})", literal(bound)),
            None => "''".to_owned(),
        };
        Self {
            schemas,
            path,
            server: server.clone(),
            number: features::number(server),
            accounts: scope.accounts.seen_from(scope.bound.as_deref()),
        }
    }

    fn word(&self, word: &str) -> String {
        let since = |feature: &'static str, then: &str, otherwise: &str| {
            (if self.server.has(feature) { then } else { otherwise }).to_owned()
        };
        let version = |number: i64, then: &str, otherwise: &str| {
            (if self.number >= number { then } else { otherwise }).to_owned()
        };
        match word {
            "schemas" => format!("({})", self.schemas),
            "path" => self.path.clone(),
            "roles" => self.accounts.roles.to_string(),
            "permissions" => self.accounts.permissions.to_string(),
            // What may be set belongs to the one who made the server.
            "parameters" => version(
                150_000,
                "union all select 'pg_catalog.pg_parameter_acl'::regclass, a.oid, 0, 'parameter', a.parname, \
                 a.paracl, 10::oid from pg_catalog.pg_parameter_acl a",
                "",
            ),
            // A role that does not inherit is a member in the same way.
            "inherit_option" => version(160_000, "bool_or(am.inherit_option)", "true"),
            "set_option" => version(160_000, "bool_or(am.set_option)", "true"),
            "generated" => version(120_000, "a.attgenerated", "''"),
            "compression" => since(features::COMPRESSION, "a.attcompression", "''"),
            "keys" => version(110_000, "x.indnkeyatts", "x.indnatts"),
            "nulls_not_distinct" => since(NULLS_NOT_DISTINCT, "x.indnullsnotdistinct", "false"),
            "set_columns" => since(
                SET_NULL_COLUMNS,
                "(select string_agg(a.attname::text, e'\\x1f' order by k.ord) \
                 from unnest(con.confdelsetcols) with ordinality k(num, ord) \
                 join pg_catalog.pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.num)",
                "null::text",
            ),
            "deterministic" => version(120_000, "c.collisdeterministic", "true"),
            "collation_locale" if self.number >= 170_000 => "c.colllocale".to_owned(),
            "collation_locale" => version(150_000, "c.colliculocale", "c.collcollate"),
            "rules" => version(160_000, "c.collicurules", "null"),
            "period" => since(features::WITHOUT_OVERLAPS, "con.conperiod", "false"),
            "enforced" => since(NOT_ENFORCED, "con.conenforced", "true"),
            "constraint_parent" => version(110_000, "con.conparentid = 0", "true"),
            "multirange" => since(
                MULTIRANGE,
                "(select m.typname from pg_catalog.pg_type m where m.oid = r.rngmultitypid)",
                "null",
            ),
            "prokind" => version(
                110_000,
                "p.prokind",
                "case when p.proisagg then 'a' when p.proiswindow then 'w' else 'f' end",
            ),
            "sql_body" => since(SQL_BODY, "pg_get_function_sqlbody(p.oid)", "null::text"),
            _ => match &word.split(':').collect::<Vec<_>>()[..] {
                [kind @ ("own" | "foreign"), catalog, oid] => {
                    let not = if *kind == "own" { "not " } else { "" };
                    format!(
                        "({not}exists (select from pg_catalog.pg_depend e where e.classid = \
                         'pg_catalog.{catalog}'::regclass and e.objid = {oid} and e.deptype = 'e'))"
                    )
                }
                _ => format!("{{{word}}}"),
            },
        }
    }

    fn sql(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            match behind.split_once('}') {
                Some((word, behind)) => {
                    out.push_str(&self.word(word));
                    rest = behind;
                }
                None => {
                    out.push('{');
                    rest = behind;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Which serial and identity columns have a sequence of their own, by schema, table and column.
type Owned = FxHashSet<(SmolStr, SmolStr, SmolStr)>;

/// The name of a function an object of `own` refers to, from `regproc`'s text or a schema and a name.
fn function_name(own: &str, schema: &str, name: &str) -> String {
    let schema = if schema == "pg_catalog" { "" } else { schema };
    names::qualified(own, schema, name)
}

/// The same from `regproc`'s text, which names the schema where the search path does not.
fn function_text(own: &str, text: &str) -> String {
    names::target(text).map_or_else(|| text.to_owned(), |(schema, name)| function_name(own, &schema, &name))
}

/// The comment as an attribute, for what has no field for it.
fn set_comment(attrs: &mut schema::Attrs, comment: Option<&str>) {
    if let Some(comment) = comment.filter(|comment| !comment.is_empty()) {
        attrs.set(&attr::COMMENT, comment.to_owned());
    }
}
