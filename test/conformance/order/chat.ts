import type { StreamEvent } from '../exchange.ts'

interface Chunk {
  id?: string
  error?: unknown
  choices?: readonly Choice[]
}

interface Choice {
  index: number
  delta?: { role?: string; tool_calls?: readonly { index: number; id?: string }[] }
  text?: string
  finish_reason: string | null
}

/**
 * Checks a stream of chat completions or completions: one id, one finish reason for each choice and
 * nothing of the choice after it, calls numbered in order, `[DONE]` last and only without an error.
 */
export function checkChatOrder(events: readonly StreamEvent[]): string[] {
  const problems: string[] = []
  const chunks = events.filter(({ data }) => data !== '[DONE]').map(({ data }) => data as Chunk)
  const failed = chunks.findIndex(({ error }) => error !== undefined)
  if (failed >= 0 && failed !== chunks.length - 1) problems.push('events after an error')
  const done = events.findIndex(({ data }) => data === '[DONE]')
  if (failed < 0 && done !== events.length - 1) problems.push('no [DONE] at the end')
  if (failed >= 0 && done >= 0) problems.push('[DONE] after an error')
  const ids = new Set(chunks.filter(({ error }) => error === undefined).map(({ id }) => id))
  if (ids.size > 1) problems.push(`several ids: ${[...ids].join(', ')}`)
  const choices = Map.groupBy(chunks.flatMap(({ choices }) => choices ?? []), ({ index }) => index)
  for (const [index, pieces] of choices) {
    problems.push(...checkChoice(pieces, failed >= 0).map((text) => `choice ${index}: ${text}`))
  }
  return problems
}

function checkChoice(pieces: readonly Choice[], failed: boolean): string[] {
  const problems: string[] = []
  const finish = pieces.findIndex(({ finish_reason }) => finish_reason !== null)
  if (finish < 0 && !failed) problems.push('no finish reason')
  const late = finish < 0 ? [] : pieces.slice(finish + 1)
  const isEmpty = ({ delta, text }: Choice) => Object.keys(delta ?? {}).length === 0 && !text
  if (!late.every(isEmpty)) problems.push('content after the finish reason')
  const isChat = pieces[0]?.delta !== undefined
  if (isChat && pieces[0]?.delta?.role !== 'assistant') problems.push('no role in the first delta')
  const calls = pieces.flatMap(({ delta }) => delta?.tool_calls ?? [])
  const started = new Set<number>()
  for (const { index, id } of calls) {
    if (!started.has(index) && index !== started.size) problems.push(`call ${index} out of order`)
    if (!started.has(index) && !id) problems.push(`call ${index} starts without an id`)
    started.add(index)
  }
  return problems
}
