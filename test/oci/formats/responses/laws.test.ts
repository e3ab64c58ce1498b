import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeReply } from '../../../../src/oci/formats/responses/decode.ts'
import { RESPONSES } from '../../../../src/oci/formats/responses/format.ts'
import { createSseDecoder } from '../../../../src/sse/decode.ts'
import { encodeSse } from '../../../sse/streams.ts'
import { constant, decodeAll, decodeBatches, fold, slices } from '../cohere/stream.ts'
import {
  added,
  argumentsDelta,
  callItem,
  CREATED,
  done,
  messageItem,
  summaryDelta,
  textDelta,
  thoughtItem,
  typed,
} from './events.ts'
import { grapheme } from '../../../characters.ts'
import { runsOf } from '../../../property-runs.ts'

describe('createStreamDecoder()', () => {
  it('reads identically in any batches', () => {
    fc.assert(fc.property(answers(), fc.array(fc.nat(100)), (answer, at) => {
      const stream = typed(...streamed(answer))
      assert.deepEqual(
        decodeBatches(RESPONSES, slices(stream, at.map((place) => place % stream.length))),
        decodeAll(RESPONSES, stream),
      )
    }))
  })

  it('X01 reads identically however its bytes are split', () => {
    fc.assert(fc.property(answers(), fc.integer({ min: 1, max: 64 }), (answer, size) => {
      const stream = typed(...streamed(answer))
      const bytes = new TextEncoder().encode(encodeSse(stream))
      const sse = createSseDecoder()
      const batches = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, index) => sse.push(bytes.subarray(index * size, (index + 1) * size)),
      )
      assert.deepEqual(
        decodeBatches(RESPONSES, [...batches, sse.end()]),
        decodeAll(RESPONSES, stream),
      )
    }))
  })

  it('emits in pieces what decodeReply() reads at once', () => {
    fc.assert(
      fc.property(answers(), (answer) => {
        const { created: _, ...expected } = decodeReply(completeReply(answer), constant())
        const { created: __, ...folded } = fold(decodeAll(RESPONSES, typed(...streamed(answer))))
        assert.deepEqual(folded, expected)
      }),
      runsOf(500),
    )
  })
})

type Item =
  | { type: 'reasoning'; parts: readonly (readonly string[])[] }
  | { type: 'text'; pieces: readonly string[]; cites: boolean }
  | { type: 'call'; id: string | null; name: string; pieces: readonly string[] }

interface Answer {
  items: readonly Item[]
  /** The number of items without deltas, or only in the last event. */
  telling: 'deltas' | 'items' | 'end'
  status: 'completed' | 'incomplete'
  usage: object | undefined
}

function answers(): fc.Arbitrary<Answer> {
  const pieces = fc.array(fc.string({ unit: grapheme, minLength: 1 }), { maxLength: 4 })
  const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value))
  const item = fc.oneof(
    fc.record({
      type: fc.constant('reasoning' as const),
      parts: fc.array(pieces, { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('text' as const), pieces, cites: fc.boolean() }),
    fc.record({
      type: fc.constant('call' as const),
      id: fc.option(fc.uuid()),
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      pieces: fc.tuple(fc.oneof(json, fc.constant('')), fc.nat(20))
        .map(([text, at]) => [text.slice(0, at), text.slice(at)]),
    }),
  )
  return fc.record({
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    telling: fc.constantFrom('deltas' as const, 'items' as const, 'end' as const),
    status: fc.constantFrom('completed' as const, 'incomplete' as const),
    usage: fc.option(
      fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat(), total_tokens: fc.nat() }),
      { nil: undefined },
    ),
  })
}

/** The reply as a complete response. */
function completeReply({ items, status, usage }: Answer): object {
  return {
    status,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    output: items.map(itemOf),
    usage,
    service_tier: 'default',
  }
}

/** The reply as a stream. */
function streamed(answer: Answer): object[] {
  const { items, telling, status } = answer
  const events = items.flatMap((item, index) => [
    added(index, { ...itemOf(item), content: [], summary: [], arguments: '' }),
    ...(telling === 'deltas' ? deltasOf(item, index) : []),
    done(index, itemOf(item)),
  ])
  const end = { type: `response.${status}`, response: completeReply(answer) }
  return [CREATED, ...(telling === 'end' ? [] : events), end]
}

function itemOf(item: Item): object {
  switch (item.type) {
    case 'reasoning':
      return thoughtItem(...item.parts.map((pieces) => pieces.join('')))
    case 'text': {
      const cited = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 1 }
      return messageItem(item.pieces.join(''), { annotations: item.cites ? [cited] : null })
    }
    case 'call':
      return callItem(item.id, item.name, item.pieces.join(''))
  }
}

function deltasOf(item: Item, index: number): object[] {
  switch (item.type) {
    case 'reasoning':
      return item.parts.flatMap((pieces, at) =>
        pieces.map((delta) => summaryDelta(index, at, delta))
      )
    case 'text':
      return item.pieces.map((delta) => textDelta(index, delta))
    case 'call':
      return item.pieces.map((delta) => argumentsDelta(index, delta))
  }
}
