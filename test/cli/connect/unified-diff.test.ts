import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { unifiedDiff } from '../../../src/cli/connect/unified-diff.ts'
import { stylesFor } from '../../../src/cli/styles.ts'
import { FakeOutput } from '../fake-host.ts'

const plain = stylesFor(new FakeOutput())

const cases: [name: string, before: string, after: string, diff: string][] = [
  ['is empty without a change', 'a\n', 'a\n', ''],
  ['shows a new file', '', 'a\nb\n', '--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n'],
  [
    'shows three lines around a change',
    '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
    '1\n2\n3\n4\nx\n6\n7\n8\n9\n',
    '--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n',
  ],
  [
    'separates distant changes',
    'a\n1\n2\n3\n4\n5\n6\n7\nb\n',
    'A\n1\n2\n3\n4\n5\n6\n7\nB\n',
    '--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n',
  ],
  [
    'marks a missing line break at the end',
    'a',
    'a\nb',
    '--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n',
  ],
]

describe('unifiedDiff()', () => {
  for (const [name, before, after, diff] of cases) {
    it(name, () => assert.equal(unifiedDiff('f', before, after, plain), diff))
  }

  it('has colors on a terminal', () => {
    const colored = new FakeOutput({ hasColors: true })
    const diff = unifiedDiff('f', 'a\n', 'b\n', stylesFor(colored))
    assert.ok(diff.includes('\x1b[31m-a\x1b[39m\n\x1b[32m+b\x1b[39m'), diff)
  })

  it('has exactly the lines that differ', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''))
    fc.assert(fc.property(text, text, (before, after) => {
      assert.equal(applied(before, unifiedDiff('f', before, after, plain)), after)
    }))
  })
})

/** Applies a diff to a text. */
function applied(before: string, diff: string): string {
  const old = before.split('\n').slice(0, -1)
  const result: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const start = /^@@ -(\d+),(\d+)/.exec(line)
    if (start) {
      const first = Number(start[1]) - (start[2] === '0' ? 0 : 1)
      while (at < first) result.push(old[at++]!)
      continue
    }
    if (line[0] !== '+') assert.equal(old[at++], line.slice(1))
    if (line[0] !== '-') result.push(line.slice(1))
  }
  return [...result, ...old.slice(at), ''].join('\n')
}
