// One sitting of a person who adds a column: the story that the product exists for.
//
// Every step waits for what the person would see. Invariant: the database is looked at by SQLite, never through the
// product.
import assert from 'node:assert/strict';
import path from 'node:path';

/** @param {{ workbench: import('./workbench.mjs').Workbench, folder: string, say: (text: string) => void,
 *   project: (...args: string[]) => string }} tools */
export async function scenario({ workbench, folder, say, project }) {
  const database = path.join(folder, 'app.db');
  const columns = () => project('columns', database, 'users').split('\n');
  const before = columns();
  const rows = project('query', database, 'SELECT * FROM users ORDER BY id');
  assert.ok(!before.includes('nickname'), `the example already has the column: ${before}`);
  const { page } = workbench;

  await workbench.untilText(0, (text) => text.includes('table "users"'), 'the schema in the editor');
  await workbench.picture('opened');

  // A mistake is underlined while it is there, and no longer.
  const line = await workbench.lineOf('column "name"');
  await workbench.goTo(line + 1, 1);
  await page.keyboard.press('End');
  await workbench.type('x');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  const problems = await workbench.problems();
  assert.ok(problems.some((row) => row.includes('textx')), `no problem names the type "textx": ${JSON.stringify(problems)}`);
  await workbench.goTo(line + 1, 1);
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 60_000 });
  say(`a squiggle came and went: ${problems.find((row) => row.includes('textx'))}`);

  // A new column, with completion for its type.
  await workbench.goTo(line + 2, 1);
  await page.keyboard.press('End');
  await workbench.type('\n  column "nick" {\n    null = true\n    type = te');
  const offers = await workbench.complete();
  assert.ok(offers.some((label) => /^text\b/.test(label)), `completion offers no type text: ${JSON.stringify(offers)}`);
  await workbench.picture('completion');
  await page.keyboard.press('Escape');
  await workbench.type('xt\n  }');
  say(`completion offered ${offers.length} entries, text among them`);

  // Hover on the type.
  await workbench.goTo(line + 5, 13);
  const hover = await workbench.hover();
  assert.match(hover, /text/i);
  await workbench.picture('hover');
  await page.keyboard.press('Escape');
  say(`hover said: ${hover.split('\n')[0]}`);

  // The plan stands beside the schema and follows each keystroke, without a save.
  await workbench.command('Atlas: Plan');
  const plan = await workbench.untilText(1, (text) => /ADD COLUMN `nick` text/i.test(text), 'the plan that adds the column "nick"');
  assert.match(plan, /app\.db/, 'the plan names its target');
  await workbench.picture('plan');
  await workbench.goTo(line + 3, 1);
  await page.keyboard.press('End');
  for (let left = 0; left < 3; left += 1) await page.keyboard.press('ArrowLeft');
  for (const [key, name] of [['n', 'nickn'], ['a', 'nickna'], ['m', 'nicknam'], ['e', 'nickname']]) {
    await workbench.type(key);
    await workbench.untilText(1, (text) => text.includes(`ADD COLUMN \`${name}\` `), `the plan that adds the column "${name}"`);
  }
  await workbench.picture('plan-followed');
  assert.deepEqual(columns(), before, 'nothing is applied by typing');
  say('the plan followed four keystrokes');

  // Declining changes nothing; approving does.
  await workbench.command('Atlas: Apply');
  const question = await workbench.dialog('Cancel', 'question');
  assert.match(question, /app\.db/, 'the dialog names its target');
  await workbench.notification('Nothing was applied');
  assert.deepEqual(columns(), before, 'nothing is applied without a yes');
  say('declined: nothing changed');
  await workbench.command('Notifications: Clear All Notifications');

  await workbench.command('Atlas: Apply');
  await workbench.dialog('Apply', 'question-again');
  await workbench.until(() => columns().includes('nickname'), 'the column "nickname" in the database');
  await workbench.notification('1 statement was applied');
  await workbench.picture('applied');
  const kept = project('query', database, `SELECT ${before.join(', ')} FROM users ORDER BY id`);
  assert.equal(kept, rows, 'the rows of the table survived');
  await workbench.untilText(1, (text) => !text.includes('ADD COLUMN'), 'an empty plan after applying');
  await workbench.picture('plan-after');
  say('approved: the database has the column, its rows and an empty plan');
}
