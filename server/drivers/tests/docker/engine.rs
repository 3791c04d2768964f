//! The stand-in for the Docker engine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A listening stand-in, until it is dropped.
pub struct StandIn {
    host: &'static str,
    state: Arc<Mutex<State>>,
    _folder: tempfile::TempDir,
}

#[derive(Default)]
struct State {
    pulled: Vec<String>,
    containers: BTreeMap<String, Container>,
    made: usize,
}

struct Container {
    image: String,
    env: BTreeMap<String, String>,
    port: u16,
    server: Option<Server>,
}

/// A real PostgreSQL and its data.
struct Server {
    child: Child,
    folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-QUIT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl StandIn {
    /// Listens; `None` where the system has no PostgreSQL to start, which is said.
    pub fn start() -> Option<Self> {
        if programs().is_none() {
            println!("skipped: no PostgreSQL programs in /usr/lib/postgresql");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("docker.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || answer(stream, &shared));
            }
        });
        let host = Box::leak(format!("unix://{}", socket.display()).into_boxed_str());
        Some(Self { host, state, _folder: folder })
    }

    pub fn host(&self) -> &'static str {
        self.host
    }

    /// How many containers there are.
    pub fn containers(&self) -> usize {
        self.state.lock().unwrap().containers.len()
    }

    /// How many there ever were.
    pub fn made(&self) -> usize {
        self.state.lock().unwrap().made
    }

    pub fn pulled(&self) -> Vec<String> {
        self.state.lock().unwrap().pulled.clone()
    }
}

fn answer(mut stream: UnixStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        lines.push(line);
    }
    let Some(request) = lines.first() else { return };
    let length = lines.iter().find_map(|line| line.strip_prefix("Content-Length: ")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let words: Vec<&str> = request.split(' ').collect();
    let (path, query) = words[1].split_once('?').unwrap_or((words[1], ""));
    let (status, reply) = serve(words[0], path, query, &body, state);
    let text = if path == "/images/create" {
        // The engine sends progress as it comes.
        let chunks: String =
            reply.lines().map(|line| format!("{:x}\r\n{line}\r\n\r\n", line.len() + 2)).collect();
        format!("HTTP/1.1 {status} x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
    } else {
        format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n\r\n{reply}", reply.len())
    };
    let _ = stream.write_all(text.as_bytes());
}

fn serve(method: &str, path: &str, query: &str, body: &[u8], state: &Mutex<State>) -> (u16, String) {
    let mut state = state.lock().unwrap();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let missing = |what: &str| (404, json!({ "message": format!("No such {what}") }).to_string());
    match (method, parts.as_slice()) {
        ("GET", ["images", .., "json"]) => {
            let name = path.trim_start_matches("/images/").trim_end_matches("/json");
            if state.pulled.iter().any(|image| image == name) { (200, "{}".into()) } else { missing("image") }
        }
        ("POST", ["images", "create"]) => {
            let name = query.trim_start_matches("fromImage=").replace("%3A", ":").replace("%2F", "/");
            let mut progress = json!({ "status": "Pulling" }).to_string();
            if name.ends_with(":absent") {
                let error = format!("manifest for {name} not found");
                progress += &format!("\n{}", json!({ "error": error }));
            } else {
                state.pulled.push(name);
            }
            (200, progress)
        }
        ("POST", ["containers", "create"]) => {
            let asked: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(asked["HostConfig"]["AutoRemove"], true);
            assert_eq!(asked["HostConfig"]["PortBindings"]["5432/tcp"][0]["HostIp"], "127.0.0.1");
            let pairs =
                asked["Env"].as_array().unwrap().iter().filter_map(|pair| pair.as_str()?.split_once('='));
            state.made += 1;
            let id = format!("c{}", state.made);
            let container = Container {
                image: asked["Image"].as_str().unwrap().to_owned(),
                env: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
                server: None,
            };
            state.containers.insert(id.clone(), container);
            (201, json!({ "Id": id }).to_string())
        }
        ("POST", ["containers", id, "start"]) => {
            let Some(container) = state.containers.get_mut(*id) else { return missing("container") };
            if !container.image.ends_with(":ends-at-once") && !container.image.ends_with(":never-ready") {
                container.server = Some(serve_postgres(container));
            }
            (204, String::new())
        }
        ("GET", ["containers", id, "json"]) => {
            let Some(container) = state.containers.get(*id) else { return missing("container") };
            let running = !container.image.ends_with(":ends-at-once");
            let port = [json!({ "HostIp": "127.0.0.1", "HostPort": container.port.to_string() })];
            let state = json!({
                "State": { "Running": running },
                "NetworkSettings": { "Ports": { "5432/tcp": port } },
            });
            (200, state.to_string())
        }
        ("GET", ["containers", _, "logs"]) => {
            (200, "\u{2}\0\0\0\0\0\0\u{1d}\ninitdb: no space left      \n".to_owned())
        }
        ("DELETE", ["containers", id]) => {
            assert_eq!(query, "force=true&v=true");
            match state.containers.remove(*id) {
                Some(_) => (204, String::new()),
                None => missing("container"),
            }
        }
        _ => (400, json!({ "message": format!("{method} {path}") }).to_string()),
    }
}

/// Starts PostgreSQL as the image would set it up, and does not wait for it.
fn serve_postgres(container: &Container) -> Server {
    let programs = programs().unwrap();
    let folder = tempfile::Builder::new().prefix("atlas-ls-docker-").tempdir().unwrap().keep();
    let (password, data) = (folder.join("password"), folder.join("data"));
    std::fs::write(&password, container.env["POSTGRES_PASSWORD"].as_bytes()).unwrap();
    if is_root() {
        let owned = Command::new("chown").args(["-R", "postgres"]).arg(&folder).status().unwrap();
        assert!(owned.success());
    }
    let mut initdb = command(&programs.join("initdb"));
    initdb.args(["-U", "postgres", "--auth=scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]);
    initdb.arg(format!("--pwfile={}", password.display())).arg("-D").arg(&data);
    assert!(initdb.stdout(Stdio::null()).status().unwrap().success());
    // What the entry point of the image does before the server listens on TCP.
    let database = container.env["POSTGRES_DB"].as_str();
    if database != "postgres" {
        let mut single = command(&programs.join("postgres"));
        single.args(["--single", "-F", "-D"]).arg(&data).arg("postgres").stdin(Stdio::piped());
        let mut child = single.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("CREATE DATABASE \"{database}\"\n").as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }
    let mut server = command(&programs.join("postgres"));
    server.arg("-D").arg(&data).args(["-p", &container.port.to_string(), "-k", "", "-F"]);
    server.args(["-c", "listen_addresses=127.0.0.1"]).stdout(Stdio::null()).stderr(Stdio::null());
    Server { child: server.spawn().unwrap(), folder }
}

/// The newest of the system's packages.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    folders.filter(|folder| folder.join("initdb").is_file()).max()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// `program`, as the user of the package when we are root, for it refuses root.
fn command(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}
