/** Without these marks the formatter pads the cells of a table. */
const AS_IS = ['<!-- deno-fmt-ignore-start -->', '<!-- deno-fmt-ignore-end -->'] as const

/** Replaces the section between the marks of `name` in a page; `command` is what makes it. */
export function withSection(
  page: string,
  name: string,
  text: string,
  command = 'npm run docs',
): string {
  const begin = `<!-- ${name}: made by ${command} -->`
  const end = `<!-- /${name} -->`
  const [before = '', rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`The page has no section "${name}"`)
  return `${before}${begin}\n${AS_IS[0]}\n\n${text}\n${AS_IS[1]}\n${end}${after}`
}
