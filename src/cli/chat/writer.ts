import type { ChatChunk, ChatPart } from './chunks.ts'
import type { TextOutput } from '../host.ts'
import { stylesFor } from '../styles.ts'

/** Prints the parts of one answer. */
export interface ChatWriter {
  /** Resolves when the output can take more. */
  write(chunk: ChatChunk, part: ChatPart): Promise<void>
  /** Ends the last line. */
  end(): void
}

/** Prints each chunk as a line of JSON. */
export function createJsonWriter(stdout: TextOutput): ChatWriter {
  return {
    write(chunk) {
      stdout.write(`${JSON.stringify(chunk)}\n`)
      return stdout.drained()
    },
    end: () => {},
  }
}

/** Prints the text on standard output and, unless `stderr` is undefined, the reasoning there. */
export function createTextWriter(stdout: TextOutput, stderr: TextOutput | undefined): ChatWriter {
  const answer = createPrinter(stdout, (text) => text)
  const reasoning = stderr && createPrinter(stderr, stylesFor(stderr).dim)
  return {
    async write(_chunk, part) {
      reasoning?.print(part.reasoning)
      if (part.text !== '') reasoning?.endLine('\n')
      answer.print(part.text)
      await Promise.all([stdout.drained(), stderr?.drained()])
    },
    end() {
      reasoning?.endLine('')
      answer.endLine('')
    },
  }
}

/** Prints text, of which it knows whether a line is unfinished. */
function createPrinter(output: TextOutput, style: (text: string) => string) {
  let last = '\n'
  return {
    print(text: string) {
      const shown = output.isTerminal ? withoutControls(text) : text
      if (shown === '') return
      output.write(style(shown))
      last = shown.at(-1) ?? last
    },
    /** @param after is written only after a line that was unfinished */
    endLine(after: string) {
      if (last === '\n') return
      output.write(`\n${after}`)
      last = '\n'
    },
  }
}

/**
 * Removes control characters: with escape sequences, a model could change the terminal's title or
 * clipboard, or hide a text.
 */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => '\n\t'.includes(character) ? character : '')
}
