/**
 * The view "Migrations": the directories of the window's projects, and in each its files in the order in which they run.
 *
 * Shows what the server said; its buttons are commands like any other. Invariant: a file is called applied or pending
 * only when the target was read.
 */

import * as vscode from 'vscode';
import { type Migrations, pendingOf } from './migrations';
import { decoded } from './project';
import type { EnvArgument, MigrationDirectory, MigrationFile } from './protocol';
import { redact } from './redact';

export const viewId = 'atlas.migrations';

/** A row. It reads as an argument of a command, too: `uri` and `env`. */
export type Node = EnvArgument & { directory: MigrationDirectory; file?: MigrationFile };

export class MigrationTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly disposables: vscode.Disposable[];
  private roots: Node[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly migrations: Migrations) {
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.disposables = [
      this.changed,
      this.view,
      migrations.onDidChange(() => this.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => void this.follow()),
      this.view.onDidChangeVisibility(() => void this.follow()),
    ];
    this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      return this.roots;
    }
    return node.file ? [] : (node.directory.files ?? []).map((file) => rowOf(node.directory, file));
  }

  getParent(node: Node): Node | undefined {
    return node.file ? this.roots.find((root) => root.directory.uri === node.directory.uri && root.directory.env === node.directory.env) : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.file ? fileItem(node.directory, node.file) : directoryItem(node.directory, this.roots.length === 1);
  }

  private refresh(): void {
    this.roots = this.migrations.directories.map((directory) => rowOf(directory));
    const pending = this.migrations.directories.reduce((sum, directory) => sum + (pendingOf(directory) ?? 0), 0);
    this.view.badge = pending === 0 ? undefined : { value: pending, tooltip: `${count(pending, 'migration')} to apply` };
    this.view.message =
      this.roots.length > 0 && !vscode.workspace.isTrusted ? 'Trust this workspace to see which files a database has run.' : '';
    this.changed.fire();
    // A new row can be marked once the view has read it.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.follow(), 250);
  }

  /** Marks the row of the file in the editor, without moving the focus. */
  private async follow(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const file = this.migrations.fileOf(uri);
    const directory = this.migrations.directoryOf(uri);
    if (this.view.visible && file !== undefined && directory !== undefined) {
      // A row that is gone by now is none to mark.
      await Promise.resolve(this.view.reveal(rowOf(directory, file), { select: true, focus: false })).catch(() => undefined);
    }
  }
}

function rowOf(directory: MigrationDirectory, file?: MigrationFile): Node {
  const env = directory.env ? { env: directory.env } : {};
  return { uri: file?.uri ?? directory.uri, ...env, directory, ...(file ? { file } : {}) };
}

function directoryItem(directory: MigrationDirectory, alone: boolean): vscode.TreeItem {
  const { label, description, icon, color, context, tooltip } = directoryLook(directory);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[alone ? 'Expanded' : 'Collapsed']);
  item.id = `${decoded(directory.uri)} ${directory.env ?? ''}`;
  item.description = description;
  item.iconPath = themed(icon, color);
  item.contextValue = context;
  item.tooltip = new vscode.MarkdownString(tooltip, true);
  return item;
}

function fileItem(directory: MigrationDirectory, file: MigrationFile): vscode.TreeItem {
  const { label, description, icon, color, context, tooltip } = fileLook(file);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  const uri = vscode.Uri.parse(file.uri);
  item.id = `${decoded(directory.uri)} ${directory.env ?? ''} ${file.name}`;
  item.description = description;
  item.contextValue = context;
  item.tooltip = new vscode.MarkdownString(tooltip, true);
  if (file.sum !== 'missing') {
    // Problems and version control colour the row as they do in the explorer.
    item.resourceUri = uri;
    item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  }
  item.iconPath = icon === undefined ? vscode.ThemeIcon.File : themed(icon, color);
  return item;
}

function themed(icon: string | undefined, color: string | undefined): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon ?? 'file', color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** How a row looks. `icon` and `color` are names of the editor's own. */
export interface Look {
  label: string;
  description: string;
  icon: string | undefined;
  color: string | undefined;
  /** What menus ask for with `viewItem`. */
  context: string;
  /** Markdown. */
  tooltip: string;
}

export function directoryLook(directory: MigrationDirectory): Look {
  const broken = directory.sum !== undefined && directory.sum !== 'ok';
  const wrong = {
    missing: 'atlas.sum is missing',
    mismatch: 'atlas.sum does not match',
    conflict: 'atlas.sum has conflicts',
  };
  const parts = [broken ? wrong[directory.sum as keyof typeof wrong] : statusText(directory), directory.env ?? ''];
  const lines = [`**${escaped(directory.name ?? lastPart(directory.uri))}**`];
  const say = (name: string, value: string | null | undefined): void => {
    if (value) {
      lines.push(`${name}: ${escaped(redact(value))}`);
    }
  };
  say('Env', directory.env);
  say('Target', directory.target);
  say('Version', directory.current);
  say('Format', directory.format === 'atlas' ? undefined : directory.format);
  say('Status', directory.statusMessage ?? statusText(directory));
  if (broken) {
    lines.push(`$(warning) ${escaped(directory.message ?? wrong[directory.sum as keyof typeof wrong])}`);
  }
  return {
    label: directory.name ?? lastPart(directory.uri),
    description: parts.filter(Boolean).join(' · '),
    icon: broken || directory.status === 'failed' ? 'warning' : 'folder-library',
    color: broken || directory.status === 'failed' ? 'list.warningForeground' : undefined,
    context: ['directory', directory.sum ?? 'ok', (pendingOf(directory) ?? 1) > 0 ? 'open' : 'done'].join(' '),
    tooltip: lines.join('  \n'),
  };
}

/** What is known of the target, in a few words. */
function statusText(directory: MigrationDirectory): string {
  switch (directory.status) {
    case 'known': {
      const pending = pendingOf(directory) ?? 0;
      return pending === 0 ? 'up to date' : `${pending} pending`;
    }
    case 'failed':
      return 'the target cannot be read';
    default:
      return '';
  }
}

export function fileLook(file: MigrationFile): Look {
  const states = {
    applied: { icon: 'pass', color: 'testing.iconPassed', text: '' },
    pending: { icon: 'circle-outline', color: 'descriptionForeground', text: 'pending' },
    partial: { icon: 'error', color: 'testing.iconFailed', text: 'applied in part' },
    unknown: { icon: undefined, color: undefined, text: '' },
  };
  const sums = {
    ok: '',
    added: 'not in atlas.sum',
    edited: 'edited since atlas.sum',
    missing: 'file is gone',
  };
  const state = states[file.state ?? 'unknown'] ?? states.unknown;
  const sum = sums[file.sum ?? 'ok'] ?? '';
  const gone = file.sum === 'missing';
  const lines = [`**${escaped(file.name)}**`];
  if (file.state !== undefined && file.state !== 'unknown') {
    lines.push(file.state === 'applied' ? `Applied${file.appliedAt ? ` ${escaped(file.appliedAt)}` : ''}` : capital(state.text));
  }
  for (const text of [file.detail, file.kind ? capital(file.kind) : undefined, sum ? `$(warning) ${capital(sum)}` : undefined]) {
    if (text) {
      lines.push(text.startsWith('$(') ? text : escaped(redact(text)));
    }
  }
  // The words first: they tell files apart, and a narrow view cuts off the end.
  const label = file.description ? file.description.replace(/_/g, ' ') : file.name;
  const version = file.description ? (file.version ?? '') : '';
  const marks = [sum, file.state === 'partial' && file.detail ? redact(file.detail) : state.text, file.kind ?? '', version];
  return {
    label,
    description: marks.filter(Boolean).join(' · '),
    icon: gone ? 'question' : state.icon,
    color: gone ? 'list.warningForeground' : state.color,
    context: gone ? 'gone' : ['file', file.state ?? 'unknown', file.sum ?? 'ok'].join(' '),
    tooltip: lines.join('  \n'),
  };
}

export function count(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lastPart(uri: string): string {
  const path = decoded(uri).replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Text of a file's name or the server's as plain Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&');
}
