import type { CommandGroup } from '../command.ts'

/** `oci-gateway prices` */
export const prices: CommandGroup = {
  type: 'group',
  commands: [
    {
      name: 'show',
      summary: 'Print the prices by which costs are calculated',
      load: async () => (await import('./prices/show.ts')).showPrices,
    },
    {
      name: 'update',
      summary: "Read Oracle's public price list and store its prices",
      load: async () => (await import('./prices/update.ts')).updatePrices,
    },
    {
      name: 'set',
      summary: 'Store the price of a model',
      load: async () => (await import('./prices/set.ts')).setPrice,
    },
    {
      name: 'reset',
      summary: 'Return to the built-in price of a model',
      load: async () => (await import('./prices/reset.ts')).resetPrices,
    },
  ],
}
