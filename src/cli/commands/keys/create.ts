import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { createStoredKey } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { KEY_FLAGS, keySettings, STORE_FLAGS } from '../../keys/flags.ts'
import { withKeys } from '../../keys/run.ts'

/** `oci-gateway keys create` */
export const createKey = defineCommand({
  positionals: [{ name: 'NAME', isRequired: true, description: 'Unique name of the key' }],
  options: { ...KEY_FLAGS, ...STORE_FLAGS },
  examples: [
    { line: 'keys create alice', does: 'create a key without limits' },
    {
      line: "keys create alice --team research --models 'xai.*' --rpm 60 --budget 5/month",
      does: 'create a key with limits',
    },
  ],
  async run({ values, positionals: [name = ''], host }) {
    const created = await withKeys(host, values, async (context) => {
      const settings = { ...keySettings(values), name }
      const { record, text: key } = await createStoredKey(context.store, settings, context.actor)
      const [view] = await describeKeys([record], context)
      return { ...view, id: record.id, name, team: record.team ?? null, key }
    })
    if (values.json) host.stdout.write(`${JSON.stringify(created, null, 2)}\n`)
    else {
      host.stdout.write(`${created.key}\n`)
      host.stderr.write(`The key of ${name}. It is not stored and cannot be shown again.\n`)
    }
    return EXIT.success
  },
})
