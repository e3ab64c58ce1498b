import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../src/chat/events.ts'
import type { Usage } from '../../../src/chat/model.ts'
import {
  createStreamEncoder,
  type StreamOptions,
} from '../../../src/openai/completions/encode-stream.ts'

const HEAD = '{"id":"cmpl-1","object":"text_completion","created":7,"model":"m \\"1\\""'
const USAGE: Usage = {
  prompt: 1,
  completion: 2,
  total: 3,
  cached: undefined,
  reasoning: undefined,
  acceptedPrediction: undefined,
  rejectedPrediction: undefined,
}

type Case = [name: string, event: ChatEvent, choice: string | undefined]

const cases: Case[] = [
  ['writes a text', { type: 'text-delta', choice: 1, text: 'a "b"\n' }, chunk(1, '"a \\"b\\"\\n"')],
  ['writes a refusal as text', { type: 'refusal-delta', choice: 0, text: 'No' }, chunk(0, '"No"')],
  [
    'encodes the finish reason',
    { type: 'finish', choice: 0, reason: 'length' },
    chunk(0, '""', '"length"'),
  ],
  [
    'encodes tool calls as stop',
    { type: 'finish', choice: 0, reason: 'tool-calls' },
    chunk(0, '""', '"stop"'),
  ],
  ['skips reasoning', { type: 'reasoning-delta', choice: 0, text: 'Hm' }, undefined],
  ['skips the service tier', { type: 'service-tier', serviceTier: 'default' }, undefined],
]

describe('createStreamEncoder() of completions', () => {
  for (const [name, event, choice] of cases) {
    it(name, () => {
      const expected = choice === undefined ? '' : `data: ${HEAD},"choices":[${choice}]}\n\n`
      assert.equal(encoder().encode([event]), expected)
    })
  }

  it('starts without a chunk', () => {
    assert.equal(encoder().start(), '')
  })

  it('starts with the prompts, if requested', () => {
    const start = encoder({ echo: (choice) => `Prompt ${choice}`, choices: 2 }).start()
    assert.equal(
      start,
      [0, 1].map((at) => `data: ${HEAD},"choices":[${chunk(at, `"Prompt ${at}"`)}]}\n\n`).join(''),
    )
  })

  it('counts offsets for each choice from the end of the prompt', () => {
    const stream = encoder({ echo: () => 'Once' })
    const offsets = [0, 0, 1].map((choice) => {
      const tokens = [{ token: ' up', logprob: 0, top: [] }, { token: 'on', logprob: 0, top: [] }]
      const text = stream.encode([{ type: 'logprobs', choice, tokens }])
      return JSON.parse(text.slice('data: '.length)).choices[0].logprobs.text_offset
    })
    assert.deepEqual(offsets, [[4, 7], [9, 12], [4, 7]])
  })

  it('ends with [DONE]', () => {
    assert.equal(encoder().end(), 'data: [DONE]\n\n')
  })

  it('ends with the usage, if requested', () => {
    const stream = encoder({ includeUsage: true })
    stream.encode([{ type: 'usage', usage: USAGE }])
    const usage = '{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}'
    assert.equal(stream.end(), `data: ${HEAD},"choices":[],"usage":${usage}}\n\ndata: [DONE]\n\n`)
    assert.match(stream.heartbeat(), /"usage":null\}\n\n$/)
  })

  it('sends an empty chunk as a heartbeat', () => {
    assert.equal(encoder().heartbeat(), `data: ${HEAD},"choices":[${chunk(0, '""')}]}\n\n`)
  })
})

function encoder(part: Partial<StreamOptions> = {}) {
  const options = { includeUsage: false, echo: () => '', choices: 1, ...part }
  return createStreamEncoder({ id: 'cmpl-1', created: 7, model: 'm "1"' }, options)
}

function chunk(index: number, text: string, finish = 'null'): string {
  return `{"index":${index},"text":${text},"logprobs":null,"finish_reason":${finish}}`
}
