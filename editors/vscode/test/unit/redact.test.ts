import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log } from '../../src/log';
import { namesOnly, redact, redactValue } from '../../src/redact';

test('passwords of urls are hidden', () => {
  const cases: [string, string][] = [
    ['postgres://app:s3cret@db:5432/app?sslmode=disable', 'postgres://app:xxxxx@db:5432/app?sslmode=disable'],
    ['postgres://app:p@ss:word@db/app', 'postgres://app:xxxxx@db/app'],
    ['postgres://:s3cret@db/app', 'postgres://:xxxxx@db/app'],
    ['mysql://root:a/b@h:3306/', 'mysql://root:xxxxx@h:3306/'],
    ['"postgres://a:b@c/d" and "mysql://e:f@g/h"', '"postgres://a:xxxxx@c/d" and "mysql://e:xxxxx@g/h"'],
    ['sqlite://app.db?_auth_user=u&_auth_password=top', 'sqlite://app.db?_auth_user=u&_auth_password=xxxxx'],
    ['libsql://h/?authToken=abc&x=1', 'libsql://h/?authToken=xxxxx&x=1'],
    ['PGPASSWORD=secret psql', 'PGPASSWORD=xxxxx psql'],
    ['{"MY_TOKEN": "abc", "x": 1}', '{"MY_TOKEN": xxxxx, "x": 1}'],
    ['https://example.com/a:b', 'https://example.com/a:b'],
    ['file:///c:/projects/a@b/schema.hcl', 'file:///c:/projects/a@b/schema.hcl'],
    ['sqlite://app.db', 'sqlite://app.db'],
  ];
  for (const [given, wanted] of cases) {
    assert.equal(redact(given), wanted);
    assert.equal(redact(redact(given)), wanted, 'twice equals once');
  }
});

test('settings keep their shape and lose their secrets', () => {
  const given = { path: '/usr/bin/x', dbUrl: 'sqlite://a', list: ['postgres://a:b@c'], nested: { apiKey: 'k', live: true } };
  assert.deepEqual(redactValue(given), { path: '/usr/bin/x', dbUrl: 'xxxxx', list: ['postgres://a:xxxxx@c'], nested: { apiKey: 'xxxxx', live: true } });
  assert.deepEqual(namesOnly({ tenant: 'acme', n: 1 }), { tenant: 'xxxxx', n: 'xxxxx' });
  assert.equal(namesOnly(undefined), undefined);
});

test('the log redacts what it shows and what it remembers, and forgets the oldest', () => {
  let shown = '';
  const log = new Log({ append: (text: string) => (shown += text), appendLine: (text: string) => (shown += `${text}\n`), clear: () => (shown = '') } as never);
  log.append('connect postgres://u:secret@h/d\nhalf');
  log.appendLine(' line');
  assert.equal(shown, 'connect postgres://u:xxxxx@h/d\nhalf line\n');
  assert.deepEqual(log.tail(9), ['connect postgres://u:xxxxx@h/d', 'half line']);
  for (let n = 0; n < 1000; n += 1) {
    log.appendLine(String(n));
  }
  assert.deepEqual(log.tail(2), ['998', '999']);
  assert.equal(log.tail(5000).length, 400);
});
