import type { JsonSchema, Tool, ToolChoice } from '../../chat/model.ts'
import type { ModelProfile } from '../models.ts'
import { cleanSchema } from '../schema.ts'
import type { EncodeOptions } from '../format.ts'
import type { FunctionDefinition, GenericToolChoice } from './wire.ts'

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

/** The first tool of each name. OCI has no field for OpenAI's `strict`. */
export function encodeTools(
  tools: readonly Tool[],
  { schema }: ModelProfile,
  names: EncodeOptions['names'],
): readonly FunctionDefinition[] {
  return tools.filter(isFirst).map((tool) => ({
    type: 'FUNCTION',
    name: names.encode(tool.name),
    description: tool.description?.toWellFormed() || undefined,
    parameters: cleanSchema(tool.parameters ?? NO_PARAMETERS, schema),
  }))
}

/** A warning for each tool that was left out because another bears its name. */
export function repeatedTools(
  tools: readonly Tool[],
  names: EncodeOptions['names'],
): readonly string[] {
  return tools
    .filter((tool, index) => !isFirst(tool, index, tools))
    .map(({ name }) => `tools: a second "${names.encode(name)}" left out`)
}

/** OpenAI's choice, flat. */
export function encodeToolChoice(
  choice: ToolChoice,
  names: EncodeOptions['names'],
): GenericToolChoice {
  switch (choice.type) {
    case 'auto':
      return { type: 'AUTO' }
    case 'none':
      return { type: 'NONE' }
    case 'required':
      return { type: 'REQUIRED' }
    case 'function':
      return { type: 'FUNCTION', name: names.encode(choice.name) }
  }
}

function isFirst({ name }: Tool, index: number, tools: readonly Tool[]): boolean {
  return tools.findIndex((tool) => tool.name === name) === index
}
