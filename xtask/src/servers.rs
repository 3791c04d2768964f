//! Throwaway database servers on loopback ports, for tests, scripts and measurements.
//!
//! A server of the environment (`ATLAS_TEST_POSTGRES_URL`, …) is used instead of one of ours. What cannot be had is
//! named with the reason. Invariant: everything we start ends with us, also when we are killed, and its files go with
//! it; nothing of the system is changed but for packages installed as root.

mod mariadb;
mod mysql;
mod postgres;
mod process;
mod tls;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::process::Running;

/// The servers at hand.
pub struct Servers {
    pub at_hand: Vec<Server>,
    /// What could not be had, and why.
    pub missing: Vec<(String, String)>,
    /// The certificate of the authority that vouches for those servers of ours that speak TLS, as `localhost`.
    authority: Option<PathBuf>,
    folder: Option<PathBuf>,
}

/// One server.
pub struct Server {
    /// `PostgreSQL 15.18`.
    pub title: String,
    pub product: Product,
    /// To be used as an administrator.
    pub url: String,
    /// It has a certificate of our authority.
    secure: bool,
    /// `None` for one of the environment.
    running: Option<Running>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Postgres,
    Mysql,
    Mariadb,
}

/// A server that was made ready and can be started.
struct Prepared {
    title: String,
    product: Product,
    url: String,
    secure: bool,
    start: process::Start,
}

/// What makes a server ready; several run side by side.
type Preparation = Box<dyn FnOnce() -> Result<Prepared> + Send>;

/// The PostgreSQL versions of a usual run: the one of the scripts, the newest, the oldest.
const USUAL: [u32; 3] = [15, 18, 10];

/// `cargo xtask servers`: servers for experiments and for a test alone, until the input ends.
///
/// # Errors
/// There is no place for their files.
pub fn run(all: bool) -> Result<()> {
    let servers = Servers::start(all)?;
    println!("# {}", servers.summary());
    for (name, value) in servers.environment() {
        println!("export {name}='{value}'");
    }
    println!("# until the input ends (Ctrl-D)");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

impl Servers {
    /// Starts what can be started; `all` versions or the usual ones.
    ///
    /// # Errors
    /// There is no place for their files.
    pub fn start(all: bool) -> Result<Self> {
        let mut servers = Servers { at_hand: Vec::new(), missing: Vec::new(), authority: None, folder: None };
        let mut wanted: Vec<u32> = USUAL.to_vec();
        if all {
            wanted.extend((postgres::OLDEST..=postgres::NEWEST).filter(|version| !USUAL.contains(version)));
        }
        if servers.given("PostgreSQL", Product::Postgres, "ATLAS_TEST_POSTGRES_URL") {
            wanted.clear();
            servers.given("PostgreSQL", Product::Postgres, "ATLAS_TEST_POSTGRES_URLS");
        }
        let mysql = !servers.given("MySQL", Product::Mysql, "ATLAS_TEST_MYSQL_URL");
        let mariadb = !servers.given("MariaDB", Product::Mariadb, "ATLAS_TEST_MARIADB_URL");
        if wanted.is_empty() && !mysql && !mariadb {
            return Ok(servers);
        }
        if !cfg!(unix) {
            servers.missing.push(("servers".to_owned(), "none are started on this system".to_owned()));
            return Ok(servers);
        }
        let folder = folder()?;
        servers.folder = Some(folder.clone());
        let certificate = tls::make(&folder.join("tls"));
        if let Err(error) = &certificate {
            servers.missing.push(("TLS".to_owned(), format!("{error:#}")));
        }
        let certificate = certificate.ok();
        servers.authority = certificate.as_ref().map(|certificate| certificate.authority.clone());
        // Packages one after the other, for their managers allow no more; data directories side by side.
        let mut ready: Vec<(String, Result<Preparation>)> = Vec::new();
        for version in wanted {
            let program = postgres::find(version, &folder);
            let (folder, certificate) = (folder.join(format!("postgres-{version}")), certificate.clone());
            ready.push((
                format!("PostgreSQL {version}"),
                program.map(|program| {
                    Box::new(move || {
                        let certificate = certificate.filter(|_| version == USUAL[0]);
                        postgres::prepare(&program, &folder, certificate.as_ref())
                    }) as Box<_>
                }),
            ));
        }
        if mysql {
            let (place, certificate) = (folder.join("mysql"), certificate.clone());
            let program = mysql::find().map(|program| {
                Box::new(move || mysql::prepare(&program, &place, certificate.as_ref())) as Box<_>
            });
            ready.push(("MySQL".to_owned(), program));
        }
        if mariadb {
            let (place, certificate) = (folder.join("mariadb"), certificate);
            let program = mariadb::find().map(|program| {
                Box::new(move || mariadb::prepare(&program, &place, certificate.as_ref())) as Box<_>
            });
            ready.push(("MariaDB".to_owned(), program));
        }
        let prepared: Vec<(String, Result<Prepared>)> = std::thread::scope(|scope| {
            let threads: Vec<_> = ready
                .into_iter()
                .map(|(name, prepare)| (name, prepare.map(|prepare| scope.spawn(prepare))))
                .collect();
            threads
                .into_iter()
                .map(|(name, thread)| {
                    let joined = |thread: std::thread::ScopedJoinHandle<'_, Result<Prepared>>| {
                        thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("its preparation panicked")))
                    };
                    (name, thread.and_then(joined))
                })
                .collect()
        });
        // From this thread: a server ends with the thread that started it.
        for (name, prepared) in prepared {
            let started = prepared.and_then(|prepared| {
                let running = Running::start(prepared.start)?;
                Ok(Server {
                    title: prepared.title,
                    product: prepared.product,
                    url: prepared.url,
                    secure: prepared.secure,
                    running: Some(running),
                })
            });
            match started {
                Ok(server) => servers.at_hand.push(server),
                Err(error) => servers.missing.push((name, format!("{error:#}"))),
            }
        }
        Ok(servers)
    }

    /// Takes the servers of an environment variable; whether there are any.
    fn given(&mut self, title: &str, product: Product, variable: &str) -> bool {
        let urls = std::env::var(variable).unwrap_or_default();
        let before = self.at_hand.len();
        for url in urls.split(',').filter(|url| !url.is_empty()) {
            let title = format!("{title} of {variable}");
            self.at_hand.push(Server { title, product, url: url.to_owned(), secure: false, running: None });
        }
        self.at_hand.len() > before
    }

    /// The environment the tests read.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let of = |product: Product| -> Vec<&str> {
            let is = |server: &&Server| server.product == product;
            self.at_hand.iter().filter(is).map(|server| server.url.as_str()).collect()
        };
        let mut variables = Vec::new();
        if let [first, further @ ..] = of(Product::Postgres).as_slice() {
            variables.push(("ATLAS_TEST_POSTGRES_URL", (*first).to_owned()));
            variables.push(("ATLAS_TEST_POSTGRES_URLS", further.join(",")));
        }
        if let [first, ..] = of(Product::Mysql).as_slice() {
            variables.push(("ATLAS_TEST_MYSQL_URL", (*first).to_owned()));
        }
        if let [first, ..] = of(Product::Mariadb).as_slice() {
            variables.push(("ATLAS_TEST_MARIADB_URL", (*first).to_owned()));
        }
        if let Some(authority) = &self.authority {
            variables.push(("ATLAS_TEST_TLS_CA", authority.display().to_string()));
            let urls: Vec<&str> = self
                .at_hand
                .iter()
                .filter(|server| server.secure)
                .map(|server| server.url.as_str())
                .collect();
            variables.push(("ATLAS_TEST_TLS_URLS", urls.join(",")));
        }
        variables
    }

    /// What there is and what there is not, in one line.
    pub fn summary(&self) -> String {
        let titles: Vec<&str> = self.at_hand.iter().map(|server| server.title.as_str()).collect();
        let mut text = if titles.is_empty() { "no server".to_owned() } else { titles.join(", ") };
        for (name, reason) in &self.missing {
            text.push_str(&format!("; not {name}: {}", reason.lines().next().unwrap_or_default()));
        }
        text
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for server in &mut self.at_hand {
            if let Some(running) = &mut server.running {
                running.stop();
            }
        }
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// A new folder for data, which the users that servers run as can reach.
fn folder() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("atlas-ls-servers-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// Where downloaded servers are kept from run to run.
fn cache() -> PathBuf {
    crate::sh::root().join(".cache/servers")
}

/// A port nobody listens on.
fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The last lines of a log, for an error.
fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}
