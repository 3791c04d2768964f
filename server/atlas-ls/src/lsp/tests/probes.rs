//! Handlers and commands that show what the edge does.

use gen_lsp_types::{
    LspRequestMethod, MessageDirection, MessageType, Request, ServerCapabilities, TextDocumentIdentifier,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::gates;
use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::commands::{self, Command, Context};
use crate::lsp::ext::{Action, Question};
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Entry, Handler, Stale};
use crate::lsp::lanes::Lane;
use crate::lsp::snapshot::Snapshot;

pub(super) fn handlers() -> Vec<Entry> {
    vec![
        Entry::of::<Read<0>>(),
        Entry::of::<Read<1>>(),
        Entry::of::<Read<2>>(),
        Entry::of::<Read<3>>(),
        Entry::of::<Panics>(),
        Entry::of::<Sticks>(),
    ]
}

pub(super) fn commands() -> Vec<commands::Entry> {
    vec![
        commands::Entry::of::<Choose>(),
        commands::Entry::of::<Approving>(),
        commands::Entry::of::<Panicking>(),
        commands::Entry::of::<Patient>(),
    ]
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    text_document: TextDocumentIdentifier,
    /// The gate to pass before the text is read.
    #[serde(default)]
    gate: Option<String>,
}

/// Answers the document's version and text; the number says how.
struct Read<const HOW: u8>;

impl<const HOW: u8> Request for Read<HOW> {
    type Params = Params;
    type Result = Value;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new(match HOW {
        0 => "test/refuse",
        1 => "test/rerun",
        2 => "test/finish",
        _ => "test/quick",
    });
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

impl<const HOW: u8> Handler for Read<HOW> {
    type Request = Self;
    const LANE: Lane = if HOW == 3 { Lane::Latency } else { Lane::Worker };
    const STALE: Stale = match HOW {
        0 => Stale::Refuse,
        1 => Stale::Rerun,
        _ => Stale::Finish,
    };

    fn advertise(_: &mut ServerCapabilities, _: &ClientCaps) {}

    fn handle(snapshot: &Snapshot, params: Params, cancel: &Cancel) -> Result<Value, Failure> {
        if let Some(gate) = &params.gate {
            gates::pass(gate, cancel)?;
        }
        let document = snapshot.document(&params.text_document.uri)?;
        Ok(json!({"version": document.version, "text": document.text.to_string()}))
    }
}

/// Fails as no handler should.
struct Panics;

impl Request for Panics {
    type Params = Value;
    type Result = Value;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new("test/panic");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

impl Handler for Panics {
    type Request = Self;

    fn advertise(_: &mut ServerCapabilities, _: &ClientCaps) {}

    fn handle(_: &Snapshot, params: Value, _: &Cancel) -> Result<Value, Failure> {
        panic!("a probe panics with {params}");
    }
}

/// Hangs, and asks no token whether it should.
struct Sticks;

impl Request for Sticks {
    type Params = Value;
    type Result = Value;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new("test/stick");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

impl Handler for Sticks {
    type Request = Self;

    fn advertise(_: &mut ServerCapabilities, _: &ClientCaps) {}

    fn handle(_: &Snapshot, params: Value, _: &Cancel) -> Result<Value, Failure> {
        gates::stick(params.as_str().unwrap_or_default());
        Ok(Value::Null)
    }
}

/// Asks the user with progress around it.
struct Choose;

impl Command for Choose {
    const NAME: &'static str = "test.choose";
    type Args = Value;
    type Report = Value;

    async fn run(context: Context, _: Value) -> Result<Value, Failure> {
        let supported = context.snapshot.client.progress;
        let progress = context.client.progress(supported, context.token, "Choosing", &context.cancel).await;
        let chosen = context.client.choose(MessageType::Info, "apply to a://b:c@d?", &["Yes", "No"]).await?;
        progress.report("chosen", Some(50));
        progress.end("done");
        Ok(json!({"chosen": chosen, "trusted": context.snapshot.trusted}))
    }
}

/// Asks for an approval.
struct Approving;

impl Command for Approving {
    const NAME: &'static str = "test.approve";
    type Args = Value;
    type Report = Value;

    async fn run(context: Context, _: Value) -> Result<Value, Failure> {
        let action = |title: &str, value: &str| Action { title: title.into(), value: value.into() };
        let question = Question {
            title: "Apply 1 statement?".into(),
            target: "sqlite://shop.db".into(),
            summary: "1 warning".into(),
            detail: String::new(),
            actions: vec![action("Apply", "apply"), action("Cancel", "cancel")],
            plan: None,
        };
        let value = context.client.approve(&context.snapshot.client, question).await?;
        Ok(json!(value))
    }
}

struct Panicking;

impl Command for Panicking {
    const NAME: &'static str = "test.panic";
    type Args = Value;
    type Report = Value;

    async fn run(_: Context, args: Value) -> Result<Value, Failure> {
        panic!("a command panics with {args}");
    }
}

/// Works until its progress is cancelled, then says so.
struct Patient;

impl Command for Patient {
    const NAME: &'static str = "test.patient";
    type Args = Value;
    type Report = Value;

    async fn run(context: Context, _: Value) -> Result<Value, Failure> {
        let _progress = context.client.progress(true, context.token, "Waiting", &context.cancel).await;
        let reason = context.cancel.cancelled().await;
        Ok(json!(format!("{reason:?}")))
    }
}
