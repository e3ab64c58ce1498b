import process from 'node:process'
import { createInterface, type Interface } from 'node:readline'
import type { LineReader, TypedInput } from '../host.ts'

/** Opens standard input for a conversation. Prompts and typed characters are on standard error. */
export function openLines(): LineReader {
  const { stdin, stderr, env } = process
  const isEditable = env['TERM'] !== 'dumb'
  const reader = createInterface({ input: stdin, output: stderr, terminal: isEditable })
  let isClosed = false
  reader.once('close', () => isClosed = true)
  // Between two reads, the terminal sends Ctrl+C as a signal and shows what is typed ahead.
  const pause = () => {
    reader.pause()
    if (isEditable) stdin.setRawMode(false)
  }
  pause()
  return {
    async read(prompt) {
      if (isClosed) return { type: 'end' }
      if (isEditable) stdin.setRawMode(true)
      reader.setPrompt(prompt)
      const typed = readInput(reader)
      reader.prompt(true)
      try {
        return await typed
      } finally {
        if (!isClosed) pause()
      }
    },
    close: () => reader.close(),
  }
}

function readInput(reader: Interface): Promise<TypedInput> {
  return new Promise((resolve) => {
    const lines: string[] = []
    const end = (typed: TypedInput) => {
      reader.off('line', onLine).off('SIGINT', onInterrupt).off('close', onClose)
      resolve(typed)
    }
    const onLine = (line: string) => {
      lines.push(line)
      setImmediate(endUnlessPasting)
    }
    // Pasted lines arrive together, and the last one may still be in the editor.
    const endUnlessPasting = () => {
      if (reader.line === '') end({ type: 'text', text: lines.join('\n') })
    }
    const onInterrupt = () => {
      // Ctrl+E and Ctrl+U delete the line.
      for (const name of ['e', 'u']) reader.write(null, { ctrl: true, name })
      end({ type: 'interrupt' })
    }
    const onClose = () => {
      end(lines.length > 0 ? { type: 'text', text: lines.join('\n') } : { type: 'end' })
    }
    reader.on('line', onLine).on('SIGINT', onInterrupt).on('close', onClose)
  })
}
