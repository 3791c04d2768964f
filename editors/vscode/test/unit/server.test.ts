import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, locate } from '../../src/server';

const base = { extensionPath: '/ext', platform: 'linux' as NodeJS.Platform, environment: {}, exists: () => true };

test('the bundled program is the usual one', () => {
  assert.deepEqual(locate(base), { path: '/ext/server/atlas-ls', origin: 'bundled' });
  assert.deepEqual(locate({ ...base, platform: 'win32' }), { path: '/ext/server/atlas-ls.exe', origin: 'bundled' });
});

test('the user may choose another one, a workspace may not', () => {
  assert.deepEqual(locate({ ...base, path: { globalValue: '/opt/atlas-ls' } }), { path: '/opt/atlas-ls', origin: 'setting' });
  assert.deepEqual(locate({ ...base, path: { workspaceValue: '/w/evil', workspaceFolderValue: '/w/evil' } }), { path: '/ext/server/atlas-ls', origin: 'bundled' });
  assert.deepEqual(locate({ ...base, environment: { __ATLAS_LS_DEBUG: '/dev/atlas-ls' }, path: { globalValue: '/opt/x' } }), { path: '/dev/atlas-ls', origin: 'environment' });
});

test('what is missing is named', () => {
  const exists = (): boolean => false;
  assert.throws(() => locate({ ...base, exists }), /no \/ext\/server\/atlas-ls/);
  assert.throws(() => locate({ ...base, exists, path: { globalValue: '/opt/x' } }), /setting "atlas.server.path" names a file that does not exist: \/opt\/x/);
  assert.throws(() => locate({ ...base, path: { globalValue: 'bin/x' } }), /not an absolute path: bin\/x/);
});

test('a process tells why it ended, and its variables are ours', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-ls-'));
  try {
    const path = join(folder, 'server');
    writeFileSync(path, '#!/bin/sh\n[ "$1" = --stdio ] && [ "$EXTRA" = yes ] && exit 7\nexit 1\n');
    chmodSync(path, 0o755);
    const running = await launch({ path, origin: 'bundled' }, { EXTRA: 'yes' });
    assert.equal(await running.ended, 'it ended with exit code 7');
    chmodSync(path, 0o644);
    await assert.rejects(launch({ path, origin: 'bundled' }, {}), /could not be started/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
