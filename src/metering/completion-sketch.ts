/** Each bucket is 10 % wider than the one before, so that a percentile is at most 10 % too high. */
const GROWTH = Math.log(1.1)

/** The last bucket holds all answers of more than about 390,000 tokens. */
const BUCKETS = 136

/** At this weight all counts are halved, so that old answers are forgotten. */
const MAX_WEIGHT = 1_000

/** Fewer answers say nothing about a percentile. */
const MIN_SAMPLES = 20

const PERCENTILE = 0.95

/** A histogram of completion tokens in about 1 kB of memory, which forgets old answers. */
export class CompletionSketch {
  readonly #counts = new Float64Array(BUCKETS)
  #weight = 0

  add(tokens: number): void {
    const bucket = bucketOf(tokens)
    this.#counts[bucket] = this.#counts[bucket]! + 1
    this.#weight++
    if (this.#weight < MAX_WEIGHT) return
    for (const [index, count] of this.#counts.entries()) this.#counts[index] = count / 2
    this.#weight /= 2
  }

  /** The 95th percentile, as the end of its bucket; `undefined` before 20 answers. */
  percentile95(): number | undefined {
    if (this.#weight < MIN_SAMPLES) return undefined
    let below = 0
    for (const [bucket, count] of this.#counts.entries()) {
      below += count
      if (below >= this.#weight * PERCENTILE) return endOf(bucket)
    }
    return endOf(BUCKETS - 1)
  }

  /** Continues from a percentile that was saved. */
  restore(percentile95: number, samples: number): void {
    const weight = Math.min(Math.max(samples, MIN_SAMPLES), MAX_WEIGHT / 2)
    const bucket = bucketOf(percentile95)
    this.#counts.fill(0)
    this.#counts[bucket] = weight
    this.#weight = weight
  }
}

function bucketOf(tokens: number): number {
  const bucket = Math.ceil(Math.log(Math.max(1, tokens)) / GROWTH - 1e-9)
  return Math.min(BUCKETS - 1, bucket)
}

function endOf(bucket: number): number {
  // Tokens are whole numbers: none is between this and the exact end.
  return Math.floor(Math.exp(bucket * GROWTH) + 1e-9)
}
