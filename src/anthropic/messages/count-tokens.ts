import type { ChatRequest, Message, Part, Tool } from '../../chat/model.ts'
import { estimateTokens } from './estimate.ts'

/** What stands around each message and each tool. */
const AROUND = { message: 4, tool: 8 }

/** A picture of more than a million pixels: the most that Anthropic itself counts for one. */
const PICTURE = 1_600

/** A page of text and its picture, in a PDF of the usual density. */
const PAGE = { tokens: 2_000, characters: 100_000 }

/**
 * About how many tokens a conversation has: text by `estimateTokens()`, with its error; a picture
 * counts 1,600, whatever its size, and a document 2,000 for each 100,000 characters of its data URL.
 * Thoughts of earlier turns are not told to the model again, and count nothing.
 */
export function countTokens({ messages, tools, responseFormat }: ChatRequest): number {
  const schema = responseFormat?.type === 'json-schema' ? responseFormat.schema : undefined
  const counts = [
    ...messages.map(countMessage),
    ...tools.map(countTool),
    schema ? countJson(schema) : 0,
  ]
  return Math.ceil(counts.reduce((sum, count) => sum + count, 0))
}

function countMessage(message: Message): number {
  const parts: readonly Part[] = message.content
  const said = parts.reduce((sum, part) => sum + countPart(part), AROUND.message)
  if (message.role !== 'assistant') return said
  return message.toolCalls.reduce(
    (sum, { name, arguments: json }) =>
      sum + AROUND.tool + estimateTokens(name) + estimateTokens(json),
    said,
  )
}

function countPart(part: Part): number {
  switch (part.type) {
    case 'text':
      return estimateTokens(part.text)
    case 'image':
      return PICTURE
    case 'document':
    case 'audio':
    case 'video':
      return PAGE.tokens * Math.ceil(part.url.length / PAGE.characters)
  }
}

function countTool({ name, description, parameters }: Tool): number {
  const words = estimateTokens(`${name} ${description ?? ''}`)
  return AROUND.tool + words + countJson(parameters ?? {})
}

function countJson(json: object): number {
  return estimateTokens(JSON.stringify(json))
}
