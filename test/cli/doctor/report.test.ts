import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkLines } from '../../../src/cli/doctor/report.ts'
import type { ReportedCheck } from '../../../src/cli/doctor/result.ts'
import { FakeOutput } from '../fake-host.ts'

const check: ReportedCheck = {
  ...{ id: 'port', status: 'fail', title: 'Port', reason: 'port_in_use', detail: null },
  cause: 'Another program listens on the port 8050 of this machine',
  fix: 'oci-gateway serve --port 8051',
}

describe('checkLines()', () => {
  it('wraps the cause to the terminal, and never the command', () => {
    const wide = checkLines(check, new FakeOutput({ isTerminal: true, columns: 60 }))
    assert.equal(
      wide,
      '✗ Port              Another program listens on the port 8050\n' +
        '                    of this machine\n' +
        '                    → oci-gateway serve --port 8051\n',
    )
    const narrow = checkLines(check, new FakeOutput({ isTerminal: true, columns: 50 }))
    assert.ok(narrow.endsWith('\n  → oci-gateway serve --port 8051\n'), narrow)
  })

  it('writes one line per text where there is no terminal', () => {
    assert.equal(
      checkLines(check, new FakeOutput()),
      '✗ Port              Another program listens on the port 8050 of this machine\n' +
        '                    → oci-gateway serve --port 8051\n',
    )
  })
})
