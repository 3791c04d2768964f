import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decoded, envDetail, envOfPlan, envText, folderOf } from '../../src/project';
import type { ServerStatus } from '../../src/protocol';

const status: ServerStatus = {
  health: 'ok',
  folders: [
    { folder: 'file:///w', config: 'file:///w/atlas.hcl', env: 'a' },
    { folder: 'file:///w', config: 'file:///w/db/atlas.hcl', env: 'b' },
    { folder: 'file:///C:/v', config: 'file:///C:/v/atlas.hcl', env: 'c' },
  ],
};
const env = (uri: string | undefined): string | undefined => folderOf(status, uri)?.env ?? undefined;

test('a document belongs to the nearest configuration above it', () => {
  assert.equal(env('file:///w/atlas.hcl'), 'a');
  assert.equal(env('file:///w/x/schema.sql'), 'a');
  assert.equal(env('file:///w/db/schema.sql'), 'b');
  assert.equal(env('file:///w/db/atlas.hcl'), 'b');
  assert.equal(env('file:///c%3A/v/schema.hcl'), 'c');
  assert.equal(env('file:///elsewhere/x.sql'), undefined);
  assert.equal(env(undefined), undefined);
});

test('a plan document tells its project and its env', () => {
  assert.equal(env('atlas-plan:/v/atlas.hcl/other'), 'c');
  assert.equal(env('atlas-plan:/w/atlas.hcl/prod'), 'a');
  assert.equal(env('atlas-plan:/w/db/atlas.hcl/prod'), 'b');
  assert.equal(env('atlas-plan:/w/db%2Fatlas.hcl/prod'), 'b');
  assert.equal(env('atlas-plan:/x/atlas.hcl/prod'), undefined);
  assert.equal(envOfPlan('atlas-plan:/w/db/atlas.hcl/my%20env'), 'my env');
  assert.equal(envOfPlan('file:///w/atlas.hcl'), undefined);
  assert.equal(envOfPlan(undefined), undefined);
});

test('without a document the only project is meant', () => {
  const only: ServerStatus = { health: 'ok', folders: [{ folder: 'file:///w', config: 'file:///w/atlas.hcl', env: 'a' }] };
  assert.equal(folderOf(only, undefined)?.env, 'a');
  assert.equal(folderOf(undefined, 'file:///w/x'), undefined);
});

test('two spellings of a uri are one', () => {
  assert.equal(decoded('file:///c%3A/a%20b'), decoded('file:///C:/a b'));
  assert.equal(decoded('file:///a%'), 'file:///a%');
});

test('the env is shown with its target and what is known', () => {
  const folder = { folder: 'f', config: 'c', env: 'prod', dialect: 'sqlite', target: 'sqlite://a.db', facts: [{ name: 'target', state: 'known 3 s ago' }] };
  assert.equal(envText(folder), 'prod');
  assert.equal(envDetail(folder), 'sqlite · sqlite://a.db · target: known 3 s ago');
  assert.equal(envText({ folder: 'f', config: 'c' }), 'no env chosen');
});
