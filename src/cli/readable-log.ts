import type { LogRecord } from '../platform.ts'

/** Levels that a person sees who did not start a server. */
const SHOWN: readonly unknown[] = ['warn', 'error'] satisfies LogRecord['level'][]

/**
 * Converts a line of the gateway's log to a text for a person, or to undefined below the level
 * `warn`: `Warning: open file permissions (path: /etc/key.pem, fix: chmod 600 /etc/key.pem)`.
 */
export function readableLogLine(line: string): string | undefined {
  const { time: _time, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>
  if (!SHOWN.includes(level)) return undefined
  const details = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  const suffix = details.length > 0 ? ` (${details.join(', ')})` : ''
  return `${level === 'warn' ? 'Warning' : 'Error'}: ${String(event).replaceAll('_', ' ')}${suffix}`
}
