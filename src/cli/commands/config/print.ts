import { checkConfig } from '../../../config/check.ts'
import { describeProblem, misconfigured } from '../../../config/issues.ts'
import { readConfigSource } from '../../../config/source.ts'
import { EXIT } from '../../../entry/exit-codes.ts'
import { defineCommand } from '../../command.ts'
import { withConfigFile } from '../../config-file.ts'
import { CONNECTION_FLAGS, LISTEN_FLAGS, withFlags } from '../../connection-flags.ts'
import { type EffectiveSettings, effectiveSettings } from '../../config/effective-settings.ts'

/** `oci-gateway config print` */
export const print = defineCommand({
  options: {
    ...LISTEN_FLAGS,
    ...CONNECTION_FLAGS,
    json: { type: 'boolean', description: 'Print JSON: {"port": {"value": 8050, "source": "…"}}' },
    redact: { type: 'boolean', description: 'Hide API keys, for a bug report' },
  },
  examples: [
    { line: 'config print', does: 'every setting and where it is set' },
    { line: 'config print --json --redact', does: 'the same as JSON, without API keys' },
  ],
  exitCodes: { [EXIT.configuration]: 'the configuration has problems, or the file is missing' },
  async run({ values, host }) {
    const env = await withConfigFile(withFlags(host.env, values), host)
    const config = checkConfig(env, await readConfigSource(env, host.files))
    if (config.type === 'invalid') throw misconfigured(config.problems.map(describeProblem))
    const { settings, warnings } = await effectiveSettings({ config, env, flags: values }, host)
    const shown = values.redact ? redacted(settings) : settings
    host.stdout.write(
      values.json ? `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n` : asTable(shown),
    )
    for (const warning of warnings) host.stderr.write(`${warning}\n`)
    return EXIT.success
  },
})

/** Settings whose values are secrets. Private keys and passphrases are never in the settings. */
const SECRET = new Set([
  ...['access.apiKeys', 'access.adminKey', 'access.metricsKey'],
  ...['telemetry.otlpHeaders', 'telemetry.apmDataKey'],
])

function redacted(settings: EffectiveSettings): EffectiveSettings {
  return new Map(Array.from(settings, ([key, { value, source }]) => {
    const isSecret = SECRET.has(key)
    const shown = isSecret && Array.isArray(value)
      ? value.map(() => '(redacted)')
      : isSecret && typeof value === 'string' && source !== 'default'
      ? '(redacted)'
      : isSecret && typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.keys(value).map((name) => [name, '(redacted)']))
      : typeof value === 'string'
      ? value.replace(URL_PASSWORD, '//(redacted)@')
      : value
    return [key, { value: shown, source }]
  }))
}

/** The user and the password of a URL. */
const URL_PASSWORD = /\/\/[^/@\s]+@/

function asTable(settings: EffectiveSettings): string {
  const rows = Array.from(settings, ([key, { value, source }]) => [key, textOf(value), source])
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const [first, second] = [widthOf(0), Math.min(MAX_WIDTH, widthOf(1))]
  const lines = rows.map(([key = '', value = '', source = '']) =>
    `${key.padEnd(first)}  ${value.padEnd(second)}  ${source}`
  )
  return `${lines.join('\n')}\n`
}

/** Characters of the column of values; longer ones move only their own source. */
const MAX_WIDTH = 40

function textOf(value: unknown): string {
  if (value === null) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
