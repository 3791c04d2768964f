import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { Client, type ServerState } from '../../src/client';
import type { Filter } from '../../src/selector';
import { made } from './languageclient';
import { world } from './vscode';

const folder = mkdtempSync(join(tmpdir(), 'atlas-ls-'));
after(() => rmSync(folder, { recursive: true }));

let client: Client;
let states: ServerState[];
let warnings: string[];
let filters: Filter[];

/** A client whose server is this shell script. */
function make(script: string): void {
  const path = join(folder, 'server');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  world.configuration['atlas.server.path'] = path;
  states = [];
  warnings = [];
  filters = [{ scheme: 'file', language: 'atlas-config' }];
  const log = { append: () => undefined, appendLine: () => undefined };
  client = new Client({ extensionPath: '/none', version: '0.1.0', log: log as never, filters: () => filters, warnOnce: (_, message) => warnings.push(message) });
  client.onDidChangeState((state) => states.push(state));
}

async function until(test: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!test()) {
    assert.ok(Date.now() < end, `waited too long; states: ${JSON.stringify(states)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const kinds = (): string[] => states.map((state) => state.kind);
const healthy = 'echo 0.1.0; cat >/dev/null';

beforeEach(() => {
  world.reset();
  made.length = 0;
});
afterEach(() => client.stop());

test('starts, answers, stops', async () => {
  make(healthy);
  await client.start();
  assert.deepEqual(states, [{ kind: 'starting' }, { kind: 'running', version: '0.1.0' }]);
  await client.execute('atlas.plan', { env: 'a' });
  assert.deepEqual(made[0]!.sent, [{ method: 'workspace/executeCommand', params: { command: 'atlas.plan', arguments: [{ env: 'a' }] } }]);
  await client.stop();
  assert.equal(client.state.kind, 'stopped');
  await assert.rejects(client.execute('atlas.plan', {}), /The Atlas server is stopped/);
  assert.deepEqual(warnings, []);
});

test('a server of another version is warned of', async () => {
  make('echo 9.9.9; cat >/dev/null');
  await client.start();
  assert.equal(client.state.kind, 'running');
  assert.match(warnings[0] ?? '', /server is version 9\.9\.9, this extension is version 0\.1\.0/);
});

test('a missing program is said and not tried again', async () => {
  make(healthy);
  world.configuration['atlas.server.path'] = join(folder, 'absent');
  await client.start();
  assert.deepEqual(kinds(), ['starting', 'failed']);
  assert.match(JSON.stringify(client.state), /does not exist/);
});

test('a server that ends by itself is started again, with the reason', async () => {
  make('echo 0.1.0; exit 3');
  await client.start();
  await until(() => kinds().filter((kind) => kind === 'waiting').length === 6);
  const waiting = states.filter((state) => state.kind === 'waiting');
  assert.deepEqual(
    waiting.map((state) => state.kind === 'waiting' && [state.reason, state.seconds]),
    [...Array<[string, number]>(5).fill(['it ended with exit code 3', 0]), ['it ended with exit code 3', 2]],
  );
  const starts = made.length;
  await client.restart();
  assert.equal(made.length, starts + 1, 'the user need not wait');
});

test('a server that ends before it answers is started again too', async () => {
  make('exit 4');
  await client.start();
  await until(() => made.length >= 2);
  assert.deepEqual(states.find((state) => state.kind === 'waiting'), { kind: 'waiting', reason: 'it ended with exit code 4', seconds: 0 });
});

test('a server that never answers can be stopped', async () => {
  make('exec cat >/dev/null');
  void client.start();
  await until(() => made.length === 1 && kinds().includes('starting'));
  await client.stop();
  assert.equal(client.state.kind, 'stopped');
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(made.length, 1, 'and stays stopped');
});

test('a new project restarts the server once, the same ones do not', async () => {
  make(healthy);
  await client.start();
  await client.reselect();
  assert.equal(made.length, 1);
  filters = [...filters, { scheme: 'file', pattern: '/w/**/*.{hcl,sql}' }];
  await Promise.all([client.reselect(), client.reselect()]);
  assert.equal(made.length, 2);
  assert.deepEqual(made[1]!.options.documentSelector, filters);
});

test('the server is told of trust as VS Code says it, and nothing of its own start', async () => {
  make(healthy);
  world.trusted = false;
  await client.start();
  const options = made[0]!.options.initializationOptions as { trusted: boolean; approval: boolean; client: unknown };
  assert.equal(options.trusted, false);
  assert.equal(options.approval, true);
  assert.deepEqual(options.client, { name: 'atlas-ls-vscode', version: '0.1.0' });
  await client.notify('atlas/didGrantTrust', {});
  assert.deepEqual(made[0]!.sent, [{ method: 'atlas/didGrantTrust', params: {} }]);
});
