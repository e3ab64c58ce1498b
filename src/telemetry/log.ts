import type { LogRecord } from '../platform.ts'
import { formatLogLine } from './text-log.ts'

const RANK: Readonly<Record<LogRecord['level'] | 'silent', number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
}

/** How records are written: as JSON, time first, or as text for a person. */
export type LogFormat = { type: 'json' } | { type: 'text'; hasColors: boolean }

/** Creates a log that writes records of at least `level` as lines. */
export function createLog(
  write: (line: string) => void,
  level: LogRecord['level'] | 'silent',
  format: LogFormat = { type: 'json' },
): (record: LogRecord) => void {
  return withLevel((record) => {
    const now = new Date()
    write(
      format.type === 'json'
        ? JSON.stringify({ time: now.toISOString(), ...record })
        : formatLogLine(record, now, format.hasColors),
    )
  }, level)
}

/** Creates a log that passes on records of at least `level`. */
export function withLevel(
  log: (record: LogRecord) => void,
  level: LogRecord['level'] | 'silent',
): (record: LogRecord) => void {
  return (record) => {
    if (RANK[record.level] >= RANK[level]) log(record)
  }
}
