import type { SseMessage } from '../../../../src/sse/decode.ts'

/** The SSE messages of typed event objects. */
export function typed(...events: readonly object[]): SseMessage[] {
  return events.map((event) => {
    const { type }: { type?: unknown } = event
    return { event: String(type), data: JSON.stringify(event) }
  })
}

/** The first event of every stream. */
export const CREATED = {
  type: 'response.created',
  response: { status: 'in_progress', output: [], service_tier: 'auto' },
}

/** The last event of a completed stream. */
export function completed(output: readonly object[] = [], rest: object = {}): object {
  return { type: 'response.completed', response: { status: 'completed', output, ...rest } }
}

export function added(output_index: number, item: object): object {
  return { type: 'response.output_item.added', output_index, item }
}

export function done(output_index: number, item: object): object {
  return { type: 'response.output_item.done', output_index, item }
}

export function textDelta(output_index: number, delta: string, rest: object = {}): object {
  return { type: 'response.output_text.delta', output_index, content_index: 0, delta, ...rest }
}

export function summaryDelta(output_index: number, summary_index: number, delta: string): object {
  return { type: 'response.reasoning_summary_text.delta', output_index, summary_index, delta }
}

export function argumentsDelta(output_index: number, delta: string): object {
  return { type: 'response.function_call_arguments.delta', output_index, delta }
}

export function messageItem(text: string, rest: object = {}): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: null, ...rest }],
  }
}

export function callItem(call_id: string | null, name: string, json: unknown): object {
  return { id: `fc_${call_id}`, type: 'function_call', call_id, name, arguments: json }
}

export function thoughtItem(...texts: string[]): object {
  return {
    id: 'rs_1',
    type: 'reasoning',
    summary: texts.map((text) => ({ type: 'summary_text', text })),
  }
}
