import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COMMANDS, start } from './run.ts'

/** A client for each format of a file. */
const CLIENTS = [
  ['JSON with comments', 'claude-code'],
  ['JSON5', 'openclaw'],
  ['TOML', 'codex'],
  ['YAML', 'continue'],
] as const

describe('connect of the installed package', () => {
  for (const runtime of COMMANDS.keys()) {
    for (const [format, client] of CLIENTS) {
      it(`writes a file in ${format} on ${runtime}`, async () => {
        const command = await start(runtime, ['connect', client, '--write', '--no-wait'])
        try {
          assert.equal(await command.exited, 0, command.output())
          assert.match(command.output(), /^Created /m)
        } finally {
          await command.stop()
        }
      })
    }
  }
})
