import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createOutput } from '../../../src/cli/process/output.ts'

/** A stream that keeps what is written. */
function streamOf(isTTY: boolean) {
  const written: string[] = []
  const stream = {
    isTTY,
    on: () => {},
    write(text: string, done: () => void) {
      written.push(text)
      done()
    },
  }
  // An output uses only these members.
  return { stream: stream as unknown as NodeJS.WriteStream, written }
}

const cases: [name: string, text: string, onTerminal: string][] = [
  ['text, lines and tabs', 'Größe\t1\n2\r\n', 'Größe\t1\n2\r\n'],
  ['styles and the spinner', '\r\x1b[K\x1b[1;31mred\x1b[0m', '\r\x1b[K\x1b[1;31mred\x1b[0m'],
  ['the title of the terminal', '\x1b]0;owned\x07', '␛]0;owned␇'],
  ['the cursor and the screen', '\x1b[2J\x1b[1;1H\x1b[8m', '␛[2J␛[1;1H\x1b[8m'],
  ['a line that is overwritten', 'rm -rf\rls', 'rm -rf␍ls'],
  ['what resembles a style', 'a\n[1m\r[1m\x07[1m\r\x07[K', 'a\n[1m␍[1m␇[1m␍␇[K'],
  ['C1 controls and DEL', '\x9b2J\x7f', '\ufffd2J␡'],
]

describe('write() of an output', () => {
  for (const [name, text, onTerminal] of cases) {
    it(`shows ${name} on a terminal, and changes nothing elsewhere`, async () => {
      for (const isTTY of [true, false]) {
        const { stream, written } = streamOf(isTTY)
        const output = createOutput(stream)
        output.write(text)
        await output.drained()
        assert.deepEqual(written, [isTTY ? onTerminal : text])
      }
    })
  }
})
