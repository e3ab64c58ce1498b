import type { Dialect, Job } from './job.ts'

/** Checks that one answer is complete, without parsing it. */
export interface AnswerCheck {
  /** Returns the number of words in these bytes. */
  read(bytes: Buffer): number
  /** Returns what is wrong with the complete answer. */
  verdict(status: number): string | undefined
}

/** A text that occurs once for each word of a stream, and once in an answer without streaming. */
const WORD: Readonly<Record<Dialect, string>> = {
  openai: '"delta":{"content":"',
  oci: '"type":"TEXT"',
  portkey: '"role":"assistant","content":"',
}
const FINISH: Readonly<Record<Dialect, string>> = {
  openai: '"finish_reason":"stop"',
  oci: '"finishReason":"stop"',
  portkey: '"finish_reason":"stop"',
}

/** Checks a stream for all words, finish reason and `[DONE]`; an answer without streaming for its finish reason. */
export function createAnswerCheck({ dialect, chunks }: Job): AnswerCheck {
  const words = createCounter(WORD[dialect])
  const finish = createCounter(FINISH[dialect])
  const done = createCounter('data: [DONE]')
  let count = 0
  return {
    read(bytes) {
      const more = chunks > 0 ? words(bytes) : 0
      count += more
      // Searches for the end only after all words, because this runs for every piece of every stream.
      if (count >= chunks) {
        finish(bytes)
        done(bytes)
      }
      return more
    },
    verdict(status) {
      if (status !== 200) return `status ${status}`
      if (finish() !== 1) return 'no finish'
      if (chunks === 0) return undefined
      return count !== chunks ? `${count} words` : done() !== 1 ? 'no [DONE]' : undefined
    },
  }
}

/**
 * Counts occurrences of a text in a sequence of byte chunks, also across their boundaries. With bytes,
 * returns the occurrences that these complete; without, the total.
 */
function createCounter(text: string): (bytes?: Buffer) => number {
  const needle = Buffer.from(text)
  const overlap = needle.length - 1
  let tail: Buffer = Buffer.alloc(0)
  let total = 0
  return (bytes) => {
    if (!bytes) return total
    const seam = Buffer.concat([tail, bytes.subarray(0, overlap)])
    const found = occurrences(seam, needle) + occurrences(bytes, needle)
    const end = bytes.length >= overlap ? bytes : Buffer.concat([tail, bytes])
    tail = Buffer.from(end.subarray(-overlap))
    total += found
    return found
  }
}

function occurrences(bytes: Buffer, needle: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) {
    count++
  }
  return count
}
