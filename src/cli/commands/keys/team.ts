import { EXIT } from '../../../entry/exit-codes.ts'
import { describeTeams } from '../../../metering/key-view.ts'
import { changeStoredTeam } from '../../../metering/manage-keys.ts'
import { defineCommand } from '../../command.ts'
import { LIMIT_FLAGS, limitSettings, STORE_FLAGS } from '../../keys/flags.ts'
import { printDetails } from '../../keys/print.ts'
import { type KeyWork, withKeys } from '../../keys/run.ts'
import { unknownName } from '../../usage-error.ts'

/** `oci-gateway keys team` */
export const limitTeam = defineCommand({
  positionals: [{
    ...{ name: 'NAME', isRequired: true },
    description: 'Name of the team, which exists once a key names it or a limit is set',
  }],
  options: { ...LIMIT_FLAGS, ...STORE_FLAGS },
  examples: [
    { line: 'keys team research --budget 50/month', does: 'limit all keys of the team together' },
    { line: 'keys team research', does: 'print the limits and the budget' },
  ],
  async run({ values, positionals: [name = ''], host }) {
    const settings = limitSettings(values)
    const isChange = Object.values(settings).some((setting) => setting !== undefined)
    const [view] = await withKeys(host, values, async (context) => {
      const { store, actor } = context
      const record = isChange
        ? await changeStoredTeam(store, name, settings, actor)
        : await requireTeam(context, name)
      return await describeTeams([record], context)
    })
    if (values.json) host.stdout.write(`${JSON.stringify(view, null, 2)}\n`)
    else if (view) printDetails(view, host)
    return EXIT.success
  },
})

async function requireTeam({ store }: KeyWork, name: string) {
  const found = await store.getTeam(name)
  if (found) return found
  throw unknownName('team', name, (await store.listTeams()).map((known) => known.name))
}
