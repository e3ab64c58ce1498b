import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Answer, joinAnswers } from '../../src/oci/answer.ts'

describe('joinAnswers()', () => {
  const ids: [name: string, ids: (string | undefined)[], joined: string | undefined][] = [
    ['keeps a single request id', ['a'], 'a'],
    ['joins several request ids', ['a', 'b'], 'a, b'],
    ['lists an id once', ['a', 'b', 'a'], 'a, b'],
    ['skips a missing id', [undefined, 'b'], 'b'],
    ['has no id when there is none', [undefined], undefined],
  ]
  for (const [name, parts, joined] of ids) {
    it(name, () => {
      const answers = parts.map((opcRequestId) => answerOf({ opcRequestId }))
      assert.equal(joinAnswers(answers, 1).opcRequestId, joined)
    })
  }

  it('keeps every field of a single answer', () => {
    const whole: Required<Answer<number>> = {
      value: 1,
      opcRequestId: 'a',
      warnings: ['one'],
      region: 'eu-frankfurt-1',
      attempts: 2,
      fallback: 'meta.llama',
    }
    assert.deepEqual(joinAnswers([whole], 1), whole)
  })

  it('joins warnings without duplicates and adds up the attempts', () => {
    const answers = [
      answerOf({ warnings: ['one', 'two'], attempts: 2, region: 'eu-frankfurt-1' }),
      answerOf({ warnings: ['two', 'three'], attempts: 1, region: 'us-chicago-1' }),
    ]
    assert.deepEqual(joinAnswers(answers, 'joined'), {
      value: 'joined',
      opcRequestId: undefined,
      warnings: ['one', 'two', 'three'],
      region: 'eu-frankfurt-1',
      attempts: 3,
      fallback: undefined,
    })
  })

  it('counts the calls made before the joined ones once', () => {
    const answers = [answerOf({ attempts: 2 }), answerOf({ attempts: 3 })]
    assert.equal(joinAnswers(answers, 1, 1).attempts, 4)
  })

  it('names the fallback model with its region, whichever answer it gave', () => {
    const answers = [
      answerOf({ region: 'eu-frankfurt-1' }),
      answerOf({ region: 'us-chicago-1', fallback: 'meta.llama' }),
    ]
    const { region, fallback } = joinAnswers(answers, 1)
    assert.deepEqual({ region, fallback }, { region: 'us-chicago-1', fallback: 'meta.llama' })
  })
})

function answerOf(part: Partial<Answer<number>>): Answer<number> {
  return { value: 0, opcRequestId: undefined, warnings: [], ...part }
}
