import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { flattenToolTurns } from '../../src/chat/flatten.ts'
import type { Message } from '../../src/chat/model.ts'
import { assistant, call, image, tool, user } from './messages.ts'

const [a, b, c] = [call('a'), call('b'), call('c')]
const thinking = { ...assistant('Let me see', a, b), reasoning: 'Hm' }

const rows: [name: string, given: Message[], expected: Message[]][] = [
  [
    'M20 makes pairs of a turn with three calls',
    [user('go'), assistant('', a, b, c), tool('a', '1'), tool('b', '2'), tool('c', '3')],
    [
      user('go'),
      ...[assistant('', a), tool('a', '1')],
      ...[assistant('', b), tool('b', '2')],
      ...[assistant('', c), tool('c', '3')],
    ],
  ],
  [
    'M20 leaves the first pair what the turn said and thought',
    [thinking, tool('a', '1'), tool('b', '2')],
    [
      { ...assistant('Let me see', a), reasoning: 'Hm' },
      tool('a', '1'),
      assistant('', b),
      tool('b', '2'),
    ],
  ],
  [
    'M20 keeps user messages behind the block',
    [assistant('', a, b), tool('a', '1'), tool('b', '2'), user(image('i')), user('next')],
    [
      ...[assistant('', a), tool('a', '1'), assistant('', b), tool('b', '2')],
      ...[user(image('i')), user('next')],
    ],
  ],
  [
    'M20 leaves turns with one call or none alone',
    [user('go'), assistant('text'), assistant('', a), tool('a', '1'), assistant('done')],
    [user('go'), assistant('text'), assistant('', a), tool('a', '1'), assistant('done')],
  ],
]

describe('flattenToolTurns()', () => {
  for (const [name, given, expected] of rows) {
    it(name, () => assert.deepEqual(flattenToolTurns(given), expected))
  }
})
