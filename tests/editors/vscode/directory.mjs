// The directory itself: directives, where things come from, rewrites, files that go and come twice, the settings that
// name it, and a file that comes before those of the branch others work on.
//
// Invariant: whether atlas.sum is right is asked of the command line, and git is used as a person would.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** @param {{ workbench: import('./workbench.mjs').Workbench, folder: string, say: (text: string) => void,
 *   project: (...args: string[]) => string }} tools */
export async function directory({ workbench, folder, say, project }) {
  const { page } = workbench;
  const migrations = path.join(folder, 'migrations');
  const file = (name) => path.join(migrations, name);
  const names = () => fs.readdirSync(migrations).filter((name) => name.endsWith('.sql')).sort();
  const sumIsRight = () => project('validate', folder) === '';
  const problem = (wanted) => workbench.until(async () => (await workbench.problems('')).find((row) => wanted.test(row)), `a problem ${wanted}`);
  const noProblem = (wanted) => workbench.until(async () => !(await workbench.problems('')).some((row) => wanted.test(row)), `no problem ${wanted}`);
  const last = '20250311160000_without_mood.sql';
  const original = fs.readFileSync(file(last), 'utf8');
  await workbench.lens('Schema at this version');
  await workbench.untilText(0, (text) => text.includes('DROP COLUMN'), 'the migration in the editor');
  const toEnd = async () => {
    await workbench.goTo(9, 1);
    await page.keyboard.press('End');
  };
  const revert = async () => {
    await workbench.command('File: Revert File');
    await workbench.untilText(0, (text) => !text.includes('TABLE `users`') && !text.includes('TABLE `tags`'), 'the file as it was');
  };

  // Directives are completed where they mean something.
  await toEnd();
  await workbench.type('\n-- atlas:no');
  const offers = await workbench.complete();
  assert.ok(offers.some((label) => /nolint/.test(label)), `completion offers no directive: ${JSON.stringify(offers)}`);
  await workbench.picture('directives');
  await page.keyboard.press('Escape');
  await revert();
  say(`directives: ${offers.length} offers`);

  // From a table to the migrations that made it what it is.
  await workbench.goTo(9, 16);
  await workbench.command('Go to Implementations');
  await workbench.until(async () => {
    const peek = await page.locator('.peekview-widget').count();
    const tab = await page.locator('.tab.active', { hasText: '20250110093000_notes.sql' }).count();
    return peek + tab > 0;
  }, 'the migration that created the table');
  await workbench.picture('go-to-the-migration');
  await page.keyboard.press('Escape');
  await workbench.command('View: Close All Editors');
  await workbench.openFile(last);
  say('a table leads to its migrations');

  // A statement that fails on tables with rows, rewritten.
  await toEnd();
  await workbench.type('\nALTER TABLE `users` ADD COLUMN `age` integer NOT NULL;');
  const found = await problem(/non-nullable "integer" column "age"/);
  await workbench.goTo(10, 8);
  await workbench.fix(/Give column "age" the default 0/, 'rewrites');
  await noProblem(/column "age"/);
  await workbench.untilText(0, (text) => text.includes('NOT NULL DEFAULT 0'), 'the rewritten statement');
  say(`rewritten: ${found}`);
  await revert();

  // What is meant is left unreported.
  await toEnd();
  await workbench.type('\nDROP TABLE `tags`;');
  await problem(/Dropping table "tags"/);
  await workbench.goTo(10, 8);
  await workbench.fix(/Do not report DS102 here/, 'nolint');
  await noProblem(/Dropping table "tags"/);
  await workbench.picture('not-reported');
  await revert();
  say('a finding was silenced in its place');

  // The lens says what the analyzers say.
  await (await workbench.lens('Lint')).click();
  const said = await workbench.notification('The analyzers');
  await workbench.picture('lint');
  await workbench.command('Notifications: Clear All Notifications');
  say(`linted: ${said.split('\n')[0]}`);

  // A file that is gone is missed by the sum.
  fs.renameSync(file(last), path.join(folder, 'kept'));
  await workbench.command('View: Close All Editors');
  await workbench.openFile('atlas.sum');
  const missed = await problem(/not in the directory any more/);
  await workbench.picture('missing');
  fs.renameSync(path.join(folder, 'kept'), file(last));
  await workbench.until(sumIsRight, 'a right atlas.sum');
  say(`missed: ${missed}`);

  // Two files of one version.
  fs.writeFileSync(file('20250204101500_twice.sql'), 'CREATE TABLE `twice` (`id` integer NULL);\n');
  project('hash', folder);
  await workbench.openFile('20250204101500_twice.sql');
  await problem(/is also that of "20250204101500_tags\.sql"/);
  await workbench.goTo(1, 1);
  await workbench.fix(/behind all others/, 'duplicate');
  await workbench.command('File: Save All');
  await workbench.until(() => names().at(-1).endsWith('_twice.sql') && sumIsRight(), 'the file behind all others');
  await workbench.picture('no-duplicate');
  say(`one version each: ${names().at(-1)}`);

  // A block that leads nowhere.
  const config = path.join(folder, 'atlas.hcl');
  const settings = fs.readFileSync(config, 'utf8');
  await workbench.openFile('atlas.hcl');
  fs.writeFileSync(config, settings.replace('file://migrations', 'file://migration'));
  const nowhere = await problem(/there is no migration directory "migration"/);
  await workbench.picture('settings');
  fs.writeFileSync(config, settings);
  await noProblem(/no migration directory/);
  say(`settings: ${nowhere}`);

  // Others committed a later file to main meanwhile.
  const git = (...args) => execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=main');
  git('switch', '--quiet', '--create=mine');
  fs.writeFileSync(file('20250220000000_late.sql'), 'CREATE TABLE `late` (`id` integer NULL);\n');
  project('hash', folder);
  await workbench.openFile('20250220000000_late.sql');
  const late = await problem(/the last of main/);
  await workbench.goTo(1, 1);
  await workbench.fix(/^Rebase: put/, 'late');
  await workbench.command('File: Save All');
  await workbench.until(() => names().at(-1).endsWith('_late.sql') && sumIsRight(), 'the file behind those of main');
  await noProblem(/the last of main/);
  await workbench.picture('in-order');
  say(`in order: ${late}`);

  // The explorer deletes a file, and the sum follows.
  await workbench.view('Explorer');
  const gone = names().at(-1);
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: gone }).first().click();
  await page.keyboard.press('Delete');
  for (let asked = 0; asked < 3 && fs.existsSync(file(gone)); asked += 1) {
    const button = page.locator('.monaco-dialog-box .dialog-buttons a', { hasText: /^(Delete|Move to Trash|OK)$/ }).first();
    await workbench.until(async () => !fs.existsSync(file(gone)) || (await button.count()) > 0, 'the question about the file');
    if (fs.existsSync(file(gone))) {
      await workbench.picture('deleting');
      await button.click();
      await page.waitForTimeout(500);
    }
  }
  await workbench.until(() => !fs.existsSync(file(gone)) && sumIsRight(), 'a right atlas.sum without the file');
  await workbench.picture('deleted');
  assert.ok(!fs.readFileSync(file('atlas.sum'), 'utf8').includes('_late.sql'));
  assert.equal(fs.readFileSync(file(last), 'utf8'), original);
  say('a deleted file left the sum');
}
