let latest = { second: Number.NaN, text: '' }

/**
 * A time in milliseconds since the epoch as HTTP writes it: `Tue, 14 Jul 2026 09:26:53 GMT`.
 * It has no fractions, so all requests of one second share one text.
 */
export function httpDate(time: number): string {
  const second = Math.floor(time / 1000)
  if (second !== latest.second) latest = { second, text: new Date(time).toUTCString() }
  return latest.text
}
