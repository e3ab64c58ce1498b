import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/simulator/catalogue.ts'
import { BEARER } from '../oci-names.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const TEXT_ONLY = 'openai.gpt-oss-120b'
const VISION = 'xai.grok-4.3'
const NOTE = `[image omitted: ${TEXT_ONLY} reads text only]`
const RELAYED = { config: { models: { '*': { endpoint: 'openai' } } } }

const user = (content: unknown) => ({ role: 'user', content })
const image = (url: unknown) => ({ type: 'image_url', image_url: url })
const inputImage = (url: unknown) => ({ type: 'input_image', image_url: url })
const HELLO = { role: 'assistant', content: 'Hello' }
const CALL = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
}
const result = (content: unknown) => ({ role: 'tool', tool_call_id: 'c', content })
const OUTPUT = { type: 'function_call_output', call_id: 'c' }
const CALL_ITEM = { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' }
const AUDIO = { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } }
const FILE = {
  type: 'file',
  file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
}

type Case = [
  name: string,
  path: '/chat/completions' | '/responses',
  model: string,
  body: Record<string, unknown>,
  /** In the last request that OCI receives. */
  sent: RegExp,
  /** Whether OCI's OpenAI endpoint receives one request in the client's form. */
  isRelayed: boolean,
  ...warnings: string[],
]

const messages = (...list: object[]) => ({ messages: list })
const input = (...list: object[]) => ({ input: list })
const escaped = (text: string) => new RegExp(RegExp.escape(text))

const HISTORIES: Case[] = [
  [
    'an image in an earlier message',
    '/chat/completions',
    TEXT_ONLY,
    messages(user([image({ url: PNG, detail: 'low' })]), HELLO, user('Thanks')),
    escaped(`[{"type":"text","text":"${NOTE}"}]`),
    true,
    `messages[0].content[0]: image omitted, ${TEXT_ONLY} reads text only`,
  ],
  [
    'media before a tool call',
    '/chat/completions',
    TEXT_ONLY,
    messages(user([image({ url: PNG }), AUDIO, FILE]), CALL, result('Nothing')),
    escaped(`[document omitted: ${TEXT_ONLY} reads text only]`),
    true,
    `messages[0].content[0]: image omitted, ${TEXT_ONLY} reads text only`,
    `messages[0].content[1]: audio omitted, ${TEXT_ONLY} reads text only`,
    `messages[0].content[2]: document omitted, ${TEXT_ONLY} reads text only`,
  ],
  [
    'an image in a tool result of a model without images',
    '/chat/completions',
    TEXT_ONLY,
    messages(user('Look'), CALL, result([{ type: 'text', text: 'Here' }, image({ url: PNG })])),
    escaped(NOTE),
    false,
    `messages[2].content[1]: image omitted, ${TEXT_ONLY} reads text only`,
  ],
  [
    'an image in a tool result of a model with images',
    '/chat/completions',
    VISION,
    messages(user('Look'), CALL, result([image({ url: PNG })])),
    escaped(PNG),
    false,
  ],
  [
    'a file that the endpoint rejects',
    '/chat/completions',
    VISION,
    messages(user([FILE]), HELLO, user('Thanks')),
    escaped(`[document omitted: ${VISION} reads text and image only]`),
    false,
    'messages[0].content[0].file.filename: not supported, left out',
    `messages[0].content[0]: document omitted, ${VISION} reads text and image only`,
  ],
  [
    'an image in the form of another API, which the endpoint rejects',
    '/chat/completions',
    VISION,
    messages(user([image(PNG)]), HELLO, user('Thanks')),
    escaped(PNG),
    false,
  ],
  [
    'an image of an unregistered type',
    '/chat/completions',
    VISION,
    messages(user([image({ url: 'data:image/jpg;base64,/9j/' })])),
    escaped('"data:image/jpeg;base64,/9j/"'),
    true,
  ],
  [
    'images in an earlier message and a tool output',
    '/responses',
    TEXT_ONLY,
    input(user([inputImage(PNG)]), CALL_ITEM, { ...OUTPUT, output: [inputImage(PNG)] }),
    escaped(`"output":[{"type":"input_text","text":"${NOTE}"}]`),
    true,
    `input[0].content[0]: image omitted, ${TEXT_ONLY} reads text only`,
    `input[2].output[0]: image omitted, ${TEXT_ONLY} reads text only`,
  ],
  [
    'an image of the assistant',
    '/responses',
    TEXT_ONLY,
    input(user('Draw'), { role: 'assistant', content: [inputImage(PNG)] }, user('Thanks')),
    escaped(`{"type":"output_text","text":"${NOTE}"}`),
    true,
    `input[1].content[0]: image omitted, ${TEXT_ONLY} reads text only`,
  ],
  [
    'an image whose URL is an object, which the endpoint rejects',
    '/responses',
    VISION,
    input(user([inputImage({ url: PNG })]), HELLO, user('Thanks')),
    escaped(PNG),
    false,
  ],
  [
    'an image of an unregistered type',
    '/responses',
    VISION,
    input(user([inputImage('data:image/jpg;base64,/9j/')])),
    escaped('"data:image/jpeg;base64,/9j/"'),
    true,
  ],
]

describe("media in the history of a request for OCI's OpenAI endpoint", () => {
  for (
    const [credential, options] of [['a signature', RELAYED], ['a bearer key', {
      env: BEARER,
    }]] as const
  ) {
    for (const [name, path, model, body, sent, isRelayed, ...warnings] of HISTORIES) {
      for (const stream of [false, true]) {
        it(`R-A3 are accepted: ${path}, ${name}, ${credential}, stream ${stream}`, async () => {
          const gateway = await openTestGateway(options)
          const { status, text, headers } = await post(gateway, path, { model, stream, ...body })
          assert.equal(status, 200, text)
          const listed = (headers.get('x-oci-gateway-warnings') ?? '').split('; ').filter(Boolean)
          assert.deepEqual(listed, warnings)
          assert.match(JSON.stringify(gateway.calls.at(-1)?.json), sent)
          const paths = gateway.calls.map(({ url }) => url.pathname)
          assert.equal(
            paths.length === 1 && paths[0] === `/openai/v1${path}`,
            isRelayed,
            String(paths),
          )
        })
      }
    }
  }

  it('R-A3 those of the newest user message are rejected', async () => {
    const gateway = await openTestGateway(RELAYED)
    for (
      const [path, body] of [
        ['/chat/completions', messages(HELLO, user([image({ url: PNG })]))],
        ['/responses', input(HELLO, user([inputImage(PNG)]))],
      ] as const
    ) {
      const { status, text } = await post(gateway, path, { model: TEXT_ONLY, ...body })
      assert.equal(status, 400, text)
      assert.match(text, /does not support this image/)
    }
  })

  it('R-A3 a request that continues a response of OCI is not translated', async () => {
    const gateway = await openTestGateway(RELAYED)
    const { text } = await post(gateway, '/responses', {
      model: VISION,
      previous_response_id: 'resp_of_oci',
      input: [user([{ type: 'input_smell' }])],
    })
    assert.match(text, /input_smell/)
    assert.equal(gateway.calls.length, 1)
  })
})

describe("a level that OCI's OpenAI endpoint rejects", () => {
  const levels: [path: string, body: object][] = [
    ['/chat/completions', { ...messages(user('Hi')), reasoning_effort: 'max' }],
    ['/responses', { ...input(user('Hi')), reasoning: { effort: 'max' } }],
    ['/chat/completions', { ...messages(user('Hi')), verbosity: 'max' }],
    ['/responses', { ...input(user('Hi')), text: { verbosity: 'max' } }],
  ]
  for (const [path, body] of levels) {
    it(`R-A7 is sent as the nearest one: ${path} ${Object.keys(body)[1]}`, async () => {
      const gateway = await openTestGateway({ env: BEARER })
      const model = 'openai.gpt-5.2'
      const { status, text, headers } = await post(gateway, path, { model, ...body })
      assert.equal(status, 200, text)
      assert.match(headers.get('x-oci-gateway-warnings') ?? '', /^[\w.]+: sent as x?high$/)
    })
  }
})

describe('media that a model of an unknown profile rejects', () => {
  const model = ENDPOINTS.find(({ name }) => name === 'imported-dedicated')?.id
  for (const [name, options] of [['native', {}], ['relayed', RELAYED]] as const) {
    it(`R-A3 become notes: ${name}`, async () => {
      const gateway = await openTestGateway(options)
      const body = messages(user([image({ url: PNG })]), HELLO, user('Thanks'))
      const calls: number[] = []
      for (let request = 0; request < 3; request++) {
        const before = gateway.calls.length
        const posted = await post(gateway, '/chat/completions', { model, ...body })
        assert.equal(posted.status, 200, posted.text)
        assert.match(
          posted.headers.get('x-oci-gateway-warnings') ?? '',
          /^messages\[0\].*image omitted/,
        )
        calls.push(gateway.calls.length - before)
      }
      assert.equal(calls.at(-1), 1, 'the quirk is remembered')
    })
  }
})

describe('images beyond the maximum of a model', () => {
  const LLAMA = 'meta.llama-3.2-90b-vision-instruct'
  const COMMAND = 'cohere.command-a-vision-07-2025'
  const first = image({ url: 'data:image/png;base64,iVBORw0KGgoAAAA1' })
  const second = image({ url: 'data:image/png;base64,iVBORw0KGgoAAAA2' })
  const turns = messages(user([first]), HELLO, user([second]))
  const results = messages(
    user([first]),
    HELLO,
    user('Look'),
    CALL,
    result([first, second]),
  )
  const omitted = (at: string, model: string) =>
    `${at}: image omitted, ${model} reads 1 image per request`
  const cases: [string, object, object, string, ...string[]][] = [
    ['native', {}, turns, LLAMA, omitted('messages[0].content[0]', LLAMA)],
    ['native', {}, turns, COMMAND, omitted('messages[0].content[0]', COMMAND)],
    ['relayed', RELAYED, turns, LLAMA, omitted('messages[0].content[0]', LLAMA)],
    ['bearer', { env: BEARER }, turns, LLAMA, omitted('messages[0].content[0]', LLAMA)],
    [
      'results',
      {},
      results,
      LLAMA,
      omitted('messages[0].content[0]', LLAMA),
      omitted('messages[4].content[0]', LLAMA),
    ],
  ]
  for (const [name, options, body, model, ...warnings] of cases) {
    it(`R-A3 become notes, earliest first: ${model}, ${name}`, async () => {
      const gateway = await openTestGateway(options)
      const { status, text, headers } = await post(gateway, '/chat/completions', { model, ...body })
      assert.equal(status, 200, text)
      assert.equal(headers.get('x-oci-gateway-warnings'), warnings.join('; '))
      const sent = JSON.stringify(gateway.calls.at(-1)?.json)
      assert.match(sent, /AAAA2/)
      assert.doesNotMatch(sent, /AAAA1/)
    })
  }
})

async function post(gateway: TestGateway, path: string, body: object) {
  const response = await gateway.fetch(`/v1${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
