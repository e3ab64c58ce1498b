/** Writes values as JSON that `decode` reads: `undefined` is `null`; big integers and maps have tags. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member === undefined) return null
    if (typeof member === 'bigint') return { $bigint: member.toString() }
    return member instanceof Map ? { $map: [...member] } : member
  })
}

/** Reads what `encode` has written. The values that are exchanged have no `null`. */
export function decode(text: string): unknown {
  return text === '' ? undefined : restore(JSON.parse(text))
}

function restore(value: unknown): unknown {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.map(restore)
  if (typeof value !== 'object') return value
  if ('$bigint' in value) return BigInt(String(value.$bigint))
  if ('$map' in value && Array.isArray(value.$map)) return new Map(value.$map)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, restore(member)]))
}
