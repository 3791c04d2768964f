//! MySQL: no Debian release has it, its unstable suite has, so its files are unpacked into `.cache/` beside the libraries
//! they were built for, and run with those.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::process::{Start, User};
use super::tls::Certificate;
use super::{Prepared, Product, cache, free_port};
use crate::{sh, tools};

/// How to call the server.
#[derive(Clone, Debug)]
pub enum Program {
    /// The system's own.
    System(PathBuf),
    /// Inside of a tree with its own libraries.
    Tree(PathBuf),
}

/// Finds the server, or unpacks it.
///
/// # Errors
/// This system cannot unpack Debian's packages, or the suite cannot be read.
pub fn find() -> Result<Program> {
    // `mysqld` of a system with MariaDB is MariaDB's.
    if let Some(mysqld) = sh::which("mysqld")
        && sh::output(&mut sh::command(&mysqld, ["--version"])).is_ok_and(|text| !text.contains("MariaDB"))
    {
        return Ok(Program::System(mysqld));
    }
    let tree = cache().join("mysql");
    let stamp = tree.join("installed");
    if stamp.is_file() {
        return Ok(Program::Tree(tree));
    }
    if sh::which("mmdebstrap").is_none() {
        tools::install(&["mmdebstrap"])?;
    }
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    fs::create_dir_all(cache())?;
    let keyring = Path::new("/usr/share/keyrings/debian-archive-keyring.gpg");
    if !keyring.is_file() {
        bail!("MySQL is unpacked from Debian's packages, and this system does not know their keys");
    }
    let mut unpack = sh::command("mmdebstrap", ["--variant=extract", "--include=mysql-server-core"]);
    unpack.arg("--aptopt=Acquire::Check-Valid-Until \"false\"");
    unpack.arg(format!("--keyring={}", keyring.display())).arg("sid").arg(&tree).arg(mirror());
    sh::output(&mut unpack)?;
    for folder in ["doc", "man", "locale", "perl", "icu"] {
        let _ = fs::remove_dir_all(tree.join("usr/share").join(folder));
    }
    fs::write(&stamp, "sid")?;
    Ok(Program::Tree(tree))
}

/// The mirror this system takes its packages from.
fn mirror() -> String {
    let sources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];
    let text: String = sources.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let found = text.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let url = match words.as_slice() {
            ["URIs:", url, ..] => url,
            ["deb", rest @ ..] => rest.iter().find(|word| word.contains("://"))?,
            _ => return None,
        };
        Some((*url).to_owned())
    });
    found.unwrap_or_else(|| "http://deb.debian.org/debian".to_owned())
}

impl Program {
    /// The server with its own libraries and messages.
    fn command(&self, start: impl Fn(&Path) -> Command) -> Result<Command> {
        match self {
            Program::System(mysqld) => {
                let mut command = start(mysqld);
                command.arg("--no-defaults");
                Ok(command)
            }
            Program::Tree(tree) => {
                let (libraries, loader) = loader(tree)?;
                let mut command = start(&loader);
                command.arg("--library-path").arg(libraries).arg(tree.join("usr/sbin/mysqld"));
                command.arg("--no-defaults");
                let share = tree.join("usr/share/mysql");
                command.arg(format!("--lc-messages-dir={}", share.display()));
                command.arg(format!("--character-sets-dir={}", share.join("charsets").display()));
                command.arg(format!("--plugin-dir={}", tree.join("usr/lib/mysql/plugin").display()));
                Ok(command)
            }
        }
    }
}

/// The libraries of a tree and the program that loads them.
fn loader(tree: &Path) -> Result<(PathBuf, PathBuf)> {
    for entry in fs::read_dir(tree.join("usr/lib"))? {
        let folder = entry?.path();
        if !folder.to_string_lossy().ends_with("-linux-gnu") {
            continue;
        }
        for file in fs::read_dir(&folder)? {
            let file = file?.path();
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ld-linux")) {
                return Ok((folder, file));
            }
        }
    }
    bail!("{} has no loader", tree.display())
}

/// Makes a data directory. The administrator is `root`, without a password.
///
/// # Errors
/// The directory cannot be made.
pub fn prepare(program: &Program, folder: &Path, certificate: Option<&Certificate>) -> Result<Prepared> {
    let user = User::find(&["root"])?;
    user.folder(folder)?;
    let data = folder.join("data");
    let temporary = folder.join("tmp");
    user.folder(&temporary)?;
    let name = sh::output(&mut sh::command("id", ["-un"]))?;
    let common = |command: &mut Command| {
        command.arg(format!("--user={}", name.trim())).arg(format!("--datadir={}", data.display()));
        command.arg(format!("--tmpdir={}", temporary.display()));
        command.args(["--secure-file-priv=", "--innodb-redo-log-capacity=32M"]);
    };
    let plain = |program: &Path| sh::command(program, [] as [&str; 0]);
    let mut initialize = program.command(plain)?;
    common(&mut initialize);
    sh::output(initialize.arg("--initialize-insecure")).context("its data directory cannot be made")?;
    let version = sh::output(program.command(plain)?.arg("--version"))?;
    let version = version.split_whitespace().skip_while(|word| *word != "Ver").nth(1).unwrap_or_default();
    let port = free_port()?;
    let mut command = program.command(|program| user.server(program))?;
    common(&mut command);
    command.args(["--bind-address=127.0.0.1", "--mysqlx=OFF", "--skip-log-bin", "--performance-schema=OFF"]);
    command.arg(format!("--port={port}"));
    command.arg(format!("--socket={}", folder.join("socket").display()));
    command.arg(format!("--pid-file={}", folder.join("pid").display()));
    command.args(["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"]);
    command.arg("--innodb-buffer-pool-size=32M");
    if let Some(certificate) = certificate {
        command.arg(format!("--ssl-ca={}", certificate.authority.display()));
        command.arg(format!("--ssl-cert={}", certificate.certificate.display()));
        command.arg(format!("--ssl-key={}", certificate.key.display()));
    }
    Ok(Prepared {
        title: format!("MySQL {}", version.split('-').next().unwrap_or_default()),
        product: Product::Mysql,
        url: format!("mysql://root@127.0.0.1:{port}/"),
        secure: certificate.is_some(),
        start: Start { command, log: folder.join("log"), port, ready: None, signal: "KILL" },
    })
}
