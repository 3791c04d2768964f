#!/usr/bin/env node
// A stand-in for the server that speaks the protocol of src/protocol.ts, for testing the client alone.
//
// It knows one kind of mistake (the word BAD), one env (local) plus an unlabeled one, and a plan that counts the
// lines of schema.hcl. The command `atlas.crash` ends it. What it was told goes to $FAKE_LOG, one JSON a line.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');
const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(process.stdin), new rpc.StreamMessageWriter(process.stdout));
const documents = new Map();
const chosen = new Map();
let folders = [];
let options = {};
let trusted = false;
const log = (entry) => process.env.FAKE_LOG && fs.appendFileSync(process.env.FAKE_LOG, JSON.stringify(entry) + '\n');

const configOf = (folder) => pathToFileURL(path.join(fileURLToPath(folder), 'atlas.hcl')).href;
const configured = () => folders.filter((folder) => fs.existsSync(new URL(configOf(folder))));
const planUri = (folder, env) => `atlas-plan:/${path.basename(fileURLToPath(folder))}/atlas.hcl/${env}`;
const textOf = (folder) => {
  const uri = pathToFileURL(path.join(fileURLToPath(folder), 'schema.hcl')).href;
  const open = [...documents.values()].find((document) => document.uri.toLowerCase() === uri.toLowerCase());
  return open?.text ?? (fs.existsSync(new URL(uri)) ? fs.readFileSync(new URL(uri), 'utf8') : '');
};
const plan = (folder, env) => `-- Target: sqlite://app.db (env ${env}), known since a moment\n-- ${textOf(folder).split('\n').length} lines in schema.hcl\nCREATE TABLE t (id integer);\n`;
const announce = (health = 'ok', message) => {
  void connection.sendNotification('atlas/status', {
    health,
    message,
    folders: configured().map((folder) => ({
      folder, config: configOf(folder), env: chosen.get(folder) ?? null, envs: ['local', 'prod'], unlabeled: true,
      dialect: 'sqlite', target: 'sqlite://app.db', facts: [{ name: 'target', state: 'known' }],
    })),
  });
  void connection.sendNotification('atlas/didChangeProject', {
    files: configured().flatMap((folder) => [
      { uri: pathToFileURL(path.join(fileURLToPath(folder), 'schema.hcl')).href, language: 'atlas-schema-sqlite', env: 'local', config: configOf(folder) },
      { uri: pathToFileURL(path.join(fileURLToPath(folder), 'schema.sql')).href, language: 'sql', env: 'local', config: configOf(folder) },
    ]),
  });
};

/** A directory `migrations` is one file behind, and its second file was edited. */
const announceMigrations = () => {
  const directories = configured().flatMap((folder) => {
    const at = path.join(fileURLToPath(folder), 'migrations');
    if (!fs.existsSync(at)) return [];
    const names = fs.readdirSync(at).filter((name) => name.endsWith('.sql')).sort();
    const files = names.map((name, index) => ({
      uri: pathToFileURL(path.join(at, name)).href, name, version: name.split('_')[0], description: name.replace(/^\d+_|\.sql$/g, ''), sum: index === 1 ? 'edited' : 'ok',
      state: index === names.length - 1 ? 'pending' : 'applied', appliedAt: '2025-03-01 10:00:00',
    }));
    return [{
      uri: pathToFileURL(at).href, name: 'migrations', config: configOf(folder), env: 'local', envs: ['local'], format: 'atlas', target: 'sqlite://app.db',
      sum: names.length > 1 ? 'mismatch' : 'ok', message: `${names[1]} was edited`, status: 'known', current: files.at(-2)?.version, pending: 1, files,
    }];
  });
  void connection.sendNotification('atlas/migrations', { directories });
};

connection.onRequest('initialize', (params) => {
  log({ method: 'initialize', options: params.initializationOptions, experimental: params.capabilities.experimental, content: params.capabilities.workspace?.textDocumentContent });
  if (process.env.FAKE_HANG) return new Promise(() => undefined);
  options = params.initializationOptions ?? {};
  trusted = options.trusted === true;
  folders = (params.workspaceFolders ?? []).map((folder) => folder.uri);
  return {
    serverInfo: { name: 'atlas-ls', version: process.env.FAKE_VERSION ?? '0.1.0' },
    capabilities: {
      textDocumentSync: { openClose: true, change: 2, save: true },
      diagnosticProvider: { identifier: 'atlas', interFileDependencies: true, workspaceDiagnostics: false },
      completionProvider: { triggerCharacters: ['.'] },
      hoverProvider: true,
      codeLensProvider: {},
      documentFormattingProvider: true,
      executeCommandProvider: { commands: ['atlas.plan', 'atlas.apply', 'atlas.inspect', 'atlas.diff', 'atlas.setEnv', 'atlas.refreshFacts', 'atlas.crash'] },
    },
  };
});
connection.onNotification('initialized', () => {
  announce();
  announceMigrations();
});
connection.onNotification('atlas/didGrantTrust', () => { trusted = true; log({ method: 'atlas/didGrantTrust' }); });
connection.onNotification('textDocument/didOpen', ({ textDocument }) => {
  documents.set(textDocument.uri, { uri: textDocument.uri, text: textDocument.text });
  log({ method: 'didOpen', uri: textDocument.uri, language: textDocument.languageId });
});
connection.onNotification('textDocument/didClose', ({ textDocument }) => documents.delete(textDocument.uri));
connection.onNotification('textDocument/didChange', ({ textDocument, contentChanges }) => {
  const document = documents.get(textDocument.uri);
  for (const { range, text } of contentChanges) {
    if (!range) { document.text = text; continue; }
    const lines = document.text.split('\n');
    const offset = ({ line, character }) => lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0) + character;
    document.text = document.text.slice(0, offset(range.start)) + text + document.text.slice(offset(range.end));
  }
  for (const folder of configured()) {
    void connection.sendNotification('atlas/planChanged', { uri: planUri(folder, chosen.get(folder) ?? 'local') });
  }
});
connection.onRequest('textDocument/diagnostic', ({ textDocument }) => ({
  kind: 'full',
  items: (documents.get(textDocument.uri)?.text ?? '').split('\n').flatMap((text, line) => {
    const character = text.indexOf('BAD');
    return character < 0 ? [] : [{ range: { start: { line, character }, end: { line, character: character + 3 } }, message: 'found BAD', severity: 1, source: 'atlas' }];
  }),
}));
connection.onRequest('textDocument/completion', () => [{ label: 'fake_completion' }]);
connection.onRequest('textDocument/hover', () => ({ contents: { kind: 'markdown', value: 'fake hover' } }));
connection.onRequest('textDocument/formatting', () => [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: '# formatted\n' }]);
connection.onRequest('textDocument/codeLens', ({ textDocument }) => textDocument.uri.endsWith('/atlas.hcl')
  ? [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } }, command: { title: 'Plan', command: 'atlas.openPlan', arguments: [{ uri: textDocument.uri, env: 'local' }] } }]
  : []);
connection.onRequest('workspace/textDocumentContent', ({ uri }) => {
  const [, name, , env] = decodeURIComponent(uri).replace(/^atlas-plan:/, '').split('/');
  const folder = configured().find((folder) => path.basename(fileURLToPath(folder)) === name);
  log({ method: 'content', uri });
  return { text: folder ? plan(folder, env) : '-- no such plan\n' };
});
connection.onRequest('workspace/executeCommand', async ({ command, arguments: [argument = {}] = [] }) => {
  log({ method: 'execute', command, argument });
  const folder = configured().find((folder) => (argument.uri ?? argument.folder ?? '').startsWith(folder)) ?? configured()[0];
  const env = argument.env ?? 'local';
  switch (command) {
    case 'atlas.crash':
      process.stderr.write('fake server: told to end\n');
      process.exit(3);
      break;
    case 'atlas.plan':
      if (!folder) throw new rpc.ResponseError(-32803, 'no atlas.hcl');
      return { uri: planUri(folder, env), text: plan(folder, env) };
    case 'atlas.apply': {
      const answer = await connection.sendRequest('atlas/approve', {
        title: `Apply 1 statement to env "${env}"?`, target: 'sqlite://app.db', summary: '1 statement, 0 findings',
        actions: [{ title: 'Apply', value: 'apply' }, { title: 'Cancel', value: 'cancel' }], plan: planUri(folder, env),
      });
      log({ method: 'approved', value: answer.value, trusted });
      return answer.value === 'apply'
        ? { status: 'applied', statements: [{ text: 'CREATE TABLE t (id integer)', state: 'applied' }] }
        : { status: 'cancelled' };
    }
    case 'atlas.inspect':
      return { text: 'schema "main" {}\n', language: 'atlas-schema-sqlite' };
    case 'atlas.setEnv':
      chosen.set(argument.folder, argument.env);
      announce();
      return null;
    case 'atlas.refreshFacts':
      announce();
      return null;
    case 'atlas.migrate.diff': {
      const at = `${configured()[0]}/migrations`;
      const files = [
        { uri: `${at}/4_${argument.name ?? 'changes'}.sql`, text: 'ALTER TABLE t ADD COLUMN c text;\n' },
        { uri: `${at}/atlas.sum`, previous: 'h1:old\n', text: 'h1:new\n' },
      ].map((file) => ({ ...file, name: path.basename(file.uri) }));
      if (argument.write) {
        for (const file of files) fs.writeFileSync(fileURLToPath(file.uri), file.text);
        announceMigrations();
        return { message: 'wrote 2 files', files: files.map((file) => file.uri) };
      }
      return { files, statements: 1, token: 't', findings: [{ code: 'MF103', message: 'Adding a non-nullable column' }] };
    }
    case 'atlas.migrate.schemaAt':
      return { text: 'CREATE TABLE t (id integer);\n', language: 'sql' };
    case 'atlas.migrate.diffWithPrevious':
      return { title: 'Schema before and after', language: 'sql', before: '', after: 'CREATE TABLE t (id integer);\n' };
    default:
      throw new rpc.ResponseError(-32601, `unknown command ${command}`);
  }
});
connection.onRequest('shutdown', () => null);
connection.onNotification('exit', () => process.exit(0));
connection.listen();
