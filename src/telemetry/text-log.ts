import type { LogRecord } from '../platform.ts'

/** Codes of ECMA-48, which use the terminal's own theme. Each ends with `RESET`. */
const COLORS = { dim: '\x1b[2m', red: '\x1b[31m', green: '\x1b[32m', yellow: '\x1b[33m' } as const
const RESET = '\x1b[0m'

/** Everything that a terminal could interpret; clients choose paths and names of models. */
const CONTROL = /[^\x20-\x7e\u00a0-\uffff]/g

/** The fields of a request that have places of their own in its line. */
const PLACED = new Set([
  ...['level', 'event', 'method', 'path', 'status', 'model', 'stream', 'ms', 'error', 'outcome'],
  ...['promptTokens', 'completionTokens', 'cost', 'key'],
])
/** Fields that are not in the line, which is for a person: the log as JSON has them. */
const OMITTED = new Set(['requestId', 'opcRequestId', 'estimated'])

/**
 * Formats a record of the log as one line for a person:
 * `12:30:01 200 POST /v1/chat/completions xai.grok-4.3 0.84 s, 12 + 40 tokens, $0.000115, key alice`.
 */
export function formatLogLine(record: LogRecord, time: Date, hasColors: boolean): string {
  const paint = (color: keyof typeof COLORS, text: string) =>
    hasColors ? `${COLORS[color]}${text}${RESET}` : text
  const clock = paint('dim', time.toTimeString().slice(0, 8))
  if (record.event !== 'request') {
    const color = colorOfLevel(record.level)
    const event = `${record.level} ${record.event.replaceAll('_', ' ')}`
    return [clock, color ? paint(color, event) : event, detailsOf(record)].join(' ').trimEnd()
  }
  const status = paint(colorOfStatus(record), visible(record['status'] ?? '---'))
  const request = [record['method'], record['path'], record['model']]
    .flatMap((value) => value === undefined ? [] : [visible(value)])
  return [clock, status, ...request, paint('dim', factsOf(record).join(', '))].join(' ')
}

function factsOf(record: LogRecord): string[] {
  const { ms, promptTokens, completionTokens, cost, key, error, outcome } = record
  const tokens = [promptTokens, completionTokens].filter((count) => count !== undefined)
  const ending = error ?? (outcome === 'complete' ? undefined : outcome)
  const others = detailsOf(record)
  return [
    ...ending === undefined ? [] : [visible(ending)],
    ...typeof ms === 'number' ? [durationOf(ms)] : [],
    ...tokens.length > 0 ? [`${tokens.join(' + ')} tokens`] : [],
    ...cost === undefined ? [] : [`$${cost}`],
    ...key === undefined ? [] : [`key ${visible(key)}`],
    ...others === '' ? [] : [others],
  ]
}

/** The other fields as `name: value`. */
function detailsOf(record: LogRecord): string {
  const isRequest = record.event === 'request'
  return Object.entries(record)
    .filter(([name, value]) => value !== undefined && !OMITTED.has(name))
    .filter(([name]) => isRequest ? !PLACED.has(name) : name !== 'level' && name !== 'event')
    .map(([name, value]) => `${name}: ${visible(value)}`)
    .join(', ')
}

function durationOf(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toPrecision(3)} s`
}

function colorOfStatus({ status, error }: LogRecord): keyof typeof COLORS {
  if (Number(status) >= 500 || (error !== undefined && Number(status) < 400)) return 'red'
  return Number(status) >= 400 ? 'yellow' : 'green'
}

function colorOfLevel(level: LogRecord['level']): keyof typeof COLORS | undefined {
  switch (level) {
    case 'debug':
      return 'dim'
    case 'info':
      return undefined
    case 'warn':
      return 'yellow'
    case 'error':
      return 'red'
  }
}

function visible(value: unknown): string {
  return String(value).replaceAll(CONTROL, '\ufffd')
}
