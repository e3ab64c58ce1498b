import { EXIT } from '../../entry/exit-codes.ts'
import { defineCommand } from '../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import { withStore } from '../open-store.ts'
import { whilePending } from '../progress.ts'
import { monthOf } from '../reconcile/month.ts'
import { readOracleUsage } from '../reconcile/oracle-usage.ts'
import { reconcileMonth } from '../reconcile/reconcile-month.ts'
import { printReport } from '../reconcile/report.ts'
import { usageError } from '../usage-error.ts'

/** `oci-gateway reconcile` */
export const reconcile = defineCommand({
  options: {
    month: { type: 'string', value: 'MONTH', description: 'The month, in UTC: 2026-11' },
    json: { type: 'boolean', description: 'Print JSON' },
    ...CONNECTION_FLAGS,
  },
  examples: [
    {
      line: 'reconcile --month 2026-11',
      does: "compare the ledger with Oracle's bill, up to yesterday",
    },
    { line: 'reconcile --month 2026-11 --region us-ashburn-1', does: 'ask the home region' },
  ],
  async run({ values, host }) {
    if (values.month === undefined) throw usageError('--month is missing: --month 2026-11')
    const period = monthOf(values.month, host.now())
    const env = withFlags(host.env, values)
    const result = await withStore(host, env, async (store) => {
      const reading = readOracleUsage(host, env, period)
      const usage = await whilePending(host, "Reading Oracle's usage", reading)
      return await reconcileMonth(store, usage, period)
    })
    printReport(result, values.json, host)
    return EXIT.success
  },
})
