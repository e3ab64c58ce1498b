import type { LogRecord, Platform } from '../../src/platform.ts'

/** 2026-11-22T12:00:00Z, the time of every test. */
export const NOW = Date.UTC(2026, 10, 22, 12)

/** Creates a platform without a network that collects log records; `part` overrides it. */
export function createPlatform(part: Partial<Platform> = {}): Platform & { lines: LogRecord[] } {
  const lines: LogRecord[] = []
  return {
    fetch: () => Promise.reject(new Error('no network')),
    now: () => NOW,
    randomId: () => 'x'.repeat(24),
    log: (record) => {
      lines.push(record)
    },
    ...part,
    lines,
  }
}
