//! Migration directories and git, through the wire: files that come before those of the base branch.

use std::process::Command;

use serde_json::{Value, json};
use tests::{Client, Config, Workspace};

const PROJECT: &str = r#"
-- atlas.hcl --
env "local" {
  dev = "sqlite://dev?mode=memory"
  migration {
    dir = "file://migrations"
  }
}
-- migrations/20240101000000_users.sql --
CREATE TABLE `users` (`id` integer NOT NULL, PRIMARY KEY (`id`));
-- migrations/20240301000000_posts.sql --
CREATE TABLE `posts` (`id` integer NOT NULL, PRIMARY KEY (`id`));
"#;

const LATE: &str = "migrations/20240201000000_late.sql";

/// What a client can do that carries out changes of files and watches them.
fn config(trusted: bool) -> Config {
    let capabilities = json!({"workspace": {
        "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]},
        "didChangeWatchedFiles": {"dynamicRegistration": true},
    }});
    let config = if trusted { Config::trusted() } else { Config::untrusted() };
    Config { capabilities, ..config }
}

fn git(workspace: &Workspace, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(workspace.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository whose branch `main` has two migrations, with a third between them on a branch of our own.
fn repository() -> Workspace {
    let workspace = Workspace::new(PROJECT);
    workspace.ok(&["migrate", "hash", "--dir", "file://migrations"]);
    git(&workspace, &["init", "--quiet", "--initial-branch=main"]);
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "--message=first"]);
    git(&workspace, &["switch", "--quiet", "--create=mine"]);
    workspace.write(LATE, "CREATE TABLE `late` (`id` integer NULL);\n");
    workspace.ok(&["migrate", "hash", "--dir", "file://migrations"]);
    workspace
}

fn codes(client: &mut Client, uri: &str) -> Vec<String> {
    let found = client.diagnostics(uri);
    found.iter().filter_map(|found| found["code"].as_str().map(str::to_owned)).collect()
}

/// Each question is a turn of the server, in which what it fetched arrives.
fn wait_for(client: &mut Client, uri: &str, wanted: &[&str]) {
    for _ in 0..400 {
        if codes(client, uri) == wanted {
            return;
        }
        let argument = json!({"uri": uri});
        client.request(
            "workspace/executeCommand",
            json!({"command": "atlas.migrate.lint", "arguments": [argument]}),
        );
    }
    panic!("{:?} and not {wanted:?}\n{}", codes(client, uri), client.log());
}

#[test]
fn a_file_before_the_last_of_the_base_branch_is_told_and_moved() {
    let workspace = repository();
    let mut client = Client::start(&workspace, config(true));
    let uri = workspace.uri(LATE);
    client.open(&uri, "sql", &workspace.read(LATE));
    wait_for(&mut client, &uri, &["non-linear"]);
    let found = client.diagnostics(&uri);
    assert_eq!(
        found[0]["message"],
        "version \"20240201000000\" comes before \"20240301000000\", the last of main; where that ran, it will be refused"
    );
    let range = found[0]["range"].clone();
    let actions = client.request(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}}),
    );
    let rebase = actions.as_array().into_iter().flatten().find(|action| {
        action["title"] == "Rebase: put 20240201000000_late.sql behind 20240301000000_posts.sql of main"
    });
    let changes = rebase.expect("the rebase")["edit"]["documentChanges"].clone();
    let renames: Vec<&Value> =
        changes.as_array().into_iter().flatten().filter(|change| change["kind"] == "rename").collect();
    assert_eq!(renames.len(), 1, "{changes:#}");
    assert_eq!(renames[0]["newUri"], workspace.uri("migrations/20240301000001_late.sql"));
    client.shutdown();
}

#[test]
fn what_git_has_is_asked_again_when_it_changes() {
    let workspace = repository();
    let mut client = Client::start(&workspace, config(true));
    let uri = workspace.uri(LATE);
    client.open(&uri, "sql", &workspace.read(LATE));
    wait_for(&mut client, &uri, &["non-linear"]);
    // What main has is never late.
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "--quiet", "--message=late"]);
    git(&workspace, &["branch", "--force", "main", "mine"]);
    let head = json!({"uri": workspace.uri(".git/refs/heads/main"), "type": 2});
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [head]}));
    wait_for(&mut client, &uri, &[]);
    client.shutdown();
}

#[test]
fn without_trust_git_is_not_started() {
    let workspace = repository();
    let mut client = Client::start(&workspace, config(false));
    let uri = workspace.uri(LATE);
    client.open(&uri, "sql", &workspace.read(LATE));
    // The directory is known once its sum is.
    client.replace(&uri, "NULL", "NOT NULL");
    wait_for(&mut client, &uri, &["checksum-mismatch"]);
    client.replace(&uri, "NOT NULL", "NULL");
    wait_for(&mut client, &uri, &[]);
    client.shutdown();
}
