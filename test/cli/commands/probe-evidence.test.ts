import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Capabilities } from '../../../src/config/capabilities.ts'
import { embeddingTypeCase } from '../../../src/cli/probe/embedding-types.ts'
import { describeError } from '../../../src/cli/probe/observe.ts'
import { openHostGateway } from '../../../src/cli/open-gateway.ts'
import type { ErrorShape, ServiceBehavior } from '../../../src/simulator/service-behavior.ts'
import type { UpstreamResponse } from '../../../src/platform.ts'
import { runCli } from '../fake-host.ts'
import { createWorld, FILE } from '../probe-world.ts'

const GROK = 'xai.grok-4.3'
const EMBED = 'cohere.embed-v4.0'
const OLD_LLAMA = 'meta.llama-3.2-90b-vision-instruct'

const shapes: [shape: ErrorShape, described: string][] = [
  ['numeric-text', '"code" is numeric text'],
  ['word', '"code" is a word'],
  ['number', '"code" is a number'],
  ['nested', '"code" is numeric text, "message" is JSON'],
  ['double', '"code" is numeric text, "message" is JSON, encoded twice'],
  ['openai', 'an error object of OpenAI'],
]

describe('probe, of what the gateway reads in all forms', () => {
  for (const [errorShape, described] of shapes) {
    it(`settles error_code: ${errorShape}`, async () => {
      const usual = await probe({})
      const { file, ask } = await probe({ errorShape })
      const found = evidenceOf(file, 'error_code')
      assert.ok(found.length > 4)
      const results = found.map(({ result }) =>
        result.replace(/^(?:no messages|temperature 9): /, '')
      )
      assert.deepEqual([...new Set(results)], [described])
      assert.deepEqual(file.models, usual.file.models, 'the other questions do not depend on it')
      for (const [path, body] of rejected) {
        const [expected, answer] = [await usual.ask(path, body), await ask(path, body)]
        assert.ok(expected.status >= 400 && expected.status < 500)
        assert.equal(answer.status, expected.status)
        assert.deepEqual(await errorOf(answer), await errorOf(expected))
      }
    })
  }

  for (const lifecycleHeader of ['model-deprecation-info', 'model-retirement-info'] as const) {
    it(`settles deprecation_header: ${lifecycleHeader}`, async () => {
      const { file, ask, lines } = await probe({ lifecycleHeader })
      assert.deepEqual(evidenceOf(file, 'deprecation_header'), [
        { question: 'deprecation_header', model: OLD_LLAMA, result: lifecycleHeader },
      ])
      for (const stream of [false, true, false]) {
        const response = await ask('/v1/chat/completions', { ...chat('Hi', OLD_LLAMA), stream })
        assert.equal(response.status, 200)
        await response.text()
      }
      const notices = lines.map((line) => JSON.parse(line))
        .filter(({ event }) => event === 'model_deprecated')
        .map(({ level, model, notice }) => [level, model, notice])
      assert.deepEqual(notices, [['warn', OLD_LLAMA, '2026-06-01T00:00:00.000Z']])
    })
  }

  it('reads the header of a deprecated model in answers to other questions', async () => {
    const { file, requests } = await probe({}, { announced: GROK })
    assert.deepEqual(evidenceOf(file, 'deprecation_header'), [
      { question: 'deprecation_header', model: GROK, result: 'model-deprecation-info' },
    ])
    assert.ok(!JSON.stringify(requests).includes(OLD_LLAMA))
  })

  it('says that a deprecated model has none of the headers', async () => {
    const { file } = await probe({}, { announced: '' })
    assert.deepEqual(evidenceOf(file, 'deprecation_header').map(({ result }) => result), [
      'none of the headers',
    ])
  })
})

describe('probe, of embeddingTypes', () => {
  for (const embeddingTypeCase of ['lower', 'upper'] as const) {
    it(`returns the same vectors in base64: ${embeddingTypeCase}`, async () => {
      const { file, ask } = await probe({ embeddingTypeCase })
      assert.deepEqual(evidenceOf(file, 'embedding_type_case').map(({ result }) => result), [
        `embeddingTypes are in ${embeddingTypeCase} case`,
      ])
      const body = { model: EMBED, input: ['a', 'b [[sim:upper-case]]'] }
      const inBase64 = await ask('/v1/embeddings', { ...body, encoding_format: 'base64' })
      const inNumbers = await ask('/v1/embeddings', body)
      const [encoded, plain] = [await inBase64.json(), await inNumbers.json()]
      assert.deepEqual(encoded.usage, plain.usage)
      assert.equal(plain.data.length, 2)
      for (const [at, { embedding }] of plain.data.entries()) {
        const bytes = Buffer.from(encoded.data[at].embedding, 'base64')
        assert.equal(bytes.length, embedding.length * 4)
        assert.equal(bytes.readFloatLE(4), Math.fround(embedding[1]))
      }
    })
  }

  const vector = [0.5, -0.25]
  const answers: [name: string, base64: unknown, isExpected: boolean][] = [
    ['32-bit floats', encode(new Float32Array(vector)), true],
    ['64-bit floats', encode(new Float64Array(vector)), false],
    ['other floats', encode(new Float32Array([0.5, 0.25])), false],
    ['integers', encode(new Int8Array([64, -32])), false],
    ['no base64', '%', false],
    ['numbers', vector, false],
  ]
  for (const [name, base64, isExpected] of answers) {
    it(`accepts only what the gateway can pass on: ${name}`, () => {
      const [variant] = embeddingTypeCase().variants
      const answer = { embeddingsByType: { float: [vector], base64: [base64] } }
      assert.equal(variant?.isExpected?.(answer), isExpected)
    })
  }
})

describe('describeError()', () => {
  const texts: [text: string, described: string][] = [
    ['<html></html>', 'no message'],
    ['', 'no message'],
    ['{"message":"no"}', '"code" is missing'],
    ['{"code":"400","message":"use {a}"}', '"code" is numeric text'],
    ['{"code":"400","message":"Error: {\\"error\\":1}"}', `${shapes[3]?.[1]}`],
    ['{"code":"400","message":"Error: \\"{\\\\\\"error\\\\\\":1}\\""}', `${shapes[4]?.[1]}`],
  ]
  for (const [text, described] of texts) {
    it(`describes ${text}`, () => assert.equal(describeError(text), described))
  }
})

function chat(content: string, model = GROK): object {
  return { model, messages: [{ role: 'user', content }] }
}

/** Requests that OCI rejects. */
const rejected: [path: string, body: object][] = [
  ['/v1/chat/completions', chat('Hi [[sim:context-length]]')],
  ['/v1/chat/completions', chat('Hi', 'xai.unknown')],
  ['/v1/chat/completions', chat('Hi [[sim:unknown-directive]]')],
  ['/v1/embeddings', { model: EMBED, input: Array(2).fill('word '.repeat(65_000)) }],
]

/** The body of an error without OCI's id of the call. */
async function errorOf(response: Response): Promise<unknown> {
  const text = await response.text()
  return JSON.parse(text.replace(/ \(opc-request-id: [^)]+\)/, ''))
}

function evidenceOf({ evidence }: Capabilities, name: string): Capabilities['evidence'] {
  return evidence.filter(({ question }) => question === name)
}

/**
 * Runs the command, and opens the gateway with the file that it writes.
 * @param announced the only model whose answers have the header of deprecation, and that is listed so
 */
async function probe(
  behavior: Partial<ServiceBehavior>,
  { announced }: { announced?: string } = {},
) {
  const { host, requests } = createWorld({ behavior })
  const { fetch } = host
  const probed = announced === undefined ? host : {
    ...host,
    fetch: (url: string, init: RequestInit) => fetch(url, init).then((r) => announce(r, url, init)),
  }
  const { status, stdout } = await runCli('probe --yes', probed)
  assert.equal(status, 0, stdout)
  const file = JSON.parse(host.files.contents.get(FILE) ?? '{}') as Capabilities
  const lines: string[] = []
  const { app } = await openHostGateway(host, host.env, (line) => lines.push(line))
  const ask = (path: string, body: object) =>
    Promise.resolve(app.request(path, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    }))
  return { file, ask, lines, requests }

  async function announce(response: UpstreamResponse, url: string, { body }: RequestInit) {
    const text = await response.text()
    const headers = new Headers({ 'content-type': response.headers.get('content-type') ?? '' })
    const isAnnounced = announced !== '' && String(body ?? '') !== '' &&
      new TextDecoder().decode(body as Uint8Array<ArrayBuffer>).includes(`"${announced}"`)
    if (isAnnounced) headers.set('model-deprecation-info', 'soon')
    const { status } = response
    if (!url.includes('/models')) return new Response(text, { status, headers })
    const { items } = JSON.parse(text)
    for (const item of announced === '' ? [] : items) {
      item.timeDeprecated = item.displayName === announced ? '2026-01-01T00:00:00.000Z' : null
    }
    const next = response.headers.get('opc-next-page')
    if (next) headers.set('opc-next-page', next)
    return Response.json({ items }, { headers })
  }
}

function encode({ buffer }: { buffer: ArrayBufferLike }): string {
  return Buffer.from(buffer).toString('base64')
}
