// Runs inhost.cjs inside the extension host.
import assert from 'node:assert/strict';
import path from 'node:path';
import { extension, here, run } from './vscode.mjs';

await run({}, async ({ page, open, remote }) => {
  const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
  await page.exposeFunction('codeAutomationLog', (_, args) => {
    const text = args.map(String).join(' ');
    if (/INHOST|Error/.test(text)) console.log(text.slice(0, 600));
  });
  // Newer versions take a test from the address only with the smoke test driver, which the served page must ask for.
  await page.addInitScript(() => {
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration' || !value) return value;
      const settings = JSON.parse(value);
      settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
      return JSON.stringify(settings);
    };
  });
  await open(undefined, [['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(path.join(here, 'inhost.cjs'))]]);
  const late = new Promise((resolve) => setTimeout(() => resolve('too late'), 120_000));
  assert.equal(await Promise.race([ended, late]), 0, 'the test inside the extension host');
});
