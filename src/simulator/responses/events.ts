import { splitArguments, tokenize } from '../text-tokens.ts'
import { hostedEvents } from './hosted-tools.ts'
import { type CallItem, type MessageItem, type OutputItem, startedItem } from './output.ts'
import type { ResponseObject } from './response.ts'

/** A streamed event; its SSE name is its type. */
export interface ResponseEvent {
  type: string
  sequence_number: number
  [member: string]: unknown
}

interface UnnumberedEvent {
  type: string
  [member: string]: unknown
}

/** The events of a streamed response, from `response.created` to its final state. */
export function responseEvents(
  beginning: ResponseObject,
  end: ResponseObject,
): readonly ResponseEvent[] {
  const events: readonly UnnumberedEvent[] = [
    { type: 'response.created', response: beginning },
    { type: 'response.in_progress', response: beginning },
    ...end.output.flatMap((item, index) => itemEvents(item, index)),
    { type: `response.${end.status}`, response: end },
  ]
  return events.map((event, at) => ({ ...event, sequence_number: at }))
}

function itemEvents(item: OutputItem, output_index: number): readonly UnnumberedEvent[] {
  const place = { output_index, item_id: item.id }
  return [
    { type: 'response.output_item.added', output_index, item: startedItem(item) },
    ...innerEvents(item).map((event) => ({ ...event, ...place })),
    { type: 'response.output_item.done', output_index, item },
  ]
}

function innerEvents(item: OutputItem): readonly UnnumberedEvent[] {
  switch (item.type) {
    case 'reasoning':
      return item.summary.flatMap(({ text }, at) => summaryEvents(text, at))
    case 'message':
      return item.content.flatMap((part, at) => partEvents(part, at))
    case 'function_call':
      return argumentEvents(item)
    default:
      return hostedEvents(item)
  }
}

function summaryEvents(text: string, summary_index: number): readonly UnnumberedEvent[] {
  const name = 'response.reasoning_summary'
  const part = { type: 'summary_text', text }
  return [
    { type: `${name}_part.added`, summary_index, part: { ...part, text: '' } },
    ...tokenize(text).map((delta) => ({ type: `${name}_text.delta`, summary_index, delta })),
    { type: `${name}_text.done`, summary_index, text },
    { type: `${name}_part.done`, summary_index, part },
  ]
}

function partEvents(
  part: MessageItem['content'][number],
  content_index: number,
): readonly UnnumberedEvent[] {
  const { type, text } = part
  return [
    { type: 'response.content_part.added', content_index, part: { type, text: '' } },
    ...tokenize(text).map((delta) => ({
      type: 'response.output_text.delta',
      content_index,
      delta,
    })),
    { type: 'response.output_text.done', content_index, text },
    { type: 'response.content_part.done', content_index, part },
  ]
}

function argumentEvents({ name, arguments: json }: CallItem): readonly UnnumberedEvent[] {
  const type = 'response.function_call_arguments'
  return [
    ...splitArguments(json).map((delta) => ({ type: `${type}.delta`, delta })),
    { type: `${type}.done`, name, arguments: json },
  ]
}
