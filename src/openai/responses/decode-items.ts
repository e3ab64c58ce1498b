import type { AssistantMessage, Message, TextPart, ToolCall } from '../../chat/model.ts'
import { customArguments } from '../custom-tools.ts'
import { type BuiltIn, decodeBuiltIn, decodeBuiltInOutput } from './decode-built-in.ts'
import { decodeParts, decodeTexts } from './decode-parts.ts'
import type { InputItem, MessageItem, ReasoningItem } from './items-schema.ts'
import type { ToolNameMap } from './tool-name-map.ts'

/** A part of an assistant message: OpenAI sends one message as several items. */
type AssistantPiece = Partial<Omit<AssistantMessage, 'role' | 'name'>>

/** A decoded item and its field: a whole message, or a part of an assistant message. */
type LocatedItem = { location: string } & (DecodedMessage | DecodedPiece)
interface DecodedMessage {
  message: Message
}
interface DecodedPiece {
  piece: AssistantPiece
}

/** Decodes items as messages, adjacent assistant items as one. `at` is their field, for errors. */
export function decodeItems(
  items: readonly InputItem[],
  at: string,
  toolNames: ToolNameMap,
): Message[] {
  const decoded = items.flatMap((item, index): LocatedItem[] => {
    const location = `${at}[${index}]`
    return decodeItem(item, location, toolNames).map((each) => ({ location, ...each }))
  })
  return joinPieces(decoded)
}

function decodeItem(
  item: InputItem,
  at: string,
  toolNames: ToolNameMap,
): (DecodedMessage | DecodedPiece)[] {
  switch (item.type) {
    case 'message':
      return [decodeMessage(item, at)]
    case 'reasoning':
      return [{ piece: { reasoning: reasoningOf(item) } }]
    case 'function_call': {
      const { call_id: id, arguments: written } = item
      const json = typeof written === 'string' ? written : JSON.stringify(written)
      return [callPiece({ id, name: nameOf('function', item, toolNames), arguments: json })]
    }
    case 'custom_tool_call': {
      const { call_id: id, input } = item
      const json = customArguments(input)
      return [callPiece({ id, name: nameOf('custom', item, toolNames), arguments: json })]
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const content = decodeParts(item.output, `${at}.output`)
      return [{ message: { role: 'tool', toolCallId: item.call_id, content } }]
    }
    case 'local_shell_call_output':
    case 'shell_call_output':
    case 'apply_patch_call_output':
      return [{ message: decodeBuiltInOutput(item) }]
    case 'local_shell_call':
    case 'shell_call':
    case 'apply_patch_call':
    case 'web_search_call':
    case 'file_search_call':
    case 'code_interpreter_call':
    case 'mcp_call':
      return decodeBuiltInCall(decodeBuiltIn(item))
  }
}

function decodeMessage({ role, content }: MessageItem, at: string): DecodedMessage | DecodedPiece {
  const field = `${at}.content`
  switch (role) {
    case 'system':
    case 'developer':
      return { message: { role, content: decodeTexts(content, field), name: undefined } }
    case 'user':
      return { message: { role, content: decodeParts(content, field), name: undefined } }
    case 'assistant': {
      const parts = typeof content === 'string' ? [] : content
      const refusal = parts.map((part) => part.type === 'refusal' ? part.refusal : '').join('')
      return { piece: { content: decodeTexts(content, field), refusal: refusal || undefined } }
    }
  }
}

function reasoningOf({ summary, content }: ReasoningItem): string | undefined {
  const parts = content.length > 0 ? content : summary
  return parts.map(({ text }) => text).join('\n\n') || undefined
}

function nameOf(
  type: 'function' | 'custom',
  { name, namespace }: { name: string; namespace?: string | null | undefined },
  toolNames: ToolNameMap,
): string {
  return toolNames.decode({ type, name, namespace: namespace ?? undefined })
}

function callPiece(call: ToolCall): DecodedPiece {
  return { piece: { toolCalls: [call] } }
}

function decodeBuiltInCall({ call, result }: BuiltIn): (DecodedMessage | DecodedPiece)[] {
  return [callPiece(call), ...(result ? [{ message: result }] : [])]
}

function joinPieces(items: readonly LocatedItem[]): Message[] {
  const messages: (Message | AssistantDraft)[] = []
  for (const each of items) {
    const last = messages.at(-1)
    if ('message' in each) messages.push({ ...each.message, location: each.location })
    else if (last instanceof AssistantDraft && last.accepts(each.piece)) last.add(each.piece)
    else messages.push(new AssistantDraft(each.location, each.piece))
  }
  return messages.map((each) => each instanceof AssistantDraft ? each.message() : each)
}

/** Joins the items of an assistant message in linear time. */
class AssistantDraft {
  readonly #location: string
  readonly #content: TextPart[] = []
  readonly #reasoning: string[] = []
  readonly #refusals: string[] = []
  readonly #toolCalls: ToolCall[] = []

  constructor(location: string, piece: AssistantPiece) {
    this.#location = location
    this.add(piece)
  }

  /** Text after text without calls begins a new message, and so does the reasoning before it. */
  accepts({ toolCalls }: AssistantPiece): boolean {
    const hasText = this.#content.length > 0 || this.#refusals.length > 0
    return toolCalls !== undefined || this.#toolCalls.length > 0 || !hasText
  }

  add({ content = [], reasoning, refusal, toolCalls = [] }: AssistantPiece): void {
    for (const part of content) this.#content.push(part)
    for (const call of toolCalls) this.#toolCalls.push(call)
    if (reasoning) this.#reasoning.push(reasoning)
    if (refusal) this.#refusals.push(refusal)
  }

  message(): AssistantMessage {
    return {
      role: 'assistant',
      content: this.#content,
      reasoning: this.#reasoning.join('\n\n') || undefined,
      refusal: this.#refusals.join('\n\n') || undefined,
      toolCalls: this.#toolCalls,
      name: undefined,
      location: this.#location,
    }
  }
}
