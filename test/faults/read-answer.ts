import type { Answer } from './client.ts'

/** What a client reads from an answer, whole or streamed. */
export interface ReadAnswer {
  /** Absent when the answer is neither JSON nor events. */
  shape: 'json' | 'events' | undefined
  text: string
  code: string | undefined
  ends: 'done' | 'error' | 'left' | 'cut'
}

interface Piece {
  error?: { code?: string; message?: string; type?: string }
  choices?: { delta?: { content?: string }; message?: { content?: string } }[]
}

/** Reads an answer as a client does; an event without JSON makes the whole answer unreadable. */
export function readAnswer({ head, body, left }: Answer): ReadAnswer {
  const type = head?.headers.get('content-type') ?? ''
  try {
    const isStream = type.startsWith('text/event-stream')
    const pieces: Piece[] = isStream ? eventsOf(body) : [JSON.parse(body)]
    const last = pieces.at(-1)
    return {
      shape: isStream ? 'events' : 'json',
      text: pieces.map(textOf).join(''),
      code: last?.error?.code,
      ends: left !== undefined
        ? 'left'
        : isDone(body, isStream)
        ? 'done'
        : last?.error
        ? 'error'
        : 'cut',
    }
  } catch {
    return {
      shape: undefined,
      text: '',
      code: undefined,
      ends: left === undefined ? 'cut' : 'left',
    }
  }
}

/** Without the last, incomplete event of a client that left. */
function eventsOf(body: string): Piece[] {
  return body.split('\n\n').slice(0, -1)
    .flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data))
}

function isDone(body: string, isStream: boolean): boolean {
  return isStream ? body.endsWith('data: [DONE]\n\n') : !body.includes('"error":{')
}

function textOf({ choices }: Piece): string {
  const [first] = choices ?? []
  return first?.delta?.content ?? first?.message?.content ?? ''
}
