import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { processFiles } from '../../src/entry/process-files.ts'

let folder = ''

describe('processFiles', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'files-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('replaces a file, readable by its owner only', async () => {
    const path = join(folder, 'token')
    await writeFile(path, 'old', { mode: 0o644 })
    await processFiles.write?.(path, 'new')
    assert.equal(await readFile(path, 'utf8'), 'new')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(folder), ['token'])
  })

  it('F14: returns the permissions of a file', async () => {
    const path = join(folder, 'token')
    const expected = process.platform === 'win32' ? undefined : 0o600
    assert.equal(await processFiles.mode?.(path), expected)
  })

  it('leaves no temporary file when it cannot write', async () => {
    await assert.rejects(
      processFiles.write?.(join(folder, 'nowhere', 'token'), 'x') ?? assert.fail(),
    )
    assert.deepEqual(await readdir(folder), ['token'])
  })

  it('reads a file, and returns undefined if it does not exist', async () => {
    assert.equal(await processFiles.read(join(folder, 'token')), 'new')
    assert.equal(await processFiles.read(join(folder, 'other')), undefined)
    await assert.rejects(processFiles.read(folder))
  })
})
