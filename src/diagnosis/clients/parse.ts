/** Parses JSON with comments, or JSON5. Throws an error whose message names the place. */
export async function parseJson(text: string, mode: 'jsonc' | 'json5'): Promise<unknown> {
  const { evaluate, parse } = await import('@humanwhocodes/momoa')
  return evaluate(parse(text, { mode, allowTrailingCommas: true }))
}

/** Parses TOML. Throws an error whose message names the place. */
export async function parseToml(text: string): Promise<unknown> {
  const { getStaticTOMLValue, parseTOML } = await import('toml-eslint-parser')
  return getStaticTOMLValue(parseTOML(text))
}
