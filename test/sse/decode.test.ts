import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../src/errors.ts'
import { createSseDecoder, type SseMessage } from '../../src/sse/decode.ts'
import { RECORDINGS } from './recordings.ts'
import { type Bytes, bytesOf, encodeSse } from './streams.ts'
import { anyCharacter } from '../characters.ts'

const BOM = '\uFEFF'
const ENDINGS = [['LF', '\n'], ['CR LF', '\r\n'], ['CR', '\r']] as const

const cases: readonly [name: string, text: string, expected: readonly SseMessage[]][] = [
  ['X04 reads data without a space', 'data:{"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['X04 reads data after two spaces', 'data:  {"a":1}\n\n', [{ data: ' {"a":1}' }]],
  ['X05 joins data lines', 'data: a\ndata: b\n\n', [{ data: 'a\nb' }]],
  ['X05 keeps an empty data line between two', 'data: a\ndata\ndata: b\n\n', [{ data: 'a\n\nb' }]],
  ['X06 ignores comments', ': ping\n\n:\n\ndata: a\n: ping\n\n', [{ data: 'a' }]],
  ['X06 ignores a ping without data', 'event: ping\n\ndata: a\n\n', [{ data: 'a' }]],
  ['X06 ignores empty data', 'event: ping\ndata:\n\ndata: a\n\n', [{ data: 'a' }]],
  ['X06 ignores id and retry', 'id: 7\nretry: 10\nretry: x\ndata: a\n\n', [{ data: 'a' }]],
  ['X06 ignores unknown fields', 'foo: bar\nfoo\ndatum: x\ndata: a\n\n', [{ data: 'a' }]],
  ['returns the name of an event', 'event: error\ndata: a\n\ndata: b\n\n', [
    { event: 'error', data: 'a' },
    { data: 'b' },
  ]],
  ['X07 returns the last event without a blank line', 'data: a\n\ndata: b\n', [
    { data: 'a' },
    { data: 'b' },
  ]],
  ['X07 returns the last line without a line ending', 'data: a\n\nevent: e\ndata: b', [
    { data: 'a' },
    { event: 'e', data: 'b' },
  ]],
  ['X07 returns no event twice', 'data: a\n\n', [{ data: 'a' }]],
  ['X08 removes a byte order mark', `${BOM}data: é\n\n`, [{ data: 'é' }]],
  ['X08 removes only one byte order mark', `${BOM}${BOM}data: a\n\ndata: b\n\n`, [{ data: 'b' }]],
  ['keeps a byte order mark inside', `data: a${BOM}\n\ndata: ${BOM}\n\n`, [
    { data: `a${BOM}` },
    { data: BOM },
  ]],
  ['returns no events for an empty stream', '', []],
]

describe('createSseDecoder()', () => {
  for (const [name, text, expected] of cases) {
    it(name, () => {
      assert.deepEqual(decode([bytesOf(text)]), expected)
    })
    it(`${name}, byte by byte`, () => {
      assert.deepEqual(decode(bytewise(bytesOf(text))), expected)
    })
  }

  for (const [name, lines] of RECORDINGS) {
    for (const [ending, eol] of ENDINGS) {
      it(`X01 X03 reads ${name} with ${ending}, split at every byte`, () => {
        const bytes = record(lines, eol)
        const expected = lines.map((data) => ({ data }))
        for (let at = 0; at <= bytes.length; at++) {
          assert.deepEqual(decode(cut(bytes, [at])), expected, `cut at ${at}`)
        }
      })

      it(`X01 X03 reads ${name} with ${ending}, split anywhere`, () => {
        const bytes = record([BOM, ...lines], eol)
        const expected = [{ data: BOM }, ...lines.map((data) => ({ data }))]
        const places = fc.array(fc.nat(bytes.length), { maxLength: 40 })
        fc.assert(fc.property(places, (at) => {
          assert.deepEqual(decode(cut(bytes, at)), expected)
        }))
      })
    }
  }

  it('returns the messages of encodeSse()', () => {
    const name = fc.stringMatching(/^[a-z.]+$/)
    const data = fc.string({ unit: anyCharacter, minLength: 1 }).filter((text) =>
      !text.includes('\r')
    )
    const message = fc.record({ event: name, data }, {
      requiredKeys: ['data'],
      noNullPrototype: true,
    })
    fc.assert(fc.property(fc.array(message), (messages) => {
      assert.deepEqual(decode([bytesOf(encodeSse(messages))]), messages)
    }))
  })

  it('X01 reads any text the same, wherever it is split', () => {
    const word = fc.constantFrom(
      'data',
      'event',
      'id',
      ':',
      ' ',
      '\n',
      '\r',
      '\r\n',
      BOM,
      '日',
      '👩',
      'x',
    )
    const text = fc.array(word, { maxLength: 60 }).map((words) => bytesOf(words.join('')))
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (bytes, at) => {
        assert.deepEqual(decode(cut(bytes, at)), decode([bytes]))
      }),
      { numRuns: 2000 },
    )
  })

  it('X02 joins a split character', () => {
    const data = '日本 👩‍👩‍👧'
    assert.deepEqual(decode(bytewise(bytesOf(`data: ${data}\n\n`))), [{ data }])
  })

  it('replaces bytes that are not UTF-8', () => {
    const bytes = new Uint8Array([...bytesOf('data: '), 0xff, 0xc3, ...bytesOf('\n\n')])
    assert.deepEqual(decode([bytes]), [{ data: '\uFFFD\uFFFD' }])
  })

  it('X19 accepts an event of 2 MB', () => {
    const data = 'é'.repeat(1024 * 1024)
    assert.deepEqual(decode(pieces(bytesOf(`data: ${data}\n\n`), 65536)), [{ data }])
  })
})

const limits: readonly [name: string, text: string, fits: boolean][] = [
  ['accepts an event at the limit', 'data: 12345678\n\n', true],
  ['rejects an event over the limit', 'data: 123456789\n\n', false],
  ['counts all lines of an event', 'data: 1234\ndata: 567\n\n', true],
  ['counts the line breaks between them', 'data: 1234\ndata: 5678\n\n', false],
  ['counts each event separately', 'data: 12345678\n\ndata: 12345678\n\n', true],
]

describe('createSseDecoder() with a limit', () => {
  for (const [name, text, fits] of limits) {
    for (const size of [1, 3, 1000]) {
      it(`X19 ${name}, ${size} at a time`, () => {
        const read = () => decode(pieces(bytesOf(text), size), { maxEventBytes: 8 })
        if (fits) assert.doesNotThrow(read)
        else assert.throws(read, isTooLarge)
      })
    }
  }

  it('X19 rejects a line that never ends', () => {
    const decoder = createSseDecoder({ maxEventBytes: 1000 })
    decoder.push(bytesOf('data: '))
    assert.throws(() => {
      for (let i = 0; i < 2000; i++) decoder.push(bytesOf('x'))
    }, isTooLarge)
  })

  it('X19 returns the messages before the one it rejects', () => {
    const decoder = createSseDecoder({ maxEventBytes: 8 })
    const bytes = bytesOf('data: a\n\ndata: 123456789\n\ndata: b\n\n')
    assert.deepEqual(decoder.push(bytes), [{ data: 'a' }])
    assert.throws(() => decoder.end(), isTooLarge)
  })
})

function decode(chunks: Iterable<Bytes>, options?: { maxEventBytes: number }) {
  const decoder = createSseDecoder(options)
  return [...[...chunks].flatMap((chunk) => decoder.push(chunk)), ...decoder.end()]
}

function record(lines: readonly string[], eol: string): Bytes {
  return bytesOf(lines.map((line) => `data: ${line}${eol}${eol}`).join(''))
}

function cut(bytes: Bytes, places: readonly number[]): Bytes[] {
  const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length]
  return edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge))
}

function bytewise(bytes: Bytes): Bytes[] {
  return pieces(bytes, 1)
}

function pieces(bytes: Bytes, size: number): Bytes[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size))
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'upstream_invalid_response' &&
    error.reason === 'event_too_large'
}
