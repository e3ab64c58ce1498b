import { ALL_METRICS } from '../src/telemetry/metrics/definitions.ts'
import { prometheusLabel, prometheusName } from '../src/telemetry/metrics/metric.ts'
import { withSection } from './generated-section.ts'

/** Replaces the table of metrics in a page. */
export function withMetrics(page: string): string {
  const rows = ALL_METRICS.map((definition) => {
    const labels = definition.labels.map((label) => `\`${prometheusLabel(label)}\``).join(', ')
    const { type, description } = definition
    return `| \`${prometheusName(definition)}\` | ${type} | ${labels} | ${description} |`
  })
  const table = ['| metric | type | labels | meaning |', '|---|---|---|---|', ...rows, '']
  return withSection(page, 'metrics', table.join('\n'))
}
