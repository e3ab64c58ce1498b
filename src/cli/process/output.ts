import process from 'node:process'
import { messageFor } from '../../entry/exit-codes.ts'
import type { TextOutput } from '../host.ts'
import { withVisibleControls } from './visible-controls.ts'

/** Columns where the terminal does not report its width. */
const DEFAULT_COLUMNS = 80

/** Codes of errors after which the reader is gone. */
const GONE: readonly unknown[] = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

/** Creates standard output or standard error of this process. */
export function createOutput(stream: NodeJS.WriteStream): TextOutput {
  const closing = new AbortController()
  const close = (error: unknown) => closing.abort(error)
  stream.on('error', close)
  const { env } = process
  const isTerminal = stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb'
  let drained = Promise.resolve()
  return {
    write(text) {
      if (closing.signal.aborted || text === '') return
      const shown = stream.isTTY === true ? withVisibleControls(text) : text
      drained = writeTo(stream, shown).catch(close)
    },
    drained: () => drained,
    closed: closing.signal,
    get failure() {
      const { aborted, reason } = closing.signal
      const isExpected = reason instanceof Error && 'code' in reason && GONE.includes(reason.code)
      if (!aborted || isExpected) return undefined
      return new Error(`Cannot write the output: ${messageFor(reason)}`)
    },
    isTerminal,
    get columns() {
      return stream.columns || DEFAULT_COLUMNS
    },
    hasColors: isTerminal && !env['NO_COLOR'],
  }
}

/** Rejects if the text cannot be written, also on Deno, whose `write` then throws. */
function writeTo(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => error ? reject(error) : resolve())
  })
}
