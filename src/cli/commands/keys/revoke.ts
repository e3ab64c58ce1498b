import { EXIT } from '../../../entry/exit-codes.ts'
import { deleteStoredKey } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { KEY_ARGUMENT, STORE_FLAGS } from '../../keys/flags.ts'
import { requireKey, withKeys } from '../../keys/run.ts'

/** `oci-gateway keys revoke` */
export const revokeKey = defineCommand({
  positionals: [KEY_ARGUMENT],
  options: STORE_FLAGS,
  examples: [{ line: 'keys revoke alice', does: 'delete the key' }],
  async run({ values, positionals: [name = ''], host }) {
    const { id, name: deleted } = await withKeys(host, values, async ({ store, actor }) => {
      const key = await requireKey(store, name)
      await deleteStoredKey(store, key, actor)
      return key
    })
    host.stdout.write(
      values.json
        ? `${JSON.stringify({ id, name: deleted, deleted: true }, null, 2)}\n`
        : `${deleted}: deleted\n`,
    )
    return EXIT.success
  },
})
