/**
 * When to start the server again after it ended by itself.
 *
 * Pure: it is told the time and keeps no timer. Invariant: the first five ends within three minutes restart at once,
 * later ones wait twice as long each time, at most a minute; three quiet minutes forgive everything.
 */

/** How many ends are answered at once. */
export const freeRestarts = 5;
/** How long an end counts against the server, in milliseconds. */
export const memory = 3 * 60_000;
const firstWait = 2_000;
const longestWait = 60_000;

export class RestartPolicy {
  private ends: number[] = [];
  private waits = 0;

  /** Records that the server ended at `now` (milliseconds) and answers how long to wait before the next start. */
  ended(now: number): number {
    this.ends = this.ends.filter((end) => now - end < memory);
    if (this.ends.length === 0) {
      this.waits = 0;
    }
    this.ends.push(now);
    if (this.ends.length <= freeRestarts && this.waits === 0) {
      return 0;
    }
    const wait = Math.min(firstWait * 2 ** this.waits, longestWait);
    this.waits += 1;
    return wait;
  }

  /** The user asked for a restart: the past no longer counts. */
  forgive(): void {
    this.ends = [];
    this.waits = 0;
  }
}
