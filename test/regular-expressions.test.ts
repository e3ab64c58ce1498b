import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { replay } from '../src/chat/replay.ts'
import { estimateTokens } from '../src/anthropic/messages/estimate.ts'
import { cpuTimeOf } from './cpu-time.ts'
import { findLiterals } from './expressions.ts'
import { choice, reply } from './openai/chat/reply.ts'

/** What bounds the text that an expression is applied to. */
interface Bound {
  length: number
  by: string
}

const ERROR_TEXT: Bound = { length: 4_000, by: 'oci/http/error-body.ts cuts error texts' }
const QUIRK_TEXT: Bound = { length: 2_000, by: 'oci/models/client-text.ts cuts what it reads' }
const OBJECT_ID: Bound = { length: 64, by: 'oci/signing/der.ts refuses longer ones' }

/** Expressions that are super-linear: each is tried with the longest text that it can meet. */
const BOUNDED = new Map<string, Bound>([
  [
    'oci/models/client-text.ts /\'[^\'\\n]*\'|"[^"\\n]*"|`[^`\\n]*`|‘[^’\\n]*’|“[^”\\n]*”/g',
    QUIRK_TEXT,
  ],
  [
    'oci/models/learned-quirks.ts /stream(ing)?\\b.*(not supported|unsupported|not available)|not support.*\\bstream/i',
    ERROR_TEXT,
  ],
  [
    'oci/models/learned-quirks.ts /(system|developer) (message|role|prompt).*\\btools?\\b|\\btools?\\b.*system (message|role|prompt)/i',
    ERROR_TEXT,
  ],
  [
    'oci/models/learned-quirks.ts /(tools?|functions?)\\b.*\\b(response_?format|response mime type|json (mode|schema))|(response_?format|response mime type|json (mode|schema)).*\\b(tools?|function calling)\\b/i',
    ERROR_TEXT,
  ],
  [
    'oci/models/learned-quirks.ts /(json_?schema|structured outputs?).*(not supported|unsupported|not allowed)|not support.*(json_?schema|structured outputs?)/i',
    ERROR_TEXT,
  ],
  ['oci/models/value-quirks.ts /[\\w.-]*\\w/g', ERROR_TEXT],
  ['oci/signing/der.ts /[\\x80-\\xff]*[\\x00-\\x7f]/g', OBJECT_ID],
])

/** The simulator answers tests and demonstrations on loopback; it never reads a client's text. */
const EXCLUDED = /^simulator\//

/**
 * Files that build expressions from parts; the tests at the end of this file run them. The console
 * only converts those of `src/clients` from text, which are literals there.
 */
const BUILT = ['anthropic/messages/estimate.ts', 'chat/replay.ts', 'console/client-texts.ts']

/**
 * Characters of the inputs, ascending, and the milliseconds of processor time that only a
 * super-linear expression exceeds: an exponential one fails at the first size, a cubic one at the
 * second. `keeps` is how many inputs, the slowest ones, are tried at the next size.
 */
const SIZES: readonly Size[] = [
  { length: 24, ms: 25, keeps: Infinity },
  { length: 1_024, ms: 75, keeps: 96 },
  { length: 4_096, ms: 75, keeps: 24 },
  { length: 16_384, ms: 75, keeps: 8 },
  { length: 65_536, ms: 300, keeps: 3 },
  // A quadratic step of 4 seconds at 1 MiB takes 250 ms here.
  { length: 262_144, ms: 250, keeps: 0 },
]

interface Size {
  length: number
  ms: number
  keeps: number
}

/** The longest texts of expressions that are built from parts, and their milliseconds. */
const BUILT_LONG = { length: 65_536, ms: 400 }

/** Garbage collection may spoil a measurement, but hardly so many in a row. */
const REPEATS = 3

/** A measurement beyond so many times the limit needs no second one. */
const CLEAR_EXCESS = 10

/** Characters of every class that expressions tell apart, and pairs of them. */
const UNITS = [
  ...['a', 'A', '0', '_', '-', ' ', '\t', '\n', '"', "'", '\\', '{', '[', '<', '(', '.', ',', ';'],
  ...[':', '/', '=', '+', '#', '~', '\u0000', 'é', '漢', '\u{1f600}', '\ud800'],
  ...['a ', ' a', 'a.', 'a:', 'a,', ';a', '=a', '\\"', '""', '\n ', 'a\n', '0.', '/a', '{"', 'aA'],
]

/** What follows the repeated unit: nothing, and characters that most expressions do not expect. */
const TAILS = ['', '\u0001', '!\n', '"x']

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true }))
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !EXCLUDED.test(file))
  .sort()
const sources = await Promise.all(
  files.map(async (file) => ({ file, code: await readFile(new URL(file, src), 'utf8') })),
)

describe('regular expressions', () => {
  const seen = new Set<string>()
  for (const { file, code } of sources) {
    for (const { text, line } of findLiterals(code)) {
      const key = `${file} ${text}`
      seen.add(key)
      const bound = BOUNDED.get(key)
      const name = bound ? `is fast on its longest text: ${bound.by}` : 'takes linear time'
      it(`F2: ${text} ${name} (src/${file}:${line})`, () => check(parse(text), bound?.length))
    }
  }

  it('are found', () => assert.ok(seen.size > 100, `${seen.size} found`))

  it('have no exceptions for expressions that are gone', () => {
    assert.deepEqual([...BOUNDED.keys()].filter((key) => !seen.has(key)), [])
  })

  it('are built from parts only where this test knows it', () => {
    const built = sources.filter(({ code }) => /\bnew RegExp\b|[^\w.]RegExp\(/.test(code))
    assert.deepEqual(built.map(({ file }) => file), BUILT)
  })

  it('F2: a super-linear expression is detected', () => {
    for (const expression of [/_+$/, /^data:([^;,]*)[^,]*,(.*)$/, /(a+)+b/, /\s*$/, /".*"x/]) {
      assert.throws(() => check(expression), /takes/, String(expression))
    }
  })

  for (const unit of UNITS) {
    it(`F2: those built from parts take linear time for ${JSON.stringify(unit)}`, () => {
      for (const tail of TAILS) {
        const { length, ms } = BUILT_LONG
        const text = repeat(unit, length) + tail
        assertFast(() => estimateTokens(text), ms, 'an estimate')
        assertFast(() => replay(reply({ choices: [choice({ text })] })), ms, 'a replay')
      }
    })
  }
})

function parse(literal: string): RegExp {
  const end = literal.lastIndexOf('/')
  return new RegExp(literal.slice(1, end), literal.slice(end + 1))
}

/**
 * Runs an expression on inputs of ascending sizes; the first excess ends it.
 * @param longest the characters of the longest text that the expression meets, where it is bounded
 */
function check(expression: RegExp, longest?: number): void {
  let inputs: readonly Input[] = inputsFor(expression)
  // Without an unbounded quantifier the time at each position is constant.
  const isUnbounded = /[*+]|\{\d+,\}/.test(expression.source)
  const sizes = longest !== undefined
    ? [{ length: longest, ms: 100, keeps: 0 }]
    : isUnbounded
    ? SIZES
    : SIZES.slice(0, 3)
  for (const size of sizes) {
    inputs = inputs
      .map((input) => ({ input, ms: run(expression, input, size) }))
      .sort((one, other) => other.ms - one.ms)
      .slice(0, size.keeps)
      .map(({ input }) => input)
  }
}

/** A text: its beginning, what is repeated, and its end. */
type Input = readonly [head: string, unit: string, tail: string]

function inputsFor({ source }: RegExp): Input[] {
  const literals = literalsOf(source)
  const heads = new Set(['', ...literals.slice(0, 2), literals.join('')])
  const units = new Set([...UNITS, ...literals, literals.join('')])
  units.delete('')
  return [...heads].flatMap((head) =>
    [...units].flatMap((unit) =>
      (head === '' ? TAILS : TAILS.slice(0, 2)).map((tail): Input => [head, unit, tail])
    )
  )
}

/** The texts that an expression names literally, in order. */
function literalsOf(source: string): string[] {
  return source
    .replaceAll(
      /\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\\[a-zA-Z](?:\{[^}]*\}|[0-9a-f]{2,4})?/g,
      '\0',
    )
    .replaceAll(/\(\?(?:[:=!]|<[=!])/g, '\0')
    .replaceAll(/\\(.)/g, '$1')
    .split(/[\0^$.*+?()|]+/)
    .filter((text) => text !== '')
}

function run(expression: RegExp, [head, unit, tail]: Input, { length, ms }: Size): number {
  const text = head + repeat(unit, length) + tail
  const name = `${expression} on ${length} of ${JSON.stringify([head, unit, tail])}`
  return assertFast(
    () => expression.global ? text.replaceAll(expression, '') : expression.exec(text),
    ms,
    name,
  )
}

/** The milliseconds of processor time that a step takes, at best. */
function assertFast(step: () => unknown, limit: number, name: string): number {
  let best = cpuTimeOf(step)
  for (let count = 1; count < REPEATS && best > limit; count++) {
    if (best > CLEAR_EXCESS * limit) break
    best = Math.min(best, cpuTimeOf(step))
  }
  assert.ok(best <= limit, `${name} takes ${Math.round(best)} ms`)
  return best
}

function repeat(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length))
}
