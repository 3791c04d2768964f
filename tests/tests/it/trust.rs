//! What a workspace names is not touched before its user said so, and no secret of it is shown.

use std::net::TcpListener;

use serde_json::json;
use tests::{Client, Config, Workspace};

const PASSWORD: &str = "hunter2-and-more";

/// A project whose env names a program that leaves a mark, and a port that is listened on.
fn tempting(port: u16) -> Workspace {
    let workspace = Workspace::new("");
    let mark = workspace.path("the-program-ran").display().to_string().replace('\\', "/");
    workspace.write(
        "atlas.hcl",
        &format!(
            r#"data "external_schema" "orm" {{
  program = ["sh", "-c", "touch '{mark}'; cat schema.sql"]
}}

data "external" "secret" {{
  program = ["sh", "-c", "touch '{mark}'; echo '{{}}'"]
}}

env "local" {{
  url = "postgres://admin:{PASSWORD}@127.0.0.1:{port}/app?sslmode=disable"
  dev = "postgres://admin:{PASSWORD}@127.0.0.1:{port}/dev?sslmode=disable"
  src = data.external_schema.orm.url
  token = data.external.secret
}}
"#
        ),
    );
    workspace.write("schema.sql", "CREATE TABLE t (id integer);\n");
    workspace
}

/// Does all an editor does by itself when a file is opened and looked at.
fn look_around(client: &mut Client, workspace: &Workspace) {
    for (file, language) in [("atlas.hcl", "atlas-config"), ("schema.sql", "sql")] {
        let uri = workspace.uri(file);
        client.open(&uri, language, &workspace.read(file));
        client.diagnostics(&uri);
        for method in ["textDocument/codeLens", "textDocument/documentSymbol", "textDocument/documentLink"] {
            let _ = client.try_request(method, json!({ "textDocument": { "uri": uri } }));
        }
        let text = client.document(&uri).text.clone();
        for word in ["program", "url", "postgres", "src", "CREATE"] {
            if text.contains(word) {
                let place = client.place(&uri, word);
                let _ = client.try_request("textDocument/hover", place.clone());
                let _ = client.try_request("textDocument/completion", place);
            }
        }
    }
}

fn touches_nothing(config: Config) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener can be asked without waiting");
    let workspace = tempting(listener.local_addr().expect("it is bound").port());
    let mut client = Client::start(&workspace, config);
    look_around(&mut client, &workspace);
    // Without consent a plan is refused or says what is missing; either way nothing is fetched for it.
    let about = json!({ "uri": workspace.uri("atlas.hcl"), "env": "local" });
    let _ = client
        .try_request("workspace/executeCommand", json!({ "command": "atlas.plan", "arguments": [about] }));
    let transcript = client.transcript();
    client.shutdown();
    assert!(!workspace.path("the-program-ran").exists(), "a program of the workspace was run");
    assert!(listener.accept().is_err(), "a port of the workspace was connected to");
    assert!(!transcript.contains(PASSWORD), "the password was shown");
}

#[test]
fn an_untrusted_workspace_is_only_read() {
    touches_nothing(Config::untrusted());
}

#[test]
fn a_trusted_workspace_is_asked_before_its_programs_and_targets_are_used() {
    touches_nothing(Config::trusted());
}

#[test]
fn facts_set_to_never_means_never() {
    let settings = json!({ "facts": "never" });
    touches_nothing(Config {
        settings: settings.clone(),
        options: json!({ "settings": settings }),
        ..Config::trusted()
    });
}

#[test]
fn the_command_line_redacts_what_it_cannot_reach() {
    let workspace = Workspace::new("");
    // Nobody listens on the discard port of this machine.
    let url = format!("postgres://admin:{PASSWORD}@127.0.0.1:9/app?sslmode=disable");
    let output = workspace.run(&["schema", "inspect", "--url", &url]);
    assert_eq!(output.code, 1, "{}", output.render());
    assert!(!output.render().contains(PASSWORD), "{}", output.render());
}
