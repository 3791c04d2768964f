/**
 * Registers the server's formatter for HCL only.
 *
 * The library would register it for every selected document, and then VS Code would ask users of a SQL formatter which of
 * the two they want, for a file the server does not format. Invariant: no `.sql` document ever has us as a formatter.
 */

import {
  type BaseLanguageClient,
  DocumentFormattingRequest,
  type ServerCapabilities,
  type StaticFeature,
} from 'vscode-languageclient/node';
import type { Filter } from './selector';

export class HclFormatting implements StaticFeature {
  private offered = false;

  constructor(
    private readonly client: BaseLanguageClient,
    private readonly filters: Filter[],
  ) {}

  fillClientCapabilities(): void {}

  preInitialize(capabilities: ServerCapabilities): void {
    this.offered = Boolean(capabilities.documentFormattingProvider);
    delete capabilities.documentFormattingProvider;
  }

  initialize(): void {
    if (this.offered) {
      const documentSelector = hclOnly(this.filters) as { language: string }[];
      this.client.getFeature(DocumentFormattingRequest.method).register({ id: 'atlas-hcl-formatting', registerOptions: { documentSelector } });
    }
  }

  getState(): { kind: 'static' } {
    return { kind: 'static' };
  }

  clear(): void {}

  dispose(): void {}
}

/** The filters without plans, checksums and `.sql` files. */
export function hclOnly(filters: Filter[]): Filter[] {
  return filters
    .filter((filter) => (filter.language ?? filter.pattern) !== undefined && filter.language !== 'atlas-sum' && !filter.pattern?.endsWith('.sql'))
    .map((filter) => (filter.pattern === undefined ? filter : { ...filter, pattern: filter.pattern.replace(/\{hcl,sql\}$/, 'hcl') }));
}
