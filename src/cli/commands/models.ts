import { EXIT } from '../../entry/exit-codes.ts'
import { nearestNames } from '../../nearest-names.ts'
import { defineCommand } from '../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import { PROGRAM } from '../help.ts'
import type { Host } from '../host.ts'
import { MODEL_COLUMNS, modelRow, searchModels } from '../models/table.ts'
import { withProgress } from '../progress.ts'
import { type ModelEntry, readModels, type RegionalModels } from '../models/read.ts'
import { textTable } from '../text-table.ts'

/** `oci-gateway models` */
export const models = defineCommand({
  positionals: [{
    name: 'WORD',
    description: 'Part of an id, a family, or a word such as chat, embeddings, vision, tools',
    isRepeated: true,
  }],
  options: {
    json: { type: 'boolean', description: 'Print the "data" array of /v1/models' },
    retired: { type: 'boolean', description: 'Include models that are retired on demand' },
    ...CONNECTION_FLAGS,
  },
  examples: [
    { line: 'models', does: 'list the models of the tenancy and the aliases' },
    { line: 'models grok tools', does: 'list the models that match all words' },
    { line: 'models vision --json', does: 'print JSON' },
    { line: 'models --region us-chicago-1,eu-frankfurt-1', does: 'compare two regions' },
  ],
  exitCodes: { [EXIT.failure]: 'an error occurred, or no model matches' },
  async run({ values, positionals, host }) {
    const env = withFlags(host.env, values)
    const list = await withProgress(
      host,
      'Reading the models of OCI',
      ({ print }) => readModels(host, { env, includeRetired: values.retired, print }),
    )
    const found = searchModels(list.models, positionals)
    if (list.isIncomplete) {
      host.stderr.write(`${PROGRAM} doctor finds the cause\n`)
    }
    if (list.models.every(({ root }) => root !== undefined)) {
      host.stderr.write(`OCI lists no models in ${list.configured.join(', ')}.\n`)
    } else if (found.length === 0) host.stderr.write(nothingFound(list, positionals))
    if (values.json) host.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
    else if (found.length > 0) printTable(found, host)
    return found.length > 0 ? EXIT.success : EXIT.failure
  },
})

function printTable(
  found: readonly ModelEntry[],
  { stdout, stderr }: Host,
): void {
  const rows = found.map(modelRow)
  const { text, omitted } = textTable(MODEL_COLUMNS, rows, stdout)
  stdout.write(text)
  if (omitted.length > 0) {
    const names = omitted.map((title) => title.toLowerCase()).join(', ')
    stderr.write(`Not shown (narrow terminal): ${names}\n`)
  }
}

function nothingFound({ models }: RegionalModels, words: readonly string[]): string {
  const nearest = nearestNames(words.join(' '), models.map(({ id }) => id))
  const hint = nearest.length > 0
    ? `Nearest names: ${nearest.join(', ')}`
    : `${PROGRAM} models lists all ${models.length} models`
  return `No model matches ${words.map((word) => `"${word}"`).join(' and ')}. ${hint}\n`
}
