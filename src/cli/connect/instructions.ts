import { exportCommand } from '../../causes/shell.ts'
import type { ClientDefinition, Connection, FileFormat } from '../../clients/client.ts'
import { mergeSettings } from '../merge/merge-settings.ts'

/** What a user sets by themselves: a text with a heading, for the terminal and for the pages. */
export interface Instruction {
  heading: string
  /** The language of the text, as Markdown names it. */
  language: string
  text: string
}

/** The files, variables and code that connect a client. */
export async function instructionsFor(
  { files, env, code }: ClientDefinition,
  connection: Connection,
): Promise<readonly Instruction[]> {
  const fileTexts = await Promise.all(files.map(async ({ path, folder, format, settings }) => ({
    heading: `In ${folder === 'home' ? `~/${path}` : path}`,
    language: languageOf(format),
    text: await mergeSettings(undefined, format, settings(connection)),
  })))
  const variables = Object.entries(env?.(connection) ?? {})
  return [
    ...fileTexts,
    ...(variables.length > 0
      ? [{ heading: 'Environment variables', language: 'sh', text: exportLines(variables) }]
      : []),
    ...(code ? [{ heading: 'Code', language: code.language, text: code.text(connection) }] : []),
  ]
}

function languageOf(format: FileFormat): string {
  return format === 'jsonc' || format === 'json5' ? 'json' : format
}

/** Lines for a POSIX shell. */
export function exportLines(variables: readonly (readonly [string, string])[]): string {
  return variables.map(([name, value]) => `${exportCommand(name, value)}\n`).join('')
}
