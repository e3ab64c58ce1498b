import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/simulator/catalogue.ts'
import { BEARER } from '../oci-names.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { refusing } from './upstream.ts'

const MESSAGES = [{ role: 'user', content: 'Hi' }]
const FILE_SEARCH = { type: 'file_search', vector_store_ids: ['vs_1'] }
const TOOLS: [tool: { type: string }, item: string][] = [
  [FILE_SEARCH, 'file_search_call'],
  [{ type: 'code_interpreter', ...{ container: { type: 'auto' } } }, 'code_interpreter_call'],
  [{ type: 'mcp', ...{ server_label: 's', server_url: 'https://e.x/' } }, 'mcp_call'],
  [{ type: 'x_search' }, 'x_search_call'],
]
const OPENAI = '/openai/v1'
const NATIVE = '/20231130/actions/chat'
const { id: IMPORTED = '' } = ENDPOINTS.find(({ name }) => name === 'imported-dedicated') ?? {}

describe('hosted tools', () => {
  let gateway: TestGateway
  before(async () => {
    gateway = await openTestGateway()
  })

  for (const [tool, item] of TOOLS) {
    for (const stream of [false, true]) {
      it(`R-H1 sends ${tool.type} to OCI's Responses, stream ${stream}`, async () => {
        const { text, paths, warnings } = await create(gateway, { tools: [tool], stream })
        assert.deepEqual(paths, [`${OPENAI}/responses`])
        assert.match(text, new RegExp(`"type":"${item}"`))
        if (stream) assert.match(text, new RegExp(`event: response\\.${item}\\.completed`))
        assert.equal(warnings, '')
      })
    }
  }

  it('R-H1 beside functions and for the output of an earlier turn', async () => {
    const tools = [{ type: 'function', name: 'f', parameters: { type: 'object' } }, FILE_SEARCH]
    const first = await create(gateway, { tools })
    const { output } = JSON.parse(first.text)
    const input = [{ role: 'user', content: 'Hi' }, ...output, { role: 'user', content: 'On' }]
    const { paths, text } = await create(gateway, { tools, input })
    assert.deepEqual(paths, [`${OPENAI}/responses`])
    assert.match(text, /file_search_call/)
  })

  it('R-H1 for an imported model on a dedicated cluster', async () => {
    const { paths } = await create(gateway, { model: IMPORTED, tools: [FILE_SEARCH] })
    assert.deepEqual(paths.filter((path) => !path.includes('20231130')), [`${OPENAI}/responses`])
  })

  const without: [name: string, body: object, path: string, warning: RegExp][] = [
    [
      'a model that is not served there',
      { model: 'meta.llama-3.3-70b-instruct', tools: [FILE_SEARCH] },
      ...[NATIVE, /tools\[0\]: file_search is not supported, left out/] as const,
    ],
    [
      'a Cohere model',
      { model: 'cohere.command-a-03-2025', tools: [{ type: 'mcp' }] },
      ...[NATIVE, /tools\[0\]: mcp is not supported, left out/] as const,
    ],
    [
      'a tool that the client runs',
      { tools: [FILE_SEARCH, { type: 'local_shell' }] },
      ...[NATIVE, /file_search is not supported/] as const,
    ],
    [
      'a web search, which OCI is not known to run',
      { tools: [{ type: 'web_search' }] },
      ...[NATIVE, /web_search is not supported/] as const,
    ],
  ]
  for (const [name, body, path, warning] of without) {
    it(`R-H2 translates with a warning: ${name}`, async () => {
      const { paths, warnings } = await create(gateway, body)
      assert.deepEqual(paths, [path])
      assert.match(warnings, warning)
    })
  }

  it('R-H2 translates with a warning when OCI rejects the tool', async () => {
    const { paths, warnings } = await create(gateway, {
      ...{ model: 'openai.gpt-oss-120b', tools: [{ type: 'x_search' }] },
    })
    assert.deepEqual(paths, [`${OPENAI}/responses`, NATIVE])
    assert.match(warnings, /x_search is not supported/)
  })

  it('R-H2 translates when OCI does not serve the operation, and remembers it', async () => {
    const unserved = await openTestGateway({
      upstream: ({ url }) =>
        url.pathname.endsWith('/responses')
          ? refusing(400, { code: '400', message: 'Unsupported OpenAI operation' })()
          : undefined,
    })
    for (const expected of [2, 2, 1]) {
      const { paths } = await create(unserved, { tools: [FILE_SEARCH] })
      assert.equal(paths.length, expected)
    }
  })

  it('R-H2 reports a mistake in the definition of a tool', async () => {
    const { status, text, paths } = await create(gateway, { tools: [{ type: 'file_search' }] }, 400)
    assert.equal(status, 400)
    assert.match(text, /vector_store_ids/)
    assert.deepEqual(paths, [`${OPENAI}/responses`])
  })

  it('R-H3 sends a new file id to OCI, and replaces an earlier one by a note', async () => {
    const file = { role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }
    const newest = await create(gateway, { input: [...MESSAGES, file] })
    assert.deepEqual(newest.paths, [`${OPENAI}/responses`])
    const answer = { role: 'assistant', content: 'Yes?' }
    const earlier = await create(gateway, { input: [file, answer, ...MESSAGES] })
    assert.deepEqual(earlier.paths, [NATIVE])
    assert.match(earlier.warnings, /file ids are not supported/)
  })

  it('R-H3 says which models accept file ids', async () => {
    const content = [{ type: 'input_text', text: 'Read' }, { type: 'input_file', file_id: 'f' }]
    const input = [{ role: 'user', content }]
    const model = 'meta.llama-3.3-70b-instruct'
    const { text } = await create(gateway, { model, input }, 400)
    assert.match(text, /File ids are not supported.*xai\.\*, openai\.\* and google\.\*/)
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const part = path.endsWith('messages')
        ? { type: 'document', source: { type: 'file', file_id: 'f' } }
        : { type: 'file', file: { file_id: 'f' } }
      const messages = [{ role: 'user', content: [{ type: 'text', text: 'Read' }, part] }]
      const response = await post(gateway, path, { model: 'xai.grok-4.3', messages, max_tokens: 9 })
      assert.equal(response.status, 400)
      assert.match(await response.text(), /\/v1\/responses accepts file ids/)
    }
  })

  const searches: [name: string, body: object, env: object, paths: readonly string[]][] = [
    ['a web search', { web_search_options: {} }, {}, [`${OPENAI}/chat/completions`]],
    ['a bearer key', { web_search_options: {} }, BEARER, [`${OPENAI}/chat/completions`]],
    ['no web search', { web_search_options: null }, {}, [NATIVE]],
    [
      'Llama',
      { model: 'meta.llama-3.3-70b-instruct', web_search_options: {} },
      ...[{}, [NATIVE]] as const,
    ],
    [
      'Cohere',
      { model: 'cohere.command-a-03-2025', web_search_options: {} },
      ...[{}, [NATIVE]] as const,
    ],
  ]
  for (const [name, body, env, expected] of searches) {
    for (const stream of [false, true]) {
      it(`R-H4 chat completions with ${name}, stream ${stream}`, async () => {
        const own = await openTestGateway({ env: { ...env } })
        const model = 'xai.grok-4.3'
        const chat = { model, messages: MESSAGES, stream, ...body }
        const response = await post(own, '/v1/chat/completions', chat)
        const text = await response.text()
        assert.equal(response.status, 200, text)
        const paths = own.calls.map(({ url }) => url.pathname)
        assert.deepEqual(paths, expected)
        if (expected[0] !== NATIVE) assert.match(text, /"url_citation"/)
      })
    }
  }

  it('R-H4 searches natively when the endpoint rejects a web search', async () => {
    const error = { message: 'Unsupported parameter', param: 'web_search_options', code: 'x' }
    const refused = await openTestGateway({
      upstream: ({ url }) =>
        url.pathname.startsWith(OPENAI) ? refusing(400, { error })() : undefined,
    })
    const { sent } = await refused.ask({
      ...{ model: 'xai.grok-4.3', messages: MESSAGES, web_search_options: {} },
    })
    assert.deepEqual(sent.at(-1)?.['webSearchOptions'], {})
  })
})

function post(gateway: TestGateway, path: string, body: object): Promise<Response> {
  return gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
}

async function create(gateway: TestGateway, body: object, expected = 200) {
  const before = gateway.calls.length
  const response = await post(gateway, '/v1/responses', {
    ...{ model: 'xai.grok-4.3', input: 'Hi', ...body },
  })
  const text = await response.text()
  assert.equal(response.status, expected, text)
  return {
    text,
    status: response.status,
    paths: gateway.calls.slice(before).map(({ url }) => url.pathname),
    warnings: response.headers.get('x-oci-gateway-warnings') ?? '',
  }
}
