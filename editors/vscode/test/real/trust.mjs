// A workspace that is not trusted: the server hears so, and nothing the workspace says about execution counts.
import assert from 'node:assert/strict';
import { run } from './vscode.mjs';

const evil = { 'atlas.facts': 'auto', 'atlas.env': 'evil', 'atlas.server.path': '/evil', 'atlas.server.extraEnv': { EVIL: '1' } };
const files = {
  'atlas.hcl': 'env "local" {\n  src = "file://schema.hcl"\n}\n',
  'schema.hcl': 'table "t" {\n}\n# BAD\n',
  '.vscode/settings.json': JSON.stringify(evil),
};

// Newer versions open restricted without a question; the older ones are told to.
const settings = { 'security.workspace.trust.startupPrompt': 'never' };

await run({ vsixes: ['atlas-ls'], trust: false, settings, files }, async ({ page, open, command, until, told }) => {
  await open('schema.hcl');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 90_000 });
  const { trusted, settings } = told()[0].options;
  assert.deepEqual([trusted, settings.facts, settings.env, settings.server], [false, 'ask', '', undefined]);
  console.log('not trusted: the server hears so, with none of the workspace\'s settings');

  await command('Atlas: Apply');
  const refusal = page.locator('.notification-toast', { hasText: 'needs a trusted workspace' });
  await refusal.waitFor();
  assert.ok(!told().some((entry) => entry.command === 'atlas.apply'));
  await refusal.locator('.monaco-button', { hasText: 'Manage' }).click();
  await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ }).first().click();
  await until('the server hears of the trust', () => told().some((entry) => entry.method === 'atlas/didGrantTrust'));
  assert.equal(told().filter((entry) => entry.method === 'initialize').length, 1, 'without a new start');
  console.log('trust granted: the server hears of it');
});
