import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { collect } from './collect.ts'
import type { ChatEvent } from '../../src/chat/events.ts'
import type { ChatReply } from '../../src/chat/model.ts'
import { extractFromReply, extractToolCalls } from '../../src/chat/tool-call-text.ts'

type Case = [name: string, pieces: string[], text: string, calls: [name: string, args: string][]]

const cases: Case[] = [
  [
    'S32 extracts a call from text split anywhere',
    [
      'ok <tool',
      '_call>{"name":"f","argum',
      'ents":{"a":1}}</tool_call>',
    ],
    'ok ',
    [['f', '{"a":1}']],
  ],
  [
    'S33 keeps text that only looks like a tag',
    ['a < b and ', '<tool', 'box>'],
    'a < b and <toolbox>',
    [],
  ],
  [
    'extracts several calls',
    [
      '<tool_call>{"name":"f","arguments":{}}</tool_call>\n<tool_call>{"name":"g","parameters":{"b":2}}</tool_call>',
    ],
    '\n',
    [['f', '{}'], ['g', '{"b":2}']],
  ],
  [
    'keeps a block that is not a call',
    ['<tool_call>hello</tool_call> x'],
    '<tool_call>hello</tool_call> x',
    [],
  ],
  [
    'R-C5 extracts a call in the other tag, split anywhere',
    ['a <tool_call', 'ing>{"name":"f","arguments":{}}</tool_', 'calling> b <tool_callings>'],
    'a  b <tool_callings>',
    [['f', '{}']],
  ],
  [
    'R-C5 closes a call with its own tag',
    ['<tool_calling>{"name":"f","arguments":{"a":"</tool_call>"}}</tool_calling>'],
    '',
    [['f', '{"a":"</tool_call>"}']],
  ],
  [
    'R-C5 keeps an unclosed call',
    ['<tool_calling>{"name":"f"}</tool_call>'],
    '<tool_calling>{"name":"f"}</tool_call>',
    [],
  ],
  ['keeps an unclosed call', ['x <tool_call>{"name":"f"'], 'x <tool_call>{"name":"f"', []],
  ['keeps a closing tag without an opening one', ['x </tool_call> y'], 'x </tool_call> y', []],
]

describe('extractToolCalls()', () => {
  for (const [name, pieces, text, calls] of cases) {
    it(name, async () => {
      const { choices } = await collect(extractToolCalls(from(stream(pieces)), ids()))
      assert.equal(choices[0]?.text, text)
      assert.deepEqual(choices[0]?.toolCalls.map((call) => [call.name, call.arguments]), calls)
      assert.equal(choices[0]?.finishReason, calls.length > 0 ? 'tool-calls' : 'stop')
    })
  }

  it('yields text at once when it cannot be a tag', async () => {
    const batches = await Array.fromAsync(extractToolCalls(from(stream(['one ', 'two <'])), ids()))
    assert.deepEqual(batches.slice(0, 2), [
      [{ type: 'text-delta', choice: 0, text: 'one ' }],
      [{ type: 'text-delta', choice: 0, text: 'two ' }],
    ])
  })

  it('gives the same result however the text is split', async () => {
    const words = [
      'a ',
      '<',
      '<tool_call>',
      '</tool_call>',
      '{"name":"f","arguments":{"x":1}}',
      'é',
    ]
    const text = fc.array(fc.constantFrom(...words)).map((list) => list.join(''))
    await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(60)), async (text, cuts) => {
      const whole = await collect(extractToolCalls(from(stream([text])), ids()))
      const cut = await collect(extractToolCalls(from(stream(split(text, cuts))), ids()))
      assert.deepEqual(cut, whole)
    }))
  })
})

describe('the limit on blocks in one text', () => {
  const broken = '<tool_call>{</tool_call>'
  const whole = '<tool_call>{"name":"f","arguments":{}}</tool_call>'

  for (
    const [name, text, left, calls] of [
      [
        'F2: reads a call after 999 invalid ones',
        broken.repeat(999) + whole,
        broken.repeat(999),
        1,
      ],
      [
        'F2: keeps a call after 1,000 invalid ones as text',
        broken.repeat(1_000) + whole,
        undefined,
        0,
      ],
      ['F2: reads 1,000 calls, the next one stays text', whole.repeat(1_001), whole, 1_000],
    ] as const
  ) {
    for (const size of [Infinity, 7]) {
      it(`${name}, in pieces of ${size}`, async () => {
        const length = Math.min(size, text.length)
        const pieces = Array.from(
          { length: Math.ceil(text.length / length) },
          (_, at) => text.slice(at * length, (at + 1) * length),
        )
        const { choices } = await collect(extractToolCalls(from(stream(pieces)), ids()))
        assert.equal(choices[0]?.text, left ?? text)
        assert.equal(choices[0]?.toolCalls.length, calls)
      })
    }
  }
})

describe('extractFromReply()', () => {
  it('extracts calls from a whole reply and does not change others', () => {
    const call = '<tool_call>{"name":"f","arguments":{"a":1}}</tool_call>'
    const [choice] = extractFromReply(reply(`ok ${call}`), ids()).choices
    assert.equal(choice?.text, 'ok ')
    assert.deepEqual(choice?.toolCalls, [{ id: 'call1', name: 'f', arguments: '{"a":1}' }])
    assert.equal(choice?.finishReason, 'tool-calls')
    assert.deepEqual(extractFromReply(reply('plain'), ids()), reply('plain'))
  })
})

function stream(pieces: readonly string[]): ChatEvent[][] {
  const deltas = pieces.filter((text) => text !== '')
    .map((text): ChatEvent[] => [{ type: 'text-delta', choice: 0, text }])
  return [...deltas, [{ type: 'finish', choice: 0, reason: 'stop' }]]
}

function reply(text: string): ChatReply {
  return {
    choices: [{
      index: 0,
      text,
      reasoning: '',
      refusal: '',
      toolCalls: [],
      annotations: [],
      logprobs: [],
      finishReason: 'stop',
    }],
    usage: undefined,
    serviceTier: undefined,
    created: undefined,
  }
}

function split(text: string, cuts: readonly number[]): string[] {
  const places = [...cuts.map((cut) => Math.min(cut, text.length)), 0, text.length].sort((a, b) =>
    a - b
  )
  return places.slice(1).map((place, index) => text.slice(places[index], place))
}

function ids(): { randomId(): string } {
  let count = 0
  return { randomId: () => String(++count) }
}

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}
