import { type Charge, chargesFor, type Sku, type Use } from './skus.ts'

/** The length of a day, in milliseconds. */
export const DAY = 86_400_000

/** What was billed on one day for one part number. */
export interface BilledUsage {
  /** The beginning of the day (UTC), in milliseconds since the epoch. */
  day: number
  sku: Sku
  /** Tokens, characters or search units. */
  units: number
}

/** Adds up what is billed. */
export interface Meter {
  /** Bills a call on demand, which has reached the model. */
  bill(model: string, use: Partial<Use>): void
  /** All sums, by day and part number. */
  billed(): readonly BilledUsage[]
}

const NOTHING: Use = {
  ...{ promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  ...{ promptCharacters: 0, answerCharacters: 0, searchUnits: 0 },
}

/** Creates a meter without usage. */
export function createMeter(now: () => number): Meter {
  const sums = new Map<string, BilledUsage>()
  const add = (day: number, { sku, units }: Charge) => {
    const name = `${day} ${sku.partNumber}`
    const sum = sums.get(name) ?? { day, sku, units: 0 }
    sums.set(name, { ...sum, units: sum.units + units })
  }
  return {
    bill(model, use) {
      const day = Math.floor(now() / DAY) * DAY
      for (const charge of chargesFor(model, { ...NOTHING, ...use })) add(day, charge)
    },
    billed: () =>
      [...sums.values()].sort((a, b) =>
        a.day - b.day || (a.sku.partNumber < b.sku.partNumber ? -1 : 1)
      ),
  }
}

/** Whether a call is billed by use, not by the hours of a dedicated cluster. */
export function isOnDemand(requestedId: string): boolean {
  return !requestedId.startsWith('ocid1.generativeaiendpoint.')
}

/** The code points of texts: characters as OCI counts them. */
export function charactersOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + [...text].length, 0)
}
