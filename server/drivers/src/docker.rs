//! Dev databases in containers: `docker://postgres/15/dev`.
//!
//! A connection owns the container it leads to. Invariant: a container that was made is removed, whatever happens in
//! between: when the connection is closed or dropped, when it never came to be, when the wait for it was given up.
//!
//! Source: reference project.md §10.2; the Docker Engine API.

mod api;
mod archive;
mod image;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use engine::connection::{
    Access, Answers, Cancel, Capabilities, Connection, DbErrorKind, Shared, Stopped, Target,
};
use engine::{DatabaseUrl, DbError, Dialect, Query, Rows};
use serde_json::json;

use self::api::{Engine, Reply};
use self::image::{Build, Image};
use crate::{mysql, postgres};

/// How long a fresh server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two attempts.
const RETRY: Duration = Duration::from_millis(100);

/// A session with a server in a container of its own.
pub struct Docker {
    // In this order: the session ends before its server.
    inner: Box<dyn Connection>,
    container: Container,
    target: Target,
}

/// Whether a URL of this scheme starts a container.
pub fn is(scheme: &str) -> bool {
    scheme == "docker" || scheme.starts_with("docker+")
}

/// Refuses an image nobody knows.
///
/// # Errors
/// `unsupported docker image "x"` ([`DbErrorKind::Url`]).
pub fn check(url: &DatabaseUrl) -> Result<(), DbError> {
    Image::of(url).map(|_| ())
}

impl Docker {
    /// Starts the container of `url` on the engine at `host`, or that of the environment, and connects to it.
    ///
    /// # Errors
    /// [`DbErrorKind::Url`] for an image nobody knows, [`DbErrorKind::Unreachable`] when no Docker engine answers or the
    /// server never does.
    pub async fn open(
        url: &DatabaseUrl,
        dialect: &'static Dialect,
        host: Option<&str>,
    ) -> Result<Self, DbError> {
        let image = Image::of(url)?;
        let engine = Engine::find(host)?;
        let (name, wanted) = (image.name.clone(), image.clone());
        let container = blocking(move || Container::start(engine, &wanted)).await?;
        let inner = connect(&image, &container, dialect).await;
        let inner = match inner {
            Ok(inner) => inner,
            Err(error) => {
                let log = blocking(move || Ok(container.ended())).await?;
                let log = log.map_or(String::new(), |log| format!("; the container ended: {log}"));
                return Err(DbError::new(error.kind, format!("docker image {name}: {}{log}", error.message)));
            }
        };
        let target = Target { url: url.to_string(), dialect: dialect.name, bound: (dialect.bound)(url) };
        let mut docker = Self { inner, container, target };
        for (what, sql) in &image.setup.sql {
            docker.inner.execute(sql).await.map_err(|error| {
                DbError::new(error.kind, format!("docker image {}: {what}: {}", image.name, error.message))
            })?;
        }
        Ok(docker)
    }
}

/// Connects as soon as the server answers, and makes its database where the image does not.
async fn connect(
    image: &Image,
    container: &Container,
    dialect: &'static Dialect,
) -> Result<Box<dyn Connection>, DbError> {
    let end = Instant::now() + PATIENCE;
    if let Some(database) = &image.to_create {
        let mut first =
            answering(&image.server(&container.host, container.port), container, dialect, end).await?;
        if let Some(statement) = dialect.new_database {
            first.execute(&statement(database)).await?;
        }
        first.close().await?;
    }
    answering(&image.database(&container.host, container.port), container, dialect, end).await
}

async fn answering(
    url: &str,
    container: &Container,
    dialect: &'static Dialect,
    end: Instant,
) -> Result<Box<dyn Connection>, DbError> {
    let url = DatabaseUrl::parse(url).map_err(|error| DbError::new(DbErrorKind::Url, error.to_string()))?;
    loop {
        let opened: Result<Box<dyn Connection>, DbError> = match url.scheme() {
            "postgres" => {
                postgres::Postgres::open(&url, Access::Write, dialect).await.map(|it| Box::new(it) as _)
            }
            _ => mysql::Mysql::open(&url, Access::Write, dialect).await.map(|it| Box::new(it) as _),
        };
        match opened {
            Ok(connection) => return Ok(connection),
            // While the image sets itself up everything may be refused, even the password.
            Err(error) => {
                if matches!(error.kind, DbErrorKind::Url | DbErrorKind::Unsupported) {
                    return Err(error);
                }
                if Instant::now() >= end {
                    return Err(DbError::new(
                        DbErrorKind::Unreachable,
                        format!("timeout: {}", error.message),
                    ));
                }
                let (engine, id) = (container.engine.clone(), container.id.clone());
                if !blocking(move || Ok(running(&engine, &id))).await? {
                    return Err(error);
                }
            }
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// A container that is removed with this value.
struct Container {
    engine: Engine,
    id: String,
    host: String,
    port: u16,
}

impl Container {
    /// Creates and starts one; the image is pulled where it is missing.
    fn start(engine: Engine, image: &Image) -> Result<Self, DbError> {
        match &image.setup.build {
            Some(how) => build(&engine, image, how)?,
            None => pull(&engine, &image.name, image.setup.platform.as_deref())?,
        }
        let port = format!("{}/tcp", image.port);
        // Reached from this machine only, unless the engine runs on another.
        let address = if engine.is_local() { "127.0.0.1" } else { "" };
        let mut body = json!({
            "Image": image.name,
            "Env": image.env,
            "Labels": { "atlas-ls.dev-database": "true" },
            "ExposedPorts": { &port: {} },
            "HostConfig": {
                "AutoRemove": true,
                "PortBindings": { &port: [{ "HostIp": address, "HostPort": "" }] },
            },
        });
        if !image.setup.command.is_empty() {
            body["Cmd"] = json!(image.setup.command);
        }
        if !image.setup.hosts.is_empty() {
            body["HostConfig"]["ExtraHosts"] = json!(image.setup.hosts);
        }
        let platform = image.setup.platform.as_deref();
        let platform = platform.map_or_else(String::new, |it| format!("?platform={}", api::escape(it, "")));
        let path = format!("/containers/create{platform}");
        let created = said(engine.post(&path, Some(&body))?, "creating a container")?;
        let id = created.json()["Id"].as_str().unwrap_or_default().to_owned();
        if id.is_empty() {
            return Err(DbError::other("docker: creating a container: the answer names none"));
        }
        let host = engine.host();
        let mut container = Self { engine, id, host, port: 0 };
        let path = format!("/containers/{}/start", container.id);
        said(container.engine.post(&path, None)?, "starting a container")?;
        let path = format!("/containers/{}/json", container.id);
        let state = said(container.engine.get(&path)?, "looking at a container")?.json();
        let bound = state["NetworkSettings"]["Ports"][&port][0]["HostPort"].as_str();
        match bound.and_then(|port| port.parse().ok()) {
            Some(port) => container.port = port,
            None => {
                let log = container.ended().unwrap_or_else(|| format!("port {port} is not published"));
                return Err(DbError::other(format!("docker: starting {}: {log}", image.name)));
            }
        }
        Ok(container)
    }

    /// The end of what it said, when it does not run any more.
    fn ended(&self) -> Option<String> {
        if running(&self.engine, &self.id) {
            return None;
        }
        let path = format!("/containers/{}/logs?stdout=1&stderr=1&tail=5", self.id);
        let log = self.engine.get(&path).map(|reply| reply.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Some(lines.join(" / "))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // Nobody is left to be told of an error; an engine that is gone has no container either.
        let _ = self.engine.delete(&format!("/containers/{}?force=true&v=true", self.id));
    }
}

fn running(engine: &Engine, id: &str) -> bool {
    match engine.get(&format!("/containers/{id}/json")) {
        Ok(reply) => reply.status != 404 && reply.json()["State"]["Running"].as_bool().unwrap_or(true),
        Err(_) => false,
    }
}

/// Makes sure that the image is there.
fn pull(engine: &Engine, name: &str, platform: Option<&str>) -> Result<(), DbError> {
    let known = engine.get(&format!("/images/{}/json", api::escape(name, "/:")))?;
    if known.status == 200 {
        return Ok(());
    }
    let platform = platform.map_or_else(String::new, |it| format!("&platform={}", api::escape(it, "")));
    let path = format!("/images/create?fromImage={}{platform}", api::escape(name, ""));
    let doing = format!("pulling {name}");
    progressed(&said(engine.post(&path, None)?, &doing)?, &doing)
}

/// Builds the image.
fn build(engine: &Engine, image: &Image, how: &Build) -> Result<(), DbError> {
    let doing = format!("building {}", image.name);
    let archive = archive::of(&how.context)
        .map_err(|error| DbError::other(format!("docker: {doing}: {}: {error}", how.context.display())))?;
    let mut path = format!("/build?t={}", api::escape(&image.name, ""));
    let args: serde_json::Map<String, serde_json::Value> =
        how.args.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let args = serde_json::Value::Object(args).to_string();
    for (name, value) in [
        ("dockerfile", how.file.as_deref()),
        ("target", how.target.as_deref()),
        ("platform", image.setup.platform.as_deref()),
        ("buildargs", Some(args.as_str()).filter(|_| !how.args.is_empty())),
    ] {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", api::escape(value, "")));
        }
    }
    progressed(&said(engine.upload(&path, &archive)?, &doing)?, &doing)
}

/// Reads a report of progress, one object a line; the last may be a failure.
fn progressed(reply: &Reply, doing: &str) -> Result<(), DbError> {
    for line in reply.text().lines() {
        let progress: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if let Some(error) = progress["error"].as_str() {
            return Err(DbError::other(format!("docker: {doing}: {}", error.trim())));
        }
    }
    Ok(())
}

/// A reply that is none of an error.
fn said(reply: Reply, doing: &str) -> Result<Reply, DbError> {
    if reply.status < 400 {
        return Ok(reply);
    }
    let message = reply.json()["message"].as_str().map_or_else(|| reply.text(), str::to_owned);
    let kind = if reply.status == 403 { DbErrorKind::Permission } else { DbErrorKind::Other };
    Err(DbError::new(kind, format!("docker: {doing}: {}", message.trim())))
}

/// Runs what waits for the engine beside the runtime. What it made is dropped when nobody waits for it any more.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(DbError::other("docker: the work was stopped")))
}

#[async_trait]
impl Connection for Docker {
    fn dialect(&self) -> &'static Dialect {
        self.inner.dialect()
    }

    fn target(&self) -> &Target {
        &self.target
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn is_disposable(&self) -> bool {
        true
    }

    async fn query(&mut self, query: &Query) -> Result<Rows, DbError> {
        self.inner.query(query).await
    }

    async fn query_all(&mut self, queries: &[Query]) -> Answers {
        self.inner.query_all(queries).await
    }

    async fn share(&mut self) -> Result<Option<Box<dyn Shared>>, DbError> {
        self.inner.share().await
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.inner.execute(sql).await
    }

    async fn execute_all(&mut self, statements: &[String]) -> Result<(), Stopped> {
        self.inner.execute_all(statements).await
    }

    async fn lock(&mut self, name: &str, timeout: Duration) -> Result<(), DbError> {
        self.inner.lock(name, timeout).await
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.inner.unlock(name).await
    }

    async fn interrupt_on(&mut self, cancel: &Cancel) -> Result<(), DbError> {
        self.inner.interrupt_on(cancel).await
    }

    async fn close(self: Box<Self>) -> Result<(), DbError> {
        let Docker { inner, container, .. } = *self;
        let closed = inner.close().await;
        blocking(move || {
            drop(container);
            Ok(())
        })
        .await?;
        closed
    }
}
