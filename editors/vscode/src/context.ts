/**
 * Keeps the context keys that menus and the palette ask for.
 *
 * `atlas.inProject`: this window has a project. `atlas.projectDocument`: the active document belongs to one.
 * `atlas.serverState`: whether there is somebody to ask. Those about migrations are kept by `Migrations`.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import type { Languages } from './languages';
import type { Status } from './status';

export function watchContext(client: Client, languages: Languages, status: Status): vscode.Disposable {
  const update = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const configured = (status.server?.folders ?? []).some((folder) => folder.config);
    void vscode.commands.executeCommand('setContext', 'atlas.inProject', languages.inProject || configured);
    void vscode.commands.executeCommand('setContext', 'atlas.projectDocument', document !== undefined && languages.owns(document));
    void vscode.commands.executeCommand('setContext', 'atlas.serverState', client.state.kind);
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
    languages.onDidChangeFilters(update),
    languages.onDidChangeFiles(update),
    status.onDidChange(update),
    client.onDidChangeState(update),
  );
}
