import type { LogRecord } from '../platform.ts'

const RANK: Readonly<Record<LogRecord['level'] | 'silent', number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
}

/** Creates a log that writes records of at least `level` as lines of JSON, time first. */
export function createLog(
  write: (line: string) => void,
  level: LogRecord['level'] | 'silent',
): (record: LogRecord) => void {
  return withLevel(
    (record) => write(JSON.stringify({ time: new Date().toISOString(), ...record })),
    level,
  )
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
