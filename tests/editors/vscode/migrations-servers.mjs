// Versioned migrations on a database server: what is known as of a file, a statement that blocks or fails and its
// rewrite, the apply, and a schema in SQL that becomes a file.
//
// Invariant: the database is looked at by the server's own client, never through the product.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** What differs between products: a statement, what is said of it, and the fix with what it writes. */
const rewrites = {
  postgres: {
    statement: 'CREATE INDEX books_title ON books (title);',
    finding: /Creating index "books_title" non-concurrently/,
    fix: /Create the index concurrently/,
    written: /CREATE INDEX CONCURRENTLY books_title/,
  },
  mysql: {
    statement: 'ALTER TABLE books MODIFY COLUMN pages int NOT NULL;',
    finding: /Modifying nullable column "pages" to non-nullable/,
    fix: /Fill column "pages" with 0 first/,
    written: /UPDATE `books` SET `pages` = 0 WHERE `pages` IS NULL/,
  },
};

export async function onServers({ workbench, folder, say, query, product }) {
  const { page } = workbench;
  const directory = path.join(folder, 'migrations');
  const file = path.join(directory, '20250201000000_shelves.sql');
  const schema = product === 'postgres' ? "'public'" : 'database()';
  const columns = () => query(`SELECT column_name FROM information_schema.columns WHERE table_schema = ${schema} AND table_name = 'books'`).split('\n').filter(Boolean);
  const rewrite = rewrites[product];
  await workbench.lens('Schema at this version');
  await workbench.picture('opened');

  // What a table looks like as of this file, and where it comes from.
  await workbench.goTo(2, 14);
  const hover = await workbench.hover(/20250101000000_books\.sql/);
  await workbench.picture('hover');
  await page.keyboard.press('Escape');
  say(`hover said: ${hover.split('\n').find((line) => line.includes('20250101000000'))}`);

  // A statement that keeps others waiting, or fails on the rows that are there, is rewritten.
  await workbench.goTo(2, 1);
  await page.keyboard.press('End');
  await workbench.type(`\n${rewrite.statement}`);
  const found = await workbench.until(async () => (await workbench.problems('')).find((row) => rewrite.finding.test(row)), `a finding ${rewrite.finding}`);
  await workbench.goTo(3, 8);
  await workbench.fix(rewrite.fix, 'rewrites');
  await workbench.untilText(0, (text) => rewrite.written.test(text), 'the rewritten statement');
  await workbench.until(async () => !(await workbench.problems('')).some((row) => rewrite.finding.test(row)), 'the finding to go');
  await page.keyboard.press('Control+s');
  await workbench.until(() => rewrite.written.test(fs.readFileSync(file, 'utf8')), 'the saved file');
  await workbench.command('Atlas: Rehash Migration Directory');
  await workbench.picture('rewritten');
  say(`rewritten: ${found}`);

  // What it reaches is asked about once; declined nothing runs, approved it does.
  await workbench.command('Notifications: Clear All Notifications');
  await (await workbench.lens('Apply up to here')).click();
  await workbench.answer('reaches out of this workspace', 'Allow for This Session', 'may-it-reach-out');
  const question = await workbench.dialog('Apply', 'question');
  assert.match(question, /127\.0\.0\.1|localhost/, `the dialog does not name its target: ${question}`);
  assert.ok(!/:[^@/x]+@/.test(question.replace(/^\w+:/, '')), `a password is shown: ${question}`);
  await workbench.until(() => columns().includes('shelf'), 'the column in the database');
  const toast = await workbench.notification('1 migration was applied');
  await workbench.picture('applied');
  assert.equal(query('SELECT count(*) FROM books').trim(), '2', 'the rows of the table survived');
  say(`applied: ${toast.split('\n')[0]}`);
  await workbench.command('Notifications: Clear All Notifications');

  // What the schema has and no file makes becomes a file.
  await workbench.openFile('schema.sql');
  await workbench.command('Atlas: Create Migration');
  await workbench.input('Writes', 'preview');
  await workbench.type('years');
  await page.keyboard.press('Enter');
  const name = await workbench.until(() => fs.readdirSync(directory).find((name) => name.endsWith('_years.sql')), 'the new file');
  await workbench.until(() => /year_out/.test(fs.readFileSync(path.join(directory, name), 'utf8')), 'its statement, saved');
  await workbench.picture('created');
  assert.ok(!columns().includes('year_out'), 'writing a file changes no database');
  say(`a change of the schema became ${name}`);
}
