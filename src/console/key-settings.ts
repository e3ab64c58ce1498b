/** The members of the administration API that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['rpm', 'tpm', 'concurrency'])

/**
 * Converts the texts of a form to the settings of a key or a team. An empty text is a setting that
 * is not set; a number that is not one stays a text, which the gateway rejects with its name.
 */
export function settingsOf(
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const set = Object.entries(values).map(([name, text]) => [name, text.trim()] as const)
    .filter(([, text]) => text !== '')
  return Object.fromEntries(set.map(([name, text]) => [name, settingOf(name, text)]))
}

function settingOf(name: string, text: string): unknown {
  if (name === 'models') return text.split(/[\s,]+/).filter(Boolean)
  if (NUMBERS.has(name) && Number.isFinite(Number(text))) return Number(text)
  return text
}
