import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGuessLimit } from '../../src/access/guesses.ts'

describe('createGuessLimit()', () => {
  it('bars an address after so many wrong keys, and no other', () => {
    const guesses = createGuessLimit(3, () => 0)
    const barred = [1, 2, 3, 4].map(() => {
      const isBarred = guesses.bars('a', 'key')
      guesses.noteWrong('a')
      return isBarred
    })
    assert.deepEqual(barred, [false, false, false, true])
    assert.equal(guesses.bars('b', 'key'), false)
  })

  it('gives one guess back after its part of a minute, all of them after the minute', () => {
    let now = 0
    const guesses = createGuessLimit(3, () => now)
    const wrong = () => guesses.noteWrong('a')
    for (let guess = 0; guess < 3; guess++) wrong()
    now = 19_999
    assert.equal(guesses.bars('a', 'key'), true)
    now = 20_000
    assert.equal(guesses.bars('a', 'key'), false)
    wrong()
    assert.equal(guesses.bars('a', 'key'), true)
    now = 80_000
    for (let guess = 0; guess < 2; guess++) wrong()
    assert.equal(guesses.bars('a', 'key'), false)
  })

  it('never bars a key that was right', () => {
    const guesses = createGuessLimit(1, () => 0)
    guesses.noteRight('key')
    guesses.noteWrong('a')
    assert.deepEqual([guesses.bars('a', 'key'), guesses.bars('a', 'other')], [false, true])
  })

  it('remembers 10,000 addresses, the last ones', () => {
    const guesses = createGuessLimit(1, () => 0)
    for (let address = 0; address <= 10_000; address++) guesses.noteWrong(String(address))
    const barred = ['0', '1', '10000'].map((address) => guesses.bars(address, 'key'))
    assert.deepEqual(barred, [false, true, true])
  })
})
