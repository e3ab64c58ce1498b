import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import { createSimulator } from '../../src/package/simulator.ts'

const CHAT = { model: 'xai.grok-4.3', messages: [{ role: 'user', content: 'canary-of-a-prompt' }] }
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const COLLECTOR = 'http://collector.example:4318'

interface Sent {
  url: string
  headers: Headers
  text: string
}

interface Setup {
  env?: Record<string, string>
  config?: object
  /** Answers calls to receivers of telemetry. */
  receive?: (sent: Sent) => Response
  /** Answers calls to OCI before the simulator. */
  upstream?: (call: Sent) => Response | undefined
}

/** A gateway whose network is the simulator and a receiver of telemetry. */
async function open({ env = {}, config = {}, receive, upstream }: Setup = {}) {
  const simulator = await createSimulator()
  const received: Sent[] = []
  const calls: Sent[] = []
  const lines: Record<string, unknown>[] = []
  const gateway = await openGateway({
    env: { ...simulator.env, GATEWAY_CONFIG: JSON.stringify(config), ...env },
    files: undefined,
    log: (record) => {
      lines.push(record)
    },
    async fetch(url, init) {
      const text = new TextDecoder().decode(init.body as Uint8Array | undefined)
      const sent = { url, headers: new Headers(init.headers), text }
      if (/collector|apm|telemetry-ingestion/.test(new URL(url).host)) {
        received.push(sent)
        return receive?.(sent) ?? Response.json({})
      }
      calls.push(sent)
      return upstream?.(sent) ?? await simulator.fetch(url, init)
    },
  })
  const ask = async (body: object, headers: Record<string, string> = {}) => {
    const response = await gateway.app.request('http://127.0.0.1/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
    return { status: response.status, text: await response.text() }
  }
  const spans = async () => {
    await gateway.telemetry.flush()
    return received.filter(({ url }) => url.endsWith('/v1/traces')).flatMap(({ text }) =>
      JSON.parse(text).resourceSpans.flatMap((resource: { scopeSpans: { spans: unknown[] }[] }) =>
        resource.scopeSpans.flatMap((scope) => scope.spans)
      )
    )
  }
  return { gateway, ask, spans, received, calls, lines }
}

const attributesOf = (span: { attributes: { key: string; value: object }[] }) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

describe('traces', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${COLLECTOR}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b,other=c=d',
    OTEL_SERVICE_NAME: 'my gateway',
  }

  it("continues the client's trace to OCI, to the collector and to the log", async () => {
    const { ask, spans, received, calls, lines } = await open({ env })
    await ask(CHAT, { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' })
    const [root, child, ...others] = await spans()
    assert.deepEqual(others, [])
    assert.deepEqual([root.traceId, root.parentSpanId, root.name, root.traceState], [
      ...[TRACE, PARENT, 'chat xai.grok-4.3', 'vendor=1'],
    ])
    assert.deepEqual([child.traceId, child.parentSpanId], [TRACE, root.spanId])
    const call = calls.find(({ url }) => url.includes('/chat'))
    assert.equal(call?.headers.get('traceparent'), `00-${TRACE}-${child.spanId}-01`)
    assert.equal(call?.headers.get('tracestate'), 'vendor=1')
    assert.equal(lines.find(({ event }) => event === 'request')?.['traceId'], TRACE)
    const [sent] = received
    assert.equal(sent?.url, `${COLLECTOR}/v1/traces`)
    assert.equal(sent?.headers.get('x-key'), 'a b')
    assert.equal(sent?.headers.get('other'), 'c=d')
    assert.match(sent?.text ?? '', /"service\.name","value":\{"stringValue":"my gateway"\}/)
  })

  it('has the attributes of the conventions, and one child for each attempt', async () => {
    let failures = 1
    const { ask, spans } = await open({
      env,
      config: { retry: { initialDelaySeconds: 0 } },
      upstream: ({ url }) =>
        url.includes('/chat') && failures-- > 0
          ? Response.json({ code: 'InternalServerError', message: 'no' }, { status: 503 })
          : undefined,
    })
    await ask({ ...CHAT, stream: true })
    const [root, first, second] = await spans()
    const attributes = attributesOf(root)
    assert.equal(attributes['gen_ai.operation.name'], 'chat')
    assert.equal(attributes['gen_ai.request.stream'], true)
    assert.equal(attributes['gen_ai.response.model'], 'xai.grok-4.3')
    assert.ok(Number(attributes['gen_ai.usage.output_tokens']) > 0)
    assert.ok('gen_ai.response.time_to_first_chunk' in attributes)
    assert.deepEqual([first.status.code, attributesOf(first)['http.response.status_code']], [
      ...[2, '503'],
    ])
    assert.deepEqual([second.status, attributesOf(second)['http.request.resend_count']], [
      ...[undefined, '1'],
    ])
  })

  it('passes on a trace without an exporter, and starts none', async () => {
    const { ask, calls, lines } = await open()
    await ask(CHAT, { traceparent: `00-${TRACE}-${PARENT}-01` })
    await ask(CHAT)
    const sent = calls.filter(({ url }) => url.includes('/chat'))
      .map(({ headers }) => headers.get('traceparent')?.slice(0, 36))
    assert.deepEqual(sent, [`00-${TRACE}-`, undefined])
    assert.deepEqual(
      lines.filter(({ event }) => event === 'request').map(({ traceId }) => traceId),
      [TRACE, undefined],
    )
  })

  it('exports no trace that the client does not sample, and none of a rejected key', async () => {
    const { ask, spans } = await open({ env: { ...env, GATEWAY_API_KEYS: 'sk-one' } })
    await ask(CHAT, { authorization: 'Bearer sk-two' })
    const traceparent = `00-${TRACE}-${PARENT}-00`
    await ask(CHAT, { authorization: 'Bearer sk-one', traceparent })
    assert.deepEqual(await spans(), [])
  })

  it('answers while the collector fails, and logs the outage once', async () => {
    const receive = () => new Response(null, { status: 503 })
    const { ask, spans, lines, gateway } = await open({ env, receive })
    for (let index = 0; index < 5; index++) {
      assert.equal((await ask(CHAT)).status, 200)
      await spans()
    }
    const failures = lines.filter(({ event }) => event === 'telemetry_not_exported')
    assert.deepEqual(failures.map(({ signal }) => signal), ['traces.otlp'])
    const state = gateway.telemetry.collect().find(({ definition }) =>
      definition.name === 'gateway.telemetry.export.failures'
    )
    assert.deepEqual(state?.samples.map(({ labels }) => labels), [
      ['traces.otlp'],
      ['metrics.otlp'],
    ])
  })
})

describe('a runtime that runs only while there are requests', () => {
  it('exports the spans of a request after its answer', async () => {
    const { gateway, received } = await open({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: COLLECTOR } })
    const waiting: Promise<unknown>[] = []
    const request = new Request('http://127.0.0.1/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...CHAT, stream: true }),
      headers: { 'content-type': 'application/json' },
    })
    const response = await gateway.app.fetch(request, { waitUntil: (work) => waiting.push(work) })
    assert.deepEqual(received, [])
    await response.text()
    await Promise.all(waiting)
    assert.deepEqual(received.map(({ url }) => url), [`${COLLECTOR}/v1/traces`])
  })

  it('waits for nothing where nothing is exported', async () => {
    const { gateway } = await open({ env: {} })
    const request = new Request('http://127.0.0.1/v1/models')
    const waiting: Promise<unknown>[] = []
    const response = await gateway.app.fetch(request, { waitUntil: (work) => waiting.push(work) })
    await response.text()
    assert.equal(response.status, 200)
    assert.deepEqual(waiting, [])
  })
})

describe('OCI APM', () => {
  it('receives traces and metrics at its own paths, with the data key', async () => {
    const { ask, gateway, received } = await open({
      env: {
        OCI_APM_ENDPOINT: 'https://aaaa.apm-agt.us-chicago-1.oci.oraclecloud.com',
        OCI_APM_DATA_KEY: 'the-data-key',
      },
    })
    await ask(CHAT)
    await gateway.telemetry.close()
    const paths = received.map(({ url }) => new URL(url).pathname).sort()
    assert.deepEqual(paths, [
      '/20200101/opentelemetry/private/v1/traces',
      '/20200101/opentelemetry/v1/metrics',
    ])
    for (const { headers } of received) {
      assert.equal(headers.get('authorization'), 'dataKey the-data-key')
    }
  })
})
