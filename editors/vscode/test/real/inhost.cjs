// Runs inside the extension host of a real VS Code, against test/fake-server.mjs (variable __ATLAS_LS_DEBUG).
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const until = async (what, test, milliseconds = 15000) => {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await test();
    if (value) return value;
    if (Date.now() > end) throw new Error(`did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const told = () => fs.readFileSync(process.env.FAKE_LOG, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
const starts = () => told().filter((entry) => entry.method === 'initialize').length;

exports.run = async () => {
  const root = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const uri = (name) => vscode.Uri.file(path.join(root, name));
  const write = (name, text) => fs.writeFileSync(path.join(root, name), text);
  fs.writeFileSync(process.env.FAKE_LOG, '');
  console.log('INHOST begin', root);

  // An empty folder: a file named .lt.hcl is ours by name and starts the server.
  write('one.lt.hcl', 'table "t" {}\n# BAD\n');
  const one = await vscode.workspace.openTextDocument(uri('one.lt.hcl'));
  assert.equal(one.languageId, 'atlas-schema-sqlite');
  await vscode.window.showTextDocument(one);
  await until('diagnostics in one.lt.hcl', () => vscode.languages.getDiagnostics(one.uri).length === 1);
  assert.equal(starts(), 1);
  const init = told()[0];
  assert.deepEqual(init.options.client, { name: 'atlas-ls-vscode', version: '0.1.0' });
  assert.equal(init.options.approval, true);
  assert.equal(init.options.settings.facts, 'ask');
  assert.equal(init.options.settings.server, undefined);
  assert.ok(init.options.commands.includes('atlas.openPlan'));
  assert.ok(init.content);
  console.log('INHOST ours by name: ok');

  // A .sql and a plain .hcl file are nobody's before there is a project.
  write('schema.sql', '-- BAD\n');
  write('schema.hcl', 'table "t" {}\n');
  const sql = await vscode.workspace.openTextDocument(uri('schema.sql'));
  const hcl = await vscode.workspace.openTextDocument(uri('schema.hcl'));
  assert.equal(sql.languageId, 'sql');
  const before = hcl.languageId;
  await vscode.window.showTextDocument(sql, { preview: false });
  await vscode.window.showTextDocument(hcl, { preview: false });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(!told().some((entry) => entry.method === 'didOpen' && /schema\.(sql|hcl)$/.test(entry.uri)));
  console.log('INHOST nothing claimed without a project: ok', before);

  // The folder gains an atlas.hcl: both are attached, the .hcl file gets its language, the .sql file keeps its own.
  write('atlas.hcl', 'env "local" {\n  src = "file://schema.hcl"\n}\n');
  await until('diagnostics in schema.sql', () => vscode.languages.getDiagnostics(sql.uri).length === 1);
  if (before === 'plaintext') {
    await until('the language of schema.hcl', () => vscode.workspace.textDocuments.some((document) => document.uri.fsPath === hcl.uri.fsPath && document.languageId === 'atlas-schema-sqlite'));
  }
  assert.equal(vscode.workspace.textDocuments.find((document) => document.uri.fsPath === sql.uri.fsPath).languageId, 'sql');
  assert.equal(starts(), 2);
  console.log('INHOST a folder gains an atlas.hcl: ok');

  // The user's own choice of language stays.
  let schema = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === hcl.uri.fsPath);
  schema = await vscode.languages.setTextDocumentLanguage(schema, 'plaintext');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(vscode.workspace.textDocuments.find((document) => document.uri.fsPath === hcl.uri.fsPath).languageId, 'plaintext');
  schema = await vscode.languages.setTextDocumentLanguage(schema, 'atlas-schema-sqlite');
  console.log('INHOST a language chosen by hand stays: ok');

  // The plan beside the editor follows the keystrokes.
  const editor = await vscode.window.showTextDocument(schema, vscode.ViewColumn.One);
  await vscode.commands.executeCommand('atlas.openPlan', { uri: uri('atlas.hcl').toString(), env: 'local' });
  const plan = await until('the plan document', () => vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'atlas-plan'));
  assert.equal(plan.languageId, 'sql');
  await until('two lines', () => plan.getText().includes('-- 2 lines'));
  assert.ok(vscode.window.visibleTextEditors.some((visible) => visible.document.uri.scheme === 'atlas-plan' && visible.viewColumn === 2));
  assert.equal(vscode.window.activeTextEditor.document.uri.fsPath, schema.uri.fsPath, 'the focus stays');
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'a\nb\n'));
  await until('four lines', () => plan.getText().includes('-- 4 lines'));
  console.log('INHOST the plan follows: ok');

  // HCL is formatted by the server; SQL is left to others.
  const format = (document) => vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', document.uri, {});
  assert.equal((await format(schema)).length, 1);
  assert.equal((await format(one)).length, 1);
  assert.ok(!(await format(sql)));
  console.log('INHOST formatting: ok');

  // The code lens is a command of ours.
  await vscode.workspace.openTextDocument(uri('atlas.hcl'));
  const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri('atlas.hcl'), 10);
  assert.equal(lenses[0].command.command, 'atlas.openPlan');
  await vscode.commands.executeCommand(lenses[0].command.command, ...lenses[0].command.arguments);

  // Migrations: what a file changes opens as a comparison; both sides are texts that close without a question.
  fs.mkdirSync(path.join(root, 'migrations'));
  write('migrations/1_a.sql', 'CREATE TABLE t (id integer);\n');
  await vscode.commands.executeCommand('atlas.migrateDiffPrevious', { uri: uri('migrations/1_a.sql').toString() });
  const tab = await until('the comparison', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff && vscode.window.tabGroups.activeTabGroup.activeTab);
  assert.equal(tab.label, 'Schema before and after');
  const after = await vscode.workspace.openTextDocument(tab.input.modified);
  assert.deepEqual([after.getText(), after.languageId, after.isDirty], ['CREATE TABLE t (id integer);\n', 'sql', false]);
  await vscode.window.tabGroups.close(tab);
  console.log('INHOST migrations: ok');

  // Choosing an env tells the server; a server that ends by itself is started again and told again.
  await vscode.commands.executeCommand('atlas.selectEnv', { uri: uri('atlas.hcl').toString(), env: 'prod' });
  await until('setEnv', () => told().some((entry) => entry.command === 'atlas.setEnv' && entry.argument.env === 'prod'));
  const count = starts();
  void vscode.commands.executeCommand('atlas.crash').then(undefined, () => undefined);
  await until('a new start', () => starts() === count + 1);
  await until('setEnv again', () => told().filter((entry) => entry.command === 'atlas.setEnv' && entry.argument.env === 'prod').length === 2);
  await until('diagnostics again', () => vscode.languages.getDiagnostics(sql.uri).length === 1);
  console.log('INHOST started again after its end: ok');

  await vscode.commands.executeCommand('atlas.restartServer');
  assert.equal(starts(), count + 2);
  await until('diagnostics once more', () => vscode.languages.getDiagnostics(sql.uri).length === 1);
  await until('the plan again', () => plan.getText().includes('-- 4 lines'));
  console.log('INHOST restart: ok');
  console.log('INHOST all ok');
};
