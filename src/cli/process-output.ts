import process from 'node:process'
import type { TextOutput } from './host.ts'

/** Columns where the terminal does not report its width. */
const DEFAULT_COLUMNS = 80

/** Creates standard output or standard error of this process. */
export function createOutput(stream: NodeJS.WriteStream): TextOutput {
  const closing = new AbortController()
  const close = () => closing.abort(new Error('The reader of the output is gone'))
  stream.on('error', close)
  const { env } = process
  const isTerminal = stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb'
  let drained = Promise.resolve()
  return {
    write(text) {
      if (closing.signal.aborted || text === '') return
      drained = new Promise((resolve) => {
        stream.write(text, (error) => {
          if (error) close()
          resolve()
        })
      })
    },
    drained: () => drained,
    closed: closing.signal,
    isTerminal,
    get columns() {
      return stream.columns || DEFAULT_COLUMNS
    },
    hasColors: isTerminal && !env['NO_COLOR'],
  }
}
