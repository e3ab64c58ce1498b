import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { flattenToolTurns } from '../../src/chat/flatten.ts'
import type { Message } from '../../src/chat/model.ts'
import { assistant, call, image, tool, user } from './messages.ts'

const [a, b, c] = [call('a'), call('b'), call('c')]
const thinking = { ...assistant('Let me see', a, b), reasoning: 'Hm' }

const rows: [name: string, input: Message[], expected: Message[]][] = [
  [
    'M20 splits a message with three calls into pairs',
    [user('go'), assistant('', a, b, c), tool('a', '1'), tool('b', '2'), tool('c', '3')],
    [
      user('go'),
      ...[assistant('', a), tool('a', '1')],
      ...[assistant('', b), tool('b', '2')],
      ...[assistant('', c), tool('c', '3')],
    ],
  ],
  [
    'M20 keeps text and reasoning in the first pair',
    [thinking, tool('a', '1'), tool('b', '2')],
    [
      { ...assistant('Let me see', a), reasoning: 'Hm' },
      tool('a', '1'),
      assistant('', b),
      tool('b', '2'),
    ],
  ],
  [
    'M20 keeps user messages after the pairs',
    [assistant('', a, b), tool('a', '1'), tool('b', '2'), user(image('i')), user('next')],
    [
      ...[assistant('', a), tool('a', '1'), assistant('', b), tool('b', '2')],
      ...[user(image('i')), user('next')],
    ],
  ],
  [
    'M20 does not change messages with at most one call',
    [user('go'), assistant('text'), assistant('', a), tool('a', '1'), assistant('done')],
    [user('go'), assistant('text'), assistant('', a), tool('a', '1'), assistant('done')],
  ],
]

describe('flattenToolTurns()', () => {
  for (const [name, input, expected] of rows) {
    it(name, () => assert.deepEqual(flattenToolTurns(input), expected))
  }
})
