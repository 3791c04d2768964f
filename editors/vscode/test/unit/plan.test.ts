import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { registerApproval } from '../../src/approve';
import type { Client, Wiring } from '../../src/client';
import { Plans } from '../../src/plan';
import { type ApproveResult, approveMethod, planChanged, textDocumentContent } from '../../src/protocol';
import { Uri, world } from './vscode';

const uri = 'atlas-plan:/w/atlas.hcl/local';
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

/** Plans with a server that answers with the number of times it was asked. */
function make(plan: () => unknown = () => ({ uri, text: 'from the command' })): {
  plans: Plans;
  asked: string[];
  server: (method: string, params: unknown, token?: unknown) => unknown;
} {
  const handlers = new Map<string, (params: unknown, token: unknown) => unknown>();
  const asked: string[] = [];
  const on = (method: string, handler: (params: unknown, token: unknown) => unknown): void => void handlers.set(method, handler);
  const client = {
    wire: (wiring: Wiring) => wiring({ onNotification: on, onRequest: on } as never),
    onDidChangeState: () => ({ dispose: () => undefined }),
    request: async (method: string, params: { uri: string }) => {
      assert.equal(method, textDocumentContent);
      asked.push(params.uri);
      return { text: `answer ${asked.length}` };
    },
    execute: async () => plan(),
  } as unknown as Client;
  const plans = new Plans(client);
  registerApproval(client, plans);
  return { plans, asked, server: (method, params, token = { isCancellationRequested: false }) => handlers.get(method)?.(params, token) };
}

beforeEach(() => world.reset());

test('opening a plan shows the text that came with it, beside, as sql, without taking the focus', async () => {
  const { plans, asked } = make();
  await plans.open({ env: 'local' });
  assert.deepEqual(asked, []);
  const document = world.documents.find((document) => document.uri.toString() === uri);
  assert.deepEqual([document?.languageId, document?.text], ['sql', 'from the command']);
  assert.deepEqual(world.opened, [{ uri, column: -2, preserveFocus: true }]);
  plans.dispose();
});

test('changes that come together are asked for once', async () => {
  const { plans, server } = make();
  const changed: string[] = [];
  plans.onDidChange((changedUri) => changed.push(changedUri.toString()));
  for (let n = 0; n < 20; n += 1) {
    server(planChanged, { uri });
  }
  await settle();
  server(planChanged, { uri });
  await settle();
  assert.deepEqual(changed, [uri, uri]);
  plans.dispose();
});

test('a plan that cannot be had says so as a comment', async () => {
  const { plans } = make();
  const failing = new Plans({
    wire: () => undefined,
    onDidChangeState: () => ({ dispose: () => undefined }),
    request: async () => Promise.reject(new Error('The Atlas server is stopped.')),
  } as unknown as Client);
  assert.equal(await failing.provideTextDocumentContent(Uri.parse(uri) as never, undefined as never), '-- The plan is not available.\n-- The Atlas server is stopped.\n');
  plans.dispose();
  failing.dispose();
});

test('typing that overtakes the server keeps the last text', async () => {
  const answers: (string | number)[] = ['first', -32801, -32802, 'second', ...Array<number>(5).fill(-32801)];
  const plans = new Plans({
    wire: () => undefined,
    onDidChangeState: () => ({ dispose: () => undefined }),
    request: async () => {
      const answer = answers.shift();
      return typeof answer === 'string' ? { text: answer } : Promise.reject(Object.assign(new Error('content modified'), { code: answer }));
    },
  } as unknown as Client);
  const ask = (): Promise<string> => plans.provideTextDocumentContent(Uri.parse(uri) as never, undefined as never);
  assert.deepEqual([await ask(), await ask(), await ask()], ['first', 'second', 'second']);
  plans.dispose();
});

const question = {
  title: 'Apply 1 statement?',
  target: 'sqlite://app.db',
  actions: [{ title: 'Apply', value: 'apply' }, { title: 'Cancel', value: 'cancel' }],
  plan: uri,
};

test('the approval is modal, names the target, shows the plan first, and answers what was chosen', async () => {
  const { plans, server } = make();
  world.answers = ['Apply'];
  assert.deepEqual((await server(approveMethod, question)) as ApproveResult, { value: 'apply' });
  assert.deepEqual(world.shown, [{ kind: 'warning', message: 'Apply 1 statement?', modal: true, detail: 'Target: sqlite://app.db', items: ['Apply', 'Cancel'] }]);
  assert.deepEqual(world.opened.map((shown) => shown.uri), [uri]);
  plans.dispose();
});

test('closing the dialog, or a server that changed its mind, means cancel', async () => {
  const { plans, server } = make();
  assert.deepEqual(await server(approveMethod, question), { value: 'cancel' });
  world.answers = ['Apply'];
  const token = { isCancellationRequested: true };
  assert.deepEqual(await server(approveMethod, question, token), { value: 'cancel' });
  assert.equal(world.shown.length, 1, 'the second question was not asked');
  plans.dispose();
});

test('a plan that cannot be shown does not stop the question', async () => {
  const { plans, server } = make();
  assert.deepEqual(await server(approveMethod, { ...question, plan: 'atlas-plan:/elsewhere' }), { value: 'cancel' });
  assert.equal(world.shown.length, 1);
  plans.dispose();
});
