import type { ChatRequest, JsonSchema, Tool } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { namedTool } from '../cohere/encode-tools.ts'
import type { EncodeOptions } from '../format.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { cleanSchema } from '../schema/clean.ts'
import type { Cohere2ChatRequest } from './wire.ts'

type ToolUse = Pick<Cohere2ChatRequest, 'tools' | 'toolsChoice' | 'isStrictToolsEnabled'>

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

/** Encodes the tools and their choice. A tool that must be called is the only one offered. */
export function* encodeToolUse(
  { tools, toolChoice }: ChatRequest,
  { profile, names, schemas }: EncodeOptions,
): Steps<ToolUse> {
  if (tools.length === 0) {
    return { tools: undefined, toolsChoice: undefined, isStrictToolsEnabled: undefined }
  }
  const isNamed = toolChoice?.type === 'function'
  const offered = isNamed ? [namedTool(tools, toolChoice.name)] : distinctTools(tools)
  return {
    tools: yield* mapInSteps(offered, (tool) => ({
      type: 'FUNCTION' as const,
      function: {
        name: names.encode(tool.name),
        description: tool.description?.toWellFormed() || undefined,
        parameters: cleanSchema(tool.parameters ?? NO_PARAMETERS, profile.schema, {
          budget: schemas,
          owner: tool,
        }),
      },
    })),
    toolsChoice: encodeChoice(toolChoice),
    // One switch applies to all tools.
    isStrictToolsEnabled: offered.every(isStrict) || undefined,
  }
}

function encodeChoice(choice: ChatRequest['toolChoice']): ToolUse['toolsChoice'] {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return undefined
    case 'none':
      return 'NONE'
    case 'required':
    case 'function':
      return 'REQUIRED'
  }
}

function isStrict({ strict }: Tool): boolean {
  return strict
}
