import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { FORMATS } from '../../src/oci/formats/registry.ts'
import type { ModelProfile } from '../../src/oci/models/profiles.ts'
import { createRelayDecoder } from '../../src/oci/relay/read-stream.ts'
import { createToolNames } from '../../src/oci/formats/request/tool-names.ts'
import { assertLinear, prepareInput } from './measure.ts'

type Format = ModelProfile['format']
type Kind = [name: string, format: Format, size: number, event: (at: number) => object]

/** Streams with a number of events. */
const streams: Kind[] = [
  ['tiny texts', 'GENERIC', 10_000, () => generic({ content: [{ type: 'TEXT', text: 'a' }] })],
  ['tool calls', 'GENERIC', 2_000, (at) => generic({ toolCalls: [{ id: `c${at}`, name: 'f' }] })],
  [
    'pieces of calls with ids',
    'GENERIC',
    2_000,
    (at) => generic({ toolCalls: [{ id: `c${at % 15_000}`, name: 'f', arguments: '1' }] }),
  ],
  ['choices', 'GENERIC', 2_000, (at) => ({ ...generic({ content: 'a' }), index: at })],
  ['pieces of arguments', 'GENERIC', 10_000, (at) => argument(at, '1')],
  ['blank pieces of arguments', 'GENERIC', 10_000, (at) => argument(at, ' ')],
  [
    'pieces of quoted arguments',
    'GENERIC',
    10_000,
    (at) => argument(at, at === 0 ? '"' : '1'.repeat(40)),
  ],
  ['tiny texts', 'COHERE', 10_000, () => ({ text: 'a' })],
  [
    'texts next to calls',
    'COHERE',
    10_000,
    (at) => at % 2 === 0 ? { text: 'a' } : { text: 'b', toolCalls: [{ name: 'f' }] },
  ],
  ['tiny texts', 'COHEREV2', 10_000, () => ({ message: { content: 'a' } })],
  ['tool calls', 'COHEREV2', 2_000, (at) => ({
    message: { toolCalls: [{ id: `c${at}`, function: { name: 'f', arguments: '{}' } }] },
  })],
  ['tiny texts', 'CHAT_COMPLETIONS', 10_000, () => chat({ content: 'a' })],
  [
    'tool calls',
    'CHAT_COMPLETIONS',
    2_000,
    (at) => chat({ tool_calls: [{ index: at, id: `c${at}`, function: { name: 'f' } }] }),
  ],
  ['choices', 'CHAT_COMPLETIONS', 2_000, (at) => chat({ content: 'a' }, at)],
  ['tiny texts', 'RESPONSES', 10_000, () => ({ type: 'response.output_text.delta', delta: 'a' })],
  ['items', 'RESPONSES', 2_000, (at) => ({
    type: 'response.output_item.added',
    output_index: at,
    item: { type: 'function_call', id: `i${at}`, call_id: `c${at}`, name: 'f' },
  })],
  ['sources', 'RESPONSES', 4_000, () => ({
    type: 'response.output_text.annotation.added',
    output_index: 0,
    annotation: { url: 'https://e.x' },
  })],
]

/** Answers, not streamed, with a number of parts. */
const answers: [name: string, format: Format, size: number, make: (size: number) => object][] = [
  ['sources and the passages that cite them', 'GENERIC', 2_000, (size) => ({
    chatResponse: {
      choices: [{
        message: { content: [] },
        finishReason: 'stop',
        groundingMetadata: {
          groundingChunks: range(size).map(() => ({ web: { uri: 'https://e.x' } })),
          groundingSupports: range(size).map((at) => ({ groundingChunkIndices: [at] })),
        },
      }],
    },
  })],
  [
    'items',
    'RESPONSES',
    2_000,
    (size) => ({ output: range(size).map(message), status: 'completed' }),
  ],
]

describe('createStreamDecoder()', () => {
  for (const [name, format, size, event] of streams) {
    it(`F2: takes linear time for ${name} (${format})`, () => {
      const make = (count: number) => range(count).map((at) => JSON.stringify(event(at)))
      return assertLinear(prepareInput(make, (events) => decodeStream(format, events)), size)
    })
  }

  it('F2: takes linear time for a last event that repeats all items (RESPONSES)', () => {
    const make = (size: number) => [
      ...range(size).map((at) =>
        JSON.stringify({ type: 'response.output_text.delta', output_index: 2 * at, delta: 'a' })
      ),
      JSON.stringify({
        type: 'response.completed',
        response: { output: range(size).map(thought) },
      }),
    ]
    return assertLinear(prepareInput(make, (events) => decodeStream('RESPONSES', events)), 2_000)
  })

  for (const format of Object.keys(FORMATS) as Format[]) {
    it(`F14: fails with a 502 when an event is nested too deep (${format})`, () => {
      for (const levels of [600, 100_000, 1_000_000]) {
        assert.throws(() => decodeStream(format, [deepEvent(format, levels)]), isInvalidResponse)
      }
    })
  }

  it('F14: accepts reasoning whose index is an object', () => {
    const type = 'response.reasoning_summary_text.delta'
    const index = { toString: 1, valueOf: 1 }
    const event = JSON.stringify({ type, output_index: 0, summary_index: index, delta: 'Hm' })
    assert.equal(decodeStream('RESPONSES', [event]).length, 1)
  })
})

describe('decodeReply()', () => {
  for (const [name, format, size, make] of answers) {
    it(`F2: takes linear time for ${name} (${format})`, () => {
      return assertLinear(
        prepareInput(make, (json) => FORMATS[format].decodeReply(json, options())),
        size,
      )
    })
  }

  it('F14: fails with a 502 when the arguments of a call are nested too deep', () => {
    const json = '['.repeat(100_000)
    const toolCalls = [{ name: 'f', arguments: json }]
    const choices = [{ message: { toolCalls }, finishReason: 'stop' }]
    const reply = { chatResponse: { choices } }
    assert.throws(() => FORMATS.GENERIC.decodeReply(reply, options()), isInvalidResponse)
  })
})

describe('createRelayDecoder()', () => {
  it('F2: takes linear time for one event in tiny pieces', () => {
    const make = (size: number) => range(size).map(() => new Uint8Array(20).fill(0x61))
    return assertLinear(
      prepareInput(make, (pieces) => {
        const decoder = createRelayDecoder({ rename: undefined, ends: 'chat' })
        for (const piece of pieces) decoder.push(piece)
      }),
      10_000,
    )
  })
})

function decodeStream(format: Format, events: readonly string[]): readonly unknown[] {
  const decoder = FORMATS[format].createStreamDecoder({
    ...options(),
    onError: () => new ApiError('upstream_unavailable', 'failed'),
  })
  const decoded: unknown[] = []
  for (const data of events) {
    for (const event of decoder.push([{ data }])) decoded.push(event)
    // As the reader of a stream does.
    if (decoder.finished) break
  }
  return decoded
}

function options() {
  let ids = 0
  return { names: createToolNames([]), randomId: () => `${ids++}` }
}

function deepEvent(format: Format, levels: number): string {
  const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`
  const calls = `[{"name":"f","arguments":${deep},"parameters":${deep}}]`
  switch (format) {
    case 'GENERIC':
    case 'COHEREV2':
      return `{"index":0,"message":{"toolCalls":${calls}},"finishReason":"stop"}`
    case 'COHERE':
      return `{"text":"","toolCalls":${calls},"finishReason":"COMPLETE"}`
    case 'CHAT_COMPLETIONS':
      return `{"choices":[{"delta":{"tool_calls":${calls}}}]}`
    case 'RESPONSES':
      return `{"type":"response.output_item.done","item":{"type":"function_call","name":"f",` +
        `"arguments":${deep}}}`
  }
}

function isInvalidResponse(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'upstream_invalid_response'
}

function generic(content: object): object {
  return { index: 0, message: { role: 'ASSISTANT', ...content } }
}

function argument(at: number, json: string): object {
  return generic({ toolCalls: [at === 0 ? { name: 'f', arguments: json } : { arguments: json }] })
}

function chat(delta: object, index = 0): object {
  return { choices: [{ index, delta }] }
}

function message(): object {
  return { type: 'message', content: [{ type: 'output_text', text: 'a', annotations: [] }] }
}

function thought(): object {
  return { type: 'reasoning', summary: [] }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at)
}
