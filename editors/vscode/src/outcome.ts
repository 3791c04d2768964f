/**
 * How the server's answers are told to the user: the end of an apply, and messages as sentences.
 *
 * Invariant: nothing is shown that was not redacted.
 */

import * as vscode from 'vscode';
import type { ApplyResult } from './protocol';
import { redact } from './redact';
import type { Texts } from './texts';

/** The outcome of `atlas.apply` as one message, with the whole report one click away. */
export function showReport(result: ApplyResult | null, texts: Texts): void {
  if (result === null) {
    return;
  }
  const { message, severity } = outcome(result);
  const full = fullReport(result);
  const more = full === '' ? [] : ['Show Report'];
  const show = { info: vscode.window.showInformationMessage, error: vscode.window.showErrorMessage }[severity];
  // The message may stay open for long; the command has done its work.
  void show(message, ...more).then((chosen) => (chosen === undefined ? undefined : texts.show('Report of the Apply', full)));
}

const words: Record<string, string> = {
  applied: 'The plan was applied.',
  cancelled: 'Nothing was applied: the plan was not approved.',
  nothing: 'There is nothing to apply: the target is as desired.',
  refused: 'Nothing was applied.',
  failed: 'The plan was not applied completely.',
};

/** How an apply ended, for a message. */
export function outcome(result: ApplyResult): { message: string; severity: 'info' | 'error' } {
  const status = result.status ?? 'applied';
  const failed = status === 'failed' || status === 'refused' || status === 'error';
  const counts = new Map<string, number>();
  for (const statement of result.statements ?? []) {
    const state = statement.state ?? 'unknown';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const tally = [...counts].map(([state, count]) => `${count} ${state.replace(/_/g, ' ')}`).join(', ');
  const first = result.message ? sentence(result.message) : (words[status] ?? `Apply: ${status}.`);
  // Where all went as wished the sentence says it all; else each count matters.
  const mixed = counts.size > 1 || (counts.size === 1 && failed);
  return { message: redact(mixed ? `${first} Statements: ${tally}.` : first), severity: failed ? 'error' : 'info' };
}

/** The report as text: the server's own if it wrote one, else each statement with its state. */
export function fullReport(result: ApplyResult): string {
  if (result.text) {
    return redact(result.text);
  }
  const lines: string[] = [];
  for (const statement of result.statements ?? []) {
    lines.push(`[${statement.state ?? 'unknown'}] ${statement.text ?? ''}`);
    if (statement.error) {
      lines.push(`  ${statement.error}`);
    }
  }
  return redact(lines.join('\n'));
}

/** A server's message as a sentence of the user interface. */
export function sentence(message: string): string {
  const trimmed = message.trim();
  const first = trimmed.charAt(0);
  const capital = /^[a-z]+[ :,]/.test(trimmed) ? first.toUpperCase() + trimmed.slice(1) : trimmed;
  return /[.!?:)]$/.test(capital) ? capital : `${capital}.`;
}
