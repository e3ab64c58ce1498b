import type { StreamEvent } from '../exchange.ts'

interface MessageEvent {
  type: string
  index: number
  content_block?: { type: string }
  delta?: { type: string }
}

/** The deltas of each type of block. */
const DELTAS = new Map([
  ['text', ['text_delta', 'citations_delta']],
  ['thinking', ['thinking_delta', 'signature_delta']],
  ['tool_use', ['input_json_delta']],
])

/**
 * Checks a stream of Anthropic's events: the message starts once, blocks are numbered and follow one
 * another, deltas match their block, and the message ends once, or the stream ends with an error.
 */
export function checkMessagesOrder(events: readonly StreamEvent[]): string[] {
  const problems: string[] = []
  let open: { index: number; type: string } | undefined
  let blocks = 0
  const all = events.map(({ data }) => data as MessageEvent)
  for (const [at, { name }] of events.entries()) {
    if (name !== all[at]?.type) problems.push(`event ${at} is named ${name}`)
  }
  const known = all.filter(({ type }) => type !== 'ping')
  if (known[0]?.type !== 'message_start') problems.push('message_start is not first')
  for (const event of known.slice(1)) {
    switch (event.type) {
      case 'content_block_start':
        if (open) problems.push(`block ${event.index} starts inside block ${open.index}`)
        if (event.index !== blocks) problems.push(`block ${event.index} instead of ${blocks}`)
        open = { index: event.index, type: event.content_block?.type ?? '' }
        blocks++
        break
      case 'content_block_delta':
        if (event.index !== open?.index) problems.push(`a delta of closed block ${event.index}`)
        if (!DELTAS.get(open?.type ?? '')?.includes(event.delta?.type ?? '')) {
          problems.push(`${event.delta?.type} in a block of type ${open?.type}`)
        }
        break
      case 'content_block_stop':
        if (event.index !== open?.index) problems.push(`closed block ${event.index} stops`)
        open = undefined
        break
    }
  }
  return [...problems, ...checkEnd(known.map(({ type }) => type), open !== undefined)]
}

function checkEnd(types: readonly string[], isOpen: boolean): string[] {
  if (types.at(-1) === 'error') {
    return types.indexOf('error') < types.length - 1 ? ['two errors'] : []
  }
  if (isOpen) return ['the last block does not stop']
  const end = types.slice(-2).join()
  if (end !== 'message_delta,message_stop') return [`the stream ends with ${end}`]
  return types.filter((type) => type === 'message_stop').length === 1 ? [] : ['two ends']
}
