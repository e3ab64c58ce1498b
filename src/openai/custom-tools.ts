import type { JsonSchema } from '../chat/model.ts'

/** A custom tool is offered as a function with one argument, the whole input of the tool. */
export const CUSTOM_PARAMETERS: JsonSchema = {
  type: 'object',
  properties: { input: { type: 'string', description: "The tool's whole input, as plain text" } },
  required: ['input'],
  additionalProperties: false,
}

/** The grammar of a custom tool's input. */
export interface Grammar {
  syntax?: string | null | undefined
  definition?: string | null | undefined
}

/** The description of the function; it has the grammar, which is not enforced. */
export function describeCustomTool(
  description: string | null | undefined,
  grammar: Grammar | null | undefined,
): string | undefined {
  const rule = grammar?.definition
    ? `The input must fit this ${grammar.syntax ?? ''} grammar:\n${grammar.definition}`
    : undefined
  return [description, rule].filter(Boolean).join('\n\n') || undefined
}

/** Returns a warning if a custom tool has a grammar. `at` is the tool's field. */
export function warnOfGrammar(grammar: Grammar | null | undefined, at: string): string[] {
  return grammar?.definition ? [`${at}: the grammar is added to the description, not enforced`] : []
}

/** The arguments of the function for the input of a custom tool. */
export function customArguments(input: string): string {
  return JSON.stringify({ input })
}

/** The input of a custom tool in a function's arguments; arguments of another form are the input. */
export function customInput(json: string): string {
  try {
    const parsed: unknown = JSON.parse(json)
    const isWrapped = typeof parsed === 'object' && parsed !== null && 'input' in parsed
    return isWrapped && typeof parsed.input === 'string' ? parsed.input : json
  } catch {
    return json
  }
}
