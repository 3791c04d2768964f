//! From the first message to a running server: `initialize`, what is registered afterwards, and settings.
//!
//! Invariant: `initialize` is answered without reading a file or starting a thread.

use std::sync::Arc;

use gen_lsp_types::{
    ChangeNotifications, ConfigurationItem, ConfigurationParams, ConfigurationRequest,
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, InitializeResult,
    PositionEncodingKind, Registration, RegistrationParams, RegistrationRequest, Save, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
    WorkspaceFolder, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use serde_json::Value;
use text::Encoding;

use super::client::ClientCaps;
use super::failure::Failure;
use super::owner::{Owner, Phase};
use super::settings::Settings;
use super::{commands, discover, handler};

/// What the server wants to hear of on disk.
const WATCHED: &[&str] = &[
    "**/*.{hcl,sql,sum,db,db3,sqlite,sqlite3}",
    // What commits, fetches and switches of branches write.
    "**/.git/{HEAD,packed-refs}",
    "**/.git/refs/**",
];

/// Answers `initialize`.
pub(crate) fn initialize(owner: &mut Owner, params: Value) -> Result<Value, Failure> {
    let client = ClientCaps::read(&params);
    let capabilities = capabilities(&owner.handlers, &owner.commands, &client);
    let options = params.get("initializationOptions").unwrap_or(&Value::Null);
    owner.state.trusted = options.get("trusted").and_then(Value::as_bool).unwrap_or(false);
    let folders = folders(&params);
    owner.state.workspace.set_folders(&folders);
    if owner.owns_process {
        enter(owner);
    }
    owner.state.folders = folders;
    if let Some(settings) = options.get("settings") {
        owner.state.settings = Arc::new(Settings::read(settings));
    }
    owner.state.client = Arc::new(client);
    owner.state.phase = Phase::Running;
    owner.state.touch();
    let result = InitializeResult {
        capabilities,
        server_info: Some(ServerInfo {
            name: "atlas-ls".into(),
            version: Some(env!("CARGO_PKG_VERSION").into()),
        }),
    };
    serde_json::to_value(result).map_err(|error| Failure::Internal(error.to_string()))
}

/// Makes the only folder the working directory: relative databases of `data "sql"` blocks, which have no directory of
/// their own, mean what they mean on the command line.
fn enter(owner: &Owner) {
    if let [folder] = owner.state.workspace.folders.as_slice()
        && let Err(error) = std::env::set_current_dir(crate::machine::native(&folder.path))
    {
        tracing::warn!("{}: {}", folder.path, crate::machine::reason(&error));
    }
}

/// What the server tells this client it can do.
pub(crate) fn capabilities(
    handlers: &[handler::Entry],
    commands: &[commands::Entry],
    client: &ClientCaps,
) -> ServerCapabilities {
    let mut capabilities = ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            will_save: None,
            will_save_wait_until: None,
            save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
        })),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            ..Default::default()
        }),
        ..Default::default()
    };
    for entry in handlers {
        (entry.advertise)(&mut capabilities, client);
    }
    commands::advertise(commands, &mut capabilities);
    capabilities
}

/// The folders of the workspace, or the one root that older clients send.
fn folders(params: &Value) -> Vec<WorkspaceFolder> {
    let folder = |value: &Value| {
        let uri = Uri::parse(value.get("uri")?.as_str()?).ok()?;
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(WorkspaceFolder { uri, name })
    };
    let folders =
        params.get("workspaceFolders").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut folders: Vec<_> = folders.iter().filter_map(folder).collect();
    if folders.is_empty() {
        let root = || {
            let path = params.get("rootPath")?.as_str()?;
            super::convert::uri_of(std::path::Path::new(path))
        };
        let uri = params.get("rootUri").and_then(Value::as_str).and_then(|uri| Uri::parse(uri).ok());
        folders.extend(uri.or_else(root).map(|uri| WorkspaceFolder { uri, name: String::new() }));
    }
    folders
}

/// Registers what cannot be said statically, asks for the settings, and looks for configurations.
pub(crate) fn initialized(owner: &mut Owner) {
    discover::start(owner);
    let client = &owner.state.client;
    let mut registrations = Vec::new();
    if client.watch_files {
        let watcher = |glob: &&str| FileSystemWatcher {
            glob_pattern: GlobPattern::Pattern((*glob).into()),
            kind: None,
        };
        let watchers = WATCHED.iter().map(watcher).collect();
        let options = DidChangeWatchedFilesRegistrationOptions { watchers };
        registrations.push(Registration {
            id: "atlas-watched-files".into(),
            method: "workspace/didChangeWatchedFiles".into(),
            register_options: serde_json::to_value(options).ok(),
        });
    }
    if client.configuration_registration {
        registrations.push(Registration {
            id: "atlas-configuration".into(),
            method: "workspace/didChangeConfiguration".into(),
            register_options: Some(serde_json::json!({"section": "atlas"})),
        });
    }
    if !registrations.is_empty() {
        owner.client.ask::<RegistrationRequest>(RegistrationParams { registrations }, |_, result| {
            if let Err(error) = result {
                tracing::warn!("the client refused to register: {}", error.message);
            }
        });
    }
    if owner.state.client.configuration {
        pull_settings(owner);
    }
}

/// Asks the client for the section `atlas`.
pub(crate) fn pull_settings(owner: &mut Owner) {
    let item = ConfigurationItem { scope_uri: None, section: Some("atlas".into()) };
    owner.client.ask::<ConfigurationRequest>(ConfigurationParams { items: vec![item] }, |owner, result| {
        match result {
            Ok(Value::Array(values)) => {
                // A client without such settings answers null; then what `initialize` brought stays.
                if let Some(settings) = values.first().filter(|value| value.is_object()) {
                    set_settings(owner, settings);
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("the client did not tell its settings: {}", error.message),
        }
    });
}

/// Takes new settings.
pub(crate) fn set_settings(owner: &mut Owner, settings: &Value) {
    let settings = Settings::read(settings);
    if *owner.state.settings != settings {
        owner.state.settings = Arc::new(settings);
        owner.state.refreshed();
    }
}
