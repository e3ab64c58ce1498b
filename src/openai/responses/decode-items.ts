import type { AssistantMessage, Message, TextPart, ToolCall } from '../../chat/model.ts'
import type { Loss, Warn } from './decode-content.ts'
import { decodeItem } from './decode-item.ts'
import type { AssistantPiece, DecodedItem } from './decoded-item.ts'
import type { ToolNameMap } from './tool-name-map.ts'

export interface DecodedItems {
  messages: Message[]
  /** What was left out or changed, each beginning with its field. */
  warnings: readonly string[]
  /** The first item or content that could not be decoded. */
  loss: Loss | undefined
  /** A loss for which the newest user input is rejected, such as of all its content. */
  newestLoss: Loss | undefined
}

/** A decoded item and its field. */
type LocatedItem = DecodedItem & { location: string }

/** Items of one field of the request. */
export interface ItemList {
  items: readonly unknown[]
  /** The field. */
  at: string
}

/**
 * Decodes the items of a conversation as messages, adjacent assistant items as one. No item is
 * rejected: what cannot be sent to a model is left out.
 */
export function decodeItems(lists: readonly ItemList[], toolNames: ToolNameMap): DecodedItems {
  const warnings: string[] = []
  const warn = (warning: string) => void warnings.push(warning)
  const decoded = lists.flatMap(({ items, at }) =>
    items.flatMap((item, index): LocatedItem[] => {
      const location = `${at}[${index}]`
      return decodeItem(item, { at: location, toolNames, warn })
        .map((each) => ({ location, ...each }))
    })
  )
  return {
    messages: joinPieces(withCallIds(withoutEmpty(decoded, warn))),
    warnings,
    loss: decoded.find(({ loss }) => loss)?.loss,
    newestLoss: newestLossOf(decoded),
  }
}

/** The user messages at the end are the newest input. */
function newestLossOf(items: readonly LocatedItem[]): Loss | undefined {
  const last = items.findLastIndex(({ piece, message }) => piece || message?.role === 'tool')
  const final = items.slice(last + 1)
    .findLast(({ message, isUnusable }) => isUnusable || message?.role === 'user')
  if (final?.loss?.isFatal) return final.loss
  let newest: Loss | undefined
  for (const { message, piece, loss, isUnusable = false } of items.toReversed()) {
    if (isUnusable) newest = loss
    else if (message?.role === 'user') return undefined
    else if (piece || message?.role === 'tool') break
  }
  return newest
}

/** Drops empty user messages that the model has answered. An empty newest message is an error later. */
function withoutEmpty(items: readonly LocatedItem[], warn: Warn): LocatedItem[] {
  const lastTurn = items.findLastIndex(({ piece, message }) => piece || message?.role === 'tool')
  return items.filter(({ message, location }, index) => {
    const isKept = message?.role !== 'user' || index > lastTurn ||
      message.content.some((part) => part.type !== 'text' || part.text !== '')
    if (!isKept) warn(`${location}: user message without content, left out`)
    return isKept
  })
}

/** Completes missing ids: a result without an id belongs to the oldest call without a result. */
function withCallIds(items: readonly LocatedItem[]): LocatedItem[] {
  const calls: string[] = []
  const answered = new Set<string>()
  let oldest = 0
  return items.map((item) => {
    const { piece, message } = item
    if (piece?.toolCalls) {
      const toolCalls = piece.toolCalls.map((call) => {
        const id = call.id || `call_without_id_${calls.length}`
        calls.push(id)
        answered.delete(id)
        return { ...call, id }
      })
      return { ...item, piece: { ...piece, toolCalls } }
    }
    if (message?.role !== 'tool') return item
    while (oldest < calls.length && answered.has(calls[oldest] ?? '')) oldest++
    const toolCallId = message.toolCallId || (calls[oldest] ?? '')
    answered.add(toolCallId)
    return { ...item, message: { ...message, toolCallId } }
  })
}

function joinPieces(items: readonly LocatedItem[]): Message[] {
  const messages: (Message | AssistantDraft)[] = []
  for (const { location, message, piece } of items) {
    const last = messages.at(-1)
    if (message) messages.push({ ...message, location })
    else if (!piece) continue
    else if (last instanceof AssistantDraft && last.accepts(piece)) last.add(piece)
    else messages.push(new AssistantDraft(location, piece))
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
