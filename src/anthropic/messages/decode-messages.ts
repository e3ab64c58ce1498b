import type {
  AssistantMessage,
  Message as ChatMessage,
  SystemMessage,
  TextPart,
  ToolCall,
  ToolMessage,
  UserMessage,
} from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import { decodeBlock, decodeResult, decodeWords } from './decode-blocks.ts'
import type { Block, Message, MessagesRequest } from './schema.ts'

/** Reads Anthropic's turns, the system text before them all. */
export function decodeMessages({ system, messages }: MessagesRequest): ChatMessage[] {
  return [...decodeSystem(system ?? [], 'system'), ...messages.flatMap(decodeTurn)]
}

function decodeTurn(message: Message, index: number): ChatMessage[] {
  const place = `messages[${index}]`
  const content = message.content ?? []
  switch (message.role) {
    case 'system':
      return decodeSystem(message.content ?? [], place)
    case 'user':
      return decodeUser(asBlocks(content), place)
    case 'assistant':
      return [decodeAssistant(asBlocks(content), place)]
  }
}

function decodeSystem(
  content: NonNullable<Extract<Message, { role: 'system' }>['content']>,
  place: string,
): SystemMessage[] {
  const parts = asBlocks(content)
    .map((block, index) => decodeWords(block, `${place}.content[${index}]`))
    .filter(({ text }) => text !== '')
  return parts.length === 0 ? [] : [{ role: 'system', content: parts, name: undefined, place }]
}

/** Results come first, as Anthropic has it too: they answer the turn before. */
function decodeUser(blocks: readonly Block[], place: string): (ToolMessage | UserMessage)[] {
  const results = blocks.flatMap((block, index): ToolMessage[] => {
    if (block.type !== 'tool_result') return []
    const at = `${place}.content[${index}]`
    const content = decodeResult(block, at)
    return [{ role: 'tool', toolCallId: block.tool_use_id, content, place: at }]
  })
  const isOnlyResults = results.length > 0 && results.length === blocks.length
  return isOnlyResults ? results : [...results, decodeWordsOfUser(blocks, place)]
}

function decodeWordsOfUser(blocks: readonly Block[], place: string): UserMessage {
  const content = blocks.flatMap((block, index) => {
    const at = `${place}.content[${index}]`
    switch (block.type) {
      case 'tool_result':
        return []
      case 'tool_use':
      case 'thinking':
      case 'redacted_thinking':
        throw misplaced(block.type, 'a user', at)
      case 'text':
      case 'image':
      case 'document':
      case 'search_result':
      case 'tool_reference':
      case 'other':
        return decodeBlock(block, at)
    }
  })
  return { role: 'user', content, name: undefined, place }
}

function decodeAssistant(blocks: readonly Block[], place: string): AssistantMessage {
  const thoughts = blocks.flatMap((block) => block.type === 'thinking' ? [block.thinking] : [])
  return {
    role: 'assistant',
    content: blocks.flatMap((block, index) => decodeSaid(block, `${place}.content[${index}]`)),
    reasoning: thoughts.filter(Boolean).join('\n\n') || undefined,
    refusal: undefined,
    toolCalls: blocks.flatMap(decodeCall),
    name: undefined,
    place,
  }
}

function decodeSaid(block: Block, at: string): TextPart[] {
  switch (block.type) {
    case 'tool_use':
    case 'thinking':
    case 'redacted_thinking':
      return []
    case 'tool_result':
    case 'image':
    case 'document':
      throw misplaced(block.type, 'an assistant', at)
    case 'text':
    case 'search_result':
    case 'tool_reference':
    case 'other':
      return [decodeWords(block, at)]
  }
}

function decodeCall(block: Block): ToolCall[] {
  if (block.type !== 'tool_use') return []
  const { id, name, input } = block
  return [{ id, name, arguments: JSON.stringify(input ?? {}) }]
}

function asBlocks<B>(content: string | readonly B[]): readonly (B | TextPart)[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function misplaced(type: string, whose: string, param: string): ApiError {
  return new ApiError('invalid_request', `Cannot read "${type}": not a part of ${whose} turn`, {
    param,
  })
}
