import * as v from 'valibot'
import { DEFAULT_TELEMETRY, type TelemetrySettings } from '../telemetry/settings.ts'

const Address = v.pipe(
  v.string(),
  v.check(isHttpUrl, 'must be an http:// or https:// URL'),
)
const SecretAddress = v.pipe(
  v.string(),
  v.check((text) => isHttpUrl(text) && text.startsWith('https:'), 'must be an https:// URL'),
)

/** The key `telemetry`: where metrics and traces are sent. */
export const Telemetry = v.partial(v.strictObject({
  serviceName: v.pipe(
    v.string(),
    v.regex(/^[\x20-\x7e]{1,100}$/, 'must be 1 to 100 printable ASCII characters'),
    v.description('Name of this gateway in traces and metrics. Default: oci-genai-gateway'),
  ),
  otlpEndpoint: v.pipe(
    Address,
    v.description(
      'Base URL of a receiver of OpenTelemetry over HTTP, such as http://localhost:4318. Traces ' +
        'and metrics are sent there as JSON. Default: none',
    ),
  ),
  otlpHeaders: v.pipe(
    v.record(
      v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'must be the name of a header')),
      v.pipe(v.string(), v.regex(/^[\x20-\x7e]*$/, 'must be printable ASCII')),
      'must be an object of header names and values',
    ),
    v.description(
      'Headers of each request to otlpEndpoint, such as a key; a value may be a reference. Default: ' +
        'none',
    ),
  ),
  apmEndpoint: v.pipe(
    SecretAddress,
    v.description(
      'Data upload endpoint of an APM domain of OCI, which receives traces and metrics. Needs ' +
        'apmDataKey. Default: none',
    ),
  ),
  apmDataKey: v.pipe(
    v.string(),
    v.regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
    v.description('Private data key of the APM domain, or a reference. Default: none'),
  ),
  monitoringNamespace: v.pipe(
    v.string(),
    v.regex(
      /^(?!oci_|oracle_)[A-Za-z][A-Za-z0-9_]*[A-Za-z0-9]$/,
      'must be letters, digits and underscores, and must not begin with oci_ or oracle_',
    ),
    v.description(
      'Namespace of OCI Monitoring to which metrics are written with the credential of the ' +
        'gateway, such as genai_gateway. Default: none',
    ),
  ),
  monitoringCompartmentId: v.pipe(
    v.string(),
    v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID'),
    v.description('Compartment of the metrics in OCI Monitoring. Default: compartmentId'),
  ),
  monitoringEndpoint: v.pipe(
    Address,
    v.description(
      "Base URL of OCI Monitoring's ingestion service. Default: derived from the region",
    ),
  ),
  exportIntervalSeconds: v.pipe(
    v.number(),
    v.minValue(5, 'must be 5 or more'),
    v.maxValue(3_600, 'must be at most 3600'),
    v.description('Seconds between two exports of metrics. Default: 60'),
  ),
}))
type TelemetryFile = v.InferOutput<typeof Telemetry>

/** Adds the defaults. Monitoring and APM need all of their own keys. */
export function toTelemetry(file: TelemetryFile = {}): TelemetrySettings {
  const { otlpEndpoint, otlpHeaders = {}, apmEndpoint, apmDataKey, monitoringNamespace } = file
  const { serviceName, metricsInterval } = DEFAULT_TELEMETRY
  return {
    serviceName: file.serviceName ?? serviceName,
    otlp: otlpEndpoint === undefined ? undefined : { endpoint: otlpEndpoint, headers: otlpHeaders },
    apm: apmEndpoint === undefined || apmDataKey === undefined
      ? undefined
      : { endpoint: apmEndpoint, dataKey: apmDataKey },
    monitoring: monitoringNamespace === undefined ? undefined : {
      namespace: monitoringNamespace,
      compartmentId: file.monitoringCompartmentId,
      endpoint: file.monitoringEndpoint,
    },
    metricsInterval: file.exportIntervalSeconds === undefined
      ? metricsInterval
      : file.exportIntervalSeconds * 1_000,
  }
}

/**
 * Reads `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs with commas between, values in percent
 * encoding. Returns other text unchanged, so that the schema rejects it with the variable's name.
 */
export function headersOf(text: string | undefined): Record<string, string> | string | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const pairs = text.split(',').filter((pair) => pair.trim() !== '').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [name.trim().toLowerCase(), decode(value.join('=').trim())] as const
  })
  const isValid = pairs.every(([name, value]) => name !== '' && value !== undefined)
  return isValid ? Object.fromEntries(pairs) as Record<string, string> : text
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
