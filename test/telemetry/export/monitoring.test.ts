import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../../src/entry/gateway.ts'
import { createMonitoringSender } from '../../../src/telemetry/export/monitoring.ts'
import type { MetricFamily } from '../../../src/telemetry/metrics/metric.ts'
import { createRequestMetrics } from '../../../src/telemetry/metrics/request-metrics.ts'
import { createSimulator } from '../../../src/simulator/app.ts'
import { publicKeyFinder, verifySignature } from '../../../src/simulator/verify-signature.ts'
import { IDENTITY, publicKeys } from '../../cases/gateway.ts'
import { record, tokens } from '../records.ts'

interface MetricData {
  namespace: string
  compartmentId: string
  name: string
  dimensions: Record<string, string>
  datapoints: { timestamp: string; value: number; count: number }[]
}

const NOW = Date.UTC(2026, 10, 29, 12)

function open(answers: (() => Promise<unknown>)[] = []) {
  const calls: { url: URL; metricData: MetricData[] }[] = []
  const send = createMonitoringSender({
    endpoint: 'https://telemetry-ingestion.us-chicago-1.oraclecloud.com',
    ...{ compartmentId: 'ocid1.compartment.oc1..a', namespace: 'genai', service: 'gateway' },
    now: () => NOW,
    post(url, json) {
      calls.push({ url, ...json as { metricData: MetricData[] } })
      return answers[calls.length - 1]?.() ?? Promise.resolve({ failedMetricsCount: 0 })
    },
  })
  const find = (call: number, name: string, dimensions: Record<string, string> = {}) =>
    calls[call]?.metricData.find((data) =>
      data.name === name &&
      Object.entries(dimensions).every(([key, value]) => data.dimensions[key] === value)
    )
  return { send, calls, find }
}

describe('createMonitoringSender()', () => {
  it('writes what was added since the last call', async () => {
    const { send, calls, find } = open()
    const metrics = createRequestMetrics({ apis: ['chat'], models: [], regions: [] })
    metrics.record(record({ tokens: tokens(10, 5), ms: 100 }))
    assert.deepEqual(await send(metrics.collect()), {
      ...{ delivery: 'delivered', items: calls[0]?.metricData.length },
    })
    metrics.record(record({ tokens: tokens(7, 1), ms: 200 }))
    metrics.record(record({ model: 'another', tokens: tokens(1, 1), ms: 400 }))
    await send(metrics.collect())
    assert.equal(
      calls[0]?.url.href,
      'https://telemetry-ingestion.us-chicago-1.oraclecloud.com/20180401/metrics',
    )
    assert.deepEqual(find(0, 'gateway_tokens', { kind: 'prompt' }), {
      ...{ namespace: 'genai', compartmentId: 'ocid1.compartment.oc1..a', name: 'gateway_tokens' },
      metadata: { unit: '{token}' },
      dimensions: { service: 'gateway', kind: 'prompt' },
      datapoints: [{ timestamp: '2026-11-29T12:00:00.000Z', value: 10, count: 1 }],
    })
    assert.equal(find(1, 'gateway_tokens', { kind: 'prompt' })?.datapoints[0]?.value, 8)
    // The mean of the new durations, and their number.
    const [duration] = find(1, 'gateway_request_duration_seconds')?.datapoints ?? []
    assert.ok(Math.abs((duration?.value ?? 0) - 0.3) < 1e-9)
    assert.equal(duration?.count, 2)
  })

  it('adds what OCI did not take to the next call', async () => {
    const { send, find } = open([
      () => Promise.reject(new Error('down')),
      () => Promise.resolve({ failedMetricsCount: 2 }),
    ])
    const metrics = createRequestMetrics({ apis: ['chat'], models: [], regions: [] })
    for (let call = 0; call < 3; call++) {
      metrics.record(record({ tokens: tokens(10, 5) }))
      const { delivery } = await send(metrics.collect())
      assert.equal(delivery, call < 2 ? 'retry' : 'delivered')
    }
    assert.equal(find(2, 'gateway_tokens', { kind: 'prompt' })?.datapoints[0]?.value, 30)
  })

  it('sends at most 50 streams in one call, and no metrics by key or model', async () => {
    const { send, calls } = open()
    const metrics = createRequestMetrics({ apis: ['chat'], models: [], regions: [] })
    for (let index = 0; index < 200; index++) {
      const sender = { ...record().sender, key: `key-${index}` }
      metrics.record(
        record({ error: `code-${index}`, outcome: 'failed', sender, model: `m${index}` }),
      )
    }
    await send(metrics.collect())
    assert.ok(calls.length >= 2)
    for (const { metricData } of calls) assert.ok(metricData.length <= 50)
    const text = JSON.stringify(calls)
    assert.doesNotMatch(text, /key-|"model"|gateway_key/)
    const streams = calls.flatMap(({ metricData }) =>
      metricData.map(({ name, dimensions }) => `${name} ${JSON.stringify(dimensions)}`)
    )
    assert.equal(new Set(streams).size, streams.length)
  })

  it('writes the current value of a state', async () => {
    const { send, find } = open()
    const definition = {
      ...{ name: 'gateway.concurrent_requests', type: 'gauge', unit: '{request}' } as const,
      ...{ description: 'D', labels: [] },
    }
    const family = (value: number): MetricFamily => ({
      definition,
      samples: [{ type: 'number', labels: [], value }],
    })
    await send([family(3)])
    await send([family(2)])
    assert.equal(find(1, 'gateway_concurrent_requests')?.datapoints[0]?.value, 2)
  })
})

describe('OCI Monitoring', () => {
  it('receives signed calls of the gateway', async () => {
    const received: Request[] = []
    const simulator = createSimulator({ publicKeys: new Map(), eventDelay: 0 })
    const gateway = await openGateway({
      env: { ...IDENTITY, OCI_MONITORING_NAMESPACE: 'genai_gateway' },
      files: undefined,
      fetch(url, init) {
        const request = new Request(url, init)
        if (!new URL(url).host.startsWith('telemetry-ingestion')) {
          return Promise.resolve(simulator.fetch(request))
        }
        received.push(request.clone())
        return Promise.resolve(Response.json({ failedMetricsCount: 0, failedMetrics: [] }))
      },
    })
    await gateway.app.request('http://127.0.0.1/v1/nothing')
    await gateway.telemetry.close()
    const [request, ...others] = received
    assert.deepEqual(others, [])
    assert.ok(request)
    assert.equal(
      request.url,
      'https://telemetry-ingestion.us-chicago-1.oraclecloud.com/20180401/metrics',
    )
    const body = new Uint8Array(await request.arrayBuffer())
    const { method, headers, url } = request
    const signed = { method, headers, url: new URL(url), body }
    const caller = await verifySignature(signed, publicKeyFinder(await publicKeys()), Date.now())
    assert.ok('keyId' in caller, JSON.stringify(caller))
    const { metricData } = JSON.parse(new TextDecoder().decode(body))
    assert.ok(metricData.length > 0)
    for (const { namespace, compartmentId, dimensions } of metricData as MetricData[]) {
      assert.deepEqual([namespace, compartmentId], ['genai_gateway', IDENTITY.OCI_CLI_TENANCY])
      assert.equal(dimensions['service'], 'oci-genai-gateway')
    }
  })
})
