import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { SCRIPT_HASH, STYLE_HASH } from '../../src/console/page.generated.ts'
import { buildPage, readGenerated } from '../../tools/build/console.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const MAX_GZIP_BYTES = 60_000

const hashOf = (text = '') => `sha256-${createHash('sha256').update(text).digest('base64')}`

describe('the generated page', async () => {
  const { html, gzipBytes } = await readGenerated(root)

  it('is current: npm run build makes it', async () => {
    const built = await buildPage(root)
    assert.ok(built.html === html, 'Run npm run build, which writes src/console/page.generated.ts')
    assert.deepEqual([built.scriptHash, built.styleHash], [SCRIPT_HASH, STYLE_HASH])
  })

  it(`has at most ${MAX_GZIP_BYTES} bytes`, () => {
    assert.ok(gzipBytes > 0 && gzipBytes <= MAX_GZIP_BYTES, `${gzipBytes} bytes`)
  })

  it('has one script and one style sheet, with the hashes of the policy', () => {
    const scripts = [...html.matchAll(/<script type="module">([^]*?)<\/script>/g)]
    const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)]
    assert.deepEqual([scripts.length, styles.length], [1, 1])
    assert.equal(hashOf(scripts[0]?.[1]), SCRIPT_HASH)
    assert.equal(hashOf(styles[0]?.[1]), STYLE_HASH)
  })

  it('refers to no other file', () => {
    const [head = '', tail = ''] = html.split(/<style>[^]*<\/style>/)
    const markup = head + tail.replace(/<script type="module">[^]*<\/script>/, '')
    assert.doesNotMatch(markup, /\b(src|href)="(?!data:)/)
    assert.doesNotMatch(html, /@import|sourceMappingURL|localStorage|sessionStorage/)
  })

  it('is loaded only when a browser asks for it', async () => {
    const route = await readFile(`${root}src/routes/console.ts`, 'utf8')
    assert.match(route, /await import\('\.\.\/console\/page\.generated\.ts'\)/)
    assert.doesNotMatch(route, /^import (?!type).*page\.generated/m)
  })
})
