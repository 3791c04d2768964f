//! `cargo xtask bench servers`: the command line on databases with a server, of growing size; with `--quick`, without
//! the largest.
//!
//! Servers are those of the environment (`ATLAS_TEST_POSTGRES_URL`, `ATLAS_TEST_MYSQL_URL`, `ATLAS_TEST_MARIADB_URL`),
//! or else those of the tests; each schema is made by the product's own client, so that nothing measured has touched it.
//! The report is written after each size, and what it says of products that are not measured this time stays.
//! Invariant: databases are called `atlas_bench_…`, and are dropped before and after.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::machine::Machine;
use super::questions::{Asked, Protocol, Proxy};
use super::stats::{Sample, exponent};
use super::{machine, usage};
use crate::servers::Servers;
use crate::{editor, sh};

/// Numbers of tables, ascending.
pub const FULL: [usize; 3] = [100, 1_000, 5_000];
pub const QUICK: [usize; 2] = [100, 1_000];

/// Runs that count, after one that warms the caches; the largest schema takes minutes and is measured once, cold.
fn runs(size: usize) -> usize {
    if size >= 5_000 { 0 } else { 3 }
}

/// What the community edition of `atlas` needs for 1,000 tables of PostgreSQL on two cores, in milliseconds.
///
/// Source: the project's issue 3.
const PEER_DRY_RUN: f64 = 32_000.0;
const INSPECT_TARGET: f64 = 250.0;

struct Product {
    title: &'static str,
    variable: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Postgres,
    Mysql,
}

const PRODUCTS: [Product; 3] = [
    Product { title: "PostgreSQL", variable: "ATLAS_TEST_POSTGRES_URL", kind: Kind::Postgres },
    Product { title: "MariaDB", variable: "ATLAS_TEST_MARIADB_URL", kind: Kind::Mysql },
    Product { title: "MySQL", variable: "ATLAS_TEST_MYSQL_URL", kind: Kind::Mysql },
];

/// Wall and processor time of one command on one size, in milliseconds.
struct Cost {
    wall: f64,
    cpu: f64,
}

/// Measures, prints, and writes docs/benchmarks-servers.md.
///
/// # Errors
/// No server is at hand, a client is missing, a command failed.
pub fn run(sizes: &[usize]) -> Result<()> {
    let binary = editor::release_binary()?;
    let machine = machine::describe(&binary)?;
    let given: Vec<(&str, String)> =
        PRODUCTS.iter().filter_map(|it| Some((it.variable, std::env::var(it.variable).ok()?))).collect();
    // They run until the end of this function.
    let started = if given.is_empty() { Some(Servers::start(false)?) } else { None };
    let urls = match &started {
        Some(servers) => servers.environment(),
        None => given,
    };
    let mut report = Report::read();
    let mut any = false;
    for product in &PRODUCTS {
        let Some((_, url)) = urls.iter().find(|(variable, _)| *variable == product.variable) else {
            println!("skipped: no {}", product.title);
            continue;
        };
        any = true;
        measure(product, url, &binary, &machine, sizes, &mut report)?;
    }
    if !any {
        bail!(
            "no server is at hand: set ATLAS_TEST_POSTGRES_URL, ATLAS_TEST_MYSQL_URL or ATLAS_TEST_MARIADB_URL"
        );
    }
    println!("{}", report.text());
    Ok(())
}

/// The report as it grows: a section for each product.
struct Report {
    sections: Vec<(&'static str, String)>,
}

impl Report {
    fn path() -> PathBuf {
        sh::root().join("docs/benchmarks-servers.md")
    }

    /// What was measured before.
    fn read() -> Self {
        let text = fs::read_to_string(Self::path()).unwrap_or_default();
        let section = |product: &Product| {
            let found = text.split("\n## ").skip(1).find(|part| part.starts_with(product.title))?;
            Some((product.title, format!("\n## {}\n", found.trim_end())))
        };
        Self { sections: PRODUCTS.iter().filter_map(section).collect() }
    }

    /// Puts in what was measured of a product so far, and writes it all.
    fn put(&mut self, product: &Product, section: String) -> Result<()> {
        self.sections.retain(|(title, _)| *title != product.title);
        self.sections.push((product.title, section));
        let place = |title: &str| PRODUCTS.iter().position(|product| product.title == title);
        self.sections.sort_by_key(|(title, _)| place(title));
        Ok(fs::write(Self::path(), self.text())?)
    }

    fn text(&self) -> String {
        let largest = FULL[FULL.len() - 1];
        let away = AWAY.as_millis();
        let mut text = format!(
            "# Benchmarks on servers\n\n\
             Written by `cargo xtask bench servers`; do not edit.\n\
             The servers run on the same machine as the client and take their share of it; they are those of the tests unless it says otherwise: caches small, nothing waits for the disk.\n\n\
             The schema is that of [benchmarks.md](benchmarks.md): tables of six columns, a key, a foreign key to the table before, a check and an index.\n\
             Medians of three runs after one that warms the caches, for {largest} tables of one run: wall time / processor time of the client alone, in milliseconds. The exponent is that of the best power of the number of tables through the wall times; planning and comparing are in the client's processor time.\n\
             A server {away} ms away is the same one behind a proxy that keeps each answer back for so long.\n"
        );
        self.sections.iter().for_each(|(_, section)| text.push_str(section));
        text
    }
}

fn measure(
    product: &Product,
    url: &str,
    binary: &Path,
    machine: &Machine,
    sizes: &[usize],
    report: &mut Report,
) -> Result<()> {
    let server = Server::new(product.kind, url)?;
    let folder = sh::target().join("bench-servers").join(product.title);
    fs::create_dir_all(&folder)?;
    let version = server.ask(match product.kind {
        Kind::Postgres => "SHOW server_version",
        Kind::Mysql => "SELECT version()",
    })?;
    let mut rows: Vec<(&str, Vec<Cost>)> = COMMANDS.iter().map(|(name, _)| (*name, Vec::new())).collect();
    let protocol = match product.kind {
        Kind::Postgres => Protocol::Postgres,
        Kind::Mysql => Protocol::Mysql,
    };
    let address = format!("{}:{}", server.host, server.port);
    let proxy = Proxy::start(protocol, address.clone())?;
    let far = Proxy::far(protocol, address, AWAY)?;
    let mut asked = Vec::new();
    for (at, &size) in sizes.iter().enumerate() {
        let full = format!("atlas_bench_{size}");
        for name in [full.as_str(), "atlas_bench_dev", "atlas_bench_empty"] {
            server.recreate(name)?;
        }
        let script = folder.join(format!("{size}.sql"));
        fs::write(&script, sql(product.kind, size))?;
        server.load(&full, &script)?;
        let hcl = folder.join(format!("{size}.hcl"));
        let mut inspect = Command::new(binary);
        inspect.args(["schema", "inspect", "--url", &server.url(&full)]);
        let text = sh::output(&mut inspect)?;
        let through = server.url_at(&format!("127.0.0.1:{}", proxy.port), &full);
        sh::output(Command::new(binary).args(["schema", "inspect", "--url", &through]))?;
        asked.push(proxy.asked());
        // A schema of MySQL is named by its database.
        let renamed = folder.join(format!("{size}-empty.hcl"));
        fs::write(&renamed, text.replace(&full, "atlas_bench_empty"))?;
        fs::write(&hcl, text)?;
        for ((name, arguments), (_, costs)) in COMMANDS.iter().zip(&mut rows) {
            let arguments: Vec<String> = arguments
                .iter()
                .map(|argument| match *argument {
                    "FULL" => server.url(&full),
                    "FAR" => server.url_at(&format!("127.0.0.1:{}", far.port), &full),
                    "EMPTY" => server.url("atlas_bench_empty"),
                    "DEV" => server.url("atlas_bench_dev"),
                    "FILE" => format!("file://{}", hcl.display()),
                    "RENAMED" => format!("file://{}", renamed.display()),
                    other => other.to_owned(),
                })
                .collect();
            let (mut wall, mut cpu) = (Sample::default(), Sample::default());
            for run in 0..=runs(size) {
                let cost = usage::measure(Command::new(binary).args(&arguments))?;
                if run > 0 || runs(size) == 0 {
                    wall.push(cost.wall);
                    cpu.push(cost.cpu);
                }
            }
            let cost = Cost { wall: wall.median(), cpu: cpu.median() };
            println!(
                "{:>10} {size:>6} tables  wall {:>9.1} ms  cpu {:>9.1} ms  {name}",
                product.title, cost.wall, cost.cpu
            );
            costs.push(cost);
        }
        for name in [full.as_str(), "atlas_bench_dev", "atlas_bench_empty"] {
            server.drop(name)?;
        }
        let done = sizes.get(..=at).unwrap_or_default();
        report.put(product, section(product, version.trim(), machine, done, &rows, &asked))?;
    }
    Ok(())
}

fn section(
    product: &Product,
    version: &str,
    machine: &Machine,
    sizes: &[usize],
    rows: &[(&str, Vec<Cost>)],
    asked: &[Asked],
) -> String {
    let mut text = format!("\n## {} {version}\n\nMeasured on {machine}.\n\n| command |", product.title);
    for size in sizes {
        let _ = write!(text, " {size} |");
    }
    let _ = write!(text, " exponent |\n| --- |{} ---: |\n", " ---: |".repeat(sizes.len()));
    for (name, costs) in rows {
        let _ = write!(text, "| {name} |");
        for cost in costs {
            let _ = write!(text, " {:.0} / {:.0} |", cost.wall, cost.cpu);
        }
        let points: Vec<(f64, f64)> =
            sizes.iter().zip(costs).map(|(size, cost)| (*size as f64, cost.wall)).collect();
        let _ = writeln!(text, " {} |", exponent(&points).map_or("–".to_owned(), |it| format!("{it:.2}")));
    }
    let each = |count: fn(&Asked) -> usize| {
        asked.iter().map(|asked| count(asked).to_string()).collect::<Vec<_>>().join(" / ")
    };
    let _ = writeln!(
        text,
        "\nStatements sent to inspect: {}; of these, queries of the catalog: {}.",
        each(|asked| asked.all),
        each(|asked| asked.catalog)
    );
    let at_1000 = |row: usize| rows.get(row).and_then(|(_, costs)| costs.get(1)).map(|cost| cost.wall);
    if let (Kind::Postgres, Some(inspect), Some(dry_run)) = (product.kind, at_1000(0), at_1000(2)) {
        let met = |yes: bool| if yes { "met" } else { "**not met**" };
        let _ = write!(
            text,
            "\nInspecting 1,000 tables: {inspect:.0} ms, target {INSPECT_TARGET:.0} ms: {}. Dry run with a dev database: {dry_run:.0} ms, {:.0} times faster than the community `atlas` ({:.0} s), target 20 times: {}.\n",
            met(inspect <= INSPECT_TARGET),
            PEER_DRY_RUN / dry_run,
            PEER_DRY_RUN / 1e3,
            met(PEER_DRY_RUN / dry_run >= 20.0),
        );
    }
    text
}

/// What is measured; words in capitals stand for databases and files.
const COMMANDS: [(&str, &[&str]); 6] = [
    ("`schema inspect`", &["schema", "inspect", "--url", "FULL"]),
    (
        "`schema diff` with a dev database",
        &["schema", "diff", "--from", "FULL", "--to", "FILE", "--dev-url", "DEV"],
    ),
    (
        "`schema apply --dry-run` with a dev database, nothing to do",
        &["schema", "apply", "--url", "FULL", "--to", "FILE", "--dev-url", "DEV", "--dry-run"],
    ),
    (
        "`schema apply --dry-run` without one, nothing to do",
        &["schema", "apply", "--url", "FULL", "--to", "FILE", "--dry-run"],
    ),
    (
        "`schema apply --dry-run` without one, on an empty database",
        &["schema", "apply", "--url", "EMPTY", "--to", "RENAMED", "--dry-run"],
    ),
    ("`schema inspect` of a server 20 ms away", &["schema", "inspect", "--url", "FAR"]),
];

/// How far away the far server is: the time from a question to its answer.
const AWAY: Duration = Duration::from_millis(20);

/// A server and its client program.
struct Server {
    kind: Kind,
    /// Without the database.
    base: String,
    query: String,
    host: String,
    port: String,
    user: String,
    password: String,
}

impl Server {
    fn new(kind: Kind, url: &str) -> Result<Self> {
        let (scheme, rest) = url.split_once("://").context("a server's URL has a scheme")?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = rest.split('/').next().unwrap_or_default();
        let (user, address) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let own = |text: &str| text.to_owned();
        Ok(Self {
            kind,
            base: format!("{scheme}://{authority}"),
            query,
            host: own(host),
            port: own(port),
            user: own(user),
            password: own(password),
        })
    }

    fn url(&self, database: &str) -> String {
        // All the schemas of a PostgreSQL database: bound to one, the statements would name none.
        match self.kind {
            Kind::Postgres => {
                let and = if self.query.is_empty() { "?" } else { "&" };
                format!("{}/{database}{}{and}search_path=public", self.base, self.query)
            }
            Kind::Mysql => format!("{}/{database}{}", self.base, self.query),
        }
    }

    /// The same at another `host:port`.
    fn url_at(&self, address: &str, database: &str) -> String {
        let own = format!("{}:{}", self.host, self.port);
        self.url(database).replacen(&own, address, 1)
    }

    fn client(&self, database: &str) -> Command {
        let mut client = match self.kind {
            Kind::Postgres => {
                let mut client = sh::command("psql", ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]);
                client.args(["-h", &self.host, "-p", &self.port, "-U", &self.user, "-d"]);
                client.arg(if database.is_empty() { "postgres" } else { database });
                client.env("PGPASSWORD", &self.password);
                client
            }
            Kind::Mysql => {
                let mut client = sh::command("mariadb", ["--no-defaults", "--protocol=tcp", "-N", "-B"]);
                client.args(["-h", &self.host, "-P", &self.port, "-u", &self.user]);
                if !database.is_empty() {
                    client.arg(database);
                }
                client.env("MYSQL_PWD", &self.password);
                client
            }
        };
        client.stderr(Stdio::inherit());
        client
    }

    fn ask(&self, statement: &str) -> Result<String> {
        let mut client = self.client("");
        client.args([if self.kind == Kind::Postgres { "-c" } else { "-e" }, statement]);
        sh::output(&mut client)
    }

    fn drop(&self, database: &str) -> Result<()> {
        self.ask(&format!("DROP DATABASE IF EXISTS {database}")).map(|_| ())
    }

    fn recreate(&self, database: &str) -> Result<()> {
        self.drop(database)?;
        self.ask(&format!("CREATE DATABASE {database}")).map(|_| ())
    }

    fn load(&self, database: &str, script: &PathBuf) -> Result<()> {
        let mut client = self.client(database);
        client.stdin(fs::File::open(script)?);
        sh::output(&mut client).map(|_| ())
    }
}

/// The schema of [`super::schema`], in the words of a product.
fn sql(kind: Kind, tables: usize) -> String {
    let (quote, id, text, real) = match kind {
        Kind::Postgres => ('"', "serial NOT NULL", "text", "double precision"),
        Kind::Mysql => ('`', "int NOT NULL AUTO_INCREMENT", "varchar(255)", "double"),
    };
    let name = |table: usize| format!("table_{table:05}");
    let mut out = String::new();
    for table in 0..tables {
        // Larger transactions run out of locks.
        if kind == Kind::Postgres && table % 250 == 0 {
            out.push_str(if table == 0 { "BEGIN;\n" } else { "COMMIT;\nBEGIN;\n" });
        }
        let own = name(table);
        let q = |name: &str| format!("{quote}{name}{quote}");
        let _ = write!(
            out,
            "CREATE TABLE {} ({} {id} PRIMARY KEY, {} {text} NOT NULL, {} {real} NOT NULL DEFAULT 0, {} {text} NULL, {} int NULL, {} timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
            q(&own),
            q("id"),
            q("name"),
            q("amount"),
            q("note"),
            q("parent_id"),
            q("created_at"),
        );
        if let Some(parent) = table.checked_sub(1).map(name) {
            let _ = write!(
                out,
                ", CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE CASCADE",
                q(&format!("{own}_parent")),
                q("parent_id"),
                q(&parent),
                q("id")
            );
        }
        let _ = write!(
            out,
            ", CONSTRAINT {} CHECK ({} >= 0));\nCREATE INDEX {} ON {} ({});\n",
            q(&format!("{own}_amount")),
            q("amount"),
            q(&format!("{own}_name")),
            q(&own),
            q("name")
        );
    }
    if kind == Kind::Postgres {
        out.push_str("COMMIT;\n");
    }
    out
}
