import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { publint } from 'publint'
import { install, type Installation, ROOT } from './install.ts'

const MAX_BYTES = 1_000_000
const MAX_FILES = 40

/** Everything that the package may contain. */
const EXPECTED =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/config\.schema\.json|dist\/([\w-]+\.(js|d\.ts)|chunks\/[\w.-]+\.js|THIRD-PARTY-NOTICES\.txt))$/

describe('the tarball', () => {
  let packed: Installation
  before(async () => {
    packed = await install()
  })

  it(`has at most ${MAX_BYTES} bytes and ${MAX_FILES} files`, () => {
    assert.ok(packed.size <= MAX_BYTES, `${packed.size} bytes`)
    assert.ok(packed.files.length <= MAX_FILES, `${packed.files.length} files`)
  })

  it('has no sources, tests or source maps', () => {
    const others = packed.files.map(({ path }) => path).filter((path) => !EXPECTED.test(path))
    assert.deepEqual(others, [])
  })

  it('names no source map and no folder of the machine that built it', async () => {
    for (const { path } of packed.files.filter(({ path }) => path.startsWith('dist/'))) {
      const text = await readFile(join(packed.folder, path), 'utf8')
      for (const part of ['sourceMappingURL', ROOT, `${homedir()}/`]) {
        assert.ok(!text.includes(part), `${path} contains ${part}`)
      }
    }
  })

  it('has an executable for each command', async () => {
    const text = await readFile(join(packed.folder, 'package.json'), 'utf8')
    const { bin } = JSON.parse(text) as { bin: Record<string, string> }
    assert.deepEqual(Object.keys(bin).sort(), ['oci-gateway', 'oci-genai-gateway'])
    for (const path of new Set(Object.values(bin))) {
      const file = join(packed.folder, path)
      assert.match(await readFile(file, 'utf8'), /^#!\/usr\/bin\/env node\n/)
      assert.equal((await stat(file)).mode & 0o111, 0o111)
    }
  })

  it('has the licenses of the packages whose code is bundled', async () => {
    const text = await readFile(join(packed.folder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const name of ['hono', 'valibot', 'jose', 'preact', 'marked']) {
      assert.match(text, new RegExp(`^${name} \\d.*, MIT\n\n[^]*Copyright`, 'm'))
    }
    assert.match(text, /^dompurify \d.*Apache-2\.0/m)
  })

  it('is clean for publint', async () => {
    const { messages } = await publint({ pkgDir: packed.folder, pack: false })
    assert.deepEqual(messages, [])
  })
})
