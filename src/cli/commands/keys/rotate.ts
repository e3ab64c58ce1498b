import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { rotateStoredKey } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { KEY_ARGUMENT, STORE_FLAGS } from '../../keys/flags.ts'
import { requireKey, withKeys } from '../../keys/run.ts'

/** `oci-gateway keys rotate` */
export const rotateKey = defineCommand({
  positionals: [KEY_ARGUMENT],
  options: STORE_FLAGS,
  examples: [{ line: 'keys rotate alice', does: 'print a new key; limits and usage stay' }],
  async run({ values, positionals: [name = ''], host }) {
    const rotated = await withKeys(host, values, async (context) => {
      const { store, actor } = context
      const { record, text } = await rotateStoredKey(store, await requireKey(store, name), actor)
      const [view] = await describeKeys([record], context)
      return { ...view, key: text }
    })
    if (values.json) host.stdout.write(`${JSON.stringify(rotated, null, 2)}\n`)
    else {
      host.stdout.write(`${rotated.key}\n`)
      host.stderr.write(`The new key of ${rotated.name}. It cannot be shown again.\n`)
    }
    return EXIT.success
  },
})
