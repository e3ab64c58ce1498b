import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { ALL_METRICS } from '../../src/telemetry/metrics/definitions.ts'
import {
  type MetricDefinition,
  prometheusLabel,
  prometheusName,
} from '../../src/telemetry/metrics/metric.ts'

interface Panel {
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}

const url = new URL('../../deploy/grafana/gateway.json', import.meta.url)
const { panels, templating } = JSON.parse(await readFile(url, 'utf8'))
const queries = (panels as Panel[]).flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr }))
)

/** The series of each metric, with the labels that Prometheus or the metric itself adds. */
const SERIES = new Map(
  ALL_METRICS.flatMap((definition) =>
    seriesOf(definition).map((name) => [name, labelsOf(definition)] as const)
  ),
)

describe('deploy/grafana/gateway.json', () => {
  for (const { title, expr } of queries) {
    it(`queries existing metrics and labels: ${title}: ${expr.slice(0, 60)}`, () => {
      const names = expr.match(/\b(gateway|gen_ai|process)_[a-z_0-9]+(?=\{)/g) ?? []
      assert.ok(names.length > 0, expr)
      const unknown = names.filter((name) => !SERIES.has(name))
      assert.deepEqual(unknown, [])
      const known = new Set(names.flatMap((name) => SERIES.get(name) ?? []))
      const selected = Array.from(expr.matchAll(/([a-z_]+)(?:=~|!=|=)"/g), ([, label]) => label)
      const grouped = Array.from(expr.matchAll(/by \(([^)]*)\)/g), ([, labels = '']) => labels)
        .flatMap((labels) => labels.split(',').map((label) => label.trim()))
      assert.deepEqual([...selected, ...grouped].filter((label) => !known.has(label ?? '')), [])
    })
  }

  it('shows requests, errors, time to first token, tokens, money, circuits and the queue', () => {
    const all = queries.map(({ expr }) => expr).join('\n')
    for (
      const name of [
        ...['gateway_requests_total', 'gateway_request_errors_total', 'gateway_tokens_total'],
        ...['gateway_time_to_first_token_seconds_bucket', 'gateway_cost_usd_total'],
        ...['gateway_circuits', 'gateway_queued_requests'],
      ]
    ) assert.ok(all.includes(name), name)
  })

  it('has panels that do not overlap, and the variables that they use', () => {
    const cells = (panels as Panel[]).flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + index % w},${y + Math.floor(index / w)}`)
    )
    assert.equal(new Set(cells).size, cells.length)
    const names = templating.list.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['datasource', 'instance'])
  })
})

function seriesOf(definition: MetricDefinition): string[] {
  const name = prometheusName(definition)
  return definition.type === 'histogram'
    ? [`${name}_bucket`, `${name}_sum`, `${name}_count`]
    : [name]
}

function labelsOf({ labels, type }: MetricDefinition): string[] {
  return ['instance', ...labels.map(prometheusLabel), ...(type === 'histogram' ? ['le'] : [])]
}
