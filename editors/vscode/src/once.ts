/**
 * Warnings that are worth saying only once, ever.
 *
 * Invariant: a key that was shown is never shown again on this machine.
 */

import * as vscode from 'vscode';

export function warnOnce(memory: vscode.Memento): (key: string, message: string) => void {
  return (key, message) => {
    const name = `warned ${key}`;
    if (!memory.get<boolean>(name)) {
      void memory.update(name, true);
      void vscode.window.showWarningMessage(message);
    }
  };
}
