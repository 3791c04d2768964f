import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy, memory } from '../../src/restart';

test('five ends are answered at once, later ones wait longer each time, a minute at most', () => {
  const policy = new RestartPolicy();
  const waits = Array.from({ length: 12 }, (_, n) => policy.ended(n * 1000) / 1000);
  assert.deepEqual(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60]);
});

test('three quiet minutes forgive everything', () => {
  const policy = new RestartPolicy();
  for (let n = 0; n < 8; n += 1) {
    policy.ended(n);
  }
  assert.equal(policy.ended(8 + memory), 0);
});

test('an end now and then never waits', () => {
  const policy = new RestartPolicy();
  for (let n = 0; n < 50; n += 1) {
    assert.equal(policy.ended(n * 60_000), 0);
  }
});

test('a server that keeps ending after each wait is not started at once again', () => {
  const policy = new RestartPolicy();
  let now = 0;
  const waits: number[] = [];
  for (let n = 0; n < 14; n += 1) {
    const wait = policy.ended(now);
    waits.push(wait / 1000);
    now += wait + 100;
  }
  assert.deepEqual(waits.slice(5), [2, 4, 8, 16, 32, 60, 60, 60, 60]);
});

test('asking for a restart forgives', () => {
  const policy = new RestartPolicy();
  for (let n = 0; n < 8; n += 1) {
    policy.ended(n);
  }
  policy.forgive();
  assert.equal(policy.ended(9), 0);
});
