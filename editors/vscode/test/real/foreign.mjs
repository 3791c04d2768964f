// Another extension owns `.hcl`: one message, its fix after consent, and the plan and the dialog of the packaged extension.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { run } from './vscode.mjs';

const files = {
  'atlas.hcl': 'env "local" {\n  src = "file://schema.hcl"\n}\n',
  'schema.hcl': 'table "t" {\n}\n# BAD\n',
};

await run({ vsixes: ['atlas-ls', 'standin-hcl'], files }, async ({ page, folder, open, command, until, told }) => {
  await open('schema.hcl');
  // The file is checked whatever its language is.
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 90_000 });
  const message = page.locator('.notification-toast', { hasText: '"schema.hcl" belongs to Atlas but is opened as "hcl" by the extension "Stand-in HCL"' });
  await message.waitFor({ timeout: 30_000 });
  assert.equal(await page.locator('.notification-toast').count(), 1);
  assert.ok(!fs.existsSync(path.join(folder, '.vscode/settings.json')), 'nothing is written before consent');
  await message.locator('.monaco-button', { hasText: 'Use Atlas' }).click();
  const settings = path.join(folder, '.vscode/settings.json');
  await until('the association', () => fs.existsSync(settings) && fs.readFileSync(settings, 'utf8').includes('**/schema.hcl'));
  await page.locator('#status\\.editor\\.mode', { hasText: 'Atlas Schema (SQLite)' }).waitFor();
  console.log('another owner of .hcl: one message, and its fix');

  await command('Atlas: Plan');
  // No env is chosen and there are two: the user is asked.
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'local' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.view-line', { hasText: /lines.in.schema\.hcl/ }).first().waitFor();
  console.log('the plan is beside the editor');

  for (const [button, said] of [['Cancel', 'not approved'], ['Apply', 'The plan was applied']]) {
    // The answer from before still holds.
    await command('Atlas: Apply');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Target: sqlite:\/\/app\.db/);
    await dialog.locator('.monaco-button', { hasText: button }).click();
    await page.locator('.notification-toast', { hasText: said }).first().waitFor();
  }
  assert.deepEqual(told().filter((entry) => entry.method === 'approved').map((entry) => entry.value), ['cancel', 'apply']);
  console.log('the dialog names the target, and its answers arrive');
});
