import type {
  Consumption,
  Cost,
  PlannedConsumption,
  Price,
  PriceTier,
  Rate,
  WorstCase,
} from './price.ts'

/**
 * Characters of an answer for each output token, on average at most: an assumption. Usual texts have
 * fewer than 8; only long runs of whitespace or of rare long words have more than this.
 */
const MAX_CHARACTERS_PER_TOKEN = 32

/** A number of units at one rate. */
interface Charge {
  rate: Rate
  units: number
}

/** Calculates what an answer costs. The arithmetic is exact and is rounded up once, for the sum. */
export function cost(price: Price, consumption: Consumption): Cost {
  const tier = tierOf(price, consumption.promptTokens)
  const charges = chargesOf(price, tier, consumption).filter(({ units }) => units > 0)
  const partNumbers = charges.map(({ rate }) => rate.partNumber).filter((part) =>
    part !== undefined
  )
  return {
    nanoDollars: roundUp(charges),
    partNumbers: [...new Set(partNumbers)],
    pricesAsOf: price.date,
  }
}

/**
 * Calculates the most that a call can cost, if it consumes at most what is planned. The real prompt
 * may be shorter, so that the dearest tier up to the planned length counts.
 */
export function worstCase(price: Price, planned: PlannedConsumption): WorstCase {
  const reachable = price.tiers.slice(
    0,
    price.tiers.indexOf(tierOf(price, planned.promptTokens)) + 1,
  )
  const cases = reachable.map((tier) => worstOfTier(price, tier, planned))
  return {
    fixed: Math.max(...cases.map(({ fixed }) => fixed)),
    perOutputToken: Math.max(...cases.map(({ perOutputToken }) => perOutputToken)),
  }
}

/** What one part number has of a consumption and of its cost. */
export interface PartShare {
  /** Tokens, characters, search units or requests. */
  units: number
  /** Units of its metric in Oracle's price list. */
  per: number
  nanoDollars: bigint
}

/**
 * Divides a cost among the part numbers of a price, in the proportion of their rates. The shares add
 * up to the cost. Empty if the price has no part numbers.
 * @param partNumbers those that were charged, which say which tier applied
 */
export function splitCost(
  price: Price,
  consumption: Consumption,
  nanoDollars: number,
  partNumbers: readonly string[],
): ReadonlyMap<string, PartShare> {
  const tiers = [tierOf(price, consumption.promptTokens), ...price.tiers]
  const candidates = tiers.map((tier) =>
    chargesOf(price, tier, consumption).filter(({ units }) => units > 0)
  )
  const isCharged = (charges: readonly Charge[]) =>
    charges.every(({ rate }) => partNumbers.includes(rate.partNumber ?? ''))
  const charges = candidates.find(isCharged) ?? candidates[0] ?? []
  if (charges.some(({ rate }) => rate.partNumber === undefined)) return new Map()
  return share(charges, BigInt(nanoDollars))
}

function share(charges: readonly Charge[], total: bigint): ReadonlyMap<string, PartShare> {
  const weights = charges.map((charge) => BigInt(roundUp([charge])))
  const sum = weights.reduce((result, weight) => result + weight, 0n)
  const shares = new Map<string, PartShare>()
  let rest = total
  for (const [index, { rate: { partNumber = '', per }, units }] of charges.entries()) {
    const isLast = index === charges.length - 1
    const weight = weights[index] ?? 0n
    const nanoDollars = isLast || sum === 0n ? rest : total * weight / sum
    const earlier = shares.get(partNumber)
    shares.set(partNumber, {
      units: units + (earlier?.units ?? 0),
      per,
      nanoDollars: nanoDollars + (earlier?.nanoDollars ?? 0n),
    })
    rest -= nanoDollars
  }
  return shares
}

function tierOf({ tiers }: Price, promptTokens: number): PriceTier {
  const fits = ({ maxPromptTokens = Infinity }: PriceTier) => promptTokens <= maxPromptTokens
  return tiers.find(fits) ?? tiers[tiers.length - 1] ?? tiers[0]
}

function chargesOf({ metric }: Price, tier: PriceTier, used: Consumption): readonly Charge[] {
  const { input, cached = input, output } = tier
  const outputOf = (units: number) => output ? [{ rate: output, units }] : []
  switch (metric) {
    case 'tokens': {
      const cachedTokens = Math.min(used.cachedTokens, used.promptTokens)
      return [
        { rate: input, units: used.promptTokens - cachedTokens },
        { rate: cached, units: cachedTokens },
        ...outputOf(used.completionTokens),
      ]
    }
    case 'characters':
      return [{ rate: input, units: used.promptCharacters }, ...outputOf(used.answerCharacters)]
    case 'searchUnits':
      return [{ rate: input, units: used.searchUnits }]
    case 'requests':
      return [{ rate: input, units: used.requests }]
  }
}

function worstOfTier(price: Price, tier: PriceTier, planned: PlannedConsumption): WorstCase {
  const prompt = { ...planned, completionTokens: 0, answerCharacters: 0 }
  const uncached = roundUp(chargesOf(price, tier, { ...prompt, cachedTokens: 0 }))
  const cached = roundUp(chargesOf(price, tier, { ...prompt, cachedTokens: planned.promptTokens }))
  const { output } = tier
  const units = price.metric === 'characters' ? MAX_CHARACTERS_PER_TOKEN : 1
  const hasOutput = price.metric === 'characters' || price.metric === 'tokens'
  return {
    fixed: Math.max(uncached, cached),
    perOutputToken: output && hasOutput ? roundUp([{ rate: output, units }]) : 0,
  }
}

/** The sum in nano-dollars, rounded up. The products may exceed 2⁵³. */
function roundUp(charges: readonly Charge[]): number {
  const denominators = new Set(charges.map(({ rate }) => BigInt(rate.per)))
  const denominator = [...denominators].reduce((product, per) => product * per, 1n)
  const numerator = charges.reduce(
    (sum, { rate, units }) =>
      sum + BigInt(units) * BigInt(rate.nanoDollars) * (denominator / BigInt(rate.per)),
    0n,
  )
  const nanoDollars = (numerator + denominator - 1n) / denominator
  // A cost of more than nine million dollars is a mistake in a price, not a cost.
  return nanoDollars > BigInt(Number.MAX_SAFE_INTEGER)
    ? Number.MAX_SAFE_INTEGER
    : Number(nanoDollars)
}
