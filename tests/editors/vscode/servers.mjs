// The same sitting with a database server behind the project: the question before anything outside is reached, a
// mistake, completion, the plan that follows, a rename that keeps the data, and the apply.
//
// Invariant: the database is looked at by the server's own client, never through the product.
import assert from 'node:assert/strict';

/** PostgreSQL, the schema in HCL. */
export const postgres = (tools) => sitting(tools, {
  rows: {
    fill: "INSERT INTO shop.customers (email) VALUES ('ada@example.org')",
    read: 'SELECT email FROM shop.customers ORDER BY id',
  },
  columns: "SELECT column_name FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'customers'",
  // Two lines below, the line ends in a type.
  above: 'column "email"',
  offset: 2,
  word: 'textx',
  add: { below: 3, text: '\n  column "nick" {\n    null = true\n    type = charac', offer: /^character varying|^character_varying/, rest: 'ter_varying(40)\n  }' },
  from: '  column "'.length,
  planned: (name) => `ADD COLUMN "${name}" character varying(40)`,
  renamed: (from, to) => new RegExp(`RENAME COLUMN "${from}" TO "${to}"`),
});

/** MySQL and MariaDB, the schema in SQL. */
export const mariadb = (tools) => sitting(tools, {
  rows: {
    fill: "INSERT INTO authors (name) VALUES ('Ada')",
    read: 'SELECT name FROM authors ORDER BY id',
  },
  columns: "SELECT column_name FROM information_schema.columns WHERE table_schema = database() AND table_name = 'authors'",
  above: 'CREATE TABLE loans',
  offset: 6,
  // The key names a column that is not there.
  mistake: { at: '  KEY loans_reader (reader'.length + 1 },
  word: 'readerx',
  add: { above: '  born year', below: 0, text: '\n  nick varcha', offer: /^varchar/i, rest: 'r(40),' },
  from: '  '.length,
  planned: (name) => `ADD COLUMN \`${name}\` varchar(40)`,
  renamed: (from, to) => new RegExp(`RENAME COLUMN \`${from}\` TO \`${to}\``),
});

async function sitting({ workbench, say, query }, story) {
  const { page } = workbench;
  const columns = () => query(story.columns).split('\n');
  const before = columns();
  query(story.rows.fill);
  const rows = query(story.rows.read);
  await workbench.untilText(0, (text) => text.includes(story.above), 'the schema in the editor');
  await workbench.picture('opened');

  // A mistake is underlined while it is there, and no longer.
  const wrong = (await workbench.lineOf(story.above)) + story.offset;
  const toMistake = async () => {
    await workbench.goTo(wrong, story.mistake?.at ?? 1);
    if (!story.mistake) await page.keyboard.press('End');
  };
  await toMistake();
  await workbench.type('x');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  const problems = await workbench.problems();
  const problem = problems.find((row) => row.includes(story.word));
  assert.ok(problem, `no problem names ${story.word}: ${JSON.stringify(problems)}`);
  await toMistake();
  await page.keyboard.press(story.mistake ? 'Delete' : 'Backspace');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 60_000 });
  say(`a squiggle came and went: ${problem}`);

  // A new column, with completion for its type.
  const { add } = story;
  const line = (await workbench.lineOf(add.above ?? story.above)) + add.below;
  await workbench.goTo(line, 1);
  await page.keyboard.press('End');
  await workbench.type(add.text);
  const offers = await workbench.complete();
  assert.ok(offers.some((label) => add.offer.test(label)), `completion offers no ${add.offer}: ${JSON.stringify(offers)}`);
  await workbench.picture('completion');
  await page.keyboard.press('Escape');
  await workbench.type(add.rest);
  say(`completion offered ${offers.length} entries: ${offers[0]}`);

  // The plan reaches a server, so there is a question first. Then it follows the keystrokes.
  await workbench.command('Atlas: Plan');
  const question = await workbench.answer('reaches out of this workspace', 'Allow for This Session', 'may-it-reach-out');
  assert.ok(!/:[^@/]*@/.test(question.replace(/^\w+:/, '')) || question.includes(':xxxxx@'), `a password is shown: ${question}`);
  await workbench.untilText(1, (text) => text.includes(story.planned('nick')), 'the plan that adds the column "nick"');
  await workbench.picture('plan');
  await workbench.goTo(line + 1, story.from + 'nick'.length + 1);
  for (const [key, name] of [['n', 'nickn'], ['a', 'nickna'], ['m', 'nicknam'], ['e', 'nickname']]) {
    await workbench.type(key);
    await workbench.untilText(1, (text) => text.includes(story.planned(name)), `the plan that adds the column "${name}"`);
  }
  assert.deepEqual(columns(), before, 'nothing is applied by typing');
  await workbench.picture('plan-followed');
  say('the plan followed four keystrokes');

  // Declining changes nothing; approving does.
  await workbench.command('Atlas: Apply');
  const asked = await workbench.dialog('Cancel', 'question');
  assert.match(asked, /127\.0\.0\.1|localhost/, `the dialog does not name its target: ${asked}`);
  await workbench.notification('Nothing was applied');
  assert.deepEqual(columns(), before, 'nothing is applied without a yes');
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Atlas: Apply');
  await workbench.dialog('Apply', 'question-again');
  await workbench.until(() => columns().includes('nickname'), 'the column "nickname" in the database');
  await workbench.notification('1 statement was applied');
  await workbench.untilText(1, (text) => !text.includes('ADD COLUMN'), 'an empty plan after applying');
  await workbench.picture('applied');
  say('declined, then approved: the database has the column, and the plan is empty');

  // Renamed in the editor, it is renamed in the database: nothing is dropped.
  await workbench.goTo(line + 1, story.from + 2);
  await workbench.rename('alias');
  await workbench.untilText(1, (text) => story.renamed('nickname', 'alias').test(text), 'the plan that renames the column');
  await workbench.picture('plan-rename');
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Atlas: Apply');
  await workbench.dialog('Apply', 'question-rename');
  await workbench.until(() => columns().includes('alias') && !columns().includes('nickname'), 'the column under its new name');
  assert.equal(query(story.rows.read), rows, 'the rows of the table survived');
  await workbench.picture('renamed');
  say('a rename in the editor renamed the column and kept the rows');
}
