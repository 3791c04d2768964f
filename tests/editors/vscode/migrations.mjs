// A sitting with versioned migrations: what has run, what a file does, a mistake in it, a change of the schema that
// becomes a file, the apply, a renaming, and a conflict of two branches.
//
// Invariant: the database is looked at by SQLite; whether atlas.sum is right is asked of the command line.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** @param {{ workbench: import('./workbench.mjs').Workbench, folder: string, say: (text: string) => void,
 *   project: (...args: string[]) => string }} tools */
export async function migrations({ workbench, folder, say, project }) {
  const { page } = workbench;
  const database = path.join(folder, 'app.db');
  const directory = path.join(folder, 'migrations');
  const columns = (table) => project('columns', database, table).split('\n');
  const versions = () => JSON.parse(project('query', database, "SELECT version FROM atlas_schema_revisions WHERE version NOT LIKE '.%' ORDER BY version")).flat();
  const read = (name) => fs.readFileSync(path.join(directory, name), 'utf8');
  const sumIsRight = () => project('validate', folder) === '';
  const last = '20250311160000_without_mood.sql';
  const original = read(last);
  assert.deepEqual(versions(), ['20250110093000', '20250204101500']);
  assert.ok(columns('notes').includes('mood'));

  await workbench.untilText(0, (text) => text.includes('DROP COLUMN'), 'the migration in the editor');
  await workbench.lens('Schema at this version');
  await workbench.picture('opened');

  // The view tells what has run.
  await workbench.view('Atlas');
  await workbench.command('Atlas: Migration Status');
  await workbench.notification('at version 20250204101500');
  await workbench.row('without mood', /pending/);
  await workbench.picture('view');
  say('the view tells what has run and what is pending');
  await workbench.command('Notifications: Clear All Notifications');

  // What a table looks like here, and where it comes from.
  await workbench.goTo(9, 16);
  const hover = await workbench.hover(/20250110093000_notes\.sql/);
  await workbench.picture('hover');
  await page.keyboard.press('Escape');
  say(`hover said: ${hover.split('\n').find((line) => line.includes('20250110093000'))}`);

  // The schema at this version stands beside the file.
  await (await workbench.lens('Schema at this version')).click();
  const schema = await workbench.untilText(1, (text) => /CREATE TABLE/.test(text), 'the schema at this version');
  assert.ok(schema.includes('notes') && !schema.includes('mood'), `not the schema after this file:\n${schema}`);
  await workbench.picture('schema-at-version');
  await workbench.command('View: Close All Editors');
  await workbench.openFile(last);
  await (await workbench.lens('Diff with previous')).click();
  await page.locator('.monaco-diff-editor').first().waitFor({ timeout: 60_000 });
  await page.waitForSelector('.line-delete', { state: 'attached', timeout: 60_000 });
  await workbench.picture('diff-with-previous');
  await workbench.command('View: Close All Editors');
  say('the schema at this version, and what the file changes in it');

  // Completion knows the schema as of this file: the column that it drops is there before, the new one is not.
  await workbench.openFile(last);
  await workbench.goTo(9, 1);
  await page.keyboard.press('End');
  await workbench.type('\nUPDATE `notes` SET ti');
  const offers = await workbench.complete();
  assert.ok(offers.some((label) => /title/.test(label)), `completion offers no column: ${JSON.stringify(offers)}`);
  await workbench.picture('completion');
  await page.keyboard.press('Escape');
  for (let left = '\nUPDATE `notes` SET ti'.length; left > 0; left -= 1) await page.keyboard.press('Backspace');

  // A dangerous statement is found while it is typed; the fix makes it pass, and the sum follows with a fix of its own.
  await workbench.type('\nDROP TABLE `tags`;');
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
  const found = await workbench.until(async () => {
    const rows = await workbench.problems('');
    return rows.some((row) => /Dropping table "tags"/.test(row)) ? rows : undefined;
  }, 'the finding about the table');
  await workbench.picture('finding');
  assert.ok(found.some((row) => /edited|checksum/.test(row)), `nobody says that the sum is not right: ${JSON.stringify(found)}`);
  await workbench.goTo(10, 8);
  await workbench.fix(/Add a pre-migration check/, 'fixes-of-the-finding');
  await workbench.until(async () => !(await workbench.problems('')).some((row) => /Dropping table/.test(row)), 'the finding to go');
  const fixed = await workbench.text(0);
  assert.ok(fixed.indexOf('checks/destructive_2.sql') < fixed.indexOf('-- migration.sql --'), `the check is not before the migration:\n${fixed}`);
  await workbench.picture('fixed');
  say(`a finding and its fix: ${found.find((row) => /Dropping/.test(row))}`);
  await page.keyboard.press('Control+s');
  await workbench.until(() => read(last) !== original, 'the saved file');
  assert.ok(!sumIsRight(), 'the sum of an edited file');
  await workbench.goTo(1, 1);
  await workbench.fix(/Rehash/, 'fixes-of-the-sum');
  await workbench.until(sumIsRight, 'a right atlas.sum');
  await workbench.picture('rehashed');
  say('an edited file, rehashed by a fix');

  // Back to what it was, which the sum follows again.
  fs.writeFileSync(path.join(directory, last), original);
  await workbench.untilText(0, (text) => !text.includes('DROP TABLE'), 'the file as it was');
  await workbench.command('Atlas: Rehash Migration Directory');
  await workbench.until(sumIsRight, 'a right atlas.sum');

  // Declined, then applied up to here.
  await workbench.openFile(last);
  const before = columns('notes');
  await (await workbench.lens('Apply up to here')).click();
  const question = await workbench.dialog('Cancel', 'question');
  assert.match(question, /app\.db/, `the dialog does not name its target: ${question}`);
  assert.match(question, /checks\/destructive\.sql, all of it must be true/, `the dialog does not name the check before the file: ${question}`);
  assert.deepEqual([columns('notes'), versions().length], [before, 2], 'nothing runs without a yes');
  await workbench.command('Notifications: Clear All Notifications');
  await (await workbench.lens('Apply up to here')).click();
  await workbench.dialog('Apply', 'question-again');
  await workbench.until(() => versions().includes('20250311160000'), 'the revision in the database');
  assert.ok(!columns('notes').includes('mood'), 'the column is gone');
  await workbench.notification('1 migration was applied');
  await workbench.row('without mood', /^(?!.*pending)/);
  await workbench.picture('applied');
  say('declined, then approved: the database has run the file, and the view says so');
  await workbench.command('Notifications: Clear All Notifications');

  // What the schema has and no file makes becomes a file, after it was shown.
  await workbench.openFile('schema.lt.hcl');
  await workbench.command('Atlas: Create Migration');
  await workbench.input('Writes', 'preview');
  await workbench.type('pin_notes');
  await page.keyboard.press('Enter');
  const name = await workbench.until(() => fs.readdirSync(directory).find((name) => name.endsWith('_pin_notes.sql')), 'the new file');
  await workbench.until(() => /ADD COLUMN `pinned`/.test(read(name)), 'its statement, saved');
  await workbench.until(sumIsRight, 'a right atlas.sum');
  await workbench.row('pin notes', /pending/);
  await workbench.picture('created');
  assert.ok(!columns('notes').includes('pinned'), 'writing a file changes no database');
  say(`a change of the schema became ${name}`);
  await workbench.command('Notifications: Clear All Notifications');

  // A renaming in the explorer keeps the sum right.
  await workbench.view('Explorer');
  const item = page.locator('.explorer-folders-view .monaco-list-row', { hasText: '_pin_notes.sql' }).first();
  await item.click();
  await page.keyboard.press('F2');
  const box = page.locator('.explorer-folders-view input');
  await box.waitFor();
  const renamed = name.replace('pin_notes', 'pinned');
  await box.fill(renamed);
  await page.keyboard.press('Enter');
  // VS Code asks about every change that comes with a renaming.
  await workbench.dialog('OK', 'renaming');
  await workbench.until(() => fs.existsSync(path.join(directory, renamed)), 'the file under its new name');
  await workbench.until(() => read('atlas.sum').includes(renamed) && sumIsRight(), 'a right atlas.sum');
  await workbench.picture('renamed');
  say('a renamed file kept its sum');

  // Two branches added a file: git leaves a conflict in atlas.sum, and mine goes behind theirs.
  conflict(directory, project, folder);
  await workbench.openFile('atlas.sum');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  await workbench.picture('conflict');
  await workbench.goTo(await workbench.lineOf('<<<<<<<'), 3);
  await workbench.fix(/^Rebase/, 'fixes-of-the-conflict');
  await workbench.command('File: Save All');
  await workbench.until(sumIsRight, 'a right atlas.sum after the conflict');
  const names = fs.readdirSync(directory).filter((name) => name.endsWith('.sql')).sort();
  assert.ok(names.at(-1).endsWith('_mine.sql'), `mine is not behind theirs: ${names}`);
  await workbench.picture('rebased');
  say(`rebased: ${names.at(-1)}`);
}

/** Leaves the directory as a merge of two branches does, of which each added one file. */
function conflict(directory, project, folder) {
  const sum = () => fs.readFileSync(path.join(directory, 'atlas.sum'), 'utf8').trimEnd().split('\n');
  const base = sum();
  const side = (name, text) => {
    fs.writeFileSync(path.join(directory, name), text);
    project('hash', folder);
    const lines = sum();
    fs.rmSync(path.join(directory, name));
    return { name, text, head: lines[0], entry: lines.at(-1) };
  };
  const mine = side('20300101000000_mine.sql', 'ALTER TABLE `notes` ADD COLUMN `mine` text NULL;\n');
  const theirs = side('20300102000000_theirs.sql', 'ALTER TABLE `notes` ADD COLUMN `theirs` text NULL;\n');
  for (const { name, text } of [mine, theirs]) fs.writeFileSync(path.join(directory, name), text);
  const text = ['<<<<<<< HEAD', mine.head, '=======', theirs.head, '>>>>>>> main', ...base.slice(1), '<<<<<<< HEAD', mine.entry, '=======', theirs.entry, '>>>>>>> main', ''];
  fs.writeFileSync(path.join(directory, 'atlas.sum'), text.join('\n'));
}
