/** The formatter would pad the cells of a table. */
const AS_IS = ['<!-- deno-fmt-ignore-start -->', '<!-- deno-fmt-ignore-end -->'] as const

/** A page with the section between the marks of `name` replaced by `text`. */
export function withSection(page: string, name: string, text: string): string {
  const begin = `<!-- ${name}: made by npm run docs -->`
  const end = `<!-- /${name} -->`
  const [before = '', rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`Cannot find the section "${name}"`)
  return `${before}${begin}\n${AS_IS[0]}\n\n${text}\n${AS_IS[1]}\n${end}${after}`
}
