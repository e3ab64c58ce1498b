import type { LogRecord } from '../platform.ts'

const RANK: Readonly<Record<LogRecord['level'] | 'silent', number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
}

/** Makes a log that writes each record of at least `level` as one line of JSON, its time first. */
export function createLog(
  write: (line: string) => void,
  level: LogRecord['level'] | 'silent',
): (record: LogRecord) => void {
  return (record) => {
    if (RANK[record.level] < RANK[level]) return
    write(JSON.stringify({ time: new Date().toISOString(), ...record }))
  }
}
