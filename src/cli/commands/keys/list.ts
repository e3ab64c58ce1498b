import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { defineCommand } from '../../command.ts'
import { STORE_FLAGS } from '../../keys/flags.ts'
import { printKeys } from '../../keys/print.ts'
import { withKeys } from '../../keys/run.ts'

/** `oci-gateway keys list` */
export const listKeys = defineCommand({
  options: STORE_FLAGS,
  examples: [{ line: 'keys list --json', does: 'print all keys as JSON' }],
  async run({ values, host }) {
    const keys = await withKeys(
      host,
      values,
      async (context) => await describeKeys(await context.store.listKeys(), context),
    )
    if (values.json) host.stdout.write(`${JSON.stringify(keys, null, 2)}\n`)
    else printKeys(keys, host)
    return EXIT.success
  },
})
