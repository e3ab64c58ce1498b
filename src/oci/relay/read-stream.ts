import { ApiError } from '../../errors.ts'
import type { BatchDecoder } from '../../sse/read.ts'

export interface RelayedStreamOptions {
  /** The model's name as OCI writes it, and as the client asked for it. */
  rename: { from: string; to: string } | undefined
}

const DONE = /^data: ?\[DONE\]/m
const FINISH = /"finish_reason": ?"/
const FAILURE = /^(data: ?\{"error":|event: ?error)/m

/**
 * Passes OpenAI's server-sent events on as OCI wrote them, whole lines at a time: the text is the
 * same but for the model's name. What a client may rely on is made sure of: one `[DONE]` after an
 * answer that ended, none and an error after one that was cut.
 */
export function createRelayDecoder({ rename }: RelayedStreamOptions): BatchDecoder<string> {
  // A mark at the beginning is OCI's, and stays.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const names = rename && rename.from !== rename.to ? modelMembers(rename) : []
  let held = ''
  let state: 'open' | 'finished' | 'failed' | 'done' = 'open'

  const pass = (lines: string): readonly string[] => {
    if (lines === '' || state === 'done') return []
    if (FAILURE.test(lines)) state = 'failed'
    else if (state === 'open' && FINISH.test(lines)) state = 'finished'
    const done = DONE.exec(lines)
    if (done) state = 'done'
    const told = done ? `${lines.slice(0, done.index)}data: [DONE]\n\n` : lines
    return [names.reduce((text, [from, to]) => text.replaceAll(from, to), told)]
  }

  return {
    push(bytes) {
      const text = held + decoder.decode(bytes, { stream: true })
      const end = text.lastIndexOf('\n') + 1
      held = text.slice(end)
      return pass(text.slice(0, end))
    },
    end() {
      const last = held + decoder.decode()
      const rest = pass(last === '' ? '' : `${last.trimEnd()}\n\n`)
      if (state === 'finished') return [...rest, 'data: [DONE]\n\n']
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
