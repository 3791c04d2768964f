/**
 * Tells the server when the user comes to trust the workspace.
 *
 * The first word on trust is in `initialize`. Trust is only ever gained while a window is open; VS Code reloads the window
 * when it is taken back. Invariant: the server is never told of a trust that VS Code did not report.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import { didGrantTrust } from './protocol';

export function registerTrust(client: Client): vscode.Disposable {
  return vscode.workspace.onDidGrantWorkspaceTrust(() => void client.notify(didGrantTrust, {}));
}

/** Whether the workspace is trusted; if not, says what is missing and offers to change it. */
export async function requireTrust(purpose: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) {
    return true;
  }
  const manage = 'Manage Workspace Trust';
  const chosen = await vscode.window.showWarningMessage(`${purpose} needs a trusted workspace.`, manage);
  if (chosen === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  return false;
}
