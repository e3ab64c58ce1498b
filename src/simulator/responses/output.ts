import { ALPHANUMERIC, HEX, randomText } from '../ids.ts'
import type { Answer } from '../prompt.ts'
import { type HostedItem, hostedItems } from './hosted-tools.ts'
import type { ResponsesRequest } from './request.ts'

/** An output item of a response. */
export type OutputItem = ReasoningItem | MessageItem | CallItem | HostedItem

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
  /** OCI sends `null` where OpenAI sends an empty list. */
  annotations: null
}

export type Status = 'in_progress' | 'completed' | 'incomplete'

/** Encodes an answer as output items: reasoning, message, tool calls. */
export function outputOf(answer: Answer, request: ResponsesRequest): readonly OutputItem[] {
  const { text, calls, reasoning, finish } = answer
  const isTruncated = finish === 'length' || finish === 'content_filter'
  const status = isTruncated ? 'incomplete' : 'completed'
  const reasoningItems = reasoning === '' ? [] : [reasoningItem(reasoning, request)]
  const isOnlyCalls = text === '' && calls.length > 0
  return [
    ...reasoningItems,
    ...hostedItems(request),
    ...(isOnlyCalls ? [] : [messageItem(text, calls.length > 0 ? 'completed' : status)]),
    ...calls.map((call, at): CallItem => ({
      id: `fc_${randomText(48, HEX)}`,
      type: 'function_call',
      status: at === calls.length - 1 ? status : 'completed',
      call_id: `call_${randomText(24, ALPHANUMERIC)}`,
      ...call,
    })),
  ]
}

/** An item as its `added` event sends it: without content. */
export function startedItem(item: OutputItem): OutputItem {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] }
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' }
    default:
      return { ...item, status: 'in_progress' }
  }
}

/** The summary and the encrypted content are returned on request only. */
function reasoningItem(
  text: string,
  { reasoning, include }: ResponsesRequest,
): ReasoningItem {
  const hasSummary = (reasoning?.summary ?? null) !== null
  const hasEncryptedContent = (include ?? []).includes('reasoning.encrypted_content')
  return {
    id: `rs_${randomText(48, HEX)}`,
    type: 'reasoning',
    summary: hasSummary ? [{ type: 'summary_text', text }] : [],
    ...(hasEncryptedContent ? { encrypted_content: `gAAAA${randomText(64, ALPHANUMERIC)}` } : {}),
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
