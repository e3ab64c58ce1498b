import type { Tool, ToolChoice } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import type { EncodeOptions } from '../format.ts'
import { encodeParameters } from '../request/tool-parameters.ts'
import type { FunctionDefinition, GenericToolChoice } from './wire.ts'

/** Encodes the first tool of each name. OCI has no field for OpenAI's `strict`. */
export function encodeTools(
  tools: readonly Tool[],
  { profile, names, schemas }: Pick<EncodeOptions, 'profile' | 'names' | 'schemas'>,
): Steps<readonly FunctionDefinition[]> {
  return mapInSteps(distinctTools(tools), (tool) => ({
    type: 'FUNCTION',
    name: names.encode(tool.name),
    description: tool.description?.toWellFormed() || undefined,
    parameters: encodeParameters(tool, profile.schema, schemas),
  }))
}

/** Encodes the tool choice; OpenAI nests the name under `function`. */
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
