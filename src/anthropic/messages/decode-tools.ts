import type { ChatRequest, Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import type { MessagesRequest } from './schema.ts'

type DecodedTools = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>

/** Decodes the client's tools. Tools that Anthropic runs itself are skipped here and get a warning. */
export function decodeTools(body: MessagesRequest): DecodedTools {
  const tools = (body.tools ?? []).flatMap((tool): Tool[] => {
    if (tool.type === 'built-in') return []
    const { name, description, input_schema: parameters, strict } = tool
    return [{ name, description: description ?? undefined, parameters, strict: strict ?? false }]
  })
  const choice = body.tool_choice
  const isAlone = choice?.type === 'none' ? undefined : choice?.disable_parallel_tool_use
  return {
    tools,
    toolChoice: decodeChoice(choice, tools),
    parallelToolCalls: typeof isAlone === 'boolean' ? !isAlone : undefined,
  }
}

function decodeChoice(
  choice: MessagesRequest['tool_choice'],
  tools: readonly Tool[],
): ToolChoice | undefined {
  switch (choice?.type) {
    case undefined:
      return undefined
    case 'auto':
    case 'none':
      return { type: choice.type }
    case 'any':
      return { type: 'required' }
    case 'tool':
      return { type: 'function', name: checkName(choice.name, tools) }
  }
}

function checkName(name: string, tools: readonly Tool[]): string {
  if (tools.length === 0 || tools.some((tool) => tool.name === name)) return name
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(name)}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
