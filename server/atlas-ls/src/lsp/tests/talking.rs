//! What the server asks and tells: registrations, settings, progress, questions, trust.

use serde_json::{Value, json};

use super::{TestClient, plain};

fn able() -> Value {
    json!({
        "capabilities": {
            "workspace": {
                "configuration": true,
                "didChangeConfiguration": {"dynamicRegistration": true},
                "didChangeWatchedFiles": {"dynamicRegistration": true},
            },
            "window": {"workDoneProgress": true},
        },
        "initializationOptions": {"trusted": false, "settings": {"plan": {"live": false}}},
    })
}

#[test]
fn files_and_settings_are_registered_and_settings_pulled() {
    let (mut client, _) = TestClient::ready(able());
    let register = client.heard("client/registerCapability");
    let registrations = &register["params"]["registrations"];
    assert_eq!(
        registrations[0]["registerOptions"]["watchers"],
        json!([{"globPattern": "**/*.{hcl,sql,sum,db,db3,sqlite,sqlite3}"},
            {"globPattern": "**/.git/{HEAD,packed-refs}"},
            {"globPattern": "**/.git/refs/**"}])
    );
    assert_eq!(registrations[1]["method"], "workspace/didChangeConfiguration");
    client.reply(&register, Value::Null);
    let pull = client.heard("workspace/configuration");
    assert_eq!(pull["params"], json!({"items": [{"section": "atlas"}]}));
    client.reply(&pull, json!([{"env": "prod"}]));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    let pull = client.heard("workspace/configuration");
    client.reply(&pull, json!([null]));
    client.leave();
}

#[test]
fn a_weak_client_is_asked_nothing() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"atlas": {"env": "x"}}}));
    client.ask("test/quick", json!({}));
    assert_eq!(client.said, Vec::<Value>::new());
    client.leave();
}

#[test]
fn progress_begins_before_and_ends_before_the_answer() {
    let (mut client, _) = TestClient::ready(able());
    client.notify("atlas/didGrantTrust", json!({}));
    let id = client.request("workspace/executeCommand", json!({"command": "test.choose", "arguments": []}));
    let create = client.heard("window/workDoneProgress/create");
    client.reply(&create, Value::Null);
    let begin = client.heard("$/progress");
    assert_eq!(begin["params"]["token"], create["params"]["token"]);
    assert_eq!(begin["params"]["value"], json!({"kind": "begin", "title": "Choosing", "cancellable": true}));
    let question = client.heard("window/showMessageRequest");
    assert_eq!(
        question["params"],
        json!({"type": 3, "message": "apply to a://b:xxxxx@d?", "actions": [{"title": "Yes"}, {"title": "No"}]})
    );
    client.reply(&question, json!({"title": "Yes"}));
    assert_eq!(client.answer(id), json!({"chosen": "Yes", "trusted": true}));
    let told: Vec<Value> = client.said.drain(..).filter(|said| said["method"] == "$/progress").collect();
    let values: Vec<&Value> = told.iter().map(|said| &said["params"]["value"]).collect();
    assert_eq!(
        values,
        [
            &json!({"kind": "report", "message": "chosen", "percentage": 50}),
            &json!({"kind": "end", "message": "done"})
        ]
    );
    client.leave();
}

#[test]
fn the_cancel_button_of_a_progress_reaches_its_command() {
    let (mut client, _) = TestClient::ready(plain());
    let params = json!({"command": "test.patient", "workDoneToken": "mine"});
    let id = client.request("workspace/executeCommand", params);
    assert_eq!(client.heard("$/progress")["params"]["value"]["kind"], "begin");
    client.notify("window/workDoneProgress/cancel", json!({"token": "mine"}));
    assert_eq!(client.answer(id), json!("Asked"));
    assert_eq!(client.heard("$/progress")["params"]["value"]["kind"], "end");
    client.leave();
}

#[test]
fn a_command_that_is_none_is_refused() {
    let (mut client, answer) = TestClient::ready(plain());
    let commands = &answer["capabilities"]["executeCommandProvider"]["commands"];
    assert_eq!(commands, &json!(["test.choose", "test.approve", "test.panic", "test.patient"]));
    assert_eq!(client.ask("workspace/executeCommand", json!({"command": "x"}))["error"], -32602);
    assert_eq!(client.ask("workspace/executeCommand", Value::Null)["error"], -32602);
    client.leave();
}

#[test]
fn approval_is_asked_in_the_dialog_of_clients_that_have_one() {
    let mut params = able();
    params["initializationOptions"]["approval"] = json!(true);
    let (mut client, _) = TestClient::ready(params);
    for (answer, value) in [("apply", json!("apply")), ("cancel", json!("cancel")), ("made up", Value::Null)]
    {
        let id = client.request("workspace/executeCommand", json!({"command": "test.approve"}));
        let question = client.heard("atlas/approve");
        assert_eq!(question["params"]["target"], "sqlite://shop.db");
        assert_eq!(question["params"]["actions"][0], json!({"title": "Apply", "value": "apply"}));
        client.reply(&question, json!({"value": answer}));
        assert_eq!(client.answer(id), value);
    }
    client.leave();
}

#[test]
fn approval_is_a_message_elsewhere_and_closing_it_is_no_yes() {
    let (mut client, _) = TestClient::ready(plain());
    for (answer, value) in [(json!({"title": "Apply"}), json!("apply")), (Value::Null, Value::Null)] {
        let id = client.request("workspace/executeCommand", json!({"command": "test.approve"}));
        let question = client.heard("window/showMessageRequest");
        assert_eq!(question["params"]["message"], "Apply 1 statement?\nsqlite://shop.db\n1 warning");
        client.reply(&question, answer);
        assert_eq!(client.answer(id), value);
    }
    let id = client.request("workspace/executeCommand", json!({"command": "test.approve"}));
    let question = client.heard("window/showMessageRequest");
    client.refuse(&question);
    assert_eq!(client.answer(id)["error"], -32803);
    client.leave();
}

#[test]
fn traces_name_the_method_and_its_time_and_no_text() {
    let (mut client, _) = TestClient::ready(plain());
    client.ask("test/panic", json!("a"));
    assert!(client.said.iter().all(|said| said["method"] != "$/logTrace"), "nothing before it is asked for");
    client.notify("$/setTrace", json!({"value": "messages"}));
    client.ask("test/panic", json!("SECRET"));
    let trace = client.heard("$/logTrace");
    let message = trace["params"]["message"].as_str().expect("a text");
    assert!(message.starts_with("test/panic") && !message.contains("SECRET"), "{message}");
    client.leave();
}
