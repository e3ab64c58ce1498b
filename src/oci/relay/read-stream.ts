import { ApiError } from '../../errors.ts'
import type { BatchDecoder } from '../../sse/read.ts'

export interface RelayedStreamOptions {
  /** The model's name as OCI writes it, and as the client asked for it. */
  rename: { from: string; to: string } | undefined
  /** What ends an answer: chat's finish reason and `[DONE]`, or the last event of a response. */
  ends: 'chat' | 'response'
}

/** The events that a response ends with, whole or not. */
const LAST_EVENT = /"type": ?"response\.(completed|incomplete|failed|cancelled)"/

const DONE = /^data: ?\[DONE\]/m
const FINISH = /"finish_reason": ?"/
const FAILURE = /^(data: ?\{"error":|event: ?error)/m

/**
 * Passes OpenAI's server-sent events on as OCI wrote them, whole lines at a time: the text is the
 * same but for the model's name. What a client may rely on is made sure of: one `[DONE]` after an
 * answer that ended, none and an error after one that was cut.
 */
export function createRelayDecoder({ rename, ends }: RelayedStreamOptions): BatchDecoder<string> {
  // A mark at the beginning is OCI's, and stays.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const names = rename && rename.from !== rename.to ? modelMembers(rename) : []
  const end = ends === 'chat' ? FINISH : LAST_EVENT
  const closing = ends === 'chat' ? ['data: [DONE]\n\n'] : []
  let held = ''
  let state: 'open' | 'finished' | 'failed' | 'done' = 'open'

  const pass = (lines: string): readonly string[] => {
    if (lines === '' || state === 'done') return []
    if (FAILURE.test(lines)) state = 'failed'
    else if (state === 'open' && end.test(lines)) state = 'finished'
    const done = DONE.exec(lines)
    if (done) state = 'done'
    const told = done ? `${lines.slice(0, done.index)}data: [DONE]\n\n` : lines
    return [names.reduce((text, [from, to]) => text.replaceAll(from, to), told)]
  }

  return {
    push(bytes) {
      const text = held + decoder.decode(bytes, { stream: true })
      const settled = text.lastIndexOf('\n') + 1
      held = text.slice(settled)
      return pass(text.slice(0, settled))
    },
    end() {
      const last = held + decoder.decode()
      const rest = pass(last === '' ? '' : `${last.trimEnd()}\n\n`)
      if (state === 'finished') return [...rest, ...closing]
      if (state !== 'open') return rest
      throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
    },
  }
}

/** Quotes inside a text are escaped, so the member itself is the only place that reads like this. */
function modelMembers({ from, to }: { from: string; to: string }): [string, string][] {
  const [told, asked] = [JSON.stringify(from), JSON.stringify(to)]
  return ['"model":', '"model": '].map((member) => [member + told, member + asked])
}
