import type { LogRecord } from '../platform.ts'
import { formatLogLine } from './text-log.ts'

/** The lowest level that is logged. */
export type LogLevel = LogRecord['level'] | 'silent'

const RANK: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
}

/** How records are written: as JSON, time first, or as text for a person. */
export type LogFormat = { type: 'json' } | { type: 'text'; hasColors: boolean }

/** Creates a log that writes records of at least `level` as lines; a function may change the level. */
export function createLog(
  write: (line: string) => void,
  level: LogLevel | (() => LogLevel),
  format: LogFormat = { type: 'json' },
): (record: LogRecord) => void {
  return withLevel((record) => {
    const now = new Date()
    write(
      format.type === 'json'
        ? `{"time":"${now.toISOString()}",${JSON.stringify(record).slice(1)}`
        : formatLogLine(record, now, format.hasColors),
    )
  }, typeof level === 'function' ? level : () => level)
}

/** Creates a log that passes on records of at least the level of the moment. */
export function withLevel(
  log: (record: LogRecord) => void,
  level: () => LogLevel,
): (record: LogRecord) => void {
  return (record) => {
    if (RANK[record.level] >= RANK[level()]) log(record)
  }
}
