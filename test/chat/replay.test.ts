import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { collect } from './collect.ts'
import type { ChatEvent } from '../../src/chat/events.ts'
import type { ChatReply, Choice, Usage } from '../../src/chat/model.ts'
import { replay } from '../../src/chat/replay.ts'
import { anyCharacter } from '../characters.ts'

const texts: [name: string, text: string, pieces: string[]][] = [
  ['splits between words', 'Hello, big  world.\nBye', ['Hello, ', 'big  ', 'world.\n', 'Bye']],
  ['keeps leading and trailing space', '\n a b ', ['\n ', 'a ', 'b ']],
  ['keeps a text of whitespace only', ' \t\n', [' \t\n']],
  ['splits no word, however long', `${'x'.repeat(99)} y`, [`${'x'.repeat(99)} `, 'y']],
  ['splits scripts without spaces every 24 characters', '日'.repeat(50), [
    '日'.repeat(24),
    '日'.repeat(24),
    '日日',
  ]],
  ['counts characters, not code units', '𠮷'.repeat(25), ['𠮷'.repeat(24), '𠮷']],
  ['does not split a word between them', '今日はHelloです', ['今日は', 'Hello', 'です']],
  ['splits no emoji', '👩‍👩‍👧‍👦👍🏽 ok', ['👩‍👩‍👧‍👦👍🏽 ', 'ok']],
]

const FULL: ChatReply = {
  choices: [{
    index: 0,
    text: 'One two',
    reasoning: 'Hm so',
    refusal: 'No',
    toolCalls: [{ id: 'a', name: 'f', arguments: '{"x": 1}' }, {
      id: 'b',
      name: 'g',
      arguments: '',
    }],
    annotations: [{ url: 'https://e.x', title: 'E', start: 0, end: 3 }],
    logprobs: [token('On'), token('e'), token(' two')],
    finishReason: 'tool-calls',
  }],
  usage: usage(3),
  serviceTier: 'default',
  created: 1,
}

describe('replay()', () => {
  for (const [name, text, pieces] of texts) {
    it(name, () => {
      const events = replay(replyOf({ text })).flat()
      const cut = events.flatMap((event) => event.type === 'text-delta' ? [event.text] : [])
      assert.deepEqual(cut, pieces)
    })
  }

  it('yields the parts of a reply in the order of a stream', () => {
    const expected: ChatEvent[][] = [
      [{ type: 'service-tier', serviceTier: 'default' }],
      [{ type: 'reasoning-delta', choice: 0, text: 'Hm ' }],
      [{ type: 'reasoning-delta', choice: 0, text: 'so' }],
      [
        { type: 'text-delta', choice: 0, text: 'One ' },
        { type: 'logprobs', choice: 0, tokens: [token('On'), token('e'), token(' two')] },
      ],
      [{ type: 'text-delta', choice: 0, text: 'two' }],
      [{ type: 'refusal-delta', choice: 0, text: 'No' }],
      [
        { type: 'tool-call-start', choice: 0, index: 0, id: 'a', name: 'f' },
        { type: 'tool-call-delta', choice: 0, index: 0, arguments: '{"x": 1}' },
      ],
      [{ type: 'tool-call-start', choice: 0, index: 1, id: 'b', name: 'g' }],
      [{
        type: 'annotations',
        choice: 0,
        annotations: [{ url: 'https://e.x', title: 'E', start: 0, end: 3 }],
      }],
      [{ type: 'finish', choice: 0, reason: 'tool-calls' }],
      [{ type: 'usage', usage: usage(3) }],
    ]
    assert.deepEqual(replay(FULL), expected)
  })

  it('finishes an empty reply without adding usage', () => {
    const expected = [[{ type: 'finish', choice: 0, reason: 'stop' }]]
    assert.deepEqual(replay(replyOf({})), expected)
  })

  it('yields each token with the piece it begins in', () => {
    const tokens = ['a', ' ', 'b', 'c ', 'd', '<end>'].map(token)
    const batches = replay(replyOf({ text: 'a bc d', logprobs: tokens }))
    const beside = batches.map((events) =>
      events.flatMap((event) => event.type === 'logprobs' ? event.tokens : [])
        .map((one) => one.token)
    )
    assert.deepEqual(beside, [['a', ' '], ['b', 'c '], ['d', '<end>'], []])
  })

  it('is the inverse of collect()', async () => {
    await fc.assert(fc.asyncProperty(replies(), async (reply) => {
      assert.deepEqual(await collect(from(replay(reply))), reply)
    }))
  })

  it('splits no text where that would change it', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const events = replay(replyOf({ text })).flat()
      const cut = events.flatMap((event) => event.type === 'text-delta' ? [event.text] : [])
      assert.equal(cut.join(''), text)
      assert.ok(!cut.includes(''))
      assert.ok(!text.isWellFormed() || cut.every((piece) => piece.isWellFormed()))
    }))
  })
})

function replies(): fc.Arbitrary<ChatReply> {
  const path = fc.string({ unit: anyCharacter }).map(encodeURIComponent)
  const url = fc.tuple(fc.webAuthority(), path).map(([host, end]) => `https://${host}/${end}`)
  const text = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.lorem(),
    fc.constantFrom('', '日本語'),
  )
  const position = fc.option(fc.nat(), { nil: undefined })
  const logprob = fc.double({ max: 0, noNaN: true })
  const plain = { noNullPrototype: true }
  const choice: fc.Arbitrary<Choice> = fc.record({
    index: fc.constant(0),
    text,
    reasoning: text,
    refusal: text,
    toolCalls: fc.array(fc.record({ id: text, name: text, arguments: text }, plain)),
    annotations: fc.array(fc.record({
      url,
      title: fc.option(text, { nil: undefined }),
      start: position,
      end: position,
    }, plain)),
    logprobs: fc.array(fc.record({
      token: text,
      logprob,
      top: fc.array(fc.record({ token: text, logprob }, plain)),
    }, plain)),
    finishReason: fc.constantFrom('stop', 'length', 'tool-calls', 'content-filter'),
  }, plain)
  return fc.record({
    choices: fc.array(choice, { minLength: 1, maxLength: 3 })
      .map((choices) => choices.map((one, index) => ({ ...one, index }))),
    usage: fc.option(fc.nat().map(usage), { nil: undefined }),
    serviceTier: fc.option(text, { nil: undefined }),
    created: fc.constant(undefined),
  }, plain)
}

function replyOf(parts: Partial<Choice>): ChatReply {
  const empty = { index: 0, text: '', reasoning: '', refusal: '', finishReason: 'stop' as const }
  const choice = { ...empty, toolCalls: [], annotations: [], logprobs: [], ...parts }
  return { choices: [choice], usage: undefined, serviceTier: undefined, created: undefined }
}

function token(text: string) {
  return { token: text, logprob: -0.5, top: [] }
}

function usage(prompt: number): Usage {
  return {
    prompt,
    completion: 1,
    total: prompt + 1,
    cached: undefined,
    reasoning: undefined,
    acceptedPrediction: undefined,
    rejectedPrediction: undefined,
  }
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
