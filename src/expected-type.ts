const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['boolean', 'a boolean'],
  ['Array', 'an array'],
  ['Object', 'an object'],
])

/** Describes valibot's `expected` for an error message: `(string | Array)` is `a string or an array`. */
export function describeExpected(expected: string | null): string {
  if (expected === null) return 'a different value'
  const types = expected.replaceAll(/[()]/g, '').split(' | ')
    .map((type) => TYPES.get(type) ?? type)
  const last = types.pop() ?? ''
  return types.length === 0 ? last : `${types.join(', ')} or ${last}`
}
