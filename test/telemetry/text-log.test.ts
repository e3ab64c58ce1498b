import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LogRecord } from '../../src/platform.ts'
import { formatLogLine } from '../../src/telemetry/text-log.ts'

const TIME = new Date(2026, 10, 29, 12, 30, 1)
const REQUEST = { level: 'info', event: 'request', requestId: 'r', method: 'POST' } as const
const CHAT = { ...REQUEST, path: '/v1/chat/completions', model: 'xai.grok-4.3' }

const lines: [name: string, record: LogRecord, line: string][] = [
  [
    'a chat with its cost',
    {
      ...CHAT,
      ...{ stream: true, opcRequestId: 'o', promptTokens: 12, completionTokens: 40, status: 200 },
      ...{ outcome: 'complete', cost: '0.000115', key: 'alice', ms: 842.4 },
    },
    '12:30:01 200 POST /v1/chat/completions xai.grok-4.3 842 ms, 12 + 40 tokens, $0.000115, ' +
    'key alice',
  ],
  [
    'an error with its reason and warnings',
    { ...CHAT, error: 'upstream_timeout', reason: 'idle', status: 504, ms: 61_234 },
    '12:30:01 504 POST /v1/chat/completions xai.grok-4.3 upstream_timeout, 61.2 s, reason: idle',
  ],
  [
    'a stream that the client left',
    { ...CHAT, stream: true, outcome: 'client_closed', status: 200, ms: 5 },
    '12:30:01 200 POST /v1/chat/completions xai.grok-4.3 client_closed, 5 ms',
  ],
  [
    'a path without a model',
    { ...REQUEST, path: '/health', status: 200, ms: 0.2 },
    '12:30:01 200 POST /health 0 ms',
  ],
  [
    'a request without an answer',
    { ...REQUEST, path: '/health', ms: 3 },
    '12:30:01 --- POST /health 3 ms',
  ],
  [
    'another event',
    { level: 'warn', event: 'clock_corrected', seconds: 12, offset: undefined },
    '12:30:01 warn clock corrected seconds: 12',
  ],
  ['an event without fields', { level: 'error', event: 'store_down' }, '12:30:01 error store down'],
  [
    'names that a terminal would interpret',
    { ...REQUEST, path: '/x', model: 'a\x1b]0;b\x07\x9bc\nd', status: 400, ms: 1 },
    '12:30:01 400 POST /x a\ufffd]0;b\ufffd\ufffdc\ufffdd 1 ms',
  ],
]

const colors: [record: LogRecord, start: string][] = [
  [{ ...CHAT, status: 200 }, '\x1b[32m200\x1b[0m'],
  [{ ...CHAT, status: 429 }, '\x1b[33m429\x1b[0m'],
  [{ ...CHAT, status: 502 }, '\x1b[31m502\x1b[0m'],
  [{ ...CHAT, status: 200, error: 'upstream_incomplete' }, '\x1b[31m200\x1b[0m'],
  [{ level: 'warn', event: 'a' }, '\x1b[33mwarn a\x1b[0m'],
  [{ level: 'debug', event: 'a' }, '\x1b[2mdebug a\x1b[0m'],
  [{ level: 'info', event: 'a' }, 'info a'],
]

describe('formatLogLine()', () => {
  for (const [name, record, line] of lines) {
    it(`formats ${name}`, () => assert.equal(formatLogLine(record, TIME, false), line))
  }

  for (const [record, start] of colors) {
    it(`colors ${record.level} ${record.event} ${record['status'] ?? ''}`, () => {
      assert.ok(formatLogLine(record, TIME, true).startsWith(`\x1b[2m12:30:01\x1b[0m ${start}`))
    })
  }
})
