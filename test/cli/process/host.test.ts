import assert from 'node:assert/strict'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { createProcessHost } from '../../../src/cli/process/host.ts'

const { files } = createProcessHost()
let folder = ''

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'files-')))
  await writeFile(join(folder, 'file'), 'text')
  await writeFile(join(folder, 'read-only'), '')
  await chmod(join(folder, 'read-only'), 0o444)
  await mkdir(join(folder, 'folder'))
  if (process.platform === 'win32') return
  await symlink(join(folder, 'file'), join(folder, 'link'))
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'))
})
after(() => rm(folder, { recursive: true, force: true }))

describe("inspect() of the process's files", { skip: process.platform === 'win32' }, () => {
  const own = { type: 'file', isReadOnly: false, isOfOtherUser: false }
  const cases: [name: string, state: () => object][] = [
    ['file', () => ({ ...own, path: join(folder, 'file') })],
    ['link', () => ({ ...own, path: join(folder, 'file') })],
    ['read-only', () => ({ ...own, path: join(folder, 'read-only'), isReadOnly: true })],
    ['folder', () => ({ type: 'other' })],
    ['dangling', () => ({ type: 'dangling link' })],
    ['nowhere', () => ({ type: 'missing' })],
    ['nowhere/else', () => ({ type: 'missing' })],
  ]
  for (const [name, state] of cases) {
    it(`describes ${name}`, async () => {
      assert.deepEqual(await files.inspect(join(folder, name)), state())
    })
  }

  it('names a path below a file in its error', async () => {
    await assert.rejects(files.inspect(join(folder, 'file', 'x')), /file\/x/)
  })
})

describe('createProcessHost()', () => {
  it('works in a folder that was removed', { skip: process.platform === 'win32' }, async () => {
    const start = process.cwd()
    const gone = join(folder, 'gone')
    await mkdir(gone)
    process.chdir(gone)
    try {
      await rm(gone, { recursive: true })
      const host = createProcessHost()
      assert.equal(host.runtime.version.length > 0, true)
      assert.throws(() => host.cwd, /^Error: The current folder does not exist any more\. Change/)
    } finally {
      process.chdir(start)
    }
    assert.equal(createProcessHost().cwd, start)
  })
})

describe("lock() of the process's files", () => {
  it('is held by one at a time', async () => {
    const path = join(folder, 'locked', 'file')
    const order: string[] = []
    const release = await files.lock(path)
    const second = files.lock(path).then((releaseSecond) => {
      order.push('second')
      return releaseSecond()
    })
    assert.deepEqual(await readdir(join(folder, 'locked')), ['file.oci-gateway-lock'])
    order.push('first')
    await release()
    await second
    assert.deepEqual(order, ['first', 'second'])
    assert.deepEqual(await readdir(join(folder, 'locked')), [])
  })
})

describe("writeBytes() of the process's files", () => {
  it('replaces a file and keeps its permissions', async () => {
    const path = join(folder, 'new', 'file')
    await files.writeBytes(path, Uint8Array.of(0xff))
    if (process.platform !== 'win32') {
      assert.equal(await files.mode?.(path), 0o600)
      await chmod(path, 0o640)
    }
    await files.writeBytes(path, Uint8Array.of(0, 1))
    assert.deepEqual([...await readFile(path)], [0, 1])
    if (process.platform !== 'win32') assert.equal(await files.mode?.(path), 0o640)
  })

  it('creates folders within folders, and fails where there can be none', async () => {
    const path = join(folder, 'a', 'b', 'c', 'file')
    await Promise.all([
      files.writeBytes(path, Uint8Array.of(1)),
      files.writeBytes(`${path}2`, Uint8Array.of(2)),
    ])
    assert.deepEqual([...await readFile(path), ...await readFile(`${path}2`)], [1, 2])
    await assert.rejects(files.writeBytes(join(folder, 'file', 'x', 'y'), Uint8Array.of(1)))
    if (process.platform !== 'linux') return
    // Node's recursive mkdir does not end here.
    await assert.rejects(files.writeBytes('/proc/a/b', Uint8Array.of(1)), { code: 'ENOENT' })
  })
})
