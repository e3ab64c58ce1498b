import { randomText } from '../families/vendor-traits.ts'
import type { Answer } from '../prompt.ts'
import type { ResponsesRequest } from './request.ts'

/** One thing a model put out. */
export type OutputItem = ReasoningItem | MessageItem | CallItem

export interface ReasoningItem {
  id: string
  type: 'reasoning'
  summary: readonly { type: 'summary_text'; text: string }[]
  encrypted_content?: string
}

export interface MessageItem {
  id: string
  type: 'message'
  status: Status
  role: 'assistant'
  content: readonly OutputText[]
}

export interface CallItem {
  id: string
  type: 'function_call'
  status: Status
  call_id: string
  name: string
  arguments: string
}

export interface OutputText {
  type: 'output_text'
  text: string
  /** OCI was seen to leave them out, and to say `null`, where OpenAI has an empty list. */
  annotations: null
}

export type Status = 'in_progress' | 'completed' | 'incomplete'

const HEX = '0123456789abcdef'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** An answer as items, in the order they come: thoughts, words, calls. */
export function outputOf(answer: Answer, request: ResponsesRequest): readonly OutputItem[] {
  const { text, calls, reasoning, finish } = answer
  const isCut = finish === 'length' || finish === 'content_filter'
  const status = isCut ? 'incomplete' : 'completed'
  const thoughts = reasoning === '' ? [] : [reasoningItem(reasoning, request)]
  const isSilent = text === '' && calls.length > 0
  return [
    ...thoughts,
    ...(isSilent ? [] : [messageItem(text, calls.length > 0 ? 'completed' : status)]),
    ...calls.map((call, at): CallItem => ({
      id: `fc_${randomText(48, HEX)}`,
      type: 'function_call',
      status: at === calls.length - 1 ? status : 'completed',
      call_id: `call_${randomText(24, ALPHABET)}`,
      ...call,
    })),
  ]
}

/** An item before anything of it is known but its kind. */
export function startedItem(item: OutputItem): OutputItem {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] }
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' }
  }
}

/** Thoughts are summed up, or sealed, only for those who ask. */
function reasoningItem(
  text: string,
  { reasoning, include }: ResponsesRequest,
): ReasoningItem {
  const isSummed = (reasoning?.summary ?? null) !== null
  const isSealed = (include ?? []).includes('reasoning.encrypted_content')
  return {
    id: `rs_${randomText(48, HEX)}`,
    type: 'reasoning',
    summary: isSummed ? [{ type: 'summary_text', text }] : [],
    ...(isSealed ? { encrypted_content: `gAAAA${randomText(64, ALPHABET)}` } : {}),
  }
}

function messageItem(text: string, status: Status): MessageItem {
  return {
    id: `msg_${randomText(48, HEX)}`,
    type: 'message',
    status,
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: null }],
  }
}
