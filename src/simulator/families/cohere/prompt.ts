import type { Prompt, PromptTool } from '../../prompt.ts'
import { type PromptMessage, readPrompt } from '../../read-prompt.ts'
import type {
  CohereChatRequest,
  CohereResponseFormat,
  CohereTool,
  CohereToolResult,
  CohereTurn,
} from './request.ts'
import { schemaOfType } from './tool-rules.ts'

/** Reads the prompt of a COHERE request. */
export function readCoherePrompt(request: CohereChatRequest): Prompt {
  const { message, preambleOverride, chatHistory = [], documents = [], toolResults = [] } = request
  return readPrompt({
    messages: [
      ...(preambleOverride ? [{ role: 'system', text: preambleOverride } as const] : []),
      ...chatHistory.flatMap(readTurn),
      ...(message === '' ? [] : [{ role: 'user', text: message } as const]),
      ...toolResults.map(readResult),
    ],
    tools: (request.tools ?? []).map(readTool),
    furtherTexts: documents.map((document) => JSON.stringify(document)),
    parameters: {
      hasToolPlan: true,
      format: readFormat(request.responseFormat),
      outputLimit: request.maxTokens,
      stop: request.stopSequences ?? [],
      isStream: request.isStream === true,
      wantsUsage: request.streamOptions?.isIncludeUsage === true,
    },
  })
}

/** The response format of both of Cohere's formats. */
export function readFormat(format: CohereResponseFormat | undefined): Prompt['format'] {
  if (format?.type !== 'JSON_OBJECT') return 'text'
  return format.schema === undefined ? 'json' : { schema: format.schema }
}

/** The text of a tool result: each output's only string member, else the output as JSON. */
export function textOfResult({ outputs }: CohereToolResult): string {
  return outputs.map(textOfOutput).join(', ')
}

function readTurn(turn: CohereTurn): readonly PromptMessage[] {
  switch (turn.role) {
    case 'SYSTEM':
      return [{ role: 'system', text: turn.message }]
    case 'USER':
      return [{ role: 'user', text: turn.message }]
    case 'CHATBOT': {
      const { message = '', toolCalls = [] } = turn
      const calls = toolCalls.map(({ name, parameters }) => `${name} ${JSON.stringify(parameters)}`)
      return [{ role: 'assistant', text: message, calls }]
    }
    case 'TOOL':
      return turn.toolResults.map(readResult)
  }
}

function readResult(result: CohereToolResult): PromptMessage {
  return { role: 'tool', text: textOfResult(result) }
}

function textOfOutput(output: unknown): string {
  const values = typeof output === 'object' && output !== null ? Object.values(output) : []
  const [only] = values
  return values.length === 1 && typeof only === 'string' ? only : JSON.stringify(output)
}

function readTool({ name, description, parameterDefinitions = {} }: CohereTool): PromptTool {
  const definitions = Object.entries(parameterDefinitions)
  const properties = definitions.map(([key, { type, description }]) => [
    key,
    { ...schemaOfType(type), ...(description === undefined ? {} : { description }) },
  ])
  const required = definitions.filter(([, { isRequired }]) => isRequired).map(([key]) => key)
  const parameters = { type: 'object', properties: Object.fromEntries(properties), required }
  return { name, description, parameters }
}
