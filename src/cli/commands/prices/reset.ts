import { EXIT } from '../../../entry/exit-codes.ts'
import { createPriceBook } from '../../../prices/price-book.ts'
import { defineCommand } from '../../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../../connection-flags.ts'
import { withStore } from '../../open-store.ts'
import { unknownName } from '../../usage-error.ts'

/** `oci-gateway prices reset` */
export const resetPrices = defineCommand({
  positionals: [{
    ...{ name: 'MODEL', isRequired: true, completes: 'model' },
    description: 'The name or pattern of a stored price',
  }],
  options: { config: CONNECTION_FLAGS.config },
  examples: [
    { line: 'prices reset xai.grok-4.3', does: 'use the built-in price, which update can replace' },
  ],
  async run({ values, positionals: [model = ''], host }) {
    await withStore(host, withFlags(host.env, values), async (store) => {
      const stored = (await store.listPrices()).filter(({ price }) => price !== 'null')
      if (!stored.some((price) => price.model === model)) {
        throw unknownName('price', model, stored.map((price) => price.model))
      }
      const change = { time: host.now(), actor: 'cli', action: 'price.reset', target: model }
      await store.setPrice({ model, price: 'null' }, { ...change, detail: '{}' })
    })
    const isPriced = createPriceBook([]).find(model) !== undefined
    host.stdout.write(
      isPriced ? `${model}: the built-in price\n` : `${model}: no price, and so no cost\n`,
    )
    return EXIT.success
  },
})
