import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeWithBackup } from '../../../src/cli/init/write-config.ts'
import { FakeFiles } from '../fake-host.ts'

describe('writeWithBackup() of the configuration', () => {
  it('keeps each version when several processes write at the same time', async () => {
    const files = new FakeFiles({ a: '0' })
    const written = await Promise.all(
      ['1', '2', '3'].map((text) => writeWithBackup(files, 'a', text)),
    )
    assert.deepEqual(written.map(({ backup }) => backup), ['a.bak', 'a.bak2', 'a.bak3'])
    assert.deepEqual([...files.contents.values()].sort(), ['0', '1', '2', '3'])
  })
})
