import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { changeStoredKey } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { KEY_ARGUMENT, KEY_FLAGS, keySettings, STORE_FLAGS } from '../../keys/flags.ts'
import { printDetails } from '../../keys/print.ts'
import { requireKey, withKeys } from '../../keys/run.ts'

/** `oci-gateway keys update` */
export const updateKey = defineCommand({
  positionals: [KEY_ARGUMENT],
  options: {
    name: { type: 'string', value: 'NAME', description: 'New name' },
    ...KEY_FLAGS,
    ...STORE_FLAGS,
  },
  examples: [
    { line: 'keys update alice --budget 10/month --rpm none', does: 'change only these limits' },
  ],
  async run({ values, positionals: [name = ''], host }) {
    const [key] = await withKeys(host, values, async (context) => {
      const { store, actor } = context
      const settings = { ...keySettings(values), name: values.name }
      const record = await changeStoredKey(store, await requireKey(store, name), settings, actor)
      return await describeKeys([record], context)
    })
    if (values.json) host.stdout.write(`${JSON.stringify(key, null, 2)}\n`)
    else if (key) printDetails(key, host)
    return EXIT.success
  },
})
