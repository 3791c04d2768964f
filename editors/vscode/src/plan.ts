/**
 * The server's documents: the plans, which are read-only SQL that follows the keystrokes, and those about migrations.
 *
 * The server owns the text. This module asks for it, shows it beside the editor, and asks again when told that it changed.
 * Invariant: one request per document at a time; changes told meanwhile cause exactly one more.
 */

import * as vscode from 'vscode';
import { type Client, text } from './client';
import {
  type EnvArgument,
  type PlanResult,
  type TextDocumentContentResult,
  type UriParams,
  planChanged,
  serverCommand,
  textDocumentContent,
  textDocumentContentRefresh,
} from './protocol';
import { migrationScheme, planScheme } from './selector';

/** How long changes are gathered before the text is asked for again, in milliseconds. */
const gather = 30;
/** How often a text is asked for while typing overtakes the server, before the last one stays. */
const attempts = 5;

export class Plans implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly pending = new Map<string, NodeJS.Timeout>();
  /** The text that came with `atlas.plan`, so that opening does not ask twice. */
  private readonly first = new Map<string, string>();
  /** The last text of each document, for when typing overtakes the server. */
  private readonly last = new Map<string, string>();
  private readonly disposables: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(private readonly client: Client) {
    client.wire((languageClient) => {
      languageClient.onNotification(planChanged, (params: UriParams) => this.refresh(params.uri));
      languageClient.onRequest(textDocumentContentRefresh, (params: UriParams) => {
        this.refresh(params.uri);
        return null;
      });
    });
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(planScheme, this),
      vscode.workspace.registerTextDocumentContentProvider(migrationScheme, this),
      // A document restored from an earlier session has no language yet: the scheme says nothing about SQL.
      vscode.workspace.onDidOpenTextDocument((document) => void asSql(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.last.delete(document.uri.toString())),
      client.onDidChangeState((state) => {
        if (state.kind === 'running' || state.kind === 'waiting' || state.kind === 'failed') {
          for (const document of vscode.workspace.textDocuments) {
            if (isOfServer(document.uri)) {
              this.refresh(document.uri.toString());
            }
          }
        }
      }),
    ];
    for (const document of vscode.workspace.textDocuments) {
      void asSql(document);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const key = uri.toString();
    const first = this.first.get(key);
    if (first !== undefined) {
      this.first.delete(key);
      return first;
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await this.client.request<TextDocumentContentResult | null>(textDocumentContent, { uri: key }, token);
        const content = result?.text ?? '-- There is no plan for this environment.\n';
        this.last.set(key, content);
        return content;
      } catch (error) {
        if (!isOvertaken(error)) {
          return `-- The plan is not available.\n-- ${text(error)}\n`;
        }
        const last = this.last.get(key);
        if (token?.isCancellationRequested || attempt === attempts) {
          return last ?? '-- The plan is being computed.\n';
        }
        await new Promise((resolve) => setTimeout(resolve, gather));
      }
    }
  }

  /** Opens the plan of an env beside the editor that is active, without taking the focus from it. */
  async open(argument: EnvArgument): Promise<void> {
    const plan = await this.client.execute<PlanResult | null>(serverCommand.plan, argument);
    if (!plan) {
      throw new Error('there is no plan for this environment');
    }
    if (plan.uri === undefined) {
      const document = await vscode.workspace.openTextDocument({ content: plan.text, language: 'sql' });
      await vscode.window.showTextDocument(document, beside());
      return;
    }
    await this.show(plan.uri, plan.text);
  }

  /** Shows a document of the server beside the active editor. */
  async show(uri: string, content?: string, language = 'sql'): Promise<void> {
    const target = vscode.Uri.parse(uri, true);
    const key = target.toString();
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
    if (content !== undefined && !open) {
      this.first.set(key, content);
    }
    const document = await inLanguage(open ?? (await vscode.workspace.openTextDocument(target)), language);
    this.first.delete(key);
    if (open) {
      this.changed.fire(target);
    }
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === key);
    await vscode.window.showTextDocument(document, visible ? { ...beside(), viewColumn: visible.viewColumn ?? vscode.ViewColumn.Beside } : beside());
  }

  dispose(): void {
    for (const timer of this.pending.values()) {
      clearTimeout(timer);
    }
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private refresh(uri: string): void {
    if (this.pending.has(uri)) {
      return;
    }
    this.pending.set(
      uri,
      setTimeout(() => {
        this.pending.delete(uri);
        this.changed.fire(vscode.Uri.parse(uri, true));
      }, gather),
    );
  }
}

/** Whether the server gave the answer up because the document changed meanwhile, or because nobody wants it any more. */
function isOvertaken(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === -32800 || code === -32801 || code === -32802;
}

function beside(): vscode.TextDocumentShowOptions {
  return { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
}

function isOfServer(uri: vscode.Uri): boolean {
  return uri.scheme === planScheme || uri.scheme === migrationScheme;
}

async function asSql(document: vscode.TextDocument): Promise<vscode.TextDocument> {
  return document.uri.scheme === planScheme ? inLanguage(document, 'sql') : document;
}

async function inLanguage(document: vscode.TextDocument, language: string): Promise<vscode.TextDocument> {
  return document.languageId === language ? document : vscode.languages.setTextDocumentLanguage(document, language);
}
