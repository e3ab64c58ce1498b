import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS } from '../../../src/simulator/catalogue.ts'
import { type Caller, COMPARTMENT, createCaller, message, readEvents } from '../caller.ts'
import { call, say } from './shapes.ts'

const WRITTEN = '<tool_call>\n{"name": "f", "arguments": {"a":1}}\n</tool_call>'
const CALL = call('f', '{"a":1}')

/** The formats that an endpoint accepts. */
const formats: [endpoint: string, taken: string[]][] = [
  ['llama-dedicated', ['GENERIC']],
  ['imported-dedicated', ['GENERIC']],
  ['command-r-dedicated', ['COHERE']],
  ['command-a-dedicated', ['COHERE', 'COHEREV2']],
  ['command-a-reasoning-dedicated', ['COHEREV2']],
]

describe('IMPORTED', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [endpoint, taken] of formats) {
    it(`${endpoint} accepts ${taken.join(' and ')}, and long answers`, async () => {
      const answers = await Promise.all(
        ['GENERIC', 'COHERE', 'COHEREV2'].map(async (format) => {
          const { status } = await ask(caller, endpoint, inFormat(format, { maxTokens: 16_000 }))
          return [format, status]
        }),
      )
      const expected = ['GENERIC', 'COHERE', 'COHEREV2']
        .map((format) => [format, taken.includes(format) ? 200 : 400])
      assert.deepEqual(answers, expected)
    })
  }

  it('writes its calls as text', async () => {
    const response = await ask(caller, 'imported-dedicated', generic(CALL))
    const { chatResponse } = await response.json()
    const [{ message, finishReason }] = chatResponse.choices
    assert.deepEqual([message, finishReason], [
      { role: 'ASSISTANT', content: [{ type: 'TEXT', text: WRITTEN }] },
      'stop',
    ])
  })

  it('writes its calls as text in streams, after its text', async () => {
    const request = generic(`${say('Hm')}${CALL}`, { isStream: true })
    const events = await readEvents(await ask(caller, 'imported-dedicated', request))
    assert.equal(textOf(events), `Hm\n${WRITTEN}`)
  })

  it('rejects streams at one endpoint', async () => {
    const answers = await Promise.all([
      ask(caller, 'unstreamed-dedicated', generic('Hi', { isStream: true })),
      ask(caller, 'unstreamed-dedicated', generic('Hi')),
    ])
    assert.deepEqual(answers.map(({ status }) => status), [400, 200])
  })

  it('echoes the OCID of its endpoint', async () => {
    const { modelId } = await (await ask(caller, 'llama-dedicated', generic('Hi'))).json()
    assert.equal(modelId, idOf('llama-dedicated'))
  })
})

function ask(caller: Caller, endpoint: string, chatRequest: object): Promise<Response> {
  const servingMode = { servingType: 'DEDICATED', endpointId: idOf(endpoint) }
  return caller.send({ body: { compartmentId: COMPARTMENT, servingMode, chatRequest } })
}

function idOf(endpoint: string): string | undefined {
  return ENDPOINTS.find(({ name }) => name === endpoint)?.id
}

function generic(text: string, more: object = {}): object {
  return { apiFormat: 'GENERIC', messages: [message('USER', text)], maxTokens: 200, ...more }
}

function inFormat(apiFormat: string, more: object): object {
  const asked = apiFormat === 'COHERE' ? { message: 'Hi' } : { messages: [message('USER', 'Hi')] }
  return { apiFormat, ...asked, ...more }
}

/** The events of these tests are choices. */
function textOf(events: unknown[]): string {
  return JSON.stringify(events).match(/"text":"(?:[^"\\]|\\.)*"/g)
    ?.map((pair) => JSON.parse(`{${pair}}`).text).join('') ?? ''
}
