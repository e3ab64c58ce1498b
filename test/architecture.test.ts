import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { findCycles, type ImportGraph } from './architecture/import-cycles.ts'
import { roomOf, type RoomRules, ROOMS } from './architecture/rooms.ts'

const RUNTIME = /\b(process|Deno|Bun)\b[.\[]|\b__dirname\b|node:crypto/
const WEB_CRYPTO = /\bcrypto\s*\.\s*subtle\b|\{[^}]*\bsubtle\b[^}]*\}\s*=\s*(globalThis\.)?crypto\b/

/**
 * Lines of a file, lines of a top-level function, spaces before a line of code and of markup, files
 * directly in src/oci.
 */
const MAX = { fileLines: 300, functionLines: 40, indentation: 12, markup: 16, ociFiles: 8 }

/** The console's page, built from the other files of its folder. */
const GENERATED = 'console/page.generated.ts'

const src = new URL('../src/', import.meta.url)
const paths = (await readdir(src, { recursive: true }))
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && path !== GENERATED)
  .sort()
const files = await Promise.all(paths.map(readSource))

describe('architecture', () => {
  for (const file of files) {
    it(`src/${file.path} imports only what its room may, and is not too long`, () => {
      checkImports(file)
      checkGlobals(file)
      checkSizes(file)
    })
  }

  it('finds a cycle of imports in a graph', () => {
    const cases: [graph: Record<string, string[]>, cycles: string[]][] = [
      [{ a: ['b', 'c'], b: ['c'], c: [] }, []],
      [{ a: ['a'] }, ['a → a']],
      [{ a: ['b'], b: ['c'], c: ['b'] }, ['b → c → b']],
      [{ a: ['b'], b: ['c'], c: ['a'], d: ['a', 'e'], e: ['d'] }, ['a → b → c → a', 'd → e → d']],
      [{ a: ['b', 'c'], b: ['d'], c: ['a'], d: ['a'] }, ['a → c → a']],
    ]
    for (const [graph, cycles] of cases) {
      assert.deepEqual(findCycles(new Map(Object.entries(graph))), cycles)
    }
  })

  it('src/ has no import cycle of values or types between files', () => {
    assert.deepEqual(findCycles(new Map(files.map(({ path, local }) => [path, local]))), [])
  })

  it('src/ has no import cycle between rooms', () => {
    assert.deepEqual(findCycles(roomGraph()), [])
  })

  it('each room of the table exists', () => {
    const rooms = new Set(paths.map(roomOf))
    assert.deepEqual(Object.keys(ROOMS).filter((room) => !rooms.has(room)), [])
  })

  it(`src/oci has at most ${MAX.ociFiles} files outside its rooms`, () => {
    const direct = paths.filter((path) => /^oci\/[^/]+$/.test(path))
    assert.ok(direct.length <= MAX.ociFiles, `${direct.length} files: ${direct.join(', ')}`)
  })

  it('src/ has no any, no default exports except entries, no barrels, no vague folder names', () => {
    for (const { path, code } of files) {
      const bare = withoutComments(code)
      assert.doesNotMatch(bare, /(:|\bas|<)\s*any\b(?! (\?|&&))/, path)
      assert.doesNotMatch(path, /(^|\/)(utils?|helpers?|common|lib|services?|index)(\/|\.ts$)/)
      const isEntry = path === 'server.ts' || path === 'entry/workers.ts'
      assert.equal(/^export default/m.test(bare), isEntry, path)
      assert.doesNotMatch(bare, /^export \*/m, path)
    }
  })
})

interface SourceFile {
  /** Below src/. */
  path: string
  code: string
  /** The files of src/ that it imports, of which it may import only types. */
  local: readonly string[]
  /** The packages and the modules of a runtime that it imports. */
  packages: readonly string[]
}

async function readSource(path: string): Promise<SourceFile> {
  const url = new URL(path, src)
  const code = await readFile(url, 'utf8')
  const imports = code.matchAll(/(?:\bfrom|\bimport) '([^']+)'|\bimport\('([^']+)'\)/g)
  const names = Array.from(imports, ([, named, dynamic = '']) => named ?? dynamic)
  const local = names.filter((name) => name.startsWith('.'))
    .map((name) => new URL(name, url).href.slice(src.href.length))
  return { path, code, local, packages: names.filter((name) => !name.startsWith('.')) }
}

function checkImports({ path, local, packages }: SourceFile): void {
  const room = roomOf(path)
  const rules = rulesOf(room)
  for (const target of local.map(roomOf)) {
    const isAllowed = target === room || rules.rooms.includes(target)
    assert.ok(isAllowed, `"${room}" must not import "${target}"`)
  }
  for (const name of packages) {
    const isAllowed = rules.packages?.some((pattern) => pattern.test(name))
    assert.ok(isAllowed, `"${room}" must not import the package "${name}"`)
  }
}

function checkGlobals({ path, code }: SourceFile): void {
  const room = roomOf(path)
  const { runtime, webCrypto } = rulesOf(room)
  const bare = withoutComments(code)
  if (!runtime) assert.doesNotMatch(bare, RUNTIME, `"${room}" must not depend on one runtime`)
  if (!webCrypto) assert.doesNotMatch(bare, WEB_CRYPTO, `"${room}" must not use crypto.subtle`)
}

function rulesOf(room: string): RoomRules {
  const rules = ROOMS[room]
  assert.ok(rules, `"${room}" is missing in test/architecture/rooms.ts`)
  return rules
}

function roomGraph(): ImportGraph {
  const graph = new Map<string, string[]>()
  for (const { path, local } of files) {
    const room = roomOf(path)
    const targets = local.map(roomOf).filter((target) => target !== room)
    graph.set(room, [...graph.get(room) ?? [], ...targets])
  }
  return graph
}

function checkSizes({ path, code }: SourceFile): void {
  const lines = code.split('\n')
  assert.ok(lines.length <= MAX.fileLines, `${lines.length} lines`)
  const deepest = Math.max(...lines.map((line) => line.search(/[^ ]/)))
  const indentation = path.endsWith('.tsx') ? MAX.markup : MAX.indentation
  assert.ok(deepest <= indentation, `${deepest} spaces before a line`)
  for (const [body = ''] of code.matchAll(/^(?:export )?(?:async )?function\b[\s\S]*?^\}/gm)) {
    const length = body.split('\n').length
    assert.ok(length <= MAX.functionLines, `${length} lines in ${body.split('(')[0]}`)
  }
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
