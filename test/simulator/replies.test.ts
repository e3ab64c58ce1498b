import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { MODELS } from '../../src/simulator/catalogue.ts'
import { checkFields } from '../../src/simulator/check-fields.ts'
import { type Caller, createCaller, message } from './caller.ts'
import { first, second, sendCohere } from './families/cohere-shapes.ts'
import { call, say } from './families/shapes.ts'

/** Multi-agent models do not support chat. */
const CHAT_MODELS = [...MODELS.values()].filter(({ name, capability, retired }) =>
  !name.includes('multi-agent') &&
  capability === 'CHAT' && retired === undefined && !name.startsWith('cohere.')
)
const COHERE_MODELS: [name: string, chatRequest: (text: string, more?: object) => object][] = [
  ['cohere.command-a-03-2025', first],
  ['cohere.command-a-03-2025', second],
  ['cohere.command-r-08-2024', first],
  ['cohere.command-r-plus-08-2024', first],
  ['cohere.command-a-translate-08-2025', first],
  ['cohere.command-a-vision-07-2025', second],
  ['cohere.command-a-reasoning-08-2025', second],
]
const TOOL = {
  type: 'FUNCTION',
  name: 'look_up',
  parameters: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
}

describe('every model', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const { name } of CHAT_MODELS) {
    it(`${name} answers in the SDK's format`, async () => {
      const requests = [
        { messages: [message('USER', 'Hi')], numGenerations: 2, logProbs: 1 },
        { messages: [message('USER', 'look_up "x" please')], tools: [TOOL] },
      ]
      for (const request of requests) {
        const result = await (await caller.chat(name, request)).json()
        assert.deepEqual(checkFields('ChatResult', result)?.path, lackOf(name, result))
      }
    })

    it(`${name} streams the same answer`, async () => {
      const request = { messages: [message('USER', 'Hi there, you')] }
      const whole = await (await caller.chat(name, request)).json()
      const [{ message: said, finishReason }] = whole.chatResponse.choices
      const stream = await (await caller.chat(name, { ...request, isStream: true })).text()
      assert.deepEqual(fold(stream), { text: said.content?.[0].text ?? '', finishReason })
    })
  }

  for (const [name, chatRequest] of COHERE_MODELS) {
    it(`${name} answers ${chatRequest.name} in the SDK's format`, async () => {
      const texts = [
        'Hi',
        call('f', '{}'),
        `${say('')}${call('f', '{}')}`,
        '[[sim:content-filter]]',
      ]
      for (const text of texts) {
        const documents = [{ id: 'a' }]
        const response = await sendCohere(caller, name, chatRequest(text, { documents }))
        assert.equal(checkFields('ChatResult', await response.json()), undefined)
      }
    })

    it(`${name} streams the same answer to ${chatRequest.name}`, async () => {
      const request = chatRequest('Hi there, you')
      const whole = await (await sendCohere(caller, name, request)).json()
      const stream = await sendCohere(caller, name, { ...request, isStream: true })
      assert.deepEqual(foldCohere(await stream.text()), foldCohere(wholeEvent(whole.chatResponse)))
    })
  }
})

/** Gemini's calls lack the ids that the SDK declares. */
function lackOf(name: string, result: object): string | undefined {
  const isCall = name.startsWith('google.') && JSON.stringify(result).includes('"toolCalls"')
  return isCall ? 'chatResponse.choices[0].message.toolCalls[0].id' : undefined
}

/** The text and the finish reason of a stream. */
function fold(stream: string): { text: string; finishReason: string | undefined } {
  const events = stream.split('\n\n').filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
  return {
    text: events.map(({ message }) => message?.content?.[0]?.text ?? '').join(''),
    finishReason: events.find((event) => event.finishReason)?.finishReason,
  }
}

/** The text and the finish reason of a Cohere stream, whose last event may repeat the text. */
function foldCohere(stream: string): { text: string; finishReason: string | undefined } {
  const events = stream.split('\n\n').filter(Boolean)
    .map((line) => JSON.parse(line.slice('data: '.length)))
  const texts = events.filter(({ chatHistory }) => events.length === 1 || !chatHistory)
    .map(({ text, message }) =>
      text ?? message?.content?.map((part: { text?: string }) => part.text ?? '').join('') ?? ''
    )
  return { text: texts.join(''), finishReason: events.at(-1)?.finishReason }
}

function wholeEvent(chatResponse: object): string {
  return `data: ${JSON.stringify(chatResponse)}\n\n`
}
