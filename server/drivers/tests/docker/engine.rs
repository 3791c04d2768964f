//! The stand-in for the Docker engine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// What the engine was told to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    pub query: String,
    /// The names in the archive.
    pub files: Vec<String>,
}

/// A listening stand-in, until it is dropped.
pub struct StandIn {
    host: &'static str,
    state: Arc<Mutex<State>>,
    _folder: tempfile::TempDir,
}

#[derive(Default)]
struct State {
    pulled: Vec<String>,
    built: Vec<Built>,
    /// What was asked for, one for each container.
    asked: Vec<Value>,
    containers: BTreeMap<String, Container>,
    made: usize,
}

struct Container {
    image: String,
    env: BTreeMap<String, String>,
    /// Inside: `5432/tcp`.
    inside: String,
    port: u16,
    server: Option<Server>,
}

/// A real server and its data.
struct Server {
    child: Child,
    folder: PathBuf,
    /// What it takes for the wish to end at once.
    signal: &'static str,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args([self.signal, &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

// Not every test that starts one asks it everything.
#[allow(dead_code)]
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

    pub fn built(&self) -> Vec<Built> {
        self.state.lock().unwrap().built.clone()
    }

    /// The bodies of the requests that made containers.
    pub fn asked(&self) -> Vec<Value> {
        self.state.lock().unwrap().asked.clone()
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
        ("POST", ["build"]) => {
            let built = Built { query: query.to_owned(), files: names(body) };
            let mut progress = json!({ "stream": "Step 1/1" }).to_string();
            if built.files.iter().any(|name| name == "Dockerfile") {
                state.built.push(built);
            } else {
                let error = json!({ "error": "Cannot locate specified Dockerfile: Dockerfile\n" });
                progress += &format!("\n{error}");
            }
            (200, progress)
        }
        ("POST", ["containers", "create"]) => {
            let asked: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(asked["HostConfig"]["AutoRemove"], true);
            let inside = asked["ExposedPorts"].as_object().unwrap().keys().next().unwrap().clone();
            assert_eq!(asked["HostConfig"]["PortBindings"][&inside][0]["HostIp"], "127.0.0.1");
            let pairs =
                asked["Env"].as_array().unwrap().iter().filter_map(|pair| pair.as_str()?.split_once('='));
            state.made += 1;
            let id = format!("c{}", state.made);
            let container = Container {
                image: asked["Image"].as_str().unwrap().to_owned(),
                env: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                inside,
                port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
                server: None,
            };
            state.containers.insert(id.clone(), container);
            state.asked.push(asked);
            (201, json!({ "Id": id }).to_string())
        }
        ("POST", ["containers", id, "start"]) => {
            let Some(container) = state.containers.get_mut(*id) else { return missing("container") };
            if !container.image.ends_with(":ends-at-once") && !container.image.ends_with(":never-ready") {
                container.server = Some(match container.inside.as_str() {
                    "3306/tcp" => serve_mariadb(container),
                    _ => serve_postgres(container),
                });
            }
            (204, String::new())
        }
        ("GET", ["containers", id, "json"]) => {
            let Some(container) = state.containers.get(*id) else { return missing("container") };
            let running = !container.image.ends_with(":ends-at-once");
            let port = [json!({ "HostIp": "127.0.0.1", "HostPort": container.port.to_string() })];
            let state = json!({
                "State": { "Running": running },
                "NetworkSettings": { "Ports": { &container.inside: port } },
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
    Server { child: server.spawn().unwrap(), folder, signal: "-QUIT" }
}

/// Starts MariaDB as the image would set it up, and does not wait for it.
fn serve_mariadb(container: &Container) -> Server {
    let folder = tempfile::Builder::new().prefix("atlas-ls-docker-").tempdir().unwrap().keep();
    let data = folder.join("data");
    let user = if is_root() { "root".to_owned() } else { std::env::var("USER").unwrap_or_default() };
    let mut install = Command::new("mariadb-install-db");
    install.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
    install.arg(format!("--datadir={}", data.display())).arg(format!("--user={user}"));
    let done = install.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(done.success());
    // What the entry point of the image does before the server listens on TCP.
    let setup = folder.join("setup.sql");
    let password = &container.env["MYSQL_ROOT_PASSWORD"];
    let text =
        format!("GRANT ALL ON *.* TO root@'127.0.0.1' IDENTIFIED BY '{password}' WITH GRANT OPTION;\n");
    std::fs::write(&setup, text).unwrap();
    let mut server = Command::new(mariadbd().unwrap());
    server.args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-log-bin", "--skip-name-resolve"]);
    server.arg(format!("--user={user}")).arg(format!("--port={}", container.port));
    for (option, path) in
        [("datadir", &data), ("tmpdir", &folder), ("init-file", &setup), ("socket", &folder.join("socket"))]
    {
        server.arg(format!("--{option}={}", path.display()));
    }
    server.arg(format!("--pid-file={}", folder.join("pid").display()));
    server.stdout(Stdio::null()).stderr(Stdio::null());
    Server { child: server.spawn().unwrap(), folder, signal: "-KILL" }
}

/// MariaDB of the system's packages.
pub fn mariadbd() -> Option<PathBuf> {
    let known = ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"].map(PathBuf::from);
    known.into_iter().find(|path| path.is_file())
}

/// The names in a tar archive.
fn names(mut archive: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    while archive.len() >= 512 && archive[0] != 0 {
        let text = |from: usize, to: usize| {
            String::from_utf8_lossy(&archive[from..to]).trim_matches('\0').trim().to_owned()
        };
        names.push(text(0, 100));
        let size = usize::from_str_radix(&text(124, 136), 8).unwrap();
        archive = &archive[512 + size.next_multiple_of(512)..];
    }
    names
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
