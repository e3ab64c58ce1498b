import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repairArguments } from '../../../src/chat/repair/arguments.ts'
import { cpuTimeOf } from '../../cpu-time.ts'

/** JSON that is nested so many levels deep. */
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const DEEP = nested(600)

describe('repairArguments()', () => {
  const cases: [title: string, json: string, repaired: string | undefined][] = [
    ['valid JSON', '{"a":1}', '{"a":1}'],
    ['blank text', ' ', '{}'],
    ['text that is not JSON', '{"a":', undefined],
    ['an object that was encoded twice', '"{\\"a\\":1}"', '{"a":1}'],
    ['a text', '"a"', '"a"'],
    ['512 levels', nested(512), nested(512)],
    ['512 levels that do not match', nested(512).replace(']', '}'), undefined],
    ['very many levels', DEEP, DEEP],
    ['very many levels that were encoded twice', JSON.stringify(DEEP), DEEP],
    ['very many levels that do not end', '{"a":['.repeat(600), undefined],
    ['very many levels that end too often', `${DEEP}]`, undefined],
    ['very many levels and a text that does not end', `${DEEP}"`, undefined],
    [
      'brackets in a text',
      JSON.stringify({ a: '['.repeat(600) }),
      JSON.stringify({ a: '['.repeat(600) }),
    ],
  ]
  for (const [title, json, repaired] of cases) {
    it(`F2: reads ${title}`, () => assert.equal(repairArguments(json), repaired))
  }

  it('F2: does not parse millions of levels', () => {
    const json = '{"a":['.repeat(1_000_000)
    assert.ok(cpuTimeOf(() => assert.equal(repairArguments(json), undefined)) < 400)
  })
})
