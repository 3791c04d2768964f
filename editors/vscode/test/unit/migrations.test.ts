import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Client, Wiring } from '../../src/client';
import type { Envs } from '../../src/env';
import { badName, migrationHandlers, statusLine } from '../../src/migrate';
import { directoryLook, fileLook } from '../../src/migrationTree';
import { Migrations, directoryOf, fileOf, pendingOf } from '../../src/migrations';
import { Plans } from '../../src/plan';
import { type MigrationDirectory, clientCommand, migrationsMethod } from '../../src/protocol';
import { Texts } from '../../src/texts';
import { Uri, world } from './vscode';

const directory: MigrationDirectory = {
  uri: 'file:///w/migrations',
  name: 'migrations',
  env: 'local',
  sum: 'ok',
  status: 'known',
  current: '1',
  files: [
    { uri: 'file:///w/migrations/1_a.sql', name: '1_a.sql', version: '1', state: 'applied', sum: 'ok' },
    { uri: 'file:///w/migrations/2_b.sql', name: '2_b.sql', version: '2', state: 'partial', sum: 'edited', detail: '1 of 3 statements' },
    { uri: 'file:///w/migrations/3_c.sql', name: '3_c.sql', version: '3', state: 'pending', sum: 'missing' },
  ],
};
const first = 'file:///w/migrations/1_a.sql';

type Answer = (command: string, argument: Record<string, unknown>) => unknown;

/** The handlers with a server that answers as told; `asked` is what it was sent. */
function make(answer: Answer = () => null): {
  run: (command: string, argument?: unknown) => Promise<void>;
  asked: { command: string; argument: unknown }[];
  migrations: Migrations;
} {
  const handlers = new Map<string, (params: unknown) => void>();
  const asked: { command: string; argument: unknown }[] = [];
  const on = (method: string, handler: (params: unknown) => void): void => void handlers.set(method, handler);
  const client = {
    wire: (wiring: Wiring) => wiring({ onNotification: on, onRequest: on } as never),
    onDidChangeState: () => ({ dispose: () => undefined }),
    execute: async (command: string, argument: Record<string, unknown>) => {
      asked.push({ command, argument });
      return answer(command, argument);
    },
  } as unknown as Client;
  const migrations = new Migrations(client);
  handlers.get(migrationsMethod)?.({ directories: [directory] });
  const envs = { resolve: async () => ({ uri: 'file:///w/atlas.hcl', env: 'local' }) } as unknown as Envs;
  const all = migrationHandlers({ client, envs, plans: new Plans(client), migrations, texts: new Texts() });
  return { run: async (command, argument) => all[command]?.(argument), asked, migrations };
}

beforeEach(() => world.reset());

test('a file belongs to the deepest directory around it, whatever the spelling of its URI', () => {
  const inner = { ...directory, uri: 'file:///w/migrations/inner/' };
  assert.equal(directoryOf([directory, inner], 'file:///w/migrations/inner/1.sql'), inner);
  assert.equal(directoryOf([directory, inner], 'file:///w/migrations%2F1_a.sql'), directory);
  assert.equal(directoryOf([directory], 'file:///w/migrations'), directory);
  assert.equal(directoryOf([directory], 'file:///w/migrations2/1.sql'), undefined);
  assert.equal(fileOf(directory, first)?.version, '1');
  assert.equal(fileOf(directory, 'file:///w/migrations/3_c.sql'), undefined, 'it is gone from disk');
});

test('the number of pending files is known only when the target is', () => {
  assert.equal(pendingOf(directory), 2);
  assert.equal(pendingOf({ ...directory, status: 'unknown' }), undefined);
  assert.equal(pendingOf({ ...directory, pending: 7 }), 7);
});

test('rows say what a target has run and what is wrong with atlas.sum', () => {
  const looks = (directory.files ?? []).map((file) => fileLook(file)).map((look) => `${look.icon} ${look.label} | ${look.description} | ${look.context}`);
  assert.deepEqual(looks, [
    'pass 1_a.sql |  | file applied ok',
    'error 2_b.sql | edited since atlas.sum · 1 of 3 statements | file partial edited',
    'question 3_c.sql | file is gone · pending | gone',
  ]);
  const named = fileLook({ uri: first, name: '1_add_c.sql', version: '1', description: 'add_c', state: 'pending' });
  assert.equal(`${named.label} | ${named.description}`, 'add c | pending · 1');
  assert.equal(fileLook({ uri: first, name: '1_a.sql' }).icon, undefined, 'without a target it is just a file');
  const row = (more: Partial<MigrationDirectory>): string => {
    const look = directoryLook({ ...directory, ...more });
    return `${look.icon} ${look.description} | ${look.context}`;
  };
  assert.equal(row({}), 'folder-library 2 pending · local | directory ok open');
  assert.equal(row({ files: [], env: null }), 'folder-library up to date | directory ok done');
  assert.equal(row({ status: 'unknown' }), 'folder-library local | directory ok open');
  assert.equal(row({ status: 'failed' }), 'warning the target cannot be read · local | directory ok open');
  assert.equal(row({ sum: 'mismatch' }), 'warning atlas.sum does not match · local | directory mismatch open');
});

test('what a row says in its tooltip holds no password and no markup of others', () => {
  const { tooltip } = directoryLook({ ...directory, target: 'postgres://u:secret@h/d', statusMessage: '[x](command:y)' });
  assert.ok(!tooltip.includes('secret') && !tooltip.includes('[x]('), tooltip);
});

test('menus know the migration files and whether one is open', () => {
  world.active = { document: { uri: Uri.parse(first) } };
  make();
  assert.deepEqual(world.context, {
    'atlas.hasMigrations': true,
    'atlas.inMigrationFile': true,
    'atlas.migrationFiles': ['/w/migrations/1_a.sql', '/w/migrations/2_b.sql', '/w/migrations/3_c.sql'],
  });
});

test('a command about a file takes it from the row, the editor, or the user', async () => {
  const { run, asked } = make();
  await run(clientCommand.migrateApplyTo, { uri: first, env: 'prod', directory, file: {} });
  world.active = { document: { uri: Uri.parse(first) } };
  await run(clientCommand.migrateApplyTo);
  world.active = undefined;
  world.answers = ['2_b.sql'];
  await run(clientCommand.migrateApplyTo);
  await run(clientCommand.migrateApplyTo);
  assert.deepEqual(asked.map(({ argument }) => argument), [
    { uri: first, env: 'prod' },
    { uri: first, env: 'local' },
    { uri: 'file:///w/migrations/2_b.sql', env: 'local' },
  ]);
});

test('nothing runs on a database before the workspace is trusted', async () => {
  world.trusted = false;
  const { run, asked } = make();
  for (const command of [clientCommand.migrateApply, clientCommand.migrateApplyTo, clientCommand.migrateStatus]) {
    await run(command, { uri: first });
  }
  assert.deepEqual(asked, []);
  assert.equal(world.shown.length, 3);
});

const preview = {
  token: 't1',
  statements: 1,
  findings: [{ code: 'DS103', message: 'drops a column' }],
  files: [
    { uri: 'file:///w/migrations/4_x.sql', name: '4_x.sql', text: 'ALTER TABLE t DROP COLUMN c;' },
    { uri: 'file:///w/migrations/atlas.sum', name: 'atlas.sum', text: 'h1:new', previous: 'h1:old' },
  ],
};

test('a migration is shown, named, and only then written', async () => {
  const { run, asked } = make((_, argument) => (argument['write'] ? { files: preview.files.map(({ uri }) => uri), message: 'wrote 2 files' } : preview));
  world.inputs = ['drop_c'];
  await run(clientCommand.migrateCreate);
  assert.deepEqual(asked.map(({ argument }) => argument), [
    { uri: 'file:///w/atlas.hcl', env: 'local' },
    { uri: 'file:///w/atlas.hcl', env: 'local', name: 'drop_c' },
    { uri: 'file:///w/atlas.hcl', env: 'local', name: 'drop_c', write: true, expect: 't1' },
  ]);
  assert.deepEqual(world.called.map(({ command, rest }) => [command, rest[0]]), [['vscode.changes', 'Preview of the Migration']]);
  assert.deepEqual(world.prompts, ['Atlas: Create Migration (1 statement) | 1 finding: DS103: drops a column. Writes 4_x.sql and atlas.sum. | ']);
  assert.deepEqual(world.opened.map(({ uri }) => uri), ['file:///w/migrations/4_x.sql']);
});

test('without a name nothing is written; a change meanwhile is shown before it is', async () => {
  const cancelled = make(() => preview);
  await cancelled.run(clientCommand.migrateCreate);
  assert.equal(cancelled.asked.length, 1);
  assert.equal(world.shown.at(-1)?.message, 'Nothing was written.');

  world.reset();
  let asks = 0;
  const other = { ...preview, token: 't2', files: [{ ...preview.files[0], text: 'DROP TABLE t;' }] };
  const changed = make((_, argument) => (argument['write'] ? {} : (asks += 1) === 1 ? preview : other));
  world.inputs = ['a', 'b'];
  await changed.run(clientCommand.migrateCreate);
  assert.equal(world.prompts.length, 2);
  assert.deepEqual(changed.asked.at(-1)?.argument, { uri: 'file:///w/atlas.hcl', env: 'local', name: 'b', write: true, expect: 't2' });
});

test('where nothing is to be written, it says why', async () => {
  const { run } = make(() => ({ files: [], message: 'the migration directory is synced with the desired state' }));
  await run(clientCommand.migrateCreate);
  assert.deepEqual([world.prompts, world.shown.at(-1)?.message], [[], 'The migration directory is synced with the desired state.']);
});

test('a name that cannot be part of a file name is refused while it is typed', () => {
  assert.equal(badName('add nicknames'), undefined);
  assert.ok(badName('a/b') && badName('a:b'));
});

test('a status is one sentence', () => {
  assert.equal(statusLine({ current: '2', applied: ['1', '2'], pending: [] }), 'The target is at version 2; nothing is pending.');
  assert.equal(statusLine({ current: '2', applied: ['1', '2'], pending: ['3'] }), 'The target is at version 2; 3 is pending.');
  assert.equal(statusLine({ current: 'No migration applied yet', pending: ['1', '2'] }), 'The target has run no migration; 2 are pending, 1 is next.');
});
