/** Reads the data of server-sent events from a text that arrives in parts. */
export interface EventDataReader {
  /** Returns the data of the events that are complete with this part. */
  push(part: string): readonly string[]
  /** Returns the data of an event at the end without a blank line after it. */
  end(): readonly string[]
}

/**
 * Creates a reader of what the gateway sends: it ends lines with LF or CR LF. The parser of the gateway
 * would take as much of the page's size as five panels.
 */
export function createEventDataReader(): EventDataReader {
  /** The parts of an event that is not complete; joined once, because a line may have a megabyte. */
  let parts: string[] = []
  let tail = ''
  return {
    push(part) {
      const isEnd = /\n\r?\n/.test(tail + part)
      parts.push(part)
      tail = (tail + part).slice(-3)
      if (!isEnd) return []
      const events = parts.join('').split(/(?<=\n)\r?\n/)
      const rest = events.pop() ?? ''
      parts = [rest]
      tail = rest.slice(-3)
      return events.flatMap(dataOf)
    },
    end() {
      const rest = parts.join('')
      parts = []
      tail = ''
      return dataOf(rest)
    },
  }
}

/** The data of one event: its `data:` lines. Comments and other fields are ignored. */
function dataOf(event: string): readonly string[] {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
  if (lines.length === 0) return []
  return [lines.map((line) => line.slice(line[5] === ' ' ? 6 : 5)).join('\n')]
}
