import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sourceTexts } from './words/source-text.ts'

/** Words that documents, comments and messages do not use, and what to write instead. */
const REFUSED: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\btold\b/i, 'name the action: "reported", "configured", "listed"'],
  [/\bsaid\b/i, 'name the action: "reported", "requested"'],
  [/\bnobody\b/i, 'name the subject: "no client", or use the passive'],
  [/\bwhoever\b/i, 'name the subject: "a client that", "an operator who"'],
  [/\bof it\b/i, 'name the thing'],
  [
    /\b(comes?|came) (to|of)\b(?! (an end|the end|rest))/i,
    'use "is", "results in", "resolves with"',
  ],
  [/\bamid\b/i, '"during", "within", "in the middle of"'],
  [/\bthrice\b/i, '"three times"'],
  [/\bheeded\b/i, '"applied"'],
  [/\bby hand\b/i, '"manually"'],
  [/\bturnstiles?\b/i, '"concurrency limiter"'],
  [/\b(door|doors|doorkeepers?)\b/i, '"limits", "access control"'],
  [/\bjourneys?\b/i, '"request trace"'],
  [/\blegs?\b/i, '"attempt"'],
  [/\blessons?\b/i, '"learned quirk"'],
  [/\bfaces?\b/i, '"client API"'],
  [/\b(he|him|his)\b/i, '"they", "the client"'],
]

/** Data and prompts, in which any word may occur. */
const DATA: readonly string[] = [
  'test/fixtures/',
  'test/vectors/',
  'test/words',
  'src/console/page.generated.ts',
]

/** Texts that are not ours to choose, or that a model writes. */
const ALLOWED_TEXTS =
  /\byou said\b|\band said: |\}said: |\bThe user said\b|\bwhat did I say\b|\bface (value|recognition)\b/gi

const root = fileURLToPath(new URL('../', import.meta.url))

describe('words', () => {
  it('reads comments and strings of TypeScript, and neither names nor regular expressions', () => {
    const code = [
      '// one told',
      'const told = `two ${told + `three ${1}`} four` / 2',
      "const pattern = /told '/g; const text = 'five'",
      '/** six\n * seven */',
    ].join('\n')
    const texts = sourceTexts(code).map(({ text, line }) => `${line} ${text}`)
    assert.deepEqual(texts, [
      '1 // one told',
      '2 `two ${',
      '2 `three ${',
      '2 }`',
      '2 } four`',
      "3 'five'",
      '4 /** six\n * seven */',
    ])
  })

  it('finds a refused word with its line, but not an allowed text', () => {
    assert.deepEqual(problems('a.ts', { text: '/* x\n * Nobody knows */', line: 7 }), [
      'a.ts:8 "Nobody": name the subject: "no client", or use the passive',
    ])
    assert.deepEqual(problems('a.ts', { text: "'You said: hello'", line: 1 }), [])
    assert.deepEqual(problems('a.ts', { text: 'the surface, the interface', line: 1 }), [])
  })

  it('are plain in the comments and strings of all code', async () => {
    const found = await Promise.all((await codeFiles()).map(readCode))
    assert.deepEqual(found.flat(), [])
  })

  it('are plain in all documents', async () => {
    const found = await Promise.all((await documents()).map(readDocument))
    assert.deepEqual(found.flat(), [])
  })
})

async function codeFiles(): Promise<string[]> {
  const patterns = ['src/**/*.{ts,tsx}', 'test/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts']
  return (await filesOf(patterns)).filter((file) => !isUnder(file, DATA))
}

async function documents(): Promise<string[]> {
  return await filesOf([
    '*.md',
    'docs/**/*.md',
    'test/*.md',
    'bench/*.md',
    '.github/**/*.md',
  ])
}

async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files = await Array.fromAsync(glob(patterns, { cwd: root }))
  return files.map((file) => file.replaceAll('\\', '/')).sort()
}

function isUnder(file: string, places: readonly string[]): boolean {
  return places.some((place) => file.startsWith(place))
}

async function readCode(file: string): Promise<string[]> {
  const texts = sourceTexts(await readFile(`${root}${file}`, 'utf8'))
  return texts.flatMap((text) => problems(file, text))
}

async function readDocument(file: string): Promise<string[]> {
  const page = await readFile(`${root}${file}`, 'utf8')
  return problems(file, { text: page, line: 1 })
}

function problems(file: string, { text, line }: { text: string; line: number }): string[] {
  return text.split('\n').flatMap((content, index) =>
    REFUSED.flatMap(([word, instead]) => {
      const [found] = word.exec(content.replaceAll(ALLOWED_TEXTS, '')) ?? []
      return found === undefined ? [] : [`${file}:${line + index} "${found}": ${instead}`]
    })
  )
}
