import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'

/** Which neighbours a folder of src/ may import; a file directly in src/ counts by its name. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'chat': ['limits', 'errors'],
  'embeddings': [],
  'rerank': [],
  'moderation': [],
  'sse': ['errors'],
  'errors': [],
  'expected-type': [],
  'platform': [],
  'timeout': [],
  'bounded-map': [],
  'json-depth': [],
  'loopback': [],
  'limits': ['errors'],
  'openai': ['chat', 'embeddings', 'moderation', 'sse', 'bounded-map', 'limits', 'errors'],
  'anthropic': ['chat', 'sse', 'limits', 'errors'],
  'cohere': ['rerank', 'limits', 'errors'],
  'oci': [
    ...['chat', 'embeddings', 'moderation', 'rerank', 'sse', 'bounded-map', 'limits', 'errors'],
    ...['json-depth', 'loopback', 'platform', 'timeout'],
  ],
  'access': ['bounded-map', 'errors', 'platform', 'timeout'],
  'telemetry': ['errors', 'platform'],
  'config': ['access', 'oci', 'limits', 'loopback', 'errors', 'expected-type', 'platform'],
  'middleware': [
    ...['access', 'telemetry', 'openai', 'anthropic', 'limits', 'loopback', 'errors'],
    'platform',
  ],
  'routes': [
    ...['access', 'middleware', 'openai', 'anthropic', 'cohere', 'oci', 'chat', 'sse', 'limits'],
    ...['errors', 'expected-type', 'json-depth', 'platform', 'timeout'],
  ],
  'simulator': [],
  'app': [
    ...['routes', 'middleware', 'openai', 'oci', 'access', 'config', 'limits', 'errors'],
    'platform',
  ],
  'entry': [
    ...['access', 'app', 'config', 'middleware', 'oci', 'telemetry', 'limits'],
    ...['loopback', 'errors', 'platform', 'timeout'],
  ],
  'cli': ['entry', 'simulator', 'errors', 'platform'],
  'server': ['entry', 'errors'],
}

/** Which packages; a Node module may only be named where a runtime may. */
const MAY_USE: Record<string, readonly RegExp[]> = {
  'openai': [/^valibot$/],
  'anthropic': [/^valibot$/],
  'cohere': [/^valibot$/],
  'oci': [/^valibot$/, /^@noble\/hashes\//, /^jose$/],
  'sse': [/^eventsource-parser$/],
  'config': [/^valibot$/],
  'middleware': [/^hono(\/|$)/],
  'routes': [/^hono(\/|$)/, /^valibot$/],
  'simulator': [/^hono(\/|$)/, /^@noble\/hashes\//],
  'app': [/^hono(\/|$)/],
  'entry': [/^hono(\/|$)/, /^@hono\/node-server$/, /^node:/],
  'cli': [/^node:/, /^@hono\/node-server$/],
  'server': [/^node:/],
}

const NAMES_A_RUNTIME = ['entry', 'cli', 'server']
const RUNTIME = /\b(process|Deno|Bun)\b[.\[]|\b__dirname\b|node:crypto/

/** Lines of a file, lines of a top-level function, blanks before a line: four levels and a break. */
const MOST = { fileLines: 300, functionLines: 40, indentation: 12 }

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true }))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort()

describe('architecture', () => {
  for (const file of files) {
    it(`src/${file} keeps to its place and size`, async () => {
      const code = await readFile(new URL(file, src), 'utf8')
      checkImports(file, code)
      checkRuntimes(file, code)
      checkSizes(code)
    })
  }

  it('src/ has no any, no default export but the entries, no barrel, no folder without a noun', async () => {
    for (const file of files) {
      const code = withoutComments(await readFile(new URL(file, src), 'utf8'))
      assert.doesNotMatch(code, /(:|\bas|<)\s*any\b(?! (\?|&&))/, file)
      assert.doesNotMatch(file, /(^|\/)(utils?|helpers?|common|lib|services?|index)(\/|\.ts$)/)
      const isEntry = file === 'server.ts' || file === 'entry/workers.ts'
      assert.equal(/^export default/m.test(code), isEntry, file)
      assert.doesNotMatch(code, /^export \*/m, file)
    }
  })
})

function checkImports(file: string, code: string): void {
  const home = folderOf(file)
  const base = new URL(file, src)
  for (const [, path = ''] of code.matchAll(/(?:from|import) '([^']+)'|import\('([^']+)'\)/g)) {
    if (path.startsWith('.')) {
      const target = folderOf(new URL(path, base).href.slice(src.href.length))
      const may = target === home || MAY_IMPORT[home]?.includes(target)
      assert.ok(may, `Cannot import "${target}" from "${home}"`)
    } else if (path !== '') {
      const may = MAY_USE[home]?.some((pattern) => pattern.test(path))
      assert.ok(may, `Cannot use "${path}" in "${home}"`)
    }
  }
}

function checkRuntimes(file: string, code: string): void {
  if (NAMES_A_RUNTIME.includes(folderOf(file))) return
  assert.doesNotMatch(withoutComments(code), RUNTIME)
}

function checkSizes(code: string): void {
  const lines = code.split('\n')
  assert.ok(lines.length <= MOST.fileLines, `${lines.length} lines`)
  const deepest = Math.max(...lines.map((line) => line.search(/[^ ]/)))
  assert.ok(deepest <= MOST.indentation, `${deepest} blanks before a line`)
  for (const [body = ''] of code.matchAll(/^(?:export )?(?:async )?function\b[\s\S]*?^\}/gm)) {
    const length = body.split('\n').length
    assert.ok(length <= MOST.functionLines, `${length} lines in ${body.split('(')[0]}`)
  }
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

function folderOf(path: string): string {
  return path.replace(/\.ts$/, '').split('/')[0] ?? ''
}
