/** The value of the sample with these labels in Prometheus' text; 0 if there is none. */
export function valueOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const start = `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} `
  const line = text.split('\n').find((line) => line.startsWith(start))
  return line === undefined ? 0 : Number(line.slice(start.length))
}
