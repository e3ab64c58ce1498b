import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wrapForTerminal } from '../../src/cli/wrap-text.ts'
import { createFakeHost, runCli } from './fake-host.ts'

const TEXT = 'one two three four five six seven'

describe('wrapForTerminal()', () => {
  const cases: [name: string, columns: number, isTerminal: boolean, lines: string[]][] = [
    ['wraps at spaces', 30, true, ['one two three four', 'five six seven']],
    ['keeps the line elsewhere', 30, false, [TEXT]],
    ['keeps the line in a very narrow terminal', 29, true, [TEXT]],
    ['keeps what fits', 80, true, [TEXT]],
  ]
  for (const [name, columns, isTerminal, lines] of cases) {
    it(name, () => {
      assert.deepEqual(wrapForTerminal(TEXT, 10, { isTerminal, columns }), lines)
    })
  }

  for (const line of ['--help', 'keys --help', 'keys create --help', 'chat --help']) {
    it(`wraps the descriptions of ${line}`, async () => {
      const host = createFakeHost()
      Object.assign(host.stdout, { isTerminal: true, columns: 80 })
      const { stdout } = await runCli(line, host)
      const long = stdout.split('\n').filter((text) => text.length > 80)
      // Commands to copy and the first sentences are not wrapped.
      assert.deepEqual(long.filter((text) => !/^(An| {2}oci-gateway|oci-gateway) /.test(text)), [])
    })
  }
})
