import { EXIT } from '../../../entry/exit-codes.ts'
import { newPrice, PRICE_METRICS } from '../../../prices/new-price.ts'
import { priceRows } from '../../../prices/price-rows.ts'
import { storePrice } from '../../../prices/price-book.ts'
import type { Price } from '../../../prices/price.ts'
import { defineCommand } from '../../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../../connection-flags.ts'
import type { Host } from '../../host.ts'
import { withStore } from '../../open-store.ts'
import { priceChange, today } from '../../price-changes.ts'
import { usageError } from '../../usage-error.ts'

/** `oci-gateway prices set` */
export const setPrice = defineCommand({
  positionals: [{
    ...{ name: 'MODEL', isRequired: true, completes: 'model' },
    description: "OCI's name of the model, or a pattern that ends in *",
  }],
  options: {
    input: { type: 'string', value: 'USD', description: 'Price of the prompt' },
    cached: {
      ...{ type: 'string', value: 'USD' },
      description: 'Price of prompt tokens that OCI reports as cached. Default: as --input',
    },
    output: { type: 'string', value: 'USD', description: 'Price of the answer. Default: none' },
    per: {
      ...{ type: 'integer', value: 'UNITS' },
      description: 'The prices are for so many units. Default: 1000000 tokens, 10000 characters, ' +
        '1000 search units or requests',
    },
    metric: {
      ...{ type: 'string', value: 'METRIC', choices: PRICE_METRICS },
      description: 'What is counted. Default: tokens',
    },
    json: { type: 'boolean', description: 'Print the stored price as JSON' },
    config: CONNECTION_FLAGS.config,
  },
  examples: [
    {
      line: 'prices set xai.grok-4.3 --input 3 --cached 0.75 --output 15',
      does: 'store USD for a million tokens',
    },
    {
      line: 'prices set cohere.rerank-v4.0-pro --metric searchUnits --input 2.5',
      does: 'store USD for 1,000 search units',
    },
  ],
  async run({ values, positionals: [model = ''], host }) {
    const { input, cached, output, per } = values
    if (input === undefined) throw usageError('--input is missing: prices set MODEL --input USD')
    const metric = PRICE_METRICS.find((name) => name === values.metric)
    const date = today(host)
    const result = newPrice({ model, input, cached, output, per, metric }, date)
    if (result.type === 'invalid') {
      const flag = result.member === 'model' ? 'MODEL' : `--${result.member}`
      throw usageError(`${flag} ${result.message}`)
    }
    const { price } = result
    await withStore(
      host,
      withFlags(host.env, values),
      (store) => store.setPrice(storePrice(price), priceChange(host, 'price.set', price)),
    )
    report(price, values.json, host)
    return EXIT.success
  },
})

function report(price: Price, asJson: boolean, { stdout, stderr }: Host): void {
  const [row] = priceRows([price])
  if (!row) return
  const { model, metric, per, input, cached, output } = row
  if (asJson) return stdout.write(`${JSON.stringify(row, null, 2)}\n`)
  const unit = metric === 'searchUnits' ? 'search units' : metric
  const parts = [
    `input $${input}`,
    ...(cached === null ? [] : [`cached input $${cached}`]),
    ...(output === null ? [] : [`output $${output}`]),
  ]
  stdout.write(`${model}: ${parts.join(', ')} for ${per.toLocaleString('en')} ${unit}\n`)
  const hasOutput = metric === 'tokens' || metric === 'characters'
  if (hasOutput && output === null) {
    stderr.write(`Answers of ${model} cost nothing, because --output is not set\n`)
  }
}
