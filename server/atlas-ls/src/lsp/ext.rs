//! What server and client say to each other beyond LSP: types and method names only.
//!
//! The client's side is `editors/vscode/src/protocol.ts`; a change here is a change there. Every client may ignore
//! all of it. Invariant: no field holds a secret; targets are redacted before they get here.

use gen_lsp_types::{LspNotificationMethod, LspRequestMethod, MessageDirection, Notification, Request, Uri};
use serde::{Deserialize, Serialize};

/// `atlas/didGrantTrust`: the user trusts the workspace from now on.
pub(crate) enum DidGrantTrust {}

impl Notification for DidGrantTrust {
    type Params = Nothing;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/didGrantTrust");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

/// Parameters that say nothing; whatever a client sends is that.
#[derive(Debug, Serialize)]
pub(crate) struct Nothing {}

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self {})
    }
}

/// `atlas/status`: health, and what is known of each configuration.
pub(crate) enum StatusChanged {}

impl Notification for StatusChanged {
    type Params = Status;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/status");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) health: Health,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    pub(crate) folders: Vec<Folder>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Health {
    Ok,
    Warning,
    Error,
}

/// One configuration, in the folder it is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Folder {
    pub(crate) folder: Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config: Option<Uri>,
    /// The env by which files are judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) env: Option<String>,
    pub(crate) envs: Vec<String>,
    /// Any name is an env, because one block has no label.
    pub(crate) unlabeled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dialect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    pub(crate) facts: Vec<FactState>,
}

/// Something outside that the configuration refers to, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FactState {
    pub(crate) name: String,
    pub(crate) state: String,
}

/// `atlas/didChangeProject`: the files that the configurations list.
pub(crate) enum ProjectChanged {}

impl Notification for ProjectChanged {
    type Params = ProjectFiles;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/didChangeProject");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProjectFiles {
    pub(crate) files: Vec<ProjectFile>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProjectFile {
    pub(crate) uri: Uri,
    /// The language id it should have: `atlas-schema-sqlite`, `sql`.
    pub(crate) language: String,
    pub(crate) env: String,
    pub(crate) config: Uri,
}

/// `atlas/migrations`: the migration directories, their files, and what is known of their targets.
pub(crate) enum MigrationsChanged {}

impl Notification for MigrationsChanged {
    type Params = Migrations;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/migrations");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Migrations {
    pub(crate) directories: Vec<MigrationDirectory>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MigrationDirectory {
    pub(crate) uri: Uri,
    /// As seen from its folder.
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config: Option<Uri>,
    /// The env that judges it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) env: Option<String>,
    /// Every env that names it.
    pub(crate) envs: Vec<String>,
    pub(crate) format: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    /// `ok`, `missing`, `mismatch` or `conflict`.
    pub(crate) sum: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// Whether the target was looked at: `unknown`, `known` or `failed`.
    pub(crate) status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<usize>,
    /// In the order they run in; last those that only the sum has.
    pub(crate) files: Vec<MigrationFile>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MigrationFile {
    pub(crate) uri: Uri,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: String,
    /// `applied`, `pending`, `partial` or `unknown`.
    pub(crate) state: String,
    /// `ok`, `added`, `edited` or `missing`.
    pub(crate) sum: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// What running it may do, for an open file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) findings: Option<usize>,
}

/// `atlas/planChanged`: the text of a plan document is out of date.
pub(crate) enum PlanChanged {}

impl Notification for PlanChanged {
    type Params = OneUri;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/planChanged");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OneUri {
    pub(crate) uri: Uri,
}

/// `atlas/approve`: may this be executed against this target?
pub(crate) enum Approve {}

impl Request for Approve {
    type Params = Question;
    type Result = Choice;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new("atlas/approve");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) title: String,
    /// The redacted address of the database.
    pub(crate) target: String,
    pub(crate) summary: String,
    pub(crate) detail: String,
    pub(crate) actions: Vec<Action>,
    /// The document that holds the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) plan: Option<Uri>,
}

/// A button and what choosing it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Action {
    pub(crate) title: String,
    pub(crate) value: String,
}

/// The `value` of the chosen action; `cancel` when the dialog was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
}
