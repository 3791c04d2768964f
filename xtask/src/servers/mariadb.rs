//! MariaDB, of the system's packages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::process::{Start, User};
use super::tls::Certificate;
use super::{Prepared, Product, free_port};
use crate::{sh, tools};

/// The server and the program that makes its data directory.
pub struct Programs {
    server: PathBuf,
    install: PathBuf,
}

/// Finds the programs, or installs them as root.
///
/// # Errors
/// They are missing and may not be installed.
pub fn find() -> Result<Programs> {
    let find = || -> Option<Programs> {
        let server = sh::which("mariadbd")
            .or_else(|| Some(PathBuf::from("/usr/sbin/mariadbd")).filter(|path| path.is_file()))?;
        Some(Programs { server, install: sh::which("mariadb-install-db")? })
    };
    if let Some(programs) = find() {
        return Ok(programs);
    }
    tools::install(&["mariadb-server"])?;
    find().context("mariadbd is still missing after installing mariadb-server")
}

/// Makes a data directory. The administrator is `root`, without a password.
///
/// # Errors
/// The directory cannot be made.
pub fn prepare(programs: &Programs, folder: &Path, certificate: Option<&Certificate>) -> Result<Prepared> {
    // It runs as whoever we are, root included.
    let user = User::find(&["root"])?;
    user.folder(folder)?;
    let data = folder.join("data");
    // A server that starts removes what another left in a shared directory, its temporary tables included.
    let temporary = folder.join("tmp");
    user.folder(&temporary)?;
    let name = sh::output(&mut sh::command("id", ["-un"]))?;
    let name = name.trim();
    let mut install = sh::command(&programs.install, ["--no-defaults", "--skip-test-db"]);
    install.arg(format!("--datadir={}", data.display())).arg(format!("--user={name}"));
    install.args(["--auth-root-authentication-method=normal", "--innodb-log-file-size=8M"]);
    sh::output(&mut install)?;
    let version = sh::output(&mut sh::command(&programs.server, ["--version"]))?;
    let version = version.split_whitespace().skip_while(|word| *word != "Ver").nth(1).unwrap_or_default();
    let port = free_port()?;
    let mut command = user.server(&programs.server);
    command.args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-log-bin", "--skip-name-resolve"]);
    command.arg(format!("--user={name}")).arg(format!("--port={port}"));
    command.arg(format!("--datadir={}", data.display())).arg(format!("--tmpdir={}", temporary.display()));
    command.arg(format!("--socket={}", folder.join("socket").display()));
    command.arg(format!("--pid-file={}", folder.join("pid").display()));
    command.args(["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"]);
    command.args(["--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"]);
    command.args(["--lower-case-table-names=0", "--character-set-server=utf8mb4"]);
    if let Some(certificate) = certificate {
        command.arg(format!("--ssl-cert={}", certificate.certificate.display()));
        command.arg(format!("--ssl-key={}", certificate.key.display()));
    }
    Ok(Prepared {
        title: format!("MariaDB {}", version.split('-').next().unwrap_or_default()),
        product: Product::Mariadb,
        url: format!("mysql://root@127.0.0.1:{port}/"),
        secure: certificate.is_some(),
        start: Start { command, log: folder.join("log"), port, ready: None, signal: "KILL" },
    })
}
