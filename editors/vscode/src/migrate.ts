/**
 * The commands about migration directories: what runs on a database, what is looked at, and what is written.
 *
 * Each finds out which file or directory it is about, calls the server, and shows the answer. Invariant: nothing is
 * written before it was shown, and nothing runs on a database but through the server's own question.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import { type Envs, argumentOf } from './env';
import { count } from './migrationTree';
import type { Migrations } from './migrations';
import { sentence, showReport } from './outcome';
import type { Plans } from './plan';
import {
  type EnvArgument,
  type MigrationApplyResult,
  type MigrationDirectory,
  type MigrationLint,
  type MigrationPreview,
  type MigrationStatus,
  type SchemaAt,
  type VersionDiff,
  type Written,
  clientCommand,
  serverCommand,
} from './protocol';
import { redact } from './redact';
import { saveAll } from './sums';
import type { Texts } from './texts';
import { requireTrust } from './trust';

export interface MigrationParts {
  client: Client;
  envs: Envs;
  plans: Plans;
  migrations: Migrations;
  texts: Texts;
}

type Handler = (argument: unknown) => Promise<void>;

export function migrationHandlers(parts: MigrationParts): Record<string, Handler> {
  const { client, plans, texts } = parts;
  const apply = async (about: EnvArgument | undefined): Promise<void> => {
    if (about !== undefined && (await requireTrust('Applying migrations'))) {
      showReport(await client.execute<MigrationApplyResult | null>(serverCommand.migrateApply, about), texts);
    }
  };
  const rewrite =
    (command: string): Handler =>
    async (argument) => {
      const about = await directoryFor(parts, argument);
      if (about !== undefined) {
        const written = await client.execute<Written | null>(command, about);
        await saveAll(urisOf(written));
        tell(written?.message);
      }
    };
  return {
    [clientCommand.migrateApply]: async (argument) => apply(await directoryFor(parts, argument)),
    [clientCommand.migrateApplyTo]: async (argument) => apply(await fileFor(parts, argument, 'Apply up to')),
    [clientCommand.migrateStatus]: async (argument) => {
      if (!(await requireTrust('Reading the status of a database'))) {
        return;
      }
      const about = await directoryFor(parts, argument);
      if (about !== undefined) {
        const status = await working('reading the status', () => client.execute<MigrationStatus>(serverCommand.migrateStatus, about));
        offer(statusLine(status), 'Show Report', status.text, (text) => texts.show('Migration Status', text));
      }
    },
    [clientCommand.migrateLint]: async (argument) => {
      const about = await anyFor(parts, argument);
      if (about !== undefined) {
        const lint = await working('linting', () => client.execute<MigrationLint>(serverCommand.migrateLint, about));
        const findings = lint.findings ?? 0;
        const text = findings === 0 ? 'The analyzers found nothing.' : `The analyzers have ${count(findings, 'finding')}.`;
        offer(text, 'Show Report', lint.text, (text) => texts.show('Migration Lint', redact(text)));
      }
    },
    [clientCommand.migrateSchemaAt]: async (argument) => {
      const about = await fileFor(parts, argument, 'Schema at');
      if (about !== undefined) {
        const schema = await working('replaying', () => client.execute<SchemaAt>(serverCommand.migrateSchemaAt, { ...about, format: 'sql' }));
        if (schema.uri !== undefined) {
          await plans.show(schema.uri, schema.text, schema.language ?? 'sql');
        } else {
          await texts.show(`Schema at ${nameOf(about.uri)}`, schema.text, schema.language ?? 'sql');
        }
      }
    },
    [clientCommand.migrateDiffPrevious]: async (argument) => {
      const about = await fileFor(parts, argument, 'Changes of');
      if (about !== undefined) {
        const diff = await working('replaying', () => client.execute<VersionDiff>(serverCommand.migrateDiffWithPrevious, about));
        const ending = diff.language === undefined || diff.language === 'sql' ? '.sql' : '.hcl';
        const before = texts.keep(`before${ending}`, diff.before);
        const after = texts.keep(`after${ending}`, diff.after);
        await vscode.commands.executeCommand('vscode.diff', before, after, diff.title ?? `Schema before and after ${nameOf(about.uri)}`);
      }
    },
    [clientCommand.migrateCreate]: async (argument) => {
      const about = await envFor(parts, argument);
      if (about !== undefined) {
        await create(parts, about);
      }
    },
    [clientCommand.migrateNew]: async (argument) => {
      const about = await directoryFor(parts, argument);
      const name =
        about &&
        (await vscode.window.showInputBox({
          title: 'Atlas: New Empty Migration',
          prompt: 'A name, which comes after the version in the name of the file',
          placeHolder: 'backfill_nicknames',
          validateInput: badName,
        }));
      if (name !== undefined) {
        await open(await client.execute<Written | null>(serverCommand.migrateNew, { ...about, name: name.trim() }));
      }
    },
    [clientCommand.migrateHash]: rewrite(serverCommand.migrateHash),
    [clientCommand.migrateRebase]: rewrite(serverCommand.migrateRebase),
  };
}

/** Shows the files a migration would be, and writes them once they have a name. */
async function create({ client, texts }: MigrationParts, about: EnvArgument): Promise<void> {
  const ask = (name?: string): Promise<MigrationPreview> =>
    working('planning a migration', () =>
      client.execute<MigrationPreview>(serverCommand.migrateDiff, { ...about, ...(name === undefined ? {} : { name }) }),
    );
  let preview = await ask();
  for (;;) {
    if ((preview.files ?? []).length === 0) {
      tell(preview.message ?? 'the migration directory already has the desired state');
      return;
    }
    const close = await showPreview(preview, texts);
    try {
      const name = await askName(preview);
      if (name === undefined) {
        tell('nothing was written');
        return;
      }
      const named = await ask(name);
      const isSame = statements(named) === statements(preview);
      preview = named;
      if (!isSame) {
        // The schema changed while its preview was open: what is written must have been seen.
        continue;
      }
      const argument = { ...about, name, write: true, expect: preview.token };
      const written = await client.execute<Written>(serverCommand.migrateDiff, argument);
      await close();
      await open(written);
      tell(written.message);
      return;
    } finally {
      await close();
    }
  }
}

/** The texts a migration runs: its files without the checksums, which depend on the name. */
function statements(preview: MigrationPreview): string {
  const files = (preview.files ?? []).filter((file) => nameOf(file.uri) !== 'atlas.sum');
  return JSON.stringify(files.map((file) => file.text));
}

/** Shows what would be written as changes; answers how to close that again. */
async function showPreview(preview: MigrationPreview, texts: Texts): Promise<() => Promise<void>> {
  const title = 'Preview of the Migration';
  const sides = (preview.files ?? []).map((file) => {
    const path = vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri), false);
    return { before: texts.keep(path, file.previous ?? ''), after: texts.keep(path, file.text), isNew: file.previous == null };
  });
  const [first] = sides;
  if (first === undefined) {
    return async () => undefined;
  }
  const known = await vscode.commands.getCommands(true);
  if (sides.length > 1 && known.includes('vscode.changes')) {
    const changes = sides.map((side) => [side.after, side.isNew ? undefined : side.before, side.after]);
    await vscode.commands.executeCommand('vscode.changes', title, changes);
  } else {
    await vscode.commands.executeCommand('vscode.diff', first.before, first.after, title);
  }
  return async () => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith(title));
    await vscode.window.tabGroups.close(tabs, true);
  };
}

/** Asks for the name and, by that, whether to write; says what the analyzers found. */
async function askName(preview: MigrationPreview): Promise<string | undefined> {
  const files = (preview.files ?? []).map((file) => file.name ?? nameOf(file.uri));
  const findings = (preview.findings ?? []).map((finding) =>
    typeof finding === 'string' ? finding : [finding.code, finding.message].filter(Boolean).join(': '),
  );
  const what = preview.statements === undefined ? '' : ` (${count(preview.statements, 'statement')})`;
  const found = findings.length === 0 ? '' : `${count(findings.length, 'finding')}: ${redact(findings.join('; '))}. `;
  const name = await vscode.window.showInputBox({
    title: `Atlas: Create Migration${what}`,
    prompt: `${found}Writes ${files.join(' and ')}.`,
    placeHolder: 'A name such as add_nicknames, or nothing',
    // The preview may be scrolled and read meanwhile.
    ignoreFocusOut: true,
    validateInput: badName,
  });
  return name?.trim();
}

export function badName(name: string): string | undefined {
  return /[/\\:*?"<>|\n]/.test(name) ? 'The name becomes part of a file name: no / \\ : * ? " < > |.' : undefined;
}

/** One sentence about a target. */
export function statusLine(status: MigrationStatus): string {
  const [next, ...further] = status.pending ?? [];
  const hasRun = (status.applied ?? []).length > 0 && Boolean(status.current);
  const at = hasRun ? `The target is at version ${status.current}` : 'The target has run no migration';
  if (next === undefined) {
    return `${at}; nothing is pending.`;
  }
  return further.length === 0 ? `${at}; ${next} is pending.` : `${at}; ${further.length + 1} are pending, ${next} is next.`;
}

/** The file a command is about: the row or lens it was called from, the editor's, or one the user picks. */
async function fileFor({ migrations }: MigrationParts, value: unknown, purpose: string): Promise<EnvArgument | undefined> {
  const argument = argumentOf(value);
  if (argument.uri !== undefined) {
    return withEnv(argument, migrations.directoryOf(argument.uri));
  }
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  if (migrations.fileOf(active) !== undefined && active !== undefined) {
    return withEnv({ ...argument, uri: active }, migrations.directoryOf(active));
  }
  const directory = await pickDirectory(migrations, active);
  const files = (directory?.files ?? []).filter((file) => file.sum !== 'missing');
  const items = files.map((file) => ({ label: file.name, description: file.state === 'unknown' ? '' : (file.state ?? ''), uri: file.uri })).reverse();
  const chosen = directory && (await vscode.window.showQuickPick(items, { title: `Atlas: ${purpose}`, placeHolder: 'A migration file' }));
  return chosen && withEnv({ ...argument, uri: chosen.uri }, directory);
}

/** The directory a command is about. */
async function directoryFor({ migrations }: MigrationParts, value: unknown): Promise<EnvArgument | undefined> {
  const argument = argumentOf(value);
  const uri = argument.uri ?? vscode.window.activeTextEditor?.document.uri.toString();
  const directory = migrations.directoryOf(uri);
  if (argument.uri !== undefined && directory === undefined) {
    // The server knows what an env or another file has to do with a directory.
    return argument;
  }
  const chosen = directory ?? (await pickDirectory(migrations, uri));
  return chosen && withEnv({ ...argument, uri: chosen.uri }, chosen);
}

/** The file or, without one, the directory a command is about. */
async function anyFor(parts: MigrationParts, value: unknown): Promise<EnvArgument | undefined> {
  const uri = argumentOf(value).uri ?? vscode.window.activeTextEditor?.document.uri.toString();
  return parts.migrations.fileOf(uri) ? fileFor(parts, value, 'Lint') : directoryFor(parts, value);
}

/** The env whose desired state becomes a migration. */
async function envFor({ migrations, envs }: MigrationParts, value: unknown): Promise<EnvArgument | undefined> {
  const argument = argumentOf(value);
  const directory = migrations.directoryOf(argument.uri ?? vscode.window.activeTextEditor?.document.uri.toString());
  if (directory !== undefined) {
    return withEnv({ ...argument, uri: argument.uri ?? directory.uri }, directory);
  }
  return envs.resolve(value);
}

async function pickDirectory(migrations: Migrations, near: string | undefined): Promise<MigrationDirectory | undefined> {
  const { directories } = migrations;
  const around = migrations.directoryOf(near);
  if (around !== undefined || directories.length <= 1) {
    if (directories.length === 0) {
      throw new Error('no env of this window has a migration directory');
    }
    return around ?? directories[0];
  }
  const items = directories.map((directory) => ({ label: directory.name ?? nameOf(directory.uri), description: directory.env ?? '', directory }));
  return (await vscode.window.showQuickPick(items, { title: 'Atlas: Choose a Migration Directory' }))?.directory;
}

function withEnv(argument: EnvArgument, directory: MigrationDirectory | undefined): EnvArgument {
  const env = argument.env ?? directory?.env;
  return { ...(argument.uri === undefined ? {} : { uri: argument.uri }), ...(env ? { env } : {}) };
}

async function working<T>(what: string, work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Atlas: ${what}` }, work);
}

function tell(message: string | undefined): void {
  if (message) {
    void vscode.window.showInformationMessage(sentence(redact(message)));
  }
}

/** A message with the whole text one click away. Does not wait for the click. */
function offer(message: string, button: string, full: string | undefined, show: (text: string) => Promise<void>): void {
  const buttons = full ? [button] : [];
  void vscode.window.showInformationMessage(redact(message), ...buttons).then((chosen) => (chosen && full ? show(redact(full)) : undefined));
}

/** Saves what was written and opens the first migration file of it. */
async function open(written: Written | null): Promise<void> {
  const uris = urisOf(written);
  await saveAll(uris);
  const file = uris.find((uri) => nameOf(uri) !== 'atlas.sum');
  if (file !== undefined) {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.parse(file)), { preview: false });
  }
}

function urisOf(written: Written | null): string[] {
  return (written?.files ?? []).map((file) => (typeof file === 'string' ? file : file.uri));
}

function nameOf(uri: string | undefined): string {
  const path = decodeURIComponent(uri ?? '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}
