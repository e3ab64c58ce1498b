import { EXIT } from '../../../entry/exit-codes.ts'
import { describeKeys } from '../../../metering/key-view.ts'
import { defineCommand } from '../../command.ts'
import { KEY_ARGUMENT, STORE_FLAGS } from '../../keys/flags.ts'
import { printDetails } from '../../keys/print.ts'
import { requireKey, withKeys } from '../../keys/run.ts'

/** `oci-gateway keys show` */
export const showKey = defineCommand({
  positionals: [KEY_ARGUMENT],
  options: STORE_FLAGS,
  examples: [{ line: 'keys show alice', does: 'print limits, and what of the budget is spent' }],
  async run({ values, positionals: [name = ''], host }) {
    const [key] = await withKeys(
      host,
      values,
      async (context) => await describeKeys([await requireKey(context.store, name)], context),
    )
    if (values.json) host.stdout.write(`${JSON.stringify(key, null, 2)}\n`)
    else if (key) printDetails(key, host)
    return EXIT.success
  },
})
