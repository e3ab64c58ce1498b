import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rewriteEvents } from '../../src/openai/rewrite-events.ts'

const encoder = new TextEncoder()

type Case = [name: string, events: string, rewritten: string]

const cases: Case[] = [
  ['replaces data', 'data: {"a":1}\n\n', 'data: {"b":1}\n\n'],
  ['keeps line endings', 'data: {"a":1}\r\n\r\n', 'data: {"b":1}\r\n\r\n'],
  [
    'keeps carriage returns',
    'data: {"a":1}\r\rdata: {"c":2}\r\r',
    'data: {"b":1}\r\rdata: {"c":2}\r\r',
  ],
  [
    'keeps names and comments',
    ': c\nevent: x\ndata:{"a":1}\n\n',
    ': c\nevent: x\ndata: {"b":1}\n\n',
  ],
  ['reads data of several lines', 'data: {"a":\ndata: 1}\n\n', 'data: {"b":1}\n\n'],
  ['keeps data of several lines', 'data: {"c":\ndata: 2}\n\n', 'data: {"c":\ndata: 2}\n\n'],
  ['drops data', 'data: {"drop":1}\n\ndata: {"c":2}\n\n', '\ndata: {"c":2}\n\n'],
  ['drops what is not JSON', 'data: {"c\n\n', '\n'],
  ['keeps [DONE]', 'data: [DONE]\n\n', 'data: [DONE]\n\n'],
  ['keeps an event without an end', 'data: {"a":1}', 'data: {"b":1}'],
  ['keeps a byte order mark', '\ufeff: c\n\ndata: {"c":2}\n\n', '\ufeff: c\n\ndata: {"c":2}\n\n'],
]

describe('rewriteEvents()', () => {
  for (const [name, events, rewritten] of cases) {
    it(name, () => assert.equal(rewritten, rewrite(events)))
  }

  it('returns the same bytes if nothing changes', () => {
    const bytes = encoder.encode('data: {"c":2}\n\n')
    assert.equal(rewriteEvents(bytes, { rewrite: (json) => json }), bytes)
  })

  it('does not parse plain events', () => {
    const bytes = encoder.encode('data: plain\n\n')
    const isPlain = (data: string) => data === 'plain'
    assert.equal(rewriteEvents(bytes, { isPlain, rewrite: () => undefined }), bytes)
  })
})

function rewrite(events: string): string {
  const rewritten = rewriteEvents(encoder.encode(events), {
    rewrite(json) {
      const event = json as Record<string, unknown>
      if ('drop' in event) return undefined
      return 'a' in event ? { b: event['a'] } : event
    },
  })
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(rewritten)
}
