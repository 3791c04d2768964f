//! PG301 to PG312: changes during which nobody can use the table.
//!
//! Some rewrite the table, some read all its rows under a lock. Invariant: a table this plan or file makes is nobody's
//! to wait for.
//!
//! Source: documented codes; PostgreSQL documentation of `ALTER TABLE` (which forms rewrite, which scan) and "Explicit
//! Locking". The messages are our own: the original's are not known.

mod conversion;

use engine::lint::edit::{fix, insert, no_transaction};
use engine::lint::span::{check_path, column_path, foreign_key_path, primary_key_path, table_path};
use engine::lint::words::{self, Words};
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Place, Remedy, Sink};
use schema::change::{ChangeKind, ColumnChange, TableChange};
use schema::{Attrs, Change, Class, Column, Default, ObjectPath, PrimaryKey, Storage, Table, Trigger};
use text::Fix;

use super::super::attr;
use super::super::features::{CHECK_PROVES_NOT_NULL, FAST_DEFAULT};
use crate::lint::{BLOCKING, BLOCKING_DOC, BLOCKING_HEADING, steps};

/// Changes during which nobody can use the table.
pub static ANALYZER: Analyzer = Analyzer {
    name: BLOCKING,
    heading: BLOCKING_HEADING,
    error: false,
    doc: BLOCKING_DOC,
    codes: &[
        CodeDoc {
            code: "PG301",
            title: "type change that rewrites the table",
            doc: "Values of the new type are stored otherwise, so PostgreSQL writes the whole table and its indexes anew under an ACCESS EXCLUSIVE lock.\n\nAdd a column of the new type, fill it in batches, and switch over. Making a `varchar` longer or a `text`, or taking the limits off a `numeric`, needs no rewrite.",
            remedy: Remedy::None("moving to another column is a matter of several deployments"),
        },
        CodeDoc {
            code: "PG302",
            title: "new column with a default of its own for each row",
            doc: "A default that is volatile, such as `random()`, differs from row to row, so the whole table is written anew under an ACCESS EXCLUSIVE lock.\n\nAdd the column without a default, set the default then, and fill old rows in batches.",
            remedy: Remedy::Edit("the column first, then its default and the values of old rows"),
        },
        CodeDoc {
            code: "PG303",
            title: "column became non-nullable",
            doc: "PostgreSQL reads every row under an ACCESS EXCLUSIVE lock to make sure that none is NULL.\n\nAdd `CHECK (c IS NOT NULL) NOT VALID`, validate it, and set `NOT NULL` then: from PostgreSQL 12 on, the check is proof enough.",
            remedy: Remedy::Edit("a check that is validated first"),
        },
        CodeDoc {
            code: "PG304",
            title: "primary key on nullable columns",
            doc: "The columns of a primary key become `NOT NULL`, for which every row is read under an ACCESS EXCLUSIVE lock.\n\nMake them `NOT NULL` first, with a check that is validated before.",
            remedy: Remedy::Edit(
                "columns that become non-nullable first, by a check that is validated before",
            ),
        },
        CodeDoc {
            code: "PG305",
            title: "check was added and validated at once",
            doc: "Every row is read under an ACCESS EXCLUSIVE lock.\n\nAdd the check with `NOT VALID`, and validate it in another transaction, which lets others read and write.",
            remedy: Remedy::Edit("`NOT VALID`, and `VALIDATE CONSTRAINT` in a transaction of its own"),
        },
        CodeDoc {
            code: "PG306",
            title: "foreign key was added and validated at once",
            doc: "Every row is looked up under a SHARE ROW EXCLUSIVE lock on both tables: nobody can write to either.\n\nAdd the key with `NOT VALID`, and validate it in another transaction, which lets others read and write.",
            remedy: Remedy::Edit("`NOT VALID`, and `VALIDATE CONSTRAINT` in a transaction of its own"),
        },
        CodeDoc {
            code: "PG307",
            title: "table became logged or unlogged",
            doc: "The whole table is written anew under an ACCESS EXCLUSIVE lock.\n\nDo it while the table is small, or in a window for maintenance.",
            remedy: Remedy::None("PostgreSQL has no other way to change it"),
        },
        CodeDoc {
            code: "PG308",
            title: "trigger on a table that is in use",
            doc: "Creating a trigger takes a SHARE ROW EXCLUSIVE lock: it waits for everybody who writes to the table, and they wait for it.\n\nSet a `lock_timeout` and try again, so that nobody waits for long.",
            remedy: Remedy::None("every way to create a trigger takes the lock"),
        },
        CodeDoc {
            code: "PG309",
            title: "stored generated column",
            doc: "The value is worked out for every row, so the whole table is written anew under an ACCESS EXCLUSIVE lock.\n\nAdd a plain column that a trigger fills, or make it virtual (PostgreSQL 18).",
            remedy: Remedy::None("what takes its place depends on who reads the column"),
        },
        CodeDoc {
            code: "PG310",
            title: "identity column",
            doc: "Every row gets a number, so the whole table is written anew under an ACCESS EXCLUSIVE lock.\n\nAdd a plain column, fill it in batches, and make it an identity then.",
            remedy: Remedy::None("rows that come while old ones are numbered would get the same numbers"),
        },
        CodeDoc {
            code: "PG311",
            title: "another access method",
            doc: "The whole table is written anew under an ACCESS EXCLUSIVE lock.\n\nDo it while the table is small, or in a window for maintenance.",
            remedy: Remedy::None("PostgreSQL has no other way to change it"),
        },
        CodeDoc {
            code: "PG312",
            title: "primary key was redefined",
            doc: "The index of the new key is built under an ACCESS EXCLUSIVE lock: nobody can read or write the table meanwhile.\n\nCreate a unique index concurrently first, and change the key with `USING INDEX`.",
            remedy: Remedy::None("the order of dropping and adding decides on foreign keys that refer to it"),
        },
    ],
    examples: EXAMPLES,
    run,
};

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

const EXAMPLES: &[Example] = &[
    Example {
        code: "PG301",
        from: "CREATE TABLE t (a integer, b character varying(10), c numeric(6,2));",
        bad: "ALTER TABLE t ALTER COLUMN a TYPE bigint;",
        good: "ALTER TABLE t ALTER COLUMN b TYPE character varying(20), ALTER COLUMN c TYPE numeric(8,2);",
        ..NONE
    },
    Example {
        code: "PG301",
        from: "CREATE TABLE t (a character(10), b character varying(10));",
        bad: "ALTER TABLE t ALTER COLUMN a TYPE character(20);",
        good: "ALTER TABLE t ALTER COLUMN b TYPE text;",
        ..NONE
    },
    Example {
        code: "PG302",
        from: "CREATE TABLE t (id integer);",
        bad: "ALTER TABLE t ADD COLUMN key uuid DEFAULT gen_random_uuid();",
        good: "ALTER TABLE t ADD COLUMN made timestamptz DEFAULT now();",
        ..NONE
    },
    Example {
        code: "PG303",
        from: "CREATE TABLE t (a integer, b integer, CONSTRAINT b_is_there CHECK (b IS NOT NULL));",
        bad: "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        good: "ALTER TABLE t ALTER COLUMN b SET NOT NULL;",
        ..NONE
    },
    Example {
        code: "PG304",
        from: "CREATE TABLE t (a integer, b integer NOT NULL);",
        bad: "ALTER TABLE t ADD PRIMARY KEY (a);",
        good: "ALTER TABLE t ADD PRIMARY KEY (b);",
        ..NONE
    },
    Example {
        code: "PG305",
        from: "CREATE TABLE t (a integer);",
        bad: "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);",
        good: "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;",
        ..NONE
    },
    Example {
        code: "PG306",
        from: "CREATE TABLE t (id integer PRIMARY KEY);\nCREATE TABLE u (t_id integer);",
        bad: "ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id);",
        good: "ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id) NOT VALID;",
        ..NONE
    },
    Example {
        code: "PG307",
        from: "CREATE TABLE t (a integer);",
        bad: "ALTER TABLE t SET UNLOGGED;",
        good: "CREATE UNLOGGED TABLE u (a integer);",
        ..NONE
    },
    Example {
        code: "PG308",
        from: "CREATE TABLE t (a integer);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
        bad: "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        good: "CREATE TABLE u (a integer);\nCREATE TRIGGER g BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();",
        ..NONE
    },
    Example {
        code: "PG309",
        from: "CREATE TABLE t (a integer);",
        bad: "ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS (a * 2) STORED;",
        good: "ALTER TABLE t ADD COLUMN b integer;",
        ..NONE
    },
    Example {
        code: "PG310",
        from: "CREATE TABLE t (a integer);",
        bad: "ALTER TABLE t ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;",
        good: "ALTER TABLE t ADD COLUMN id bigint;",
        ..NONE
    },
    Example {
        code: "PG311",
        from: "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;\nCREATE TABLE t (a integer);",
        bad: "ALTER TABLE t SET ACCESS METHOD heap2;",
        good: "CREATE TABLE u (a integer) USING heap2;",
        ..NONE
    },
    Example {
        code: "PG312",
        from: "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a));",
        bad: "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a, b);",
        good: "CREATE UNIQUE INDEX t_key ON t (a, b);",
        ..NONE
    },
];

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        match change {
            Change::ModifyTable { from, to, changes } if input.is_old(to) => {
                for one in changes {
                    Rule { input, at, from, table: to, changes }.judge(one, sink);
                }
            }
            Change::AddTrigger(trigger) => trigger_on_old(input, sink, at, trigger),
            _ => {}
        }
    }
}

/// A change of a table that is in use.
struct Rule<'a> {
    input: &'a Input<'a>,
    at: usize,
    from: &'a Table,
    table: &'a Table,
    changes: &'a [TableChange],
}

impl Rule<'_> {
    fn judge(&self, change: &TableChange, sink: &mut Sink<'_>) {
        let table = &self.table.name;
        match change {
            TableChange::ModifyColumn(change) => self.column(change, sink),
            TableChange::AddColumn(column) => self.added_column(column, sink),
            TableChange::AddPrimaryKey(key) => self.primary_key(key, sink),
            TableChange::ModifyPrimaryKey { kinds, .. } if kinds.has(ChangeKind::Parts) => {
                self.redefined(sink)
            }
            TableChange::AddCheck(check) => {
                let name = check.name.clone().unwrap_or_default();
                let message = format!(
                    "Adding check {name:?} to table {table:?} reads all rows while nobody can read or write the table"
                );
                self.validated("PG305", check_path(self.table, &name), &name, &check.attrs, message, sink);
            }
            TableChange::AddForeignKey(key) => {
                let name = key.name.clone().unwrap_or_default();
                let message = format!(
                    "Adding foreign key {name:?} to table {table:?} blocks writes to tables {table:?} and {:?} while all rows are checked",
                    key.ref_table
                );
                self.validated(
                    "PG306",
                    foreign_key_path(self.table, &name),
                    &name,
                    &key.attrs,
                    message,
                    sink,
                );
            }
            TableChange::AddAttr(name) | TableChange::DropAttr(name) | TableChange::ModifyAttr(name) => {
                self.attribute(name, sink);
            }
            _ => {}
        }
    }

    fn found(&self, code: text::Code, object: ObjectPath, message: String) -> Found {
        Found::new(code, self.at, object, message)
    }

    fn column(&self, change: &ColumnChange, sink: &mut Sink<'_>) {
        let (from, to) = (&change.from, &change.to);
        let path = column_path(self.table, &to.name);
        let retyped = change.kinds.has(ChangeKind::Type)
            && from
                .ty
                .as_ref()
                .zip(to.ty.as_ref())
                .is_some_and(|(from, to)| conversion::rewrites(from, to, self.input.server));
        let recollated = change.kinds.has(ChangeKind::Collate) && is_text(to);
        if retyped || recollated {
            let show = |column: &Column| {
                column.ty.as_ref().map_or_else(|| column.raw_type.clone(), self.input.format_type)
            };
            let what = if retyped {
                format!("type of column {:?} from {:?} to {:?}", to.name, show(from), show(to))
            } else {
                format!("collation of column {:?}", to.name)
            };
            let message = format!(
                "Changing the {what} rewrites table {:?} and its indexes while nobody can read or write it",
                self.table.name
            );
            sink.add(self.found("PG301", path.clone(), message));
        }
        let proven =
            || self.input.server.has(CHECK_PROVES_NOT_NULL) && is_proven(self.from, &from.name, self.input);
        let by_key = || {
            self.changes
                .iter()
                .any(|change| matches!(change, TableChange::AddPrimaryKey(key) if has_part(key, &to.name)))
        };
        if from.nullable && !to.nullable && !proven() && !by_key() {
            let message = format!(
                "Setting column {:?} to NOT NULL reads all rows of table {:?} while nobody can read or write it",
                to.name, self.table.name
            );
            sink.add(self.found("PG303", path, message).edit(self.checked_first(to)));
        }
    }

    fn added_column(&self, column: &Column, sink: &mut Sink<'_>) {
        let path = column_path(self.table, &column.name);
        let table = &self.table.name;
        let rewrites = |what: &str| {
            format!(
                "Adding {what} column {:?} rewrites table {table:?} while nobody can read or write it",
                column.name
            )
        };
        if column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Stored) {
            sink.add(self.found("PG309", path, rewrites("the stored generated")));
        } else if column.attrs.get(&attr::IDENTITY).is_some() {
            sink.add(self.found("PG310", path, rewrites("the identity")));
        } else if self.is_volatile(column) {
            let message = format!("{}: its default is volatile", rewrites("the"));
            sink.add(self.found("PG302", path, message).edit(self.default_later(column)));
        } else if column.default.is_some() && !self.input.server.has(FAST_DEFAULT) {
            let message = format!("{}: this version stores the default in every row", rewrites("the"));
            sink.add(self.found("PG302", path, message).edit(self.default_later(column)));
        }
    }

    /// Whether the default differs from row to row.
    fn is_volatile(&self, column: &Column) -> bool {
        if column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial) {
            return true;
        }
        let Some(Default::Expr(expr)) = &column.default else { return false };
        let words = Words::read(&expr.0, self.input.dialect.grammar);
        let calls =
            words.0.windows(2).filter(|pair| pair[1].text == "(" && pair[0].kind == words::WordKind::Bare);
        calls.map(|pair| pair[0].name.to_ascii_lowercase()).any(|name| {
            const VOLATILE: &[&str] = &[
                "random",
                "setseed",
                "nextval",
                "clock_timestamp",
                "timeofday",
                "gen_random_uuid",
                "uuidv4",
                "uuidv7",
                "uuid_generate_v1",
                "uuid_generate_v1mc",
                "uuid_generate_v4",
                "random_normal",
                "gen_random_bytes",
            ];
            VOLATILE.contains(&name.as_str()) || self.is_own_volatile(&name)
        })
    }

    /// Whether a function of the user's has this name and promises nothing.
    fn is_own_volatile(&self, name: &str) -> bool {
        let routines = self.input.to.schemas.iter().flat_map(|schema| &schema.routines);
        let mut named = routines.filter(|routine| routine.name.eq_ignore_ascii_case(name)).peekable();
        named.peek().is_some() && named.all(|routine| routine.attrs.get(&attr::VOLATILITY).is_none())
    }

    fn primary_key(&self, key: &PrimaryKey, sink: &mut Sink<'_>) {
        if self.changes.iter().any(|change| matches!(change, TableChange::DropPrimaryKey(_))) {
            self.redefined(sink);
        }
        let nullable: Vec<String> = self
            .from
            .columns
            .iter()
            .filter(|column| column.nullable && has_part(key, &column.name))
            .map(|column| format!("{:?}", column.name))
            .collect();
        if nullable.is_empty() {
            return;
        }
        let message = format!(
            "Adding a primary key on nullable column{} {} sets NOT NULL, which reads all rows of table {:?} while nobody can read or write it",
            if nullable.len() == 1 { "" } else { "s" },
            nullable.join(", "),
            self.table.name
        );
        let edit = self.keys_not_null_first(key);
        sink.add(self.found("PG304", primary_key_path(self.table), message).edit(edit));
    }

    fn redefined(&self, sink: &mut Sink<'_>) {
        let message = format!(
            "Redefining the primary key of table {:?} acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes while its index is built",
            self.table.name
        );
        sink.add(self.found("PG312", primary_key_path(self.table), message));
    }

    fn validated(
        &self,
        code: text::Code,
        path: ObjectPath,
        name: &str,
        attrs: &Attrs,
        message: String,
        sink: &mut Sink<'_>,
    ) {
        if attrs.is(&attr::NOT_VALID) || attrs.is(&attr::NOT_ENFORCED) {
            return;
        }
        let statements = || self.input.statements_of(self.at);
        let found = statements().find(|statement| !name.is_empty() && statement.mentions(name));
        let found = found.or_else(|| {
            statements()
                .find(|statement| statement.mentions(if code == "PG305" { "check" } else { "references" }))
        });
        let words = found.map(|statement| statement.words());
        let clause = words.as_ref().and_then(|words| {
            let mut named = words.clauses().filter(|clause| words::names(clause, name));
            named.next().or_else(|| {
                words.clauses().find(|clause| words::find(clause, &["CHECK|REFERENCES"]).is_some())
            })
        });
        if clause.is_some_and(|clause| words::find(clause, &["NOT", "VALID"]).is_some()) {
            return;
        }
        // A column that comes with its constraint has no old values to be checked, but the lock is the same.
        let edit =
            words.as_ref().zip(clause).and_then(|(words, clause)| self.validate_later(words, clause, name));
        let place = found.map_or(Place::Change(self.at), |statement| Place::Statement(statement.at));
        sink.add(self.found(code, path, message).at(place).edit(edit));
    }

    /// `NOT VALID`, and validated by another statement, outside of a transaction.
    fn validate_later(&self, words: &Words, clause: &[words::Word], name: &str) -> Option<Fix> {
        let file = self.input.file()?;
        let in_column = words::find(clause, &["ADD", "COLUMN"]).is_some();
        if in_column || name.is_empty() || words::find(clause, &["CONSTRAINT"]).is_none() {
            return None;
        }
        let end = words.range()?.end();
        let statement = self
            .input
            .statements_of(self.at)
            .find(|one| one.range().zip(words.range()).is_some_and(|(own, of)| own.contains_range(of)))?;
        let target = steps::target(&statement, self.table, steps::double_quoted);
        let text = format!(";\nALTER TABLE {target} VALIDATE CONSTRAINT {}", quoted(name));
        let edits = [insert(words::range(clause)?.end(), " NOT VALID"), insert(end, text)];
        Some(fix("Validate it in a transaction of its own", no_transaction(file).into_iter().chain(edits)))
    }

    /// `SET NOT NULL` behind a check that is validated first.
    fn checked_first(&self, column: &Column) -> Option<Fix> {
        let file = self.input.file()?;
        if !self.input.server.has(CHECK_PROVES_NOT_NULL) {
            return None;
        }
        let found = self.input.statements_of(self.at).find(|statement| statement.mentions(&column.name))?;
        let range = found.range()?;
        let steps = checked_steps(&steps::target(&found, self.table, steps::double_quoted), &column.name);
        let [add, validate, _, drop] = steps;
        let edits = [
            insert(range.start(), format!("{add};\n{validate};\n")),
            insert(range.end(), format!(";\n{drop}")),
        ];
        Some(fix("Check it first without blocking", no_transaction(file).into_iter().chain(edits)))
    }

    /// `SET NOT NULL` of the columns of a key, each behind a check that is validated first.
    fn keys_not_null_first(&self, key: &PrimaryKey) -> Option<Fix> {
        let file = self.input.file()?;
        if !self.input.server.has(CHECK_PROVES_NOT_NULL) {
            return None;
        }
        let statement = self.input.statements_of(self.at).find(|statement| statement.mentions("primary"))?;
        let target = steps::target(&statement, self.table, steps::double_quoted);
        // A column that comes with the key is not there before it.
        let mut columns = self.from.columns.iter().filter(|column| has_part(key, &column.name)).peekable();
        columns.peek()?;
        let nullable = columns.filter(|column| column.nullable);
        let lines: Vec<String> = nullable
            .flat_map(|column| checked_steps(&target, &column.name))
            .map(|step| step + ";\n")
            .collect();
        let edits = [insert(statement.range()?.start(), lines.concat())];
        let edits = no_transaction(file).into_iter().chain(edits);
        Some(fix("Set NOT NULL first, without blocking", edits))
    }

    /// The column without its default, which new rows get then, and old ones after them.
    fn default_later(&self, column: &Column) -> Option<Fix> {
        let file = self.input.file()?;
        let (statement, words) = steps::statement(self.input, self.at, column)?;
        let definition = steps::definition(&words, column)?;
        const MORE: &[&str] = &["UNIQUE", "PRIMARY", "REFERENCES", "CHECK", "CONSTRAINT", "GENERATED"];
        if definition.iter().skip(1).any(|word| MORE.iter().any(|more| word.is(more))) {
            return None;
        }
        let depth = definition.first()?.depth;
        let start = definition.iter().position(|word| word.depth == depth && word.is("DEFAULT"))?;
        let rest = definition.get(start + 1..)?;
        let is_next = |word: &words::Word| {
            word.depth == depth && (word.is("NOT") || word.is("NULL") || word.is("COLLATE"))
        };
        // The first word is the value's, be it NULL.
        let length = rest.iter().skip(1).position(is_next).map_or(rest.len(), |at| at + 1);
        let expr = words::range(rest.get(..length)?)?;
        let default = steps::behind(definition, definition.get(start)?.range.cover(expr))?;
        let not_null = words::find(definition, &["NOT", "NULL"]);
        let mut edits: Vec<text::TextEdit> = no_transaction(file).into_iter().collect();
        for range in not_null.and_then(|range| steps::behind(definition, range)).into_iter().chain([default])
        {
            edits.push(text::TextEdit { range, insert: String::new() });
        }
        let (target, name) =
            (steps::target(&statement, self.table, steps::double_quoted), quoted(&column.name));
        let expr = steps::written(&statement, expr)?;
        let mut more = format!(
            ";\nALTER TABLE {target} ALTER COLUMN {name} SET DEFAULT {expr};\nUPDATE {target} SET {name} = DEFAULT WHERE {name} IS NULL"
        );
        if not_null.is_some() {
            more.push_str(&format!(";\nALTER TABLE {target} ALTER COLUMN {name} SET NOT NULL"));
        }
        edits.push(insert(statement.range()?.end(), more));
        edits.sort_by_key(|edit| edit.range.start());
        Some(fix("Set its default afterwards, and fill old rows then", edits))
    }

    fn attribute(&self, name: &str, sink: &mut Sink<'_>) {
        let table = &self.table.name;
        let path = table_path(self.table);
        if name == attr::UNLOGGED.name {
            let word = if self.table.attrs.is(&attr::UNLOGGED) { "UNLOGGED" } else { "LOGGED" };
            let message =
                format!("Setting table {table:?} to {word} rewrites it while nobody can read or write it");
            sink.add(self.found("PG307", path, message));
        } else if name == attr::ACCESS_METHOD.name {
            let message = format!(
                "Changing the access method of table {table:?} rewrites it while nobody can read or write it"
            );
            sink.add(self.found("PG311", path, message));
        }
    }
}

fn trigger_on_old(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, trigger: &Trigger) {
    let schema = input.from.schema(&trigger.schema);
    let Some(table) = schema.and_then(|schema| schema.table(&trigger.on)) else { return };
    if !input.is_old(table) {
        return;
    }
    let message = format!(
        "Creating trigger {:?} on table {:?} acquires a SHARE ROW EXCLUSIVE lock, blocking writes until it is done",
        trigger.name, trigger.on
    );
    let path = ObjectPath::Trigger { schema: trigger.schema.clone(), trigger: trigger.name.clone() };
    sink.add(Found::new("PG308", at, path, message));
}

fn has_part(key: &PrimaryKey, column: &str) -> bool {
    key.parts.iter().filter_map(|part| part.column_name()).any(|name| name == column)
}

fn is_text(column: &Column) -> bool {
    column.ty.as_ref().is_some_and(|ty| matches!(ty.class, Class::String | Class::Array | Class::UserDefined))
}

/// Whether a check that holds for all rows says that the column is never NULL.
pub fn is_proven(table: &Table, column: &str, input: &Input<'_>) -> bool {
    table
        .checks
        .iter()
        .filter(|check| !check.attrs.is(&attr::NOT_VALID) && !check.attrs.is(&attr::NOT_ENFORCED))
        .any(|check| {
            let words = Words::read(&check.expr.0, input.dialect.grammar);
            let bare: Vec<_> = words.0.iter().filter(|word| word.text != "(" && word.text != ")").collect();
            matches!(bare.as_slice(), [name, rest @ ..] if name.names(column)
            && rest.iter().map(|word| word.text.as_str()).eq(["IS", "NOT", "NULL"]))
        })
}

/// What makes a column non-nullable without a long lock: a check for new rows, the old ones, the column, and no check.
fn checked_steps(target: &str, column: &str) -> [String; 4] {
    let (name, column) = (quoted(&format!("{column}_not_null")), quoted(column));
    [
        format!("ALTER TABLE {target} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"),
        format!("ALTER TABLE {target} VALIDATE CONSTRAINT {name}"),
        format!("ALTER TABLE {target} ALTER COLUMN {column} SET NOT NULL"),
        format!("ALTER TABLE {target} DROP CONSTRAINT {name}"),
    ]
}

fn quoted(name: &str) -> String {
    steps::double_quoted(name)
}
