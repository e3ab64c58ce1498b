/** The value for everything that has no value of its own. */
export const OTHER = 'other'

/** Longest value of a label, in UTF-16 units. */
const MAX_LENGTH = 128

/**
 * The values of one label, each with a small number. It has at most `limit` values besides the given
 * ones; further ones count as `other`, so that clients cannot create series without bound.
 */
export class LabelValues {
  readonly #indexes = new Map<string, number>()
  readonly #values: string[] = [OTHER]
  /** The number of values that it can have, `other` included. */
  readonly capacity: number

  constructor(known: Iterable<string>, limit = 0) {
    for (const value of known) this.#add(value)
    this.capacity = this.#values.length + limit
  }

  /** The number of a value, or of `other` for an unknown one. */
  find(value: string | undefined): number {
    return value === undefined ? 0 : this.#indexes.get(value) ?? 0
  }

  /** The number of a value, which becomes known if there is room for it. */
  admit(value: string): number {
    const known = this.#indexes.get(value)
    if (known !== undefined) return known
    const hasRoom = this.#values.length < this.capacity && value.length <= MAX_LENGTH
    return hasRoom && value !== '' ? this.#add(value) : 0
  }

  valueAt(index: number): string {
    return this.#values[index] ?? OTHER
  }

  #add(value: string): number {
    const known = value === OTHER ? 0 : this.#indexes.get(value)
    if (known !== undefined) return known
    const index = this.#values.push(value) - 1
    this.#indexes.set(value, index)
    return index
  }
}
