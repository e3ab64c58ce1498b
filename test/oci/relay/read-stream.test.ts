import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../../src/errors.ts'
import { createRelayDecoder } from '../../../src/oci/relay/read-stream.ts'

const ROLE = event({ role: 'assistant', content: '' })
const TEXT = event({ content: 'Grüße, 日本 "model":"xai.grok-4" 🦊' })
const STOP = event({}, 'stop')
const USAGE = 'data: {"id":"c","model":"xai.grok-4","choices":[],"usage":{"total_tokens":3}}\n\n'
const DONE = 'data: [DONE]\n\n'
const ERROR = 'data: {"error":{"message":"no","code":"500"}}\n\n'

type Case = [name: string, upstream: string, passed: string]

const whole: Case[] = [
  [
    'passes on a stream unchanged',
    ROLE + TEXT + STOP + USAGE + DONE,
    ROLE + TEXT + STOP + USAGE + DONE,
  ],
  ['adds a missing [DONE]', ROLE + TEXT + STOP, ROLE + TEXT + STOP + DONE],
  ['adds [DONE] after an event without a newline', ROLE + STOP.trimEnd(), ROLE + STOP + DONE],
  ['sends nothing after the end', STOP + DONE + TEXT + DONE, STOP + DONE],
  ['keeps comments and blank lines', `: ping\n\n${STOP}${DONE}`, `: ping\n\n${STOP}${DONE}`],
  ['completes an event without its blank line', ROLE + STOP.slice(0, -1), ROLE + STOP + DONE],
  ['adds nothing after an error', ROLE + ERROR, ROLE + ERROR],
  [
    'keeps other line endings',
    ROLE.replaceAll('\n', '\r\n') + STOP + DONE,
    ROLE.replaceAll('\n', '\r\n') + STOP + DONE,
  ],
]

describe('createRelayDecoder()', () => {
  for (const [name, upstream, passed] of whole) {
    it(name, () => assert.equal(relay([upstream]), passed))
    it(`${name}, event by event`, () => assert.equal(relay(upstream.split(/(?<=\n\n)/)), passed))
  }

  it('never reports an incomplete stream as a success', () => {
    const cuts = ['', ROLE, ROLE + TEXT, ROLE + STOP.slice(0, 30), ROLE + event({}, '')]
    for (const upstream of cuts) {
      assert.throws(
        () => relay([upstream]),
        isIncomplete,
      )
    }
  })

  it('buffers at most four MiB of an event', () => {
    const decoder = createRelayDecoder({ rename: undefined, ends: 'chat' })
    const piece = new TextEncoder().encode('x'.repeat(1024 * 1024))
    const push = (times: number) => {
      for (let count = 0; count < times; count++) decoder.push(piece)
    }
    push(4)
    assert.throws(() => push(1), { code: 'upstream_invalid_response', reason: 'event_too_large' })
  })

  it('C3: passes on no incomplete event', () => {
    assert.equal(relay([ROLE + STOP + USAGE.slice(0, 30)]), ROLE + STOP + DONE)
    assert.throws(() => relay([ROLE + ERROR.slice(0, 20)]), { code: 'upstream_invalid_response' })
    assert.throws(() => relay([ROLE + TEXT.slice(0, 20)]), isIncomplete)
  })

  it('finds the end before any number of comments', () => {
    const pings = Array.from({ length: 20 }, () => ': ping\n\n')
    assert.equal(relay([STOP, ...pings]), STOP + pings.join('') + DONE)
  })

  it('ignores an end before the last batches', () => {
    assert.throws(() => relay([STOP, ...Array.from({ length: 20 }, () => TEXT)]), isIncomplete)
  })

  it("replaces the model's name, but no text", () => {
    const rename = { from: 'xai.grok-4', to: 'gpt-4o-mini' }
    const passed = relay([ROLE + TEXT + STOP + DONE], rename)
    assert.equal(passed.match(/"model":"gpt-4o-mini"/g)?.length, 3)
    assert.ok(passed.includes(String.raw`\"model\":\"xai.grok-4\"`))
    assert.ok(!passed.includes('"model":"xai.grok-4"'))
  })

  it('ends an answer of Responses with its last event', () => {
    for (const end of ['completed', 'incomplete', 'failed', 'cancelled']) {
      const whole = response('in_progress') + response(end)
      assert.equal(relay([whole], undefined, 'response'), whole)
    }
    const cut = response('in_progress') + 'data: {"delta":"all.completed"}\n\n'
    assert.throws(() => relay([cut], undefined, 'response'), isIncomplete)
  })

  it('returns only complete events', () => {
    const decoder = createRelayDecoder({ rename: undefined, ends: 'response' })
    const push = (piece: string) => text(decoder.push(encode(piece)))
    assert.equal(push('event: response.created\n'), '')
    assert.equal(push('data: {}\n'), '')
    assert.equal(push('\ndata: {}\r\n'), 'event: response.created\ndata: {}\n\n')
    assert.equal(push('\r\nda'), 'data: {}\r\n\r\n')
    assert.equal(push('ta: {}\n\n'), 'data: {}\n\n')
    assert.equal(push('data: {}\nd'), '')
    assert.equal(push('ata: {}\n\n: a'), 'data: {}\ndata: {}\n\n')
    assert.equal(push(' note\n'), '')
    assert.equal(push('data: {}\n\n'), ': a note\ndata: {}\n\n')
  })

  it('does not copy complete events', () => {
    const bytes = encode(ROLE + TEXT)
    assert.equal(createRelayDecoder({ rename: undefined, ends: 'chat' }).push(bytes), bytes)
  })

  it('returns the same bytes for any chunks', () => {
    const cases = fc.constantFrom(...whole)
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 })
    fc.assert(fc.property(cases, shares, ([, upstream, passed], cuts) => {
      const bytes = encode(upstream)
      const places = [0, ...cuts.map((cut) => Math.round(cut * bytes.length)), bytes.length]
        .sort((a, b) => a - b)
      const pieces = places.slice(1).map((place, index) => bytes.slice(places[index], place))
      assert.equal(relayBytes(pieces), passed)
    }))
  })
})

function event(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'c', model: 'xai.grok-4', choices })}\n\n`
}

function response(end: string): string {
  return `event: response.${end}\ndata: {"type":"response.${end}","sequence_number":1}\n\n`
}

function relay(
  pieces: readonly string[],
  rename?: { from: string; to: string },
  ends: 'chat' | 'response' = 'chat',
): string {
  return relayBytes(pieces.map(encode), rename, ends)
}

function relayBytes(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  rename?: { from: string; to: string },
  ends: 'chat' | 'response' = 'chat',
): string {
  const decoder = createRelayDecoder({ rename, ends })
  const passed = pieces.map((piece) => decoder.push(piece))
  return [...passed, decoder.end()].map(text).join('')
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function isIncomplete(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'upstream_incomplete'
}
