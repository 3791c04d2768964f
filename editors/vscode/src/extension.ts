/**
 * Wires the parts together. Holds no logic.
 *
 * Invariant: everything made here is disposed with the extension, the server last.
 */

import * as vscode from 'vscode';
import { registerApproval } from './approve';
import { Client, describe } from './client';
import { registerCommands } from './commands';
import { Envs } from './env';
import { Languages } from './languages';
import { Log } from './log';
import { MigrationTree } from './migrationTree';
import { Migrations } from './migrations';
import { Plans } from './plan';
import { Status } from './status';
import { keepSumsSaved } from './sums';
import { Texts } from './texts';
import { registerTrust } from './trust';
import { watchContext } from './context';
import { warnOnce } from './once';
import { reportSource } from './surroundings';

let client: Client | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = new Log(vscode.window.createOutputChannel('Atlas'));
  const version = (context.extension.packageJSON as { version: string }).version;
  const made: Client = new Client({
    extensionPath: context.extensionPath,
    version,
    log,
    filters: () => languages.filters(),
    warnOnce: warnOnce(context.globalState),
  });
  client = made;
  const languages: Languages = new Languages(made, context.workspaceState);
  const status = new Status(made, languages.filters());
  const plans = new Plans(made);
  const envs = new Envs(made, status, context.workspaceState);
  const migrations = new Migrations(made);
  const texts = new Texts();
  registerApproval(made, plans);
  context.subscriptions.push(
    log,
    languages,
    status,
    plans,
    envs,
    migrations,
    texts,
    new MigrationTree(migrations),
    keepSumsSaved(),
    registerTrust(made),
    watchContext(made, languages, status),
    registerCommands({ client: made, envs, plans, migrations, texts, log, report: () => reportSource(context, made, status, log, describe(made.state)) }),
  );
  await languages.search(1_500);
  status.select(languages.filters());
  context.subscriptions.push(
    languages.onDidChangeFilters((filters) => {
      status.select(filters);
      void made.reselect();
    }),
  );
  // Not awaited: a server that never answers must not keep the commands from running.
  void made.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
