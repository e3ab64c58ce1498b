import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { changeStoredKey } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { KEY_ARGUMENT, STORE_FLAGS } from '../../keys/flags.ts'
import { requireKey, withKeys } from '../../keys/run.ts'

/** `oci-gateway keys disable` */
export const disableKey = stateCommand('disable', 'reject its requests within 3 seconds')

/** `oci-gateway keys enable` */
export const enableKey = stateCommand('enable', 'accept its requests again')

function stateCommand(verb: 'disable' | 'enable', does: string) {
  return defineCommand({
    positionals: [KEY_ARGUMENT],
    options: STORE_FLAGS,
    examples: [{ line: `keys ${verb} alice`, does }],
    async run({ values, positionals: [name = ''], host }) {
      const [key] = await withKeys(host, values, async (context) => {
        const { store, actor } = context
        const known = await requireKey(store, name)
        const settings = { disabled: verb === 'disable' }
        const record = await changeStoredKey(store, known, settings, actor, `key.${verb}`)
        return await describeKeys([record], context)
      })
      if (values.json) host.stdout.write(`${JSON.stringify(key, null, 2)}\n`)
      else host.stdout.write(`${key?.name}: ${verb}d\n`)
      return EXIT.success
    },
  })
}
