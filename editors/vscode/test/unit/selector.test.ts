import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { hclOnly } from '../../src/formatting';
import { isBelow, languageOfName, languages, literal, outermost, selector } from '../../src/selector';

interface Manifest {
  activationEvents: string[];
  contributes: {
    languages: { id: string; extensions?: string[]; filenames?: string[]; filenamePatterns?: string[] }[];
    configuration: { properties: Record<string, { scope: string }> };
    commands: { command: string }[];
  };
}
const manifest = JSON.parse(fs.readFileSync(path.join(process.cwd(), 'package.json'), 'utf8')) as Manifest;

test('package.json declares the languages of selector.ts, and claims neither .sql nor .hcl', () => {
  const declared = Object.fromEntries(
    manifest.contributes.languages.map((language) => [
      language.id,
      [...(language.extensions ?? []).map((suffix) => `*${suffix}`), ...(language.filenames ?? []), ...(language.filenamePatterns ?? [])].join(' '),
    ]),
  );
  assert.deepEqual(declared, languages);
  assert.ok(!Object.values(declared).some((pattern) => /^\*\.(sql|hcl)$/.test(pattern)));
  assert.deepEqual(manifest.activationEvents, ['workspaceContains:**/atlas.hcl', ...Object.keys(languages).map((id) => `onLanguage:${id}`)]);
});

test('what decides what is executed cannot be set by a workspace', () => {
  const { properties } = manifest.contributes.configuration;
  for (const name of ['atlas.server.path', 'atlas.server.extraEnv', 'atlas.facts']) {
    assert.ok(['machine', 'application'].includes(properties[name]?.scope ?? ''), name);
  }
});

test('names tell the language', () => {
  const cases: [string, string | undefined][] = [
    ['/a/atlas.hcl', 'atlas-config'],
    ['C:\\a\\atlas.hcl', 'atlas-config'],
    ['/a/my.lt.hcl', 'atlas-schema-sqlite'],
    ['/a/x.dbx.hcl', 'atlas-schema-databricks'],
    ['/m/atlas.sum', 'atlas-sum'],
    ['/a/x.plan.hcl', 'atlas-plan'],
    ['/a/schema.hcl', undefined],
    ['/a/schema.sql', undefined],
    ['/a/myatlas.hcl', undefined],
    ['/a/.lt.hcl', undefined],
  ];
  for (const [name, language] of cases) {
    assert.equal(languageOfName(name), language, name);
  }
});

test('without a project only our own languages and the plans are selected', () => {
  const filters = selector([]);
  assert.ok(filters.every((filter) => filter.pattern === undefined));
  assert.ok(filters.every((filter) => filter.language?.startsWith('atlas-') || filter.scheme === 'atlas-plan'));
});

test('below the outermost project folders .hcl and .sql files are selected', () => {
  const patterns = (folders: string[], extra: string[] = []): (string | undefined)[] =>
    selector(folders, extra).flatMap((filter) => (filter.pattern === undefined ? [] : [filter.pattern]));
  assert.deepEqual(patterns(['/w/b', '/w/a', '/w/a/sub', '/w/ab']), ['/w/a/**/*.{hcl,sql}', '/w/ab/**/*.{hcl,sql}', '/w/b/**/*.{hcl,sql}']);
  assert.deepEqual(patterns(['/w/a'], ['/shared/x.sql', '/w/a/y.sql', '/shared/z.lt.hcl']), ['/w/a/**/*.{hcl,sql}', '/shared/x.sql']);
  assert.deepEqual(patterns(['c:\\w\\a']), ['c:\\w\\a/**/*.{hcl,sql}']);
  assert.deepEqual(patterns(['/w/a{b}[c]']), ['/w/a?b??c?/**/*.{hcl,sql}']);
});

test('paths', () => {
  assert.deepEqual(outermost(['/w/', '/w/x', '/v']), ['/v', '/w']);
  assert.ok(isBelow('c:\\w\\a\\x.sql', 'c:\\w\\a'));
  assert.ok(!isBelow('/w/ab', '/w/a'));
  assert.equal(literal('/a*b'), '/a?b');
});

test('the formatter is registered for hcl only', () => {
  const filters = hclOnly(selector(['/w'], ['/shared/x.sql', '/shared/y.hcl']));
  assert.deepEqual(filters.flatMap((filter) => filter.pattern ?? []), ['/w/**/*.hcl', '/shared/y.hcl']);
  assert.ok(filters.some((filter) => filter.language === 'atlas-schema-sqlite'));
  assert.ok(!filters.some((filter) => filter.language === 'atlas-sum' || filter.scheme === 'atlas-plan'));
});
