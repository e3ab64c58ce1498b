const UNITS: readonly (readonly [milliseconds: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]

/** Formats milliseconds with the two largest units: `6 min 18 s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(Math.abs(milliseconds) / 1_000) * 1_000
  const parts = UNITS.map(([size, unit]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return { count, text: `${count} ${unit}` }
  })
  const first = parts.findIndex(({ count }) => count > 0)
  if (first < 0) return '0 s'
  return parts.slice(first, first + 2).filter(({ count }) => count > 0)
    .map(({ text }) => text).join(' ')
}
