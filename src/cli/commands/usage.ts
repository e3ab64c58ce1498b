import { EXIT } from '../../entry/exit-codes.ts'
import { type UsageRow, usageRows } from '../../metering/usage-rows.ts'
import { USAGE_DIMENSIONS, type UsageDimension } from '../../store/store.ts'
import { defineCommand } from '../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import type { Host } from '../host.ts'
import { withStore } from '../open-store.ts'
import { parseTime } from '../parse-time.ts'
import { unknownName, usageError } from '../usage-error.ts'
import { usageAsCsv, usageTable } from '../usage/formats.ts'

const FORMATS = ['table', 'json', 'csv'] as const

/** `oci-gateway usage` */
export const usage = defineCommand({
  options: {
    by: {
      ...{ type: 'string', value: 'LIST' },
      description: `Columns to group by, with commas: ${USAGE_DIMENSIONS.join(', ')}. Default: ` +
        'key,model',
    },
    since: {
      ...{ type: 'string', value: 'TIME' },
      description: 'First time: 2026-11-01, or with a time of day 2026-11-01T08:00Z. In UTC',
    },
    until: { type: 'string', value: 'TIME', description: 'The time before which usage counts' },
    key: { type: 'string', value: 'NAME', description: 'Only the usage of this key' },
    team: { type: 'string', value: 'NAME', description: 'Only the usage of this team' },
    format: {
      ...{ type: 'string', value: 'FORMAT', choices: FORMATS },
      description: 'Output format',
    },
    config: CONNECTION_FLAGS.config,
  },
  examples: [
    { line: 'usage --by team,model --since 2026-11-01', does: 'print the usage of a month' },
    { line: 'usage --by key,day --format csv > usage.csv', does: 'export the days of all keys' },
  ],
  async run({ values, host }) {
    const by = parseDimensions(values.by ?? 'key,model')
    const since = parseTime('--since', values.since)
    const until = parseTime('--until', values.until)
    if (since !== undefined && until !== undefined && since >= until) {
      throw usageError('--since must be before --until')
    }
    const rows = await withStore(host, withFlags(host.env, values), async (store) => {
      const { team } = values
      const key = values.key === undefined ? undefined : await store.getKey(values.key)
      const keys = await store.listKeys()
      if (values.key !== undefined && !key) {
        throw unknownName('key', values.key, keys.map(({ name }) => name))
      }
      const groups = await store.usage({ by, since, until, team, key: key?.id })
      return usageRows(groups, by, new Map(keys.map(({ id, name }) => [id, name])))
    })
    print(rows, by, values.format ?? 'table', host)
    return EXIT.success
  },
})

function parseDimensions(list: string): readonly UsageDimension[] {
  const names = list.split(',').map((name) => name.trim()).filter((name) => name !== '')
  return [...new Set(names)].map((name) => {
    const dimension = USAGE_DIMENSIONS.find((known) => known === name)
    if (dimension) return dimension
    throw unknownName('value of --by', name, USAGE_DIMENSIONS)
  })
}

function print(
  rows: readonly UsageRow[],
  by: readonly UsageDimension[],
  format: string,
  { stdout, stderr }: Host,
): void {
  if (format === 'json') return stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  if (format === 'csv') return stdout.write(usageAsCsv(rows, by))
  if (rows.length === 0) return stderr.write('No usage in this time\n')
  const { text, omitted } = usageTable(rows, by, stdout)
  stdout.write(text)
  if (omitted.length > 0) {
    const names = omitted.map((title) => title.toLowerCase()).join(', ')
    stderr.write(`Not shown (narrow terminal): ${names}\n`)
  }
  const withoutCost = rows.reduce((sum, row) => sum + row.withoutCost, 0)
  if (withoutCost > 0) {
    stderr.write(`${withoutCost} requests have no cost, because their model has no price\n`)
  }
}
