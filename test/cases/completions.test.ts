import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'

interface TextCompletion {
  id: string
  object: string
  model: string
  choices: { index: number; text: string; logprobs: object | null; finish_reason: string | null }[]
  usage?: { total_tokens: number }
}

const MODEL = 'xai.grok-3'
const PREFIX = 'This is the simulator speaking as xai.grok-3. You said: '

const gateway = await openTestGateway()

describe('POST /v1/completions', () => {
  it('sends the prompt as a user message of a chat', async () => {
    const { status, reply, sent } = await post({ prompt: 'Once', max_tokens: 50, stop: '#' })
    assert.equal(status, 200)
    assert.match(reply.id, /^cmpl-\w{24}$/)
    assert.deepEqual([reply.object, reply.model], ['text_completion', MODEL])
    assert.deepEqual(reply.choices, [choice(0, `${PREFIX}Once`)])
    assert.ok((reply.usage?.total_tokens ?? 0) > 0)
    assert.deepEqual(sent[0]?.['chatRequest'], {
      apiFormat: 'GENERIC',
      messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Once' }] }],
      maxTokens: 50,
      stop: ['#'],
    })
  })

  it('answers each of several prompts and repeats them with "echo"', async () => {
    const { reply, calls } = await post({ prompt: ['One', 'Two', 'Three'], echo: true })
    assert.equal(calls.length, 3)
    assert.deepEqual(
      reply.choices,
      ['One', 'Two', 'Three'].map((prompt, at) => choice(at, `${prompt}${PREFIX}${prompt}`)),
    )
  })

  it('streams the same text in chunks', async () => {
    const body = { prompt: ['One', 'Two'], echo: true, stream_options: { include_usage: true } }
    const whole = await post(body)
    const chunks = await stream(body)
    for (const { index, text } of whole.reply.choices) {
      const pieces = chunks.flatMap(({ choices }) => choices).filter((piece) =>
        piece.index === index
      )
      assert.equal(pieces.map((piece) => piece.text).join(''), text)
      assert.deepEqual(pieces.map((piece) => piece.finish_reason).filter(Boolean), ['stop'])
    }
    assert.ok(chunks.every(({ object }) => object === 'text_completion'))
    assert.deepEqual(chunks.at(-1)?.choices, [])
    assert.equal(chunks.at(-1)?.usage?.total_tokens, whole.reply.usage?.total_tokens)
  })

  it('streams without usage unless stream_options.include_usage is set', async () => {
    const chunks = await stream({ prompt: 'Once' })
    const pieces = chunks.flatMap(({ choices }) => choices)
    assert.equal(pieces.map(({ text }) => text).join(''), `${PREFIX}Once`)
    assert.ok(chunks.every(({ usage, choices }) => !usage && choices.length === 1))
  })

  it('returns logprobs in the format of the completions API', async () => {
    const { reply, sent } = await post({ prompt: 'Once', logprobs: 2 })
    const { logprobs, text } = reply.choices[0] ?? assert.fail('no choice')
    const { tokens, text_offset: offsets } = Object(logprobs)
    assert.equal(tokens.join(''), text)
    assert.equal(offsets[1], tokens[0].length)
    assert.equal(Object(sent[0]?.['chatRequest'])['logProbs'], 2)
  })

  it('warns about parameters that it leaves out', async () => {
    const { headers } = await post({ prompt: 'Once', best_of: 2, colour: 'red' })
    assert.equal(
      headers.get('x-oci-gateway-warnings'),
      'colour: not known, left out; best_of: not supported, n replies are generated',
    )
  })

  it('also answers without /v1', async () => {
    const { status } = await postJson(gateway, '/completions', { model: MODEL, prompt: 'Once' })
    assert.equal(status, 200)
  })

  const refusals: [name: string, request: object, param: string][] = [
    ['refuses tokens', { prompt: [1, 2] }, 'prompt'],
    ['rejects a suffix', { prompt: 'Once', suffix: 'end' }, 'suffix'],
    ['rejects a missing prompt', {}, 'prompt'],
    ['rejects an empty prompt in a list', { prompt: ['a', ''] }, 'prompt[1]'],
  ]
  for (const [name, request, param] of refusals) {
    it(name, async () => {
      const { status, reply } = await post(request)
      assert.deepEqual([status, reply.error?.param], [400, param])
    })
  }

  it('X17 ends a truncated stream with an error', async () => {
    const response = await open({ prompt: ['One', '[[sim:end-after=2]] one two'] })
    const text = await response.text()
    assert.match(text, /"finish_reason":"stop"/)
    assert.match(text, /"code":"upstream_incomplete"\}\}\n\n$/)
    assert.ok(!text.includes('[DONE]'))
  })

  it('E06 answers with an HTTP status when OCI fails before the stream starts', async () => {
    const response = await open({ prompt: '[[sim:context-length]]' })
    assert.equal(response.status, 400)
    assert.equal((await response.json()).error.code, 'context_length_exceeded')
  })
})

function post(body: object) {
  return postJson<TextCompletion>(gateway, '/v1/completions', { model: MODEL, ...body })
}

function open(body: object): Promise<Response> {
  return gateway.fetch('/v1/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, stream: true, ...body }),
  })
}

/** The chunks of a successful stream. */
async function stream(body: object): Promise<TextCompletion[]> {
  const text = await (await open(body)).text()
  assert.ok(text.endsWith('data: [DONE]\n\n'), text)
  const events = text.slice(0, -'data: [DONE]\n\n'.length).trimEnd().split('\n\n')
  return events.map((event) => JSON.parse(event.slice('data: '.length)))
}

function choice(index: number, text: string): object {
  return { index, text, logprobs: null, finish_reason: 'stop' }
}
