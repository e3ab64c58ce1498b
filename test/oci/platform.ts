import type { LogRecord, Platform } from '../../src/platform.ts'

/** 2026-11-22T12:00:00Z, the time of every test. */
export const NOW = Date.UTC(2026, 10, 22, 12)

/** A world without a network, of which `part` is particular; what is logged is kept. */
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
