import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limitRelayed } from '../../../src/oci/relay/limit-use.ts'
import type { OpenAiOperation } from '../../../src/oci/http/openai-endpoint.ts'
import type { Meter, PlannedUse } from '../../../src/oci/call.ts'

const CHAT = '/chat/completions'
const RESPONSES = '/responses'

/** The output that is reserved for a body, and the body that is sent if 50 tokens fit. */
async function limit(path: OpenAiOperation, body: Readonly<Record<string, unknown>>) {
  const plans: PlannedUse[] = []
  const meter: Meter = {
    checkModel() {},
    storedTokens: () => undefined,
    mayChange: () => false,
    announce() {},
    reserve(planned) {
      plans.push(planned)
      const begin = () => assert.fail('began')
      return Promise.resolve({ output: 50, isLimited: true, warnings: [], begin })
    },
  }
  const profile = { maxOutputTokens: 1000, tokenField: 'maxCompletionTokens' } as const
  const limited = await limitRelayed({ path, body, model: 'm', profile }, meter)
  return { output: plans[0]?.output, answers: plans[0]?.answers, body: limited.body }
}

const set: [name: string, path: OpenAiOperation, body: Record<string, unknown>, tokens: number][] =
  [
    ['max_tokens', CHAT, { max_tokens: 7 }, 7],
    ['max_completion_tokens', CHAT, { max_completion_tokens: 7.5 }, 8],
    ['max_output_tokens', RESPONSES, { max_output_tokens: 7 }, 7],
    ['the larger of two members', CHAT, { max_completion_tokens: 1, max_tokens: 900 }, 900],
    ['the larger of two members', CHAT, { max_completion_tokens: 900, max_tokens: 1 }, 900],
    ['a number beside null', CHAT, { max_completion_tokens: null, max_tokens: 9 }, 9],
  ]

describe('limitRelayed()', () => {
  for (const [name, path, body, tokens] of set) {
    it(`reserves ${name} and sends the body as it is: ${JSON.stringify(body)}`, async () => {
      const found = await limit(path, body)
      assert.deepEqual([found.output, found.body], [{ tokens, isFixed: true }, body])
    })
  }

  it('sends what fits if the client has set no limit', async () => {
    const chat = await limit(CHAT, { n: 3 })
    assert.deepEqual([chat.output, chat.answers], [{ tokens: 1000, isFixed: false }, 3])
    assert.deepEqual(chat.body, { n: 3, max_completion_tokens: 50 })
    assert.deepEqual((await limit(RESPONSES, {})).body, { max_output_tokens: 50 })
  })

  it('asks for the usage of a stream of chat completions', async () => {
    const { body } = await limit(CHAT, { stream: true, max_tokens: 1 })
    assert.deepEqual(body['stream_options'], { include_usage: true })
  })
})
