import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutFaults } from '../../src/simulator/directives.ts'
import { readDirectives, readNameDirectives } from '../../src/simulator/read-directives.ts'

type Read = Record<string, readonly string[]>

const written: [name: string, text: string, rest: string, directives: Read, unknown?: string][] = [
  ['leaves a text alone', 'Hi [[there]]', 'Hi [[there]]', {}],
  ['reads one', 'Hi [[sim:status=429]]', 'Hi', { status: ['429'] }],
  ['reads several in one', '[[sim:status=429 times=2]] Hi', 'Hi', {
    status: ['429'],
    times: ['2'],
  }],
  ['reads several apart', '[[sim:open]]a[[sim:no-usage]]', 'a', { open: [''], 'no-usage': [''] }],
  ['keeps repetitions', '[[sim:tool=a:e30;tool=b:e30]]', '', { tool: ['a:e30', 'b:e30'] }],
  ['keeps equals signs', '[[sim:say=YQ==]]', '', { say: ['YQ=='] }],
  ['names a stranger', '[[sim:sttus=429]]', '', {}, 'sttus=429'],
  ['requires a number', '[[sim:status=no]]', '', {}, 'status=no'],
  ['requires no value', '[[sim:open=1]]', '', {}, 'open=1'],
]

const named: [ending: string, directives: Read, unknown?: string][] = [
  ['status-429', { status: ['429'] }],
  ['status-429.retry-after-2.times-1', { status: ['429'], 'retry-after': ['2'], times: ['1'] }],
  ['finish-text', { 'finish-text': [''] }],
  ['finish-STOP', { finish: ['STOP'] }],
  ['no-done.first-delay-5', { 'no-done': [''], 'first-delay': ['5'] }],
  ['sleepy', {}, 'sleepy'],
  ['status', {}, 'status'],
]

describe('readDirectives()', () => {
  for (const [name, text, rest, directives, unknown] of written) {
    it(name, () => {
      const read = readDirectives(text)
      const found = { ...read, directives: Object.fromEntries(read.directives) }
      assert.deepEqual(found, { text: rest, directives, unknown })
    })
  }
})

describe('readNameDirectives()', () => {
  for (const [ending, directives, unknown] of named) {
    it(`reads ${ending}`, () => {
      const read = readNameDirectives(ending)
      const found = { ...read, directives: Object.fromEntries(read.directives) }
      assert.deepEqual(found, { directives, unknown })
    })
  }
})

describe('withoutFaults()', () => {
  it('keeps the shapes', () => {
    const { directives } = readDirectives('[[sim:status=429 cut-after=1 say=YQ delay=5]]')
    assert.deepEqual([...withoutFaults(directives).keys()], ['say', 'delay'])
  })
})
