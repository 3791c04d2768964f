/**
 * The approval dialog: modal, names the target, and shows the plan beside it.
 *
 * Invariant: closing the dialog, losing the connection or a server that changed its mind all answer `cancel`.
 */

import * as vscode from 'vscode';
import type { Client } from './client';
import type { Plans } from './plan';
import { type ApproveParams, type ApproveResult, approveMethod } from './protocol';
import { redact } from './redact';

const cancel = 'cancel';

export function registerApproval(client: Client, plans: Plans): void {
  client.wire((languageClient) => {
    languageClient.onRequest(approveMethod, async (params: ApproveParams, token: vscode.CancellationToken): Promise<ApproveResult> => {
      if (params.plan) {
        // The question matters more than the view: it is asked even if the plan cannot be shown.
        await plans.show(params.plan).catch(() => undefined);
      }
      if (token.isCancellationRequested) {
        return { value: cancel };
      }
      return ask(params, token);
    });
  });
}

async function ask(params: ApproveParams, token: vscode.CancellationToken): Promise<ApproveResult> {
  const items = params.actions.map((action) => ({
    title: action.title,
    value: action.value,
    isCloseAffordance: action.value === cancel,
  }));
  const words = wording(params);
  const chosen = await vscode.window.showWarningMessage(words.message, { modal: true, detail: words.detail }, ...items);
  return { value: chosen === undefined || token.isCancellationRequested ? cancel : chosen.value };
}

/** The dialog's texts. The target is in them whether or not the server repeated it in the title. */
export function wording(params: ApproveParams): { message: string; detail: string } {
  const title = redact(params.title);
  const lines: string[] = [];
  if (params.target) {
    lines.push(`Target: ${redact(params.target)}`);
  }
  if (params.summary) {
    lines.push(...(lines.length > 0 ? [''] : []), redact(params.summary));
  }
  if (params.detail) {
    lines.push('', redact(params.detail));
  }
  return { message: title, detail: lines.join('\n') };
}
