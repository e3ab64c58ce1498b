import type { ChatRequest, Message, Part, Tool } from '../../chat/model.ts'
import { estimateTokens } from './estimate.ts'

/** Tokens added for each message and each tool. */
const OVERHEAD = { message: 4, tool: 8 }

/** Anthropic's maximum for one image, of more than a million pixels. */
const IMAGE_TOKENS = 1_600

/** A page of a PDF with usual density, as text and as image. */
const PAGE = { tokens: 2_000, characters: 100_000 }

/**
 * Estimates the tokens of a conversation: text by `estimateTokens()`, with its error; 1,600 for an
 * image of any size; 2,000 for each 100,000 characters of a document's data URL. Earlier reasoning
 * counts 0, since it is not sent to the model again.
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
  const content = parts.reduce((sum, part) => sum + countPart(part), OVERHEAD.message)
  if (message.role !== 'assistant') return content
  return message.toolCalls.reduce(
    (sum, { name, arguments: json }) =>
      sum + OVERHEAD.tool + estimateTokens(name) + estimateTokens(json),
    content,
  )
}

function countPart(part: Part): number {
  switch (part.type) {
    case 'text':
      return estimateTokens(part.text)
    case 'image':
      return IMAGE_TOKENS
    case 'document':
    case 'audio':
    case 'video':
      return PAGE.tokens * Math.ceil(part.url.length / PAGE.characters)
  }
}

function countTool({ name, description, parameters }: Tool): number {
  const text = estimateTokens(`${name} ${description ?? ''}`)
  return OVERHEAD.tool + text + countJson(parameters ?? {})
}

function countJson(json: object): number {
  return estimateTokens(JSON.stringify(json))
}
