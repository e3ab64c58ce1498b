import type { AssistantMessage, Message, TextPart, ToolCall } from '../../chat/model.ts'
import { type BuiltIn, decodeBuiltIn, decodeBuiltInOutput } from './decode-built-in.ts'
import { decodeParts, decodeTexts } from './decode-parts.ts'
import type { InputItem, MessageItem, ReasoningItem } from './items-schema.ts'
import type { ToolNameMap } from './tool-name-map.ts'

/** A piece of what the assistant did in a turn; OpenAI tells a turn as many items. */
type TurnPiece = Partial<Omit<AssistantMessage, 'role' | 'name'>>

/** What an item says, and where: a message by itself, or a piece of the assistant's turn. */
type Said = { place: string } & (Spoken | Done)
interface Spoken {
  message: Message
}
interface Done {
  piece: TurnPiece
}

/** Reads items as messages: neighbouring ones of the assistant are one turn. `at` is their place. */
export function decodeItems(items: readonly InputItem[], at: string, book: ToolNameMap): Message[] {
  const said = items.flatMap((item, index): Said[] => {
    const place = `${at}[${index}]`
    return decodeItem(item, place, book).map((each) => ({ place, ...each }))
  })
  return gather(said)
}

function decodeItem(item: InputItem, at: string, book: ToolNameMap): (Spoken | Done)[] {
  switch (item.type) {
    case 'message':
      return [decodeMessage(item, at)]
    case 'reasoning':
      return [{ piece: { reasoning: thoughtsOf(item) } }]
    case 'function_call': {
      const { call_id: id, arguments: written } = item
      const json = typeof written === 'string' ? written : JSON.stringify(written)
      return [callPiece({ id, name: nameOf('function', item, book), arguments: json })]
    }
    case 'custom_tool_call': {
      const { call_id: id, input } = item
      const json = JSON.stringify({ input })
      return [callPiece({ id, name: nameOf('custom', item, book), arguments: json })]
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
      return builtInSaid(decodeBuiltIn(item))
  }
}

function decodeMessage({ role, content }: MessageItem, at: string): Spoken | Done {
  const place = `${at}.content`
  switch (role) {
    case 'system':
    case 'developer':
      return { message: { role, content: decodeTexts(content, place), name: undefined } }
    case 'user':
      return { message: { role, content: decodeParts(content, place), name: undefined } }
    case 'assistant': {
      const parts = typeof content === 'string' ? [] : content
      const refusal = parts.map((part) => part.type === 'refusal' ? part.refusal : '').join('')
      return { piece: { content: decodeTexts(content, place), refusal: refusal || undefined } }
    }
  }
}

function thoughtsOf({ summary, content }: ReasoningItem): string | undefined {
  const thoughts = content.length > 0 ? content : summary
  return thoughts.map(({ text }) => text).join('\n\n') || undefined
}

function nameOf(
  type: 'function' | 'custom',
  { name, namespace }: { name: string; namespace?: string | null | undefined },
  book: ToolNameMap,
): string {
  return book.decode({ type, name, namespace: namespace ?? undefined })
}

function callPiece(call: ToolCall): Done {
  return { piece: { toolCalls: [call] } }
}

function builtInSaid({ call, result }: BuiltIn): (Spoken | Done)[] {
  return [callPiece(call), ...(result ? [{ message: result }] : [])]
}

function gather(said: readonly Said[]): Message[] {
  const messages: (Message | TurnDraft)[] = []
  for (const each of said) {
    const last = messages.at(-1)
    if ('message' in each) messages.push({ ...each.message, place: each.place })
    else if (last instanceof TurnDraft && last.takes(each.piece)) last.add(each.piece)
    else messages.push(new TurnDraft(each.place, each.piece))
  }
  return messages.map((each) => each instanceof TurnDraft ? each.message() : each)
}

/** A turn of the assistant, put together from many items in linear time. */
class TurnDraft {
  readonly #place: string
  readonly #content: TextPart[] = []
  readonly #reasoning: string[] = []
  readonly #refusals: string[] = []
  readonly #toolCalls: ToolCall[] = []

  constructor(place: string, piece: TurnPiece) {
    this.#place = place
    this.add(piece)
  }

  /** Words behind words that called nothing are a turn of their own, as are the thoughts before them. */
  takes({ toolCalls }: TurnPiece): boolean {
    const isSpoken = this.#content.length > 0 || this.#refusals.length > 0
    return toolCalls !== undefined || this.#toolCalls.length > 0 || !isSpoken
  }

  add({ content = [], reasoning, refusal, toolCalls = [] }: TurnPiece): void {
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
      place: this.#place,
    }
  }
}
