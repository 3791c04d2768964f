import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wording } from '../../src/approve';
import { describe } from '../../src/client';
import { fullReport, outcome, sentence } from '../../src/outcome';
import { argumentOf } from '../../src/env';
import { projectFiles, sqliteUrl } from '../../src/newProject';
import { report } from '../../src/report';
import { appearance } from '../../src/status';

test('the approval names the target, redacted, whatever the title says', () => {
  const words = wording({ title: 'Apply 2 statements?', target: 'postgres://u:secret@h/d', summary: '2 statements', detail: 'DS102: drops table "t"', actions: [] });
  assert.deepEqual(words, { message: 'Apply 2 statements?', detail: 'Target: postgres://u:xxxxx@h/d\n\n2 statements\n\nDS102: drops table "t"' });
});

test('the end of an apply is one sentence', () => {
  assert.deepEqual(outcome({ status: 'applied', statements: [{ state: 'applied' }, { state: 'applied' }] }), { message: 'The plan was applied.', severity: 'info' });
  assert.deepEqual(outcome({ status: 'failed', message: 'table "t": locked', statements: [{ state: 'rolled_back' }, { state: 'failed' }, { state: 'not_run' }] }), {
    message: 'Table "t": locked. Statements: 1 rolled back, 1 failed, 1 not run.',
    severity: 'error',
  });
  assert.equal(outcome({ status: 'cancelled' }).severity, 'info');
  assert.equal(outcome({ status: 'refused', message: 'the target changed' }).message, 'The target changed.');
  assert.equal(fullReport({ statements: [{ text: 'DROP TABLE t', state: 'failed', error: 'locked' }] }), '[failed] DROP TABLE t\n  locked');
});

test('messages become sentences', () => {
  assert.equal(sentence('no atlas.hcl'), 'No atlas.hcl.');
  assert.equal(sentence('atlas.hcl:3,1: x'), 'atlas.hcl:3,1: x.');
  assert.equal(sentence('Done.'), 'Done.');
});

test('commands understand code lenses, uris and nothing', () => {
  assert.deepEqual(argumentOf({ uri: 'file:///a', env: 'prod', other: 1 }), { uri: 'file:///a', env: 'prod' });
  assert.deepEqual(argumentOf([{ uri: 'file:///a' }]), { uri: 'file:///a' });
  assert.deepEqual(argumentOf({ scheme: 'file', toString: () => 'file:///b' }), { uri: 'file:///b' });
  assert.deepEqual(argumentOf(undefined), {});
  assert.deepEqual(argumentOf({ uri: 3 }), {});
});

test('a new project never writes a password down', () => {
  assert.deepEqual(projectFiles('sqlite://app.db'), {
    config: 'env "local" {\n  src = "file://schema.lt.hcl"\n  url = "sqlite://app.db"\n  dev = "sqlite://dev?mode=memory"\n}\n',
    schemaName: 'schema.lt.hcl',
    variable: undefined,
  });
  const secret = projectFiles('postgres://app:s3cret@db/app');
  assert.equal(secret.schemaName, 'schema.pg.hcl');
  assert.ok(!secret.config.includes('s3cret'));
  assert.ok(secret.config.includes(`url = getenv("${secret.variable}")`));
  assert.ok(!projectFiles('libsql://h?authToken=abc').config.includes('abc'));
  assert.ok(projectFiles('sqlite://${x}"y.db').config.includes('"sqlite://$${x}\\"y.db"'));
});

test('a database file inside the project is named relative to it', () => {
  assert.equal(sqliteUrl('/w/data/app.db', '/w'), 'sqlite://data/app.db');
  assert.equal(sqliteUrl('/other/app.db', '/w'), 'sqlite:///other/app.db');
  assert.equal(sqliteUrl('C:\\w\\app.db', 'C:\\w'), 'sqlite://app.db');
});

test('the status bar is for trouble only', () => {
  assert.equal(appearance({ kind: 'running', version: '1' }, { health: 'ok' }).health, 'ok');
  assert.deepEqual(appearance({ kind: 'running', version: '1' }, { health: 'warning', message: 'no target' }), { health: 'warning', text: 'Atlas: warning', detail: 'no target' });
  assert.equal(appearance({ kind: 'waiting', reason: 'it ended with exit code 3', seconds: 0 }, undefined).health, 'ok');
  const waiting = appearance({ kind: 'waiting', reason: 'it ended with exit code 3', seconds: 8 }, undefined);
  assert.deepEqual(waiting, { health: 'error', text: 'Atlas: restarting', detail: 'The Atlas server stopped: it ended with exit code 3. It starts again in 8 s.' });
  assert.equal(describe({ kind: 'failed', reason: 'no program' }), 'The Atlas server cannot run: no program.');
});

test('a report holds no secret and no path of the project', () => {
  const text = report({
    extensionId: 'atlas-ls.atlas-ls', extensionVersion: '0.1.0', serverVersion: '0.1.0', serverOrigin: 'bundled', state: 'running', editor: 'VS Code 1.100', platform: 'linux x64',
    trusted: true, remote: undefined, settings: { 'atlas.facts': 'auto', 'atlas.variables': { tenant: 'acme' }, 'atlas.server.extraEnv': { DATABASE_URL: 'hidden-one' } },
    status: { health: 'ok', folders: [{ folder: 'file:///home/me/secret-project', config: 'file:///home/me/secret-project/atlas.hcl', envs: ['a', 'b'], dialect: 'sqlite', target: 'postgres://u:hidden-two@h/d' }] },
    log: ['connect mysql://root:hidden-three@h/d'], otherExtensions: ['hashicorp.hcl 0.6.0'],
  });
  for (const secret of ['hidden-one', 'hidden-two', 'hidden-three', 'acme', 'secret-project']) {
    assert.ok(!text.includes(secret), secret);
  }
  for (const wanted of ['extension 0.1.0', 'server 0.1.0 (bundled)', '"atlas.facts": "auto"', '"tenant": "xxxxx"', 'project 1: dialect sqlite, 2 envs', 'mysql://root:xxxxx@h/d', 'hashicorp.hcl 0.6.0']) {
    assert.ok(text.includes(wanted), wanted);
  }
});
