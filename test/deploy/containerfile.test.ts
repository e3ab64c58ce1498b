import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runtimePackages } from '../../tools/image/context.ts'
import { ROOT } from './programs.ts'

const text = await readFile(join(ROOT, 'Containerfile'), 'utf8')
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

describe('Containerfile', () => {
  it('has the version of Node that the tests use', () => {
    const node = manifest.devDependencies['node']
    assert.ok(text.includes(`/library/node:${node}-`), `Node ${node}`)
  })

  it('runs no command of the platform, so that it builds for any platform', () => {
    assert.doesNotMatch(text, /^\s*(RUN|ADD)\b/m)
  })

  it('runs as a user without privileges, given by its number', () => {
    assert.deepEqual(text.match(/^USER .*$/gm), ['USER 65532:65532'])
  })

  it('checks the health with the executable itself', () => {
    assert.match(text, /^HEALTHCHECK [^]*?CMD \[.*"health"\]$/m)
  })
})

describe('the packages of the image', () => {
  it('are the dependencies, the optional drivers and what they need', async () => {
    const packages = await runtimePackages(ROOT)
    for (const name of [...Object.keys(manifest.dependencies), 'postgres', '@redis/client']) {
      assert.ok(packages.includes(name), name)
    }
    assert.ok(!packages.includes('typescript'))
  })
})
