//! Reading and writing the revisions of one target over its connection.

use schema::SmolStr;

use super::{COLUMNS, Hooks, IDENTITY, Kind, Moment, Revision, TABLE};
use crate::Error;
use crate::connection::{Connection, DbError, Rows, Value};

/// Where a table of revisions is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Empty where there are no schemas.
    pub schema: SmolStr,
    /// Whether the schema is one made for the table alone.
    pub own: bool,
    /// Whether it was asked for.
    pub asked: bool,
}

/// What was found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// There is no table.
    Nothing,
    /// There is none here, but one in the schema that tables of revisions have to themselves.
    Elsewhere,
    Table,
}

/// The revisions of a target.
#[derive(Clone, Copy)]
pub struct Store<'a> {
    pub hooks: &'a dyn Hooks,
    pub place: &'a Place,
}

impl Store<'_> {
    /// Whether the table is there. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(&self, connection: &mut dyn Connection, bound: bool) -> Result<Found, Error> {
        let columns = self.columns(connection, self.place).await?;
        if !columns.is_empty() {
            self.known(&columns)?;
            return Ok(Found::Table);
        }
        if bound && !self.place.asked && !self.place.schema.is_empty() {
            let own = Place { schema: TABLE.into(), own: true, asked: false };
            if own.schema != self.place.schema && !self.columns(connection, &own).await?.is_empty() {
                return Ok(Found::Elsewhere);
            }
        }
        Ok(Found::Nothing)
    }

    /// Refuses a table of that name which is something else: two columns tell it from any other.
    fn known(&self, columns: &std::collections::BTreeSet<String>) -> Result<(), Error> {
        match ["version", "executed_at"].iter().find(|name| !columns.contains(**name)) {
            Some(lacking) => Err(Error::Invalid(format!(
                "sql/migrate: the table {} is not one of revisions: it has no column {lacking:?}",
                self.place.shown()
            ))),
            None => Ok(()),
        }
    }

    /// Makes the table, or adds to one of an older program what it lacks.
    ///
    /// # Errors
    /// A table of that name which is something else; the database's.
    pub async fn ensure(&self, connection: &mut dyn Connection) -> Result<(), Error> {
        let server = connection.capabilities().clone();
        let columns = self.columns(connection, self.place).await?;
        if columns.is_empty() {
            if let Some(query) = self.hooks.schema(self.place)
                && connection.query(&query).await.map_err(initializing)?.rows.is_empty()
            {
                let made = connection.execute(&self.hooks.create_schema(self.place)).await;
                made.map_err(initializing)?;
            }
            connection.execute(&self.hooks.create(self.place, &server)).await.map_err(initializing)?;
            return Ok(());
        }
        self.known(&columns)?;
        for name in COLUMNS.iter().filter(|name| !columns.contains(**name)) {
            let Some(statement) = self.hooks.add_column(self.place, name, &server) else { continue };
            connection.execute(&statement).await.map_err(initializing)?;
        }
        Ok(())
    }

    /// The columns the table lacks, of a table that is there.
    async fn columns(
        &self,
        connection: &mut dyn Connection,
        place: &Place,
    ) -> Result<std::collections::BTreeSet<String>, Error> {
        let rows = connection.query(&self.hooks.columns(place)).await.map_err(reading)?;
        let name = |row: Vec<Value>| row.first().and_then(|value| value.text().map(str::to_owned));
        Ok(rows.rows.into_iter().filter_map(name).collect())
    }

    /// All revisions, by version.
    ///
    /// # Errors
    /// The database's; a row that is none of ours.
    pub async fn read(&self, connection: &mut dyn Connection) -> Result<Vec<Revision>, Error> {
        let Rows { rows, .. } = connection.query(&self.hooks.select(self.place)).await.map_err(reading)?;
        let mut revisions = Vec::with_capacity(rows.len());
        for row in rows {
            let revision = revision(&row).map_err(|column| {
                Error::Invalid(format!(
                    "sql/migrate: read revisions: a row of {} has no {column:?} that could be read",
                    self.place.shown()
                ))
            })?;
            if revision.version != IDENTITY {
                revisions.push(revision);
            }
        }
        // A server sorts by its collation; versions are compared by bytes.
        revisions.sort_by(|a, b| a.version.cmp(&b.version));
        Ok(revisions)
    }

    /// Writes `revision`.
    ///
    /// # Errors
    /// `sql/migrate: write revision: …`.
    pub async fn write(&self, connection: &mut dyn Connection, revision: &Revision) -> Result<(), Error> {
        if revision.version == IDENTITY {
            return Err(Error::Invalid("writing the revision-table identifier is not allowed".to_owned()));
        }
        let query = self.hooks.upsert(self.place, revision);
        connection.query(&query).await.map_err(Error::doing("sql/migrate: write revision"))?;
        Ok(())
    }

    /// Deletes the revision of `version`.
    ///
    /// # Errors
    /// `sql/migrate: delete revision: …`.
    pub async fn delete(&self, connection: &mut dyn Connection, version: &str) -> Result<(), Error> {
        if version == IDENTITY {
            return Err(Error::Invalid("deleting the revision-table identifier is not allowed".to_owned()));
        }
        let query = self.hooks.delete(self.place, version);
        connection.query(&query).await.map_err(Error::doing("sql/migrate: delete revision"))?;
        Ok(())
    }
}

impl Place {
    /// The schema asked for, that of the URL, or the one the table has to itself.
    pub fn of(asked: &str, bound: Option<&str>) -> Place {
        match (asked, bound) {
            ("", Some(bound)) => Place { schema: bound.into(), own: false, asked: false },
            ("", None) => Place { schema: TABLE.into(), own: true, asked: false },
            (asked, _) => Place { schema: asked.into(), own: false, asked: true },
        }
    }

    /// For messages.
    pub fn shown(&self) -> String {
        if self.schema.is_empty() { TABLE.to_owned() } else { format!("{}.{TABLE}", self.schema) }
    }
}

fn reading(error: DbError) -> Error {
    Error::doing("sql/migrate: read revisions")(error)
}

fn initializing(error: DbError) -> Error {
    Error::doing("initializing revisions table")(error)
}

/// A row in the order of [`COLUMNS`]; the column that cannot be read otherwise.
fn revision(row: &[Value]) -> Result<Revision, &'static str> {
    let value = |at: usize| row.get(at).unwrap_or(&Value::Null);
    let text = |at: usize| match value(at) {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Int(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
    };
    let number = |at: usize| match value(at) {
        Value::Null => Ok(0),
        Value::Text(text) => text.trim().parse::<i64>().map_err(|_| COLUMNS[at]),
        other => other.int().ok_or(COLUMNS[at]),
    };
    let count = |at: usize| number(at).map(|number| u64::try_from(number).unwrap_or(0));
    let executed_at = match value(5) {
        Value::Null => Moment::default(),
        _ => Moment::parse(&text(5)).ok_or(COLUMNS[5])?,
    };
    let hashes = text(10);
    let partial_hashes = match hashes.trim() {
        "" | "null" => Vec::new(),
        json => strings(json).ok_or(COLUMNS[10])?,
    };
    Ok(Revision {
        version: text(0),
        description: text(1),
        kind: Kind(count(2)?),
        applied: count(3)?,
        total: count(4)?,
        executed_at,
        execution_time: number(6)?,
        error: text(7),
        error_stmt: text(8),
        hash: text(9),
        partial_hashes,
        operator_version: text(11),
    })
}

/// A JSON list of texts without escapes, which hashes never have.
fn strings(json: &str) -> Option<Vec<String>> {
    let inner = json.strip_prefix('[')?.strip_suffix(']')?.trim();
    if inner.is_empty() {
        return Some(Vec::new());
    }
    let one = |item: &str| {
        let text = item.trim().strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains(['"', '\\'])).then(|| text.to_owned())
    };
    inner.split(',').map(one).collect()
}

impl Revision {
    /// The hashes as JSON: `["h1:…"]`, `null` where there are none.
    pub fn hashes_json(&self) -> String {
        if self.partial_hashes.is_empty() {
            return "null".to_owned();
        }
        let items: Vec<String> = self.partial_hashes.iter().map(|hash| format!("\"{hash}\"")).collect();
        format!("[{}]", items.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_row_is_a_revision_whatever_the_server_makes_of_the_types() {
        let row = [
            text("1"),
            text("a"),
            text("2"),
            Value::Int(1),
            Value::Int(2),
            text("2026-11-20 22:11:37"),
            Value::Int(5),
            Value::Null,
            text(""),
            text("x="),
            Value::Blob(b"[\"h1:a=\", \"h1:b=\"]".to_vec()),
            text("Atlas CLI - development"),
        ];
        let read = revision(&row).unwrap();
        assert_eq!((read.applied, read.total, read.kind), (1, 2, Kind::EXECUTE));
        assert_eq!(read.hashes_json(), "[\"h1:a=\",\"h1:b=\"]");
        let mut junk = row.clone();
        junk[3] = text("many");
        assert_eq!(revision(&junk), Err("applied"));
        junk = row;
        junk[10] = text("{}");
        assert_eq!(revision(&junk), Err("partial_hashes"));
    }
}
