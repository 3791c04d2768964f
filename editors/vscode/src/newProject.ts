/**
 * Makes a project from a database: inspects it, then writes `atlas.hcl` and a schema file.
 *
 * Invariants: no existing file is overwritten, and a password typed here is never written to a file.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import { type InspectResult, serverCommand } from './protocol';
import { requireTrust } from './trust';

export async function newProject(client: Client): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined || !(await requireTrust('Connecting to a database'))) {
    return;
  }
  const url = await chooseDatabase(folder);
  if (url === undefined) {
    return;
  }
  const plan = projectFiles(url);
  const config = vscode.Uri.joinPath(folder, 'atlas.hcl');
  const schema = vscode.Uri.joinPath(folder, plan.schemaName);
  for (const file of [config, schema]) {
    if (await exists(file)) {
      throw new Error(`${vscode.workspace.asRelativePath(file)} exists already and was left as it is`);
    }
  }
  const inspected = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Atlas: inspecting the database' },
    () => client.execute<InspectResult>(serverCommand.inspect, { url, uri: config.toString(), format: 'hcl' }),
  );
  await vscode.workspace.fs.writeFile(schema, Buffer.from(inspected.text));
  await vscode.workspace.fs.writeFile(config, Buffer.from(plan.config));
  await vscode.window.showTextDocument(schema, { preview: false });
  await vscode.window.showTextDocument(config, { preview: false });
  if (plan.variable !== undefined) {
    void vscode.window.showInformationMessage(
      `The address holds a password, so atlas.hcl reads it from the environment variable ${plan.variable}. Set it before you start the editor.`,
    );
  }
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) {
    return folders[0]?.uri;
  }
  if (folders.length > 1) {
    return (await vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder for the new project' }))?.uri;
  }
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: 'Use This Folder',
    title: 'Atlas: Folder for the New Project',
  });
  return chosen?.[0];
}

async function chooseDatabase(folder: vscode.Uri): Promise<string | undefined> {
  const file = { label: '$(file) SQLite file…', description: 'choose a database file' };
  const url = { label: '$(link) URL…', description: 'sqlite://, postgres://, mysql://, …' };
  const chosen = await vscode.window.showQuickPick([file, url], { title: 'Atlas: New Project from a Database' });
  if (chosen === file) {
    const picked = await vscode.window.showOpenDialog({
      canSelectMany: false,
      defaultUri: folder,
      filters: { 'SQLite databases': ['db', 'sqlite', 'sqlite3', 'db3'], 'All files': ['*'] },
      title: 'Atlas: SQLite Database',
    });
    return picked?.[0] && sqliteUrl(picked[0].fsPath, folder.fsPath);
  }
  if (chosen === url) {
    const typed = await vscode.window.showInputBox({
      title: 'Atlas: URL of the Database',
      prompt: 'A password in it is used for this connection only and is not written to a file',
      placeHolder: 'sqlite://app.db',
      password: false,
      ignoreFocusOut: true,
      validateInput: (text) => (/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text.trim()) ? undefined : 'A URL like sqlite://app.db is needed.'),
    });
    return typed?.trim();
  }
  return undefined;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** The URL of a SQLite file: relative when the file lies in the project's folder, so that the project can be moved. */
export function sqliteUrl(file: string, folder: string): string {
  const path = file.replace(/\\/g, '/');
  const root = folder.replace(/\\/g, '/').replace(/\/$/, '') + '/';
  return `sqlite://${path.startsWith(root) ? path.slice(root.length) : path}`;
}

export interface ProjectText {
  config: string;
  schemaName: string;
  /** The environment variable the configuration reads the address from, when the address must not be written down. */
  variable: string | undefined;
}

interface Kind {
  suffix: string;
  dev: string;
}

const kinds: Record<string, Kind> = {
  sqlite: { suffix: 'lt', dev: 'sqlite://dev?mode=memory' },
  mysql: { suffix: 'my', dev: 'docker://mysql/8/dev' },
  maria: { suffix: 'ma', dev: 'docker://mariadb/latest/dev' },
  postgres: { suffix: 'pg', dev: 'docker://postgres/17/dev?search_path=public' },
  clickhouse: { suffix: 'ch', dev: 'docker://clickhouse/latest/dev' },
  sqlserver: { suffix: 'ms', dev: 'docker://sqlserver/2022-latest/dev' },
};

const schemes: Record<string, keyof typeof kinds> = {
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  file: 'sqlite',
  libsql: 'sqlite',
  mysql: 'mysql',
  maria: 'maria',
  mariadb: 'maria',
  postgres: 'postgres',
  postgresql: 'postgres',
  clickhouse: 'clickhouse',
  sqlserver: 'sqlserver',
  mssql: 'sqlserver',
};

/** The texts of a new project for the database at `url`. */
export function projectFiles(url: string): ProjectText {
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase().split('+')[0] ?? '';
  const kind = kinds[schemes[scheme] ?? ''];
  const secret = /^[^/]*\/\/[^/@]*:[^@]*@/.test(url) || /[?&][^=&]*(password|token|secret)[^=&]*=/i.test(url);
  const variable = secret ? 'ATLAS_DATABASE_URL' : undefined;
  const schemaName = kind ? `schema.${kind.suffix}.hcl` : 'schema.hcl';
  const lines = [
    'env "local" {',
    `  src = ${quote(`file://${schemaName}`)}`,
    `  url = ${variable ? `getenv(${quote(variable)})` : quote(url)}`,
    ...(kind ? [`  dev = ${quote(kind.dev)}`] : []),
    '}',
    '',
  ];
  return { config: lines.join('\n'), schemaName, variable };
}

/** A string as an HCL literal. */
function quote(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/([$%])\{/g, '$1$1{');
  return `"${escaped}"`;
}
