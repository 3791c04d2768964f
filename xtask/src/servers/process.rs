//! Server processes: started as a user that may run them, ready before they are used, ended with us.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{sh, tools};

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// How to start a server.
pub struct Start {
    pub command: Command,
    pub log: PathBuf,
    pub port: u16,
    /// A file and what it must contain before the port means anything.
    pub ready: Option<(PathBuf, &'static str)>,
    /// Ends it without waiting for its clients: the data is thrown away.
    pub signal: &'static str,
}

/// A server that runs.
pub struct Running {
    child: Child,
    signal: &'static str,
}

impl Running {
    /// Starts a server and waits until it answers.
    ///
    /// # Errors
    /// It ends at once, or stays silent.
    pub fn start(mut start: Start) -> Result<Self> {
        let log = File::create(&start.log)?;
        let child = start
            .command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", sh::show(&start.command)))?;
        let mut running = Running { child, signal: start.signal };
        let end = Instant::now() + PATIENCE;
        let address = SocketAddr::from(([127, 0, 0, 1], start.port));
        loop {
            let is_ready = match &start.ready {
                Some((file, words)) => fs::read_to_string(file).is_ok_and(|text| text.contains(words)),
                None => true,
            };
            if is_ready && TcpStream::connect(address).is_ok() {
                return Ok(running);
            }
            if let Some(status) = running.child.try_wait()? {
                bail!("it ended at once ({status}): {}", super::tail(&start.log));
            }
            if Instant::now() > end {
                running.stop();
                bail!("it does not answer: {}", super::tail(&start.log));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it and waits for that.
    pub fn stop(&mut self) {
        let signal = format!("-{}", self.signal);
        let ended = sh::output(&mut sh::command("kill", [signal, self.child.id().to_string()]));
        if ended.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The user a server is run as when we are root and it must not be.
#[derive(Clone, Debug)]
pub struct User(Option<(String, String)>);

impl User {
    /// The first of `names` that the system knows, when we are root; else whoever we are.
    ///
    /// # Errors
    /// The system knows none of them.
    pub fn find(names: &[&str]) -> Result<Self> {
        if !tools::is_root() {
            return Ok(User(None));
        }
        let id = |flag: &str, name: &str| sh::output(&mut sh::command("id", [flag, name]));
        let found = names.iter().find_map(|name| Some((id("-u", name).ok()?, id("-g", name).ok()?)));
        let (user, group) = found.with_context(|| format!("there is no user {}", names.join(" or ")))?;
        Ok(User(Some((user.trim().to_owned(), group.trim().to_owned()))))
    }

    /// `program`, as this user.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = match &self.0 {
            Some((user, group)) => {
                let ids = [format!("--reuid={user}"), format!("--regid={group}")];
                let mut command = sh::command("setpriv", ids);
                command.args(["--clear-groups"]).arg(program);
                command
            }
            None => sh::command(program, [] as [&str; 0]),
        };
        command.env("HOME", std::env::temp_dir()).env("LC_ALL", "C.UTF-8").current_dir("/");
        command
    }

    /// `program`, as this user, ended by the system when we end.
    pub fn server(&self, program: &Path) -> Command {
        if sh::which("setpriv").is_none() {
            return self.command(program);
        }
        let mut command = sh::command("setpriv", ["--pdeathsig=KILL"]);
        if let Some((user, group)) = &self.0 {
            command.args([format!("--reuid={user}"), format!("--regid={group}")]).arg("--clear-groups");
        }
        command.arg(program).env("HOME", std::env::temp_dir()).env("LC_ALL", "C.UTF-8").current_dir("/");
        command
    }

    /// Makes a folder that belongs to this user.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn folder(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        self.own(folder)
    }

    /// Gives a file or folder to this user.
    ///
    /// # Errors
    /// It cannot be given.
    pub fn own(&self, path: &Path) -> Result<()> {
        if let Some((user, group)) = &self.0 {
            sh::output(sh::command("chown", [format!("{user}:{group}")]).arg(path))?;
        }
        Ok(())
    }
}
