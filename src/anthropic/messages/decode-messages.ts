import type {
  AssistantMessage,
  Message as ChatMessage,
  Part,
  SystemMessage,
  ToolCall,
  ToolMessage,
  UserMessage,
} from '../../chat/model.ts'
import { newestInput } from '../../chat/newest-input.ts'
import { ascii } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { type BlockPlace, decodeBlock, decodeResult, decodeTextBlock } from './decode-blocks.ts'
import { type Block, kindOfMessage, type Message, type MessagesRequest } from './schema.ts'
import { isToolset, memberName } from './toolsets.ts'

export interface DecodedMessages {
  messages: readonly ChatMessage[]
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes Anthropic's messages, after the system text. Only the newest input may be refused. */
export function decodeMessages({ system, messages }: MessagesRequest): DecodedMessages {
  const newest = newestInput(messages, kindOfMessage)
  const warnings: string[] = []
  const warn = (text: string) => warnings.push(text)
  const decoded = messages.flatMap((message, index) => {
    const place = { at: `messages[${index}]`, isNewest: index === newest, warn }
    return decodeMessage(message, place)
  })
  const first = decodeSystem(asBlocks(system ?? []), { at: 'system', isNewest: false, warn })
  return { messages: [...first, ...decoded], warnings }
}

function decodeMessage({ role, content, unknownRole }: Message, place: BlockPlace): ChatMessage[] {
  const blocks = asBlocks(content)
  if (unknownRole !== undefined) {
    place.warn(`${place.at}.role: ${ascii(unknownRole)} is not known, sent as user`)
  }
  switch (role) {
    case 'system':
      return decodeSystem(blocks, place)
    case 'user':
      return decodeUser(blocks, place)
    case 'assistant':
      return [decodeAssistant(blocks, place), ...decodeResults(blocks, place)]
  }
}

function decodeSystem(blocks: readonly Block[], place: BlockPlace): SystemMessage[] {
  const parts = blocks
    .flatMap((block, index) => decodeTextBlock(block, placeOf(index, place)))
    .filter(({ text }) => text !== '')
  if (parts.length === 0) return []
  return [{ role: 'system', content: parts, name: undefined, location: place.at }]
}

/** Tool results come first, since they belong to the message before. Anthropic requires the same order. */
function decodeUser(blocks: readonly Block[], place: BlockPlace): (ToolMessage | UserMessage)[] {
  const results = decodeResults(blocks, place)
  const isOnlyResults = results.length > 0 && results.length === blocks.length
  return isOnlyResults ? results : [...results, decodeUserContent(blocks, place)]
}

function decodeResults(blocks: readonly Block[], place: BlockPlace): ToolMessage[] {
  return blocks.flatMap((block, index): ToolMessage[] => {
    if (block.type !== 'tool_result') return []
    const own = placeOf(index, place)
    const content = decodeResult(block, own)
    return [{ role: 'tool', toolCallId: block.tool_use_id, content, location: own.at }]
  })
}

function decodeUserContent(blocks: readonly Block[], place: BlockPlace): UserMessage {
  const content = blocks.flatMap((block, index) => {
    const own = placeOf(index, place)
    switch (block.type) {
      case 'tool_result':
        return []
      case 'tool_use':
      case 'thinking':
      case 'redacted_thinking':
        if (place.isNewest) throw misplaced(block.type, own.at)
        place.warn(`${own.at}: ${block.type} in a user message, left out`)
        return []
      case 'text':
      case 'image':
      case 'document':
      case 'search_result':
      case 'tool_reference':
      case 'other':
        return decodeBlock(block, own)
    }
  })
  rejectUnknown(content, blocks, place)
  return { role: 'user', content, name: undefined, location: place.at }
}

/** Names the first unknown block if nothing else is in the newest input. */
function rejectUnknown(
  content: readonly Part[],
  blocks: readonly Block[],
  { isNewest, at }: BlockPlace,
): void {
  if (!isNewest || content.some((part) => part.type !== 'text' || part.text !== '')) return
  const index = blocks.findIndex(({ type }) => type === 'other')
  const block = blocks[index]
  if (block?.type !== 'other') return
  const param = `${at}.content[${index}]`
  const type = 'type' in block.block ? String(block.block.type) : 'unknown'
  const message = `${param}: content block of type "${ascii(type)}" is not supported`
  throw new ApiError('unsupported_content', message, { param })
}

function decodeAssistant(blocks: readonly Block[], place: BlockPlace): AssistantMessage {
  const reasoning = blocks.flatMap((block) => block.type === 'thinking' ? [block.thinking] : [])
  return {
    role: 'assistant',
    content: blocks.flatMap((block, index) => decodeTextBlock(block, placeOf(index, place))),
    reasoning: reasoning.filter(Boolean).join('\n\n') || undefined,
    refusal: undefined,
    toolCalls: blocks.flatMap(decodeCall),
    name: undefined,
    location: place.at,
  }
}

function decodeCall(block: Block): ToolCall[] {
  if (block.type !== 'tool_use') return []
  const { id, name: written, input, toolset_name: toolset } = block
  const name = isToolset(toolset) ? memberName(toolset, written) : written
  return [{ id, name, arguments: JSON.stringify(input ?? {}) }]
}

function placeOf(index: number, place: BlockPlace): BlockPlace {
  return { ...place, at: `${place.at}.content[${index}]` }
}

function asBlocks(content: string | readonly Block[]): readonly Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function misplaced(type: string, param: string): ApiError {
  return new ApiError('invalid_request', `"${type}" blocks are not allowed in user messages`, {
    param,
  })
}
