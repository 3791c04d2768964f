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
connection.onNotification('initialized', () => announce());
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
    default:
      throw new rpc.ResponseError(-32601, `unknown command ${command}`);
  }
});
connection.onRequest('shutdown', () => null);
connection.onNotification('exit', () => process.exit(0));
connection.listen();
