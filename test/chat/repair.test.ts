import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repairMessages } from '../../src/chat/repair.ts'
import type { Message } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'
import { runAtOnce } from '../../src/steps.ts'
import { assistant, call, image, system, tool, user } from './messages.ts'
import { assertLinear, prepareInput } from '../attacks/measure.ts'

type Row = [name: string, input: Message[], messages: Message[], ...warnings: string[]]

const INTERRUPTED = '[no result: call was interrupted]'
const LONG = 'x'.repeat(65)

const rows: Row[] = [
  [
    'does not change a valid agent conversation',
    [
      system('Be terse'),
      user('Look'),
      user('Context'),
      assistant('', call('a'), call('b')),
      tool('a', '1'),
      tool('b', '2'),
      user('More context'),
      assistant('Done'),
    ],
    [
      system('Be terse'),
      user('Look'),
      user('Context'),
      assistant('', call('a'), call('b')),
      tool('a', '1'),
      tool('b', '2'),
      user('More context'),
      assistant('Done'),
    ],
  ],
  [
    'M06 drops an assistant message without text and calls',
    [user('a'), assistant(''), { ...assistant(''), content: [{ type: 'text', text: '' }] }],
    [user('a')],
  ],
  [
    'M06 warns when reasoning is dropped with it',
    [user('a'), { ...assistant(''), reasoning: 'Hm' }, user('b')],
    [user('a'), user('b')],
    'messages[1]: reasoning without content, left out',
  ],
  [
    'M06 keeps a refusal',
    [user('a'), { ...assistant(''), refusal: 'No' }],
    [user('a'), { ...assistant(''), refusal: 'No' }],
  ],
  ['drops empty text beside other parts', [user('', 'a', '', image('i'))], [
    user('a', image('i')),
  ]],
  ['drops an empty system message', [system(''), user('a')], [user('a')]],
  [
    'M07 drops an empty user message that is not the last',
    [user(), user(''), user('a')],
    [user('a')],
    'messages[0]: user message without content, left out',
    'messages[1]: user message without content, left out',
  ],
  [
    'M16 O11 moves images in results after all results',
    [
      assistant('', call('a'), call('b')),
      tool('a', 'seen', image('one')),
      tool('b', image('two')),
      user('next'),
    ],
    [
      assistant('', call('a'), call('b')),
      tool('a', 'seen'),
      tool('b', '(output in the next message)'),
      user(image('one'), image('two')),
      user('next'),
    ],
  ],
  [
    'M17 turns a result without a call into user text',
    [user('a'), tool('gone', '42')],
    [user('a'), user('[tool result] 42')],
    'messages[1]: tool result without a call, sent as user text',
  ],
  [
    'M17 does not match a result with a later call',
    [tool('a', '1'), assistant('', call('a')), tool('a', '2')],
    [user('[tool result] 1'), assistant('', call('a')), tool('a', '2')],
    'messages[0]: tool result without a call, sent as user text',
  ],
  [
    'M17 moves it after the results around it',
    [assistant('', call('a'), call('b')), tool('a', '1'), tool('gone', '?'), tool('b', '2')],
    [
      assistant('', call('a'), call('b')),
      tool('a', '1'),
      tool('b', '2'),
      user('[tool result] ?'),
    ],
    'messages[2]: tool result without a call, sent as user text',
  ],
  [
    'M17 keeps its images, and marks it as empty',
    [tool('gone', image('i')), tool('gone')],
    [user('[tool result]', image('i')), user('[tool result] (no output)')],
    'messages[0]: tool result without a call, sent as user text',
    'messages[1]: tool result without a call, sent as user text',
  ],
  [
    'M18 adds a result to an interrupted call',
    [assistant('', call('a'), call('b')), tool('a', '1'), user('stop')],
    [assistant('', call('a'), call('b')), tool('a', '1'), tool('b', INTERRUPTED), user('stop')],
    'messages[0]: call 2 has no result, sent as interrupted',
  ],
  [
    'M18 adds a result to a call in the last message',
    [user('a'), assistant('', call('a'))],
    [user('a'), assistant('', call('a')), tool('a', INTERRUPTED)],
    'messages[1]: call 1 has no result, sent as interrupted',
  ],
  [
    'M19 orders results like their calls',
    [assistant('', call('a'), call('b')), tool('b', '2'), tool('a', '1')],
    [assistant('', call('a'), call('b')), tool('a', '1'), tool('b', '2')],
  ],
  [
    'M19 moves a late result directly after its call',
    [assistant('', call('a')), user('wait'), system('note'), tool('a', '1')],
    [assistant('', call('a')), tool('a', '1'), user('wait'), system('note')],
    'messages[3]: tool result moved after its call',
  ],
  [
    'M19 ignores an empty message between call and result',
    [assistant('', call('a')), assistant(''), tool('a', '1')],
    [assistant('', call('a')), tool('a', '1')],
  ],
  [
    'keeps the last of two results of a call',
    [assistant('', call('a')), tool('a', 'early'), tool('a', 'late')],
    [assistant('', call('a')), tool('a', 'late')],
    'messages[1]: tool result left out, since its call has a later one',
  ],
  [
    'marks an empty result',
    [assistant('', call('a')), tool('a', '')],
    [assistant('', call('a')), tool('a', '(no output)')],
  ],
  [
    'T25 turns empty arguments into an empty object',
    [assistant('', call('a', ''), call('b', ' \n')), tool('a', '1'), tool('b', '2')],
    [assistant('', call('a', '{}'), call('b', '{}')), tool('a', '1'), tool('b', '2')],
  ],
  [
    'T25 replaces arguments that are not JSON',
    [assistant('', call('a'), call('b', "{'a': 1}")), tool('a', '1'), tool('b', '2')],
    [assistant('', call('a'), call('b', '{}')), tool('a', '1'), tool('b', '2')],
    'messages[0]: arguments of call 2 are not JSON, sent as {}',
  ],
  [
    'T26 decodes JSON that was encoded twice',
    [assistant('', call('a', String.raw`"{\"a\":1}"`)), tool('a', '1')],
    [assistant('', call('a', '{"a":1}')), tool('a', '1')],
  ],
  [
    'T26 decodes JSON that was encoded several times',
    [assistant('', call('a', JSON.stringify(JSON.stringify('{"a":1}')))), tool('a', '1')],
    [assistant('', call('a', '{"a":1}')), tool('a', '1')],
  ],
  [
    'T27 sends JSON that is not an object unchanged',
    [assistant('', call('a', '"text"'), call('b', '[1.0]')), tool('a', '1'), tool('b', '2')],
    [assistant('', call('a', '"text"'), call('b', '[1.0]')), tool('a', '1'), tool('b', '2')],
  ],
  [
    'T27 sends other arguments unchanged',
    [
      assistant('', call('a', '{ "snake_case":1,"camelCase":1.0, "with-dash":"\\u00e9" }\n')),
      tool('a', '1'),
    ],
    [
      assistant('', call('a', '{ "snake_case":1,"camelCase":1.0, "with-dash":"\\u00e9" }\n')),
      tool('a', '1'),
    ],
  ],
  [
    'T28 renames an id that a later message repeats',
    [
      assistant('', call('a')),
      tool('a', '1'),
      assistant('', call('a')),
      tool('a', '2'),
      assistant('', call('a_2')),
      tool('a_2', '3'),
    ],
    [
      assistant('', call('a')),
      tool('a', '1'),
      assistant('', call('a_3')),
      tool('a_3', '2'),
      assistant('', call('a_2')),
      tool('a_2', '3'),
    ],
  ],
  [
    'T28 matches a result with the latest open call of its id',
    [assistant('', call('a')), assistant('', call('a')), tool('a', '2')],
    [
      assistant('', call('a')),
      tool('a', INTERRUPTED),
      assistant('', call('a_2')),
      tool('a_2', '2'),
    ],
    'messages[0]: call 1 has no result, sent as interrupted',
  ],
  [
    'T28 matches two calls with one id by their order',
    [assistant('', call('a'), call('a')), tool('a', '1'), tool('a', '2')],
    [assistant('', call('a'), call('a_2')), tool('a', '1'), tool('a_2', '2')],
  ],
  [
    'T28 renames an id that is too long, empty or has unsafe characters',
    [
      assistant('', call('call|fc.1'), call(LONG), call(''), call('y'.repeat(64))),
      tool('call|fc.1', '1'),
      tool(LONG, '2'),
      tool('', '3'),
      tool('y'.repeat(64), '4'),
    ],
    [
      assistant('', call('call_fc_1'), call('x'.repeat(48)), call('call'), call('y'.repeat(64))),
      tool('call_fc_1', '1'),
      tool('x'.repeat(48), '2'),
      tool('call', '3'),
      tool('y'.repeat(64), '4'),
    ],
  ],
]

describe('repairMessages()', () => {
  for (const [name, input, messages, ...warnings] of rows) {
    it(name, () => assert.deepEqual(runAtOnce(repairMessages(input)), { messages, warnings }))
  }

  it('M07 rejects an empty last user message', () => {
    const input = [user('a'), assistant('b'), user(), assistant('c')]
    const isNamed = (error: unknown) =>
      error instanceof ApiError && error.code === 'invalid_request' &&
      error.param === 'messages[2].content'
    assert.throws(() => runAtOnce(repairMessages(input)), isNamed)
  })

  it('T28 chooses the same id when the conversation grows', () => {
    const first = [
      assistant('', call('|')),
      tool('|', '1'),
      assistant('', call('|')),
      tool('|', '2'),
    ]
    const longer = [...first, assistant('', call('|')), tool('|', '3')]
    const [short, long] = [
      runAtOnce(repairMessages(first)).messages,
      runAtOnce(repairMessages(longer)).messages,
    ]
    assert.deepEqual(long.slice(0, short.length), short)
  })

  it('repairs calls with one id in linear time', async () => {
    const make = (size: number) =>
      Array.from({ length: size }, () => [assistant('', call('a')), tool('a', '1')]).flat()
    await assertLinear(
      prepareInput(make, (input) => {
        assert.equal(runAtOnce(repairMessages(input)).messages.length, input.length)
      }),
      5_000,
    )
  })
})

describe('repairMessages() of an empty conversation', () => {
  for (const role of ['system', 'developer', 'assistant'] as const) {
    it(`rejects a conversation of one empty ${role} message`, () => {
      const content = [{ type: 'text' as const, text: '' }]
      const message = role === 'assistant'
        ? { role, content, toolCalls: [], name: undefined, reasoning: '', refusal: '' }
        : { role, content, name: undefined }
      assert.throws(() => runAtOnce(repairMessages([message as Message])), {
        code: 'invalid_request',
      })
    })
  }
})
