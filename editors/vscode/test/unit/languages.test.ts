import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Client, Wiring } from '../../src/client';
import { Languages, associations, judge } from '../../src/languages';
import { type ProjectFiles, didChangeProject } from '../../src/protocol';
import { Uri, created, extensions, world } from './vscode';

const settle = (milliseconds = 160): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Languages with a server that can list files, and a memory. */
function make(): { languages: Languages; list: (files: ProjectFiles['files']) => void; memory: Map<string, unknown> } {
  let list: (files: ProjectFiles) => void = () => undefined;
  const client = {
    wire: (wiring: Wiring) =>
      wiring({ onNotification: (method: string, handler: typeof list) => method === didChangeProject && (list = handler) } as never),
  } as unknown as Client;
  const memory = new Map<string, unknown>();
  const memento = { get: (key: string) => memory.get(key), update: async (key: string, value: unknown) => void memory.set(key, value) };
  const languages = new Languages(client, memento as never);
  return { languages, list: (files) => list({ files }), memory };
}

beforeEach(() => world.reset());

test('a listed file that nobody claims gets its language, and keeps one chosen by hand', async () => {
  const { languages, list } = make();
  list([{ uri: 'file:///w/schema.hcl', language: 'atlas-schema-sqlite' }, { uri: 'file:///w/schema.sql', language: 'sql' }]);
  world.open('/w/schema.hcl', 'plaintext');
  world.open('/w/schema.sql', 'sql');
  await settle();
  assert.deepEqual(world.documents.map((document) => document.languageId).sort(), ['atlas-schema-sqlite', 'sql']);
  const schema = world.documents.find((document) => document.languageId !== 'sql');
  world.close(schema!);
  world.open('/w/schema.hcl', 'plaintext');
  await settle();
  assert.equal(world.documents.at(-1)?.languageId, 'plaintext', 'the second opening is the choice of the user');
  assert.deepEqual(world.shown, []);
  languages.dispose();
});

test('a document opened before the project was known gets its language too', async () => {
  const { languages, list } = make();
  world.open('/w/schema.hcl', 'plaintext');
  list([{ uri: 'file:///w/schema.hcl', language: 'atlas-schema-sqlite' }]);
  await settle();
  assert.equal(world.documents[0]?.languageId, 'atlas-schema-sqlite');
  languages.dispose();
});

test('another extension that owns .hcl: one message, and its fix after consent', async () => {
  extensions.all = [{ id: 'x.standin', packageJSON: { displayName: 'Stand-in HCL', contributes: { languages: [{ id: 'hcl', extensions: ['.hcl'] }] } } }];
  const { languages, list, memory } = make();
  world.answers = ['Use Atlas'];
  list([{ uri: 'file:///w/schema.hcl', language: 'atlas-schema-sqlite' }, { uri: 'file:///w/more/b.hcl', language: 'atlas-schema-sqlite' }]);
  world.open('/w/schema.hcl', 'hcl');
  world.open('/w/more/b.hcl', 'hcl');
  await settle();
  assert.equal(world.shown.length, 1);
  assert.match(world.shown[0]!.message, /"schema.hcl" belongs to Atlas but is opened as "hcl" by the extension "Stand-in HCL"/);
  assert.deepEqual(world.associations, { '**/schema.hcl': 'atlas-schema-sqlite', '**/more/b.hcl': 'atlas-schema-sqlite' });
  assert.deepEqual(world.documents.map((document) => document.languageId), ['atlas-schema-sqlite', 'atlas-schema-sqlite']);
  assert.equal(memory.get('foreign hcl'), true);
  languages.dispose();
});

test('the answer "keep" is remembered and nothing is written', async () => {
  const { languages, memory } = make();
  world.associations = { '*.hcl': 'terraform' };
  world.answers = ['Keep As Is'];
  world.open('/w/a.lt.hcl', 'terraform');
  await settle();
  world.open('/w/b.lt.hcl', 'terraform');
  await settle();
  assert.equal(world.shown.length, 1);
  assert.match(world.shown[0]!.message, /by the setting "files.associations"/);
  assert.deepEqual(world.associations, { '*.hcl': 'terraform' });
  assert.deepEqual(world.documents.map((document) => document.languageId), ['terraform', 'terraform']);
  assert.equal(memory.get('foreign terraform'), true);
  languages.dispose();
});

test('files no project lists are left alone', async () => {
  const { languages } = make();
  world.open('/w/main.hcl', 'hcl');
  world.open('/w/notes.sql', 'sql');
  await settle();
  assert.deepEqual([world.shown, world.documents.map((document) => document.languageId)], [[], ['hcl', 'sql']]);
  languages.dispose();
});

test('a project that appears, and files it lists elsewhere, are told once each', async () => {
  const { languages, list } = make();
  const told: string[][] = [];
  languages.onDidChangeFilters((filters) => told.push(filters.flatMap((filter) => filter.pattern ?? [])));
  world.configs = [Uri.file('/w/a/atlas.hcl')];
  await languages.search();
  await settle();
  created.fire(Uri.file('/w/b/atlas.hcl'));
  created.fire(Uri.file('/w/a/sub/atlas.hcl'));
  await settle();
  list([{ uri: 'file:///shared/x.sql', language: 'sql' }]);
  list([{ uri: 'file:///shared/x.sql', language: 'sql' }]);
  await settle();
  assert.deepEqual(told, [
    ['/w/a/**/*.{hcl,sql}'],
    ['/w/a/**/*.{hcl,sql}', '/w/b/**/*.{hcl,sql}'],
    ['/w/a/**/*.{hcl,sql}', '/w/b/**/*.{hcl,sql}', '/shared/x.sql'],
  ]);
  languages.dispose();
});

test('judging a document', () => {
  assert.deepEqual(judge('/w/schema.hcl', 'plaintext', 'atlas-schema-sqlite'), { kind: 'set', language: 'atlas-schema-sqlite' });
  assert.deepEqual(judge('/w/schema.hcl', 'atlas-schema-mysql', 'atlas-schema-sqlite'), { kind: 'settled' });
  assert.deepEqual(judge('/w/a.lt.hcl', 'hcl', undefined), { kind: 'foreign', language: 'atlas-schema-sqlite' });
  assert.deepEqual(judge('/w/schema.sql', 'postgres', 'sql'), { kind: 'nothing' });
  assert.deepEqual(judge('/w/schema.sql', 'plaintext', 'atlas-schema-sqlite'), { kind: 'nothing' });
});

test('associations are as narrow as the names allow and keep what is there', () => {
  const files = [
    { path: 'db/x.lt.hcl', language: 'atlas-schema-sqlite' },
    { path: 'atlas.hcl', language: 'atlas-config' },
    { path: 'schema.hcl', language: 'atlas-schema-sqlite' },
    { path: '/outside/s.hcl', language: 'atlas-schema-sqlite' },
  ];
  assert.deepEqual(associations({ '*.x': 'y' }, files), {
    '*.x': 'y',
    '*.lt.hcl': 'atlas-schema-sqlite',
    'atlas.hcl': 'atlas-config',
    '**/schema.hcl': 'atlas-schema-sqlite',
    '/outside/s.hcl': 'atlas-schema-sqlite',
  });
});
