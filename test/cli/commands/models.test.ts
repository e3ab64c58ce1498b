import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHostGateway } from '../../../src/cli/open-gateway.ts'
import { createFakeHost, FakeOutput, FakeTimers, runCli } from '../fake-host.ts'
import { createSimulatedHost, CREDENTIAL } from '../simulated-host.ts'

interface Entry {
  id: string
  regions?: string[]
  retired?: boolean
  capabilities: Record<string, boolean>
}

/** A host for which OCI lists these models, by region. */
function hostWith(
  regions: Readonly<Record<string, readonly object[]>>,
  parts: Parameters<typeof createFakeHost>[0] = {},
) {
  return createFakeHost({
    fetch(url) {
      const items = regions[new URL(url).hostname.split('.')[1] ?? '']
      return Promise.resolve(
        items
          ? Response.json({ items })
          : Response.json({ code: 'x', message: 'y' }, { status: 401 }),
      )
    },
    ...parts,
    env: { ...CREDENTIAL, ...parts.env },
  })
}

const CHAT = { capabilities: ['CHAT'], lifecycleState: 'ACTIVE' }
const GROK = { ...CHAT, displayName: 'xai.grok-4.3' }
const LLAMA = { ...CHAT, displayName: 'meta.llama-3.3-70b-instruct' }
const CHICAGO = 'us-chicago-1'
const ASHBURN = 'us-ashburn-1'

function titled(row: string): RegExp {
  return new RegExp(`^${row.replaceAll('.', '\\.').replaceAll(/ +/g, ' +')}$`, 'm')
}

describe('models', () => {
  it('prints a row per model', async () => {
    const { status, stdout, stderr } = await runCli('models', createSimulatedHost())
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
    const rows = [
      'MODEL TASK FAMILY CONTEXT OUTPUT TOOLS VISION REASONING REGIONS SERVING RETIREMENT',
      'gpt-4o-mini → openai.gpt-4.1 chat openai 1.05M 32.8K yes yes no us-chicago-1 on demand –',
      'xai.grok-4.3 chat xai 1M – yes yes yes us-chicago-1 on demand –',
      'meta.llama-3.1-405b-instruct chat meta 128K 4K yes no no us-chicago-1 on demand 2030-01-01',
      'cohere.embed-v4.0 embeddings cohere – – no yes no us-chicago-1 on demand –',
      'cohere.rerank-v4.0-pro rerank cohere – – no no no us-chicago-1 on demand –',
    ]
    for (const row of rows) assert.match(stdout, titled(row))
    assert.match(stdout, /^meta\.llama-3\.2-90b-vision-instruct .* on demand +deprecated$/m)
    assert.doesNotMatch(stdout, /llama-3.1-70b/)
    const retired = await runCli('models --retired llama-3.1-70b', createSimulatedHost())
    assert.match(retired.stdout, /^meta\.llama-3\.1-70b-instruct .* dedicated +2026-01-10$/m)
    assert.ok(!stdout.includes('\x1b'))
  })

  it('--json prints the data array of /v1/models', async () => {
    const host = createSimulatedHost()
    const { app } = await openHostGateway(host, host.env, () => {})
    for (const [flags, query] of [['', ''], [' --retired', '?retired=true']]) {
      const { data } = await (await app.request(`/v1/models${query}`)).json() as { data: object[] }
      const { stdout } = await runCli(`models --json${flags}`, createSimulatedHost())
      assert.deepEqual(JSON.parse(stdout), data)
    }
  })

  const searches: [words: string, matches: (entry: Entry) => boolean][] = [
    ['vision', ({ id, capabilities }) => capabilities['vision'] || id.includes('vision')],
    ['COHERE embeddings', ({ capabilities }) => capabilities['embeddings'] ?? false],
    [
      'grok reasoning tools',
      ({ id, capabilities }) =>
        id.includes('grok') && capabilities['tools'] === true &&
        (capabilities['reasoning'] === true || id.includes('reasoning')),
    ],
    ['gpt-4o-mini', ({ id }) => id.includes('gpt-4o-mini')],
    ['--retired retired', ({ retired }) => retired === true],
  ]
  for (const [words, matches] of searches) {
    it(`finds the models that match ${words}`, async () => {
      const all = await runCli('models --json --retired', createSimulatedHost())
      const found = await runCli(`models --json ${words}`, createSimulatedHost())
      const expected = (JSON.parse(all.stdout) as Entry[])
        .filter((entry) => matches(entry) && (words.includes('--retired') || !entry.retired))
      assert.ok(expected.length > 0)
      assert.deepEqual(JSON.parse(found.stdout), expected)
      assert.equal(found.status, 0)
    })
  }

  it('ends with status 1 and names similar models if none matches', async () => {
    const cases: [line: string, stdout: string, stderr: RegExp][] = [
      ['models gork-4.3', '', /^No model matches "gork-4.3"\. Nearest names: xai\.grok-4\.3/],
      ['models --json gork-4.3', '[]\n', /^No model matches/],
      ['models grok zzzz', '', /^No model matches "grok" and "zzzz"\./],
      ['models -- %%%%', '', /oci-gateway models lists all \d+ models\n$/],
    ]
    for (const [line, stdout, stderr] of cases) {
      const result = await runCli(line, createSimulatedHost())
      assert.deepEqual({ status: result.status, stdout: result.stdout }, { status: 1, stdout })
      assert.match(result.stderr, stderr)
    }
  })

  it('shows only aliases, without a region, if OCI lists no models', async () => {
    const none = await runCli('models', hostWith({ [CHICAGO]: [] }))
    assert.equal(none.stderr, 'OCI lists no models in us-chicago-1.\n')
    assert.match(
      none.stdout,
      titled('gpt-4o-mini → openai.gpt-4.1 chat openai 1.05M 32.8K yes yes no – – –'),
    )
    assert.equal(none.stdout.split('\n').length, 4)
  })

  it('merges the lists of several regions', async () => {
    const env = { OCI_REGION: `${CHICAGO},${ASHBURN}` }
    const regions = { [CHICAGO]: [GROK, LLAMA], [ASHBURN]: [GROK] }
    const { stdout } = await runCli('models --json', hostWith(regions, { env }))
    assert.deepEqual((JSON.parse(stdout) as Entry[]).map(({ id, regions }) => [id, regions]), [
      ['gpt-4o-mini', undefined],
      ['text-embedding-3-small', undefined],
      [GROK.displayName, [CHICAGO, ASHBURN]],
      [LLAMA.displayName, [CHICAGO]],
    ])
    const found = await runCli('models ashburn', hostWith(regions, { env }))
    assert.match(found.stdout, /xai\.grok-4\.3 .* us-chicago-1, us-ashburn-1 /)
    assert.doesNotMatch(found.stdout, /llama/)
  })

  it('warns of a region whose list cannot be read', async () => {
    const host = hostWith({ [ASHBURN]: [GROK] }, {
      env: { OCI_REGION: `${CHICAGO},${ASHBURN}` },
    })
    const { status, stdout, stderr } = await runCli('models', host)
    assert.equal(status, 0)
    assert.match(stdout, /^xai\.grok-4\.3 .* us-ashburn-1 +on demand +–\n$/m)
    assert.match(
      stderr,
      /^Warning: .*the list of us-chicago-1 could not be read.*\noci-gateway doctor finds/,
    )
  })

  it("prints the built-in list with a warning if OCI's cannot be read", async () => {
    const { status, stdout, stderr } = await runCli('models', hostWith({}))
    assert.equal(status, 0)
    assert.match(stdout, /^xai\.grok-4\.3 .* – +on demand +–$/m)
    assert.match(stderr, /^Warning: .*built-in list.*\noci-gateway doctor finds/)
  })

  it('uses a configured API key of the gateway, and a public address needs none', async () => {
    for (const env of [{ GATEWAY_API_KEYS: 'secret-key' }, { HOST: '0.0.0.0' }]) {
      const { status, stderr } = await runCli('models grok', createSimulatedHost({ env }))
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
    }
  })

  it('fits a terminal and names what it leaves out', async () => {
    const stdout = new FakeOutput({ isTerminal: true, columns: 80 })
    const long = { ...CHAT, displayName: `acme.${'x'.repeat(300)}` }
    const host = hostWith({ [CHICAGO]: [long, GROK] }, { stdout })
    const { stderr } = await runCli('models', host)
    const lines = stdout.text.trimEnd().split('\n')
    assert.ok(lines.every((line) => line.length <= 80), stdout.text)
    assert.match(stdout.text, /^acme\.x+… +– +yes/m)
    assert.match(
      stderr,
      /^Not shown \(narrow terminal\): task, family, .*retirement\n/,
    )
  })

  it('prints the warnings of the log as text', async () => {
    const host = createSimulatedHost({ env: { LOG_LEVEL: 'debug' } })
    host.files.contents.set('/work/gateway.json', '{"access":{"apiKeys":["k"]}}')
    host.files.modes.set('/work/gateway.json', 0o644)
    const { stderr } = await runCli('models grok --config /work/gateway.json', host)
    assert.equal(
      stderr,
      'Warning: open file permissions (path: /work/gateway.json, mode: 644, ' +
        'fix: chmod 600 /work/gateway.json)\n',
    )
  })

  it('shows a spinner while OCI does not answer, and ends with status 130 on Ctrl+C', async () => {
    const timers = new FakeTimers()
    const interruption = new AbortController()
    const stderr = new FakeOutput({ isTerminal: true })
    const host = hostWith({}, {
      ...{ stderr, schedule: timers.schedule, signal: interruption.signal },
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          timers.run()
          interruption.abort(new Error('Interrupted'))
        }),
    })
    const { status, stdout } = await runCli('models', host)
    assert.deepEqual({ status, stdout }, { status: 130, stdout: '' })
    assert.equal(stderr.text, '\r\x1b[K⠋ Reading the models of OCI\r\x1b[K')
  })

  it('needs a credential', async () => {
    const { status, stderr } = await runCli('models')
    assert.equal(status, 78)
    assert.match(stderr, /oci-genai-gateway init/)
  })
})
