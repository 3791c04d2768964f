/**
 * The extension's output channel, with a memory of its last lines for the problem report.
 *
 * Everything the language client, the server and we write passes through here. Invariant: nothing reaches the channel or
 * the memory without having been redacted.
 */

import type { OutputChannel, ViewColumn } from 'vscode';
import { redact } from './redact';

const kept = 400;

export class Log implements OutputChannel {
  private lines: string[] = [];
  private rest = '';

  constructor(private readonly channel: OutputChannel) {}

  get name(): string {
    return this.channel.name;
  }

  append(value: string): void {
    const text = redact(value);
    this.remember(text);
    this.channel.append(text);
  }

  appendLine(value: string): void {
    const text = redact(value);
    this.remember(text + '\n');
    this.channel.appendLine(text);
  }

  replace(value: string): void {
    this.clear();
    this.append(value);
  }

  clear(): void {
    this.lines = [];
    this.rest = '';
    this.channel.clear();
  }

  show(columnOrFocus?: ViewColumn | boolean, preserveFocus?: boolean): void {
    this.channel.show(typeof columnOrFocus === 'boolean' ? columnOrFocus : preserveFocus);
  }

  hide(): void {
    this.channel.hide();
  }

  dispose(): void {
    this.channel.dispose();
  }

  /** The last lines written, oldest first. */
  tail(count: number): string[] {
    const lines = this.rest === '' ? this.lines : [...this.lines, this.rest];
    return lines.slice(-count);
  }

  private remember(text: string): void {
    const parts = (this.rest + text).split(/\r?\n/);
    this.rest = parts.pop() ?? '';
    this.lines.push(...parts);
    if (this.lines.length > kept) {
      this.lines.splice(0, this.lines.length - kept);
    }
  }
}
