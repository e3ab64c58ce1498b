import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHostGateway } from '../../../src/cli/open-gateway.ts'
import type { Prompts } from '../../../src/cli/init/prompts.ts'
import type { ServiceBehavior } from '../../../src/simulator/service-behavior.ts'
import { FakeInput, FakeOutput, runCli } from '../fake-host.ts'
import { createWorld, FILE } from '../probe-world.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
const GROK = 'xai.grok-4.3'
const OSS = 'openai.gpt-oss-20b'
const COMMAND_A = 'cohere.command-a-03-2025'

/** A chat with a call of a tool and its result. */
const TOOL_TURN = {
  messages: [
    { role: 'user', content: 'Add' },
    {
      ...{ role: 'assistant', content: null },
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'add', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: '2' },
  ],
  tools: [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }],
}
const PICTURE = { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' }
const HI = { messages: [{ role: 'user', content: 'Hi' }] }
const SYSTEM = {
  ...TOOL_TURN,
  messages: [{ role: 'system', content: 'Be brief' }, ...HI.messages],
}

interface Row {
  question: string
  behavior: Partial<ServiceBehavior>
  /** The capabilities of a pattern of models, or another member of the file. */
  written: [name: string, value: object]
  /** What the gateway is asked, and what OCI receives then. */
  asks: { path?: string; body: object }
  sends: (request: Record<string, unknown>) => unknown
  expected: unknown
}

const models = (pattern: string, value: object): Row['written'] => [`models ${pattern}`, value]

const rows: Row[] = [
  ...[false, true].map((needsToolCallText): Row => ({
    ...{ question: 'tool_call_text', behavior: { needsToolCallText } },
    written: models('xai.grok*', { emptyToolCallText: needsToolCallText ? '.' : null }),
    asks: { body: { model: GROK, ...TOOL_TURN } },
    sends: ({ messages }) => (messages as { content?: unknown }[])[1]?.content,
    expected: needsToolCallText ? [{ type: 'TEXT', text: '.' }] : undefined,
  })),
  ...[false, true].map((needsToolCallText): Row => ({
    ...{ question: 'tool_call_text', behavior: { needsToolCallText } },
    written: models('google.gemini*', { emptyToolCallText: '.' }),
    asks: { body: { model: 'google.gemini-2.5-flash', ...TOOL_TURN } },
    sends: ({ messages }) => (messages as { content?: unknown }[])[1]?.content,
    expected: [{ type: 'TEXT', text: '.' }],
  })),
  ...[false, true].map((needsSingleStep): Row => ({
    ...{ question: 'single_step', behavior: { needsSingleStep } },
    written: models('cohere.*', { forceSingleStep: needsSingleStep }),
    asks: { body: { model: COMMAND_A, ...TOOL_TURN } },
    sends: ({ isForceSingleStep, message }) => [isForceSingleStep, message],
    expected: needsSingleStep ? [true, 'Add'] : [undefined, ''],
  })),
  ...(['cohere.rerank-v3.5', 'cohere.rerank.3-5'] as const).map((rerankId): Row => {
    const other = rerankId === 'cohere.rerank-v3.5' ? 'cohere.rerank.3-5' : 'cohere.rerank-v3.5'
    return {
      ...{ question: 'rerank_id', behavior: { rerankId } },
      written: ['aliases', { [other]: rerankId }],
      asks: { path: '/v1/rerank', body: { model: other, query: 'a', documents: ['a'] } },
      sends: ({ servingMode }) => (servingMode as { modelId?: unknown }).modelId,
      expected: rerankId,
    }
  }),
  ...[true, false].map((capsOutput): Row => ({
    ...{ question: 'output_limit', behavior: { capsOutput } },
    written: models('meta.llama*', { maxOutputTokens: capsOutput ? 4_000 : null }),
    asks: { body: { model: LLAMA, ...HI, max_tokens: 6_000 } },
    sends: ({ maxTokens }) => maxTokens,
    expected: capsOutput ? 4_000 : 6_000,
  })),
  ...[true, false].map((capsOutput): Row => ({
    ...{ question: 'output_limit', behavior: { capsOutput } },
    written: models('cohere.command*', { maxOutputTokens: capsOutput ? 4_000 : null }),
    asks: { body: { model: COMMAND_A, ...HI, max_tokens: 6_000 } },
    sends: ({ maxTokens }) => maxTokens,
    expected: capsOutput ? 4_000 : 6_000,
  })),
  ...[true, false].map((hasSystemWithTools): Row => ({
    ...{ question: 'system_with_tools', behavior: { hasSystemWithTools } },
    written: models('meta.llama*', { systemRole: hasSystemWithTools ? 'system' : 'user' }),
    asks: { body: { model: LLAMA, ...SYSTEM } },
    sends: ({ messages }) => (messages as { role: string }[])[0]?.role,
    expected: hasSystemWithTools ? 'SYSTEM' : 'USER',
  })),
  ...[true, false].map((hasMaxTokens): Row => ({
    ...{ question: 'output_limit_field', behavior: { hasMaxTokens } },
    written: models('openai.gpt-oss*', {
      ...{ tokenField: hasMaxTokens ? 'maxTokens' : 'maxCompletionTokens' },
      emptyToolCallText: null,
    }),
    asks: { body: { model: OSS, ...HI, max_tokens: 9 } },
    sends: ({ maxTokens, maxCompletionTokens }) => [maxTokens, maxCompletionTokens],
    expected: hasMaxTokens ? [9, undefined] : [undefined, 9],
  })),
  ...[true, false].map((hasImageDetail): Row => ({
    ...{ question: 'image_detail', behavior: { hasImageDetail } },
    written: models('xai.grok*', { imageDetail: hasImageDetail }),
    asks: {
      body: {
        ...{ model: GROK },
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: PICTURE }] }],
      },
    },
    sends: ({ messages }) => JSON.stringify(messages).includes('"detail":"LOW"'),
    expected: hasImageDetail,
  })),
  ...[true, false].map((hasStreams): Row => ({
    ...{ question: 'stream_with_tools', behavior: { hasStreams } },
    written: models('google.gemini*', { streams: hasStreams ? undefined : false }),
    asks: { body: { model: 'google.gemini-2.5-flash', ...HI, stream: true } },
    sends: ({ isStream }) => isStream ?? false,
    expected: hasStreams,
  })),
  ...[true, false].map((hasTools): Row => ({
    ...{ question: 'stream_with_tools', behavior: { hasTools } },
    written: models('openai.gpt-oss*', { tools: hasTools ? undefined : false }),
    asks: { body: { model: OSS, ...HI, tools: TOOL_TURN.tools } },
    sends: ({ tools }) => tools !== undefined,
    expected: hasTools,
  })),
  ...(['lower', 'upper'] as const).map((embeddingTypeCase): Row => {
    const base64Embeddings = embeddingTypeCase === 'lower' ? 'base64' : 'BASE64'
    return {
      ...{ question: 'embedding_type_case', behavior: { embeddingTypeCase } },
      written: models('cohere.embed-v4*', { base64Embeddings }),
      asks: {
        path: '/v1/embeddings',
        body: { model: 'cohere.embed-v4.0', input: 'a', encoding_format: 'base64' },
      },
      sends: ({ embeddingTypes }) => embeddingTypes,
      expected: [base64Embeddings],
    }
  }),
]

describe('probe', () => {
  for (const { question, behavior, written, asks, sends, expected } of rows) {
    const [name, value] = written
    it(`settles ${question}: ${JSON.stringify(behavior)}, ${name}`, async () => {
      const { host, requests } = createWorld({ behavior })
      await runCli('probe --yes', host)
      const file = JSON.parse(host.files.contents.get(FILE) ?? '{}')
      const pattern = name.startsWith('models ') ? name.slice('models '.length) : undefined
      const found = pattern === undefined ? file[name] : file.models[pattern]
      for (const [key, part] of Object.entries(value)) assert.deepEqual(found[key], part, key)
      const { app } = await openHostGateway(host, host.env, () => {})
      requests.length = 0
      const response = await app.request(asks.path ?? '/v1/chat/completions', {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify(asks.body),
      })
      assert.equal(response.status, 200, await response.clone().text())
      await response.text()
      assert.equal(requests.length, 1, 'OCI rejects nothing')
      const sent = requests[0] ?? {}
      assert.deepEqual(sends((sent['chatRequest'] ?? sent) as Record<string, unknown>), expected)
    })
  }

  for (const hasNativeBearer of [true, false]) {
    it(`settles native_api_key: ${hasNativeBearer}`, async () => {
      const { host, paths } = createWorld(
        { behavior: { hasNativeBearer }, bearerKeys: new Set(['sk-probe']) },
        {
          ...{ OCI_AUTH: 'genai_api_key', OCI_GENAI_API_KEY: 'sk-probe' },
          ...{ OCI_REGION: 'us-chicago-1', OCI_COMPARTMENT_ID: 'ocid1.compartment.oc1..aaaa' },
        },
      )
      const { status, stdout } = await runCli('probe --yes', host)
      const file = JSON.parse(host.files.contents.get(FILE) ?? '{}')
      assert.equal(file.nativeBearer, hasNativeBearer)
      assert.equal(file.evidence.length > 1, hasNativeBearer, stdout)
      assert.equal(status, 0, stdout)
      const { app } = await openHostGateway(host, host.env, () => {})
      paths.length = 0
      const response = await app.request('/v1/chat/completions', {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ model: GROK, ...HI }),
      })
      assert.equal(response.status, 200, await response.text())
      const native = '/20231130/actions/chat'
      assert.deepEqual(paths, [hasNativeBearer ? native : '/openai/v1/chat/completions'])
    })
  }

  it('says what it will call and the most that it costs, without a call', async () => {
    const { host, requests } = createWorld()
    const { status, stdout, stderr } = await runCli('probe --dry-run', host)
    assert.deepEqual([status, stdout, requests.length], [0, '', 0])
    assert.match(stderr, /^At most \d+ small requests to meta\.llama-3\.3-70b-instruct, /)
    assert.match(stderr, /cost at most \$0\.\d+ at list prices/)
    assert.equal(host.files.contents.has(FILE), false)
  })

  it('costs no more than it says', async () => {
    const world = createWorld()
    const { stderr } = await runCli('probe --yes', world.host)
    const calls = Number(/^At most (\d+)/.exec(stderr)?.[1])
    assert.ok(world.requests.length <= calls, `${world.requests.length}`)
  })

  it('needs --yes without a terminal', async () => {
    const { host, requests } = createWorld()
    const { status, stderr } = await runCli('probe', host)
    assert.equal(status, 2)
    assert.match(stderr, /add --yes/)
    assert.equal(requests.length, 0)
  })

  for (const answer of [true, false]) {
    it(`asks on a terminal, with the answer ${answer}`, async () => {
      const { host, requests } = createWorld()
      const asked: string[] = []
      // The only question of the command.
      const prompts: Partial<Prompts> = {
        confirm: ({ message }) => Promise.resolve(asked.push(message) > 0 && answer),
      }
      const status = await runCli('probe', {
        ...host,
        stdin: new FakeInput({ typed: [] }),
        stderr: new FakeOutput({ isTerminal: true }),
        openPrompts: () => Promise.resolve(prompts as Prompts),
      }).then(({ status }) => status)
      assert.deepEqual(asked, ['Make these calls?'])
      assert.deepEqual([status === 0, requests.length > 0, host.files.contents.has(FILE)], [
        answer,
        answer,
        answer,
      ])
    })
  }

  it('prints a report that can be published', async () => {
    const { host } = createWorld({}, {
      OCI_COMPARTMENT_ID: 'ocid1.compartment.oc1..aaaaprivate',
    })
    const fetch = host.fetch
    const secret = 'no policy for ocid1.compartment.oc1..aaaaprivate at private.example.corp.com ' +
      '(https://private.example.com/x, 10.1.2.3, sk-abcdefgh, 0123456789abcdef0123456789ABCDEF)'
    const failing = {
      ...host,
      fetch: (url: string, init: RequestInit) =>
        url.includes('/actions/rerankText')
          ? Promise.resolve(Response.json({ code: '429', message: secret }, { status: 429 }))
          : fetch(url, init),
    }
    const { status, stdout } = await runCli('probe --yes', failing)
    const json = await runCli('probe --yes --json', {
      ...failing,
      ...{ stdout: new FakeOutput(), stderr: new FakeOutput() },
    })
    assert.equal(status, 1)
    for (const text of [stdout, json.stdout]) {
      assert.match(text, /not settled: 429 no policy for \[ocid\] at \[host\]/)
      assert.doesNotMatch(text, /ocid1|private|example|10\.1|sk-a|0123456789abcdef/)
    }
    assert.match(stdout, /^oci-genai-gateway \S+, \d{4}-\d\d-\d\d, \d+ calls\n/)
    assert.match(stdout, /^tool_call_text, xai\.grok-4\.3: a tool call needs no text$/m)
    const file = JSON.parse(host.files.contents.get(FILE) ?? '{}')
    assert.deepEqual(JSON.parse(json.stdout), file)
    assert.deepEqual([file.generator, file.version], ['oci-gateway probe', 1])
  })

  it('ends when OCI refuses the credential, and writes nothing', async () => {
    const { host } = createWorld({ publicKeys: new Map() })
    const { status, stderr } = await runCli('probe --yes', host)
    assert.equal(status, 1)
    assert.match(stderr, /refuses the credential: 401/)
    assert.equal(host.files.contents.has(FILE), false)
  })

  it('writes the file of --output', async () => {
    const { host } = createWorld()
    await runCli('probe --yes --output /work/other.json', host)
    assert.ok(host.files.contents.has('/work/other.json'))
    assert.equal(host.files.contents.has(FILE), false)
  })

  it('prints the report if the file cannot be written', async () => {
    const { host } = createWorld()
    host.files.failures.set('/work/other.json', 'EACCES')
    const { status, stdout, stderr } = await runCli('probe --yes --output /work/other.json', host)
    assert.equal(status, 1)
    assert.match(stdout, /tool_call_text/)
    assert.match(stderr, /Cannot change \/work\/other\.json: this user has no permission/)
  })

  it('asks only about models that are listed', async () => {
    const tenancy = { models: new Map([['us-chicago-1', [GROK]]]) }
    const { host, requests } = createWorld({ tenancy })
    const { stdout } = await runCli('probe --yes', host)
    const asked = requests.map(({ servingMode }) =>
      (servingMode as { modelId?: string } | undefined)?.modelId
    )
    assert.deepEqual([...new Set(asked)], [GROK], stdout)
  })
})
