import { stripClientText } from '../../strip-client-text.ts'
import type { Prompt, PromptTool } from '../../prompt.ts'
import { readDirectives } from '../../read-directives.ts'
import { countTokens } from '../../text-tokens.ts'
import { schemaOfType } from './python-type.ts'
import type { CohereChatRequest, CohereTool, CohereToolResult, CohereTurn } from './request.ts'
import { readFormat } from './response-format.ts'

/** What a Cohere request of the first version asks. */
export function readPrompt(request: CohereChatRequest): Prompt {
  const { text, directives, unknown } = readDirectives(questionOf(request))
  return {
    system: instructionsOf(request),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: [],
    toolResults: (request.toolResults ?? []).map(textOfResult),
    tools: (request.tools ?? []).map(readTool),
    toolChoice: 'auto',
    parallelCalls: true,
    hasParallelCalls: (request.chatHistory ?? []).some((turn) =>
      turn.role === 'CHATBOT' && (turn.toolCalls ?? []).length > 1
    ),
    plans: true,
    format: readFormat(request.responseFormat),
    outputLimit: request.maxTokens,
    stop: request.stopSequences ?? [],
    reasons: false,
    choices: 1,
    tokens: countPrompt(request),
    isStream: request.isStream === true,
    wantsUsage: request.streamOptions?.isIncludeUsage === true,
    logprobs: undefined,
  }
}

/** What a tool answered: the one text of an output where it is that, else its JSON. */
export function textOfResult({ outputs }: CohereToolResult): string {
  return outputs.map(textOfOutput).join(', ')
}

/** After tools were called there is no message, and the question is in the history. */
function questionOf({ message, chatHistory = [] }: CohereChatRequest): string {
  if (message !== '') return message
  return textOfTurn(chatHistory.findLast(({ role }) => role === 'USER'))
}

function instructionsOf({ preambleOverride, chatHistory = [] }: CohereChatRequest): string {
  const entries = chatHistory.filter(({ role }) => role === 'SYSTEM').map(textOfTurn)
  return [preambleOverride ?? '', ...entries].filter(Boolean).join('\n')
}

function textOfTurn(turn: CohereTurn | undefined): string {
  return turn !== undefined && 'message' in turn ? turn.message ?? '' : ''
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

function countPrompt(request: CohereChatRequest): number {
  const { message, chatHistory = [], documents = [], tools = [], toolResults = [] } = request
  const texts = [
    ...[instructionsOf(request), message],
    ...chatHistory.filter(({ role }) => role !== 'SYSTEM').map(textOfTurn),
    ...chatHistory.flatMap((turn) =>
      'toolResults' in turn ? turn.toolResults.map(textOfResult) : []
    ),
    ...toolResults.map(textOfResult),
    ...documents.map((document) => JSON.stringify(document)),
    ...tools.map(({ name, description }) => `${name} ${description}`),
  ]
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
