import {
  type HistogramSample,
  type MetricDefinition,
  type MetricFamily,
  prometheusLabel,
  prometheusName,
} from './metric.ts'

/** The content type of Prometheus' text format. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Encodes metrics in Prometheus' text format 0.0.4. Metrics without samples are left out. */
export function encodePrometheus(families: readonly MetricFamily[]): string {
  return families.filter(({ samples }) => samples.length > 0).map(encodeFamily).join('')
}

function encodeFamily({ definition, samples }: MetricFamily): string {
  const name = prometheusName(definition)
  const lines = samples.flatMap((sample) =>
    sample.type === 'number'
      ? [`${name}${encodeLabels(definition, sample.labels)} ${encodeNumber(sample.value)}`]
      : histogramLines(name, definition, sample)
  )
  const help = definition.description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return `# HELP ${name} ${help}\n# TYPE ${name} ${definition.type}\n${lines.join('\n')}\n`
}

function histogramLines(
  name: string,
  definition: MetricDefinition,
  { labels, bounds, counts, sum }: HistogramSample,
): string[] {
  let total = 0
  const buckets = [...bounds, Infinity].map((bound, index) => {
    total += counts[index] ?? 0
    return `${name}_bucket${encodeLabels(definition, labels, encodeNumber(bound))} ${total}`
  })
  const own = encodeLabels(definition, labels)
  return [...buckets, `${name}_sum${own} ${encodeNumber(sum)}`, `${name}_count${own} ${total}`]
}

function encodeLabels(
  { labels: names }: MetricDefinition,
  values: readonly string[],
  bound?: string,
): string {
  const pairs = names.map((name, index) =>
    `${prometheusLabel(name)}="${escapeValue(values[index] ?? '')}"`
  )
  const all = bound === undefined ? pairs : [...pairs, `le="${bound}"`]
  return all.length === 0 ? '' : `{${all.join(',')}}`
}

/** Lone surrogates have no encoding in UTF-8. */
function escapeValue(value: string): string {
  return value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(
    '\n',
    '\\n',
  )
}

function encodeNumber(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
