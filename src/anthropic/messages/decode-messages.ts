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
import { decodeBlock, decodeResult, decodeTextBlock } from './decode-blocks.ts'
import type { Block, Message, MessagesRequest } from './schema.ts'

/** Decodes Anthropic's messages, after the system text. */
export function decodeMessages({ system, messages }: MessagesRequest): ChatMessage[] {
  return [...decodeSystem(system ?? [], 'system'), ...messages.flatMap(decodeMessage)]
}

function decodeMessage(message: Message, index: number): ChatMessage[] {
  const location = `messages[${index}]`
  const content = message.content ?? []
  switch (message.role) {
    case 'system':
      return decodeSystem(message.content ?? [], location)
    case 'user':
      return decodeUser(asBlocks(content), location)
    case 'assistant':
      return [decodeAssistant(asBlocks(content), location)]
  }
}

function decodeSystem(
  content: NonNullable<Extract<Message, { role: 'system' }>['content']>,
  location: string,
): SystemMessage[] {
  const parts = asBlocks(content)
    .map((block, index) => decodeTextBlock(block, `${location}.content[${index}]`))
    .filter(({ text }) => text !== '')
  return parts.length === 0 ? [] : [{ role: 'system', content: parts, name: undefined, location }]
}

/** Tool results come first, since they belong to the message before. Anthropic requires the same order. */
function decodeUser(blocks: readonly Block[], location: string): (ToolMessage | UserMessage)[] {
  const results = blocks.flatMap((block, index): ToolMessage[] => {
    if (block.type !== 'tool_result') return []
    const at = `${location}.content[${index}]`
    const content = decodeResult(block, at)
    return [{ role: 'tool', toolCallId: block.tool_use_id, content, location: at }]
  })
  const isOnlyResults = results.length > 0 && results.length === blocks.length
  return isOnlyResults ? results : [...results, decodeUserContent(blocks, location)]
}

function decodeUserContent(blocks: readonly Block[], location: string): UserMessage {
  const content = blocks.flatMap((block, index) => {
    const at = `${location}.content[${index}]`
    switch (block.type) {
      case 'tool_result':
        return []
      case 'tool_use':
      case 'thinking':
      case 'redacted_thinking':
        throw misplaced(block.type, 'user', at)
      case 'text':
      case 'image':
      case 'document':
      case 'search_result':
      case 'tool_reference':
      case 'other':
        return decodeBlock(block, at)
    }
  })
  return { role: 'user', content, name: undefined, location }
}

function decodeAssistant(blocks: readonly Block[], location: string): AssistantMessage {
  const reasoning = blocks.flatMap((block) => block.type === 'thinking' ? [block.thinking] : [])
  return {
    role: 'assistant',
    content: blocks.flatMap((block, index) =>
      decodeAssistantBlock(block, `${location}.content[${index}]`)
    ),
    reasoning: reasoning.filter(Boolean).join('\n\n') || undefined,
    refusal: undefined,
    toolCalls: blocks.flatMap(decodeCall),
    name: undefined,
    location,
  }
}

function decodeAssistantBlock(block: Block, at: string): TextPart[] {
  switch (block.type) {
    case 'tool_use':
    case 'thinking':
    case 'redacted_thinking':
      return []
    case 'tool_result':
    case 'image':
    case 'document':
      throw misplaced(block.type, 'assistant', at)
    case 'text':
    case 'search_result':
    case 'tool_reference':
    case 'other':
      return [decodeTextBlock(block, at)]
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

function misplaced(type: string, role: string, param: string): ApiError {
  return new ApiError('invalid_request', `"${type}" blocks are not allowed in ${role} messages`, {
    param,
  })
}
