//! Fetching facts: from a question of the project to an answer of the world.
//!
//! Whether a question may be asked at all is the front end's ([`Consent`]). A failure is an answer; nothing here is
//! retried. Secrets in URLs never reach a message.

use std::sync::Arc;

use engine::connection::{Access, DbErrorKind};
use engine::inspect::inspect_all;
use engine::{Connector, DatabaseUrl, Dialects, Query, Scope, Value as SqlValue};
use hcl::Value;
use project::{Answer, Content, Fact, Path, Target, Want};
use smol_str::SmolStr;

use crate::world::{Consent, SeenFrom, World};
use crate::{git, templates};

/// Asks the world, if `consent` allows it.
///
/// [`Want::File`] is answered by setting the file and is not for this function.
pub async fn fetch(world: &dyn World, dialects: Dialects, consent: &dyn Consent, want: &Want) -> Fact {
    let answer = match consent.allows(want) {
        Err(reason) => Answer::Refused(reason),
        Ok(()) => ask(world, dialects, want).await.unwrap_or_else(Answer::Failed),
    };
    Fact { answer, time: world.now() }
}

async fn ask(world: &dyn World, dialects: Dialects, want: &Want) -> Result<Answer, String> {
    match want {
        Want::File(path) => Err(format!("file {path} is not a fact")),
        Want::Directory(path) => world.list(path).map(Answer::Entries),
        Want::Glob { base, pattern, deep } => Ok(Answer::Value(Value::strings(
            glob(world, base, pattern, *deep).into_iter().map(SmolStr::from),
        ))),
        Want::Env(name) => Ok(Answer::Value(Value::string(world.env(name).unwrap_or_default()))),
        Want::Now => Ok(Answer::Value(Value::string(rfc3339(world.now())))),
        Want::Program { program, directory } => {
            world.run(program, directory).await.map(|output| Answer::Value(Value::string(output)))
        }
        Want::Query { url, query, args, directory } => {
            let connector = SeenFrom { inner: world.connector(), directory, dialects };
            self::query(&connector, dialects, &url.0, query, args).await.map(Answer::Value)
        }
        Want::Variable { url } => variable(world, &url.0).map(|text| Answer::Value(Value::string(text))),
        Want::Token { kind, .. } => {
            Err(format!("{kind} needs the cloud's own login, which this build does not do"))
        }
        Want::Templates { directory, vars } => templates::render(world, directory, vars).map(Answer::Files),
        Want::Database(target) => inspect(world, dialects, target).await,
        Want::Applied { directory } => Err(format!("what was applied from {directory} was not looked at")),
        Want::Committed { directory, base } => {
            let base = git::committed(world, directory, base.as_deref()).await?;
            Ok(Answer::Value(base.to_value()))
        }
    }
}

/// What is in an embedded database that does not exist yet; `None` for a product with a server.
pub(crate) fn nothing(dialect: &engine::Dialect) -> Option<schema::Realm> {
    let schema = dialect.dev_url.and(dialect.default_schema)?;
    Some(schema::Realm { schemas: vec![schema::Schema::new(schema)], ..schema::Realm::default() })
}

/// The whole state of a target, before any exclusion.
async fn inspect(world: &dyn World, dialects: Dialects, target: &Target) -> Result<Answer, String> {
    let url = DatabaseUrl::parse(&target.url.0).map_err(|error| error.to_string())?;
    let dialect = dialects.by_url(url.secret()).ok_or_else(|| {
        format!("sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url", url.scheme())
    })?;
    let connector = SeenFrom { inner: world.connector(), directory: &target.directory, dialects };
    let mut connection = match connector.open(&url, Access::Read).await {
        Ok(connection) => connection,
        Err(error) => {
            let absent = (error.kind == DbErrorKind::Absent).then(|| nothing(dialect)).flatten();
            return match absent {
                Some(realm) => Ok(Answer::Absent(Arc::new(realm))),
                None => Err(format!("{}: {error}", dialect.opening)),
            };
        }
    };
    let scope = Scope {
        bound: connection.target().bound.clone(),
        schemas: target.schemas.clone(),
        accounts: target.accounts,
        ..Scope::default()
    };
    let realm = inspect_all(connection.as_mut(), &scope).await;
    let server = Arc::new(connection.capabilities().clone());
    let _ = connection.close().await;
    realm.map(|realm| Answer::Realm(Arc::new(realm), server)).map_err(|error| error.to_string())
}

/// Source: reference/project.md section 7, `data "sql"`: one column, `count`, `values` and `value`.
async fn query(
    connector: &dyn Connector,
    dialects: Dialects,
    url: &str,
    query: &str,
    args: &[String],
) -> Result<Value, String> {
    let url = DatabaseUrl::parse(url).map_err(|error| error.to_string())?;
    if dialects.by_url(url.secret()).is_none() {
        return Err(format!("sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url", url.scheme()));
    }
    let mut connection = connector.open(&url, Access::Read).await.map_err(|error| error.to_string())?;
    let mut request = Query::new("data source", query.to_owned());
    request.params = args.iter().map(|json| argument(json)).collect();
    let rows = connection.query(&request).await.map_err(|error| format!("executing query: {error}"));
    let _ = connection.close().await;
    let rows = rows?;
    let mut values = Vec::with_capacity(rows.rows.len());
    for row in rows.rows {
        let [value] = row.as_slice() else {
            return Err(format!(
                "scanning row: sql: expected {} destination arguments in Scan, not 1",
                rows.columns.len()
            ));
        };
        values.push(match value {
            SqlValue::Null => return Err("unsupported row type: <nil>".to_owned()),
            SqlValue::Bool(value) => Value::Bool(*value),
            SqlValue::Int(number) => Value::int(*number),
            SqlValue::Real(number) => {
                hcl::Number::parse(&number.to_string()).map_or(Value::Null, Value::Number)
            }
            SqlValue::Text(text) => Value::string(text.as_str()),
            SqlValue::Blob(bytes) => Value::string(String::from_utf8_lossy(bytes)),
        });
    }
    let first = values.first().cloned().unwrap_or(Value::Null);
    let element = values.first().map_or(hcl::Type::Dynamic, Value::ty);
    let count = Value::int(values.len() as i64);
    Ok(Value::object([("count", count), ("value", first), ("values", Value::list(element, values))]))
}

/// An argument as the project hands it: JSON of a string, number or boolean.
fn argument(json: &str) -> SqlValue {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(serde_json::Value::String(text)) => SqlValue::Text(text),
        Ok(serde_json::Value::Bool(flag)) => SqlValue::Int(i64::from(flag)),
        Ok(serde_json::Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => SqlValue::Int(whole),
            (None, Some(real)) => SqlValue::Real(real),
            _ => SqlValue::Text(number.to_string()),
        },
        _ => SqlValue::Null,
    }
}

/// `constant://?val=x` and `file:///path`: the providers that need no network.
///
/// Source: gocloud.dev runtimevar; atlas forces the decoder `string`.
fn variable(world: &dyn World, url: &str) -> Result<String, String> {
    let parsed = DatabaseUrl::parse(url).map_err(|error| error.to_string())?;
    if let Some(decoder) = parsed.param("decoder").filter(|decoder| decoder != "string") {
        return Err(format!("unsupported decoder: {decoder:?}"));
    }
    match parsed.scheme() {
        "constant" => Ok(parsed.param("val").unwrap_or_default()),
        "file" => {
            let path = Path::new(&format!("{}{}", parsed.host(), parsed.path()));
            match world.read(&path) {
                Content::Text(text) => Ok(text.to_string()),
                Content::Missing => Err(format!("open {path}: no such file or directory")),
                Content::Binary => Err(format!("{path} is not UTF-8")),
                Content::Unreadable(reason) => Err(format!("open {path}: {reason}")),
            }
        }
        scheme => Err(format!("runtime variables of {scheme:?} are not supported by this build")),
    }
}

/// The files below `base` that match, sub-directories before the files of their parent.
///
/// Source: reference/project.md section 8, `fileset` and `glob`.
fn glob(world: &dyn World, base: &Path, pattern: &str, deep: bool) -> Vec<String> {
    let full = base.join(pattern);
    // What stands before the first wildcard need not be searched.
    let fixed: Vec<&str> =
        full.as_str().split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
    let root = Path::new(&if fixed.len() <= 1 { "/".to_owned() } else { fixed.join("/") });
    let Ok(matcher) = globset::GlobBuilder::new(full.as_str()).literal_separator(true).build() else {
        return Vec::new();
    };
    let matcher = matcher.compile_matcher();
    let mut found = Vec::new();
    walk(world, &root, deep, full.as_str().matches('/').count(), &mut |path| {
        if matcher.is_match(path.as_str()) {
            found.push(path.to_string());
        }
    });
    found
}

/// The deepest directory tree that is searched: a link that leads back must not hold us for ever.
const DEPTH: usize = 40;

fn walk(world: &dyn World, directory: &Path, deep: bool, slashes: usize, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = world.list(directory) else { return };
    let depth = directory.as_str().matches('/').count();
    for entry in entries.iter().filter(|entry| entry.directory) {
        let path = directory.join(&entry.name);
        if (deep || depth + 1 < slashes) && depth < DEPTH {
            walk(world, &path, deep, slashes, visit);
        }
        visit(&path);
    }
    for entry in entries.iter().filter(|entry| !entry.directory) {
        visit(&directory.join(&entry.name));
    }
}

/// Milliseconds since 1970 as RFC 3339 in UTC, by the civil calendar.
///
/// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
pub(crate) fn rfc3339(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (days, rest) = ((seconds / 86_400) as i64, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest % 3600 / 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_civil() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_251_661_000), "2026-11-21T09:01:01Z");
    }
}
