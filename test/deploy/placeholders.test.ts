import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { ROOT } from './programs.ts'

/** The file with the placeholder of the account that has pushed the image. */
const PLACEHOLDER = 'kubernetes/base/kustomization.yaml'

const folder = join(ROOT, 'deploy')

describe('the placeholder OWNER in deploy/', () => {
  it('is in one file, and the chart has no name of an image', async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    const found = files.filter((_, index) => /\bOWNER\b/.test(texts[index] ?? ''))
    assert.deepEqual(found, [join(folder, PLACEHOLDER)])
    const values = await readFile(join(folder, 'helm/oci-gateway/values.yaml'), 'utf8')
    assert.equal((parse(values) as { image: { repository: string } }).image.repository, '')
  })

  it('is no valid name, so that no other image is deployed', async () => {
    const { images: [image] } = parse(await readFile(join(folder, PLACEHOLDER), 'utf8')) as {
      images: { newName: string }[]
    }
    assert.match(image?.newName ?? '', /\/OWNER\//)
    // The grammar of a path in a registry, of the OCI distribution specification.
    const path = image?.newName.split('/').slice(1).join('/') ?? ''
    assert.doesNotMatch(path, /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/)
  })
})
