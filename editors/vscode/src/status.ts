/**
 * Shows which env a document is judged by, and how the server is.
 *
 * Two language status items (env, health) appear with the documents they are about; the status bar is used only when
 * something is wrong. Invariant: what is shown is the last thing the server or the client said.
 */

import * as vscode from 'vscode';
import { type Client, type ServerState, describe } from './client';
import { envDetail, envText, folderOf } from './project';
import { type ServerStatus, clientCommand, statusMethod } from './protocol';
import type { Filter } from './selector';

export class Status implements vscode.Disposable {
  private readonly env: vscode.LanguageStatusItem;
  private readonly health: vscode.LanguageStatusItem;
  private readonly bar: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[];
  private readonly changed = new vscode.EventEmitter<ServerStatus>();
  /** What the server said last. Forgotten when it stops. */
  server: ServerStatus | undefined;
  readonly onDidChange = this.changed.event;

  constructor(private readonly client: Client, filters: Filter[]) {
    this.env = vscode.languages.createLanguageStatusItem('atlas.env', filters);
    this.env.name = 'Atlas Environment';
    this.health = vscode.languages.createLanguageStatusItem('atlas.health', filters);
    this.health.name = 'Atlas Server';
    this.bar = vscode.window.createStatusBarItem('atlas.health', vscode.StatusBarAlignment.Left, 0);
    this.bar.name = 'Atlas Server';
    client.wire((languageClient) => {
      languageClient.onNotification(statusMethod, (status: ServerStatus) => {
        this.server = status;
        this.show();
        this.changed.fire(status);
      });
    });
    this.disposables = [
      this.env,
      this.health,
      this.bar,
      this.changed,
      client.onDidChangeState((state) => {
        if (state.kind !== 'running') {
          this.server = undefined;
        }
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
    ];
    this.show();
  }

  /** The documents the status items belong to have changed. */
  select(filters: Filter[]): void {
    this.env.selector = filters;
    this.health.selector = filters;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private show(): void {
    const state = this.client.state;
    const seen = appearance(state, this.server);
    this.health.text = seen.text;
    this.health.detail = seen.detail;
    this.health.severity = severity(seen.health);
    this.health.busy = state.kind === 'starting';
    this.health.command = { command: clientCommand.showLog, title: 'Show Log' };
    if (seen.health === 'ok') {
      this.bar.hide();
    } else {
      this.bar.text = `$(${seen.health === 'error' ? 'error' : 'warning'}) Atlas`;
      this.bar.tooltip = seen.detail === '' ? seen.text : seen.detail;
      this.bar.backgroundColor = new vscode.ThemeColor(`statusBarItem.${seen.health}Background`);
      this.bar.command = state.kind === 'running' ? clientCommand.showLog : clientCommand.restartServer;
      this.bar.show();
    }
    const folder = folderOf(this.server, vscode.window.activeTextEditor?.document.uri.toString());
    this.env.text = folder ? `Atlas env: ${envText(folder)}` : 'Atlas: no project';
    this.env.detail = folder ? envDetail(folder) : '';
    if (folder?.config) {
      this.env.command = { command: clientCommand.selectEnv, title: 'Choose', tooltip: 'Choose the environment these files are judged by' };
    } else {
      this.env.command = undefined;
    }
  }
}

/** What to show for a state of the client and what the server said. */
export function appearance(state: ServerState, server: ServerStatus | undefined): { health: 'ok' | 'warning' | 'error'; text: string; detail: string } {
  switch (state.kind) {
    case 'starting':
      return { health: 'ok', text: 'Atlas: starting', detail: '' };
    case 'stopped':
      return { health: 'ok', text: 'Atlas: stopped', detail: '' };
    case 'failed':
      return { health: 'error', text: 'Atlas: not running', detail: describe(state) };
    case 'waiting':
      // The first ends are answered at once and are not worth a coloured status bar.
      return { health: state.seconds > 0 ? 'error' : 'ok', text: 'Atlas: restarting', detail: describe(state) };
    case 'running':
      return {
        health: server?.health ?? 'ok',
        text: server && server.health !== 'ok' ? `Atlas: ${server.health}` : 'Atlas: ready',
        detail: server?.message ?? '',
      };
  }
}

function severity(health: 'ok' | 'warning' | 'error'): vscode.LanguageStatusSeverity {
  return {
    ok: vscode.LanguageStatusSeverity.Information,
    warning: vscode.LanguageStatusSeverity.Warning,
    error: vscode.LanguageStatusSeverity.Error,
  }[health];
}
