import type { Dialect, Job } from './job.ts'

/** Reads one answer as far as it must, to know that it is whole. */
export interface AnswerCheck {
  /** How many words these bytes brought. */
  read(bytes: Buffer): number
  /** What is wrong with the answer, now that it is over. */
  verdict(status: number): string | undefined
}

/** What stands once in every word of a stream, and once in a whole answer. */
const WORD: Readonly<Record<Dialect, string>> = {
  openai: '"delta":{"content":"',
  oci: '"type":"TEXT"',
}
const FINISH: Readonly<Record<Dialect, string>> = {
  openai: '"finish_reason":"stop"',
  oci: '"finishReason":"stop"',
}

/** A stream must have all its words, its finish and its `[DONE]`; a whole answer its finish. */
export function createAnswerCheck({ dialect, chunks }: Job): AnswerCheck {
  const words = createCounter(WORD[dialect])
  const finish = createCounter(FINISH[dialect])
  const done = createCounter('data: [DONE]')
  let count = 0
  return {
    read(bytes) {
      const more = chunks > 0 ? words(bytes) : 0
      count += more
      // The ending is looked for only where it can be: this runs for every piece of every stream.
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
 * Counts a text in pieces of bytes, also where it lies across two. Given bytes it tells how many
 * these completed, given none how many there were in all.
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
