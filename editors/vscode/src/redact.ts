/**
 * Hides secrets in text that leaves the extension: log lines, reports, messages.
 *
 * The server redacts what it prints; this is the second lock on the same door. It over-hides rather than guess.
 * Invariant: redacting twice equals redacting once.
 */

const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/@:"'`]*):([^\s"'`]*)@(?=[^\s@]*(?:[\s"'`]|$))/gi;
const query = /([?&;](?:[a-z_-]*(?:password|passwd|pwd|token|secret|credential|access[_-]?key|api[_-]?key|authtoken|sslkey|private[_-]?key)[a-z_-]*)=)[^&;\s"'`]+/gi;
const assignment = /(\b[A-Z0-9_]*(?:PASSWORD|PASSWD|TOKEN|SECRET|APIKEY|API_KEY|ACCESS_KEY)[A-Z0-9_]*"?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/g;

/** The text with passwords of URLs, secret query parameters and secret-looking variables replaced by `xxxxx`. */
export function redact(text: string): string {
  return text
    .replace(userInfo, '$1$2:xxxxx@')
    .replace(query, '$1xxxxx')
    .replace(assignment, '$1xxxxx');
}

const secretName = /pass|token|secret|key|credential|url/i;

/** A settings value fit for a report: secret-looking names lose their value, strings are redacted, shapes stay. */
export function redactValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    return secretName.test(name) && value !== '' ? 'xxxxx' : redact(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => redactValue(item, name));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, key)]));
  }
  return value;
}

/** An object whose values are all the user's own (environment variables, input variables): names only. */
export function namesOnly(value: unknown): unknown {
  if (value === null || typeof value !== 'object') {
    return value === undefined ? undefined : 'xxxxx';
  }
  return Object.fromEntries(Object.keys(value).map((key) => [key, 'xxxxx']));
}
