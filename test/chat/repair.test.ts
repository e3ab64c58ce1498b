import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repairMessages } from '../../src/chat/repair.ts'
import type { Message } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'
import { assistant, call, image, system, tool, user } from './messages.ts'
import { assertLinear, prepareInput } from '../attacks/measure.ts'

type Row = [name: string, given: Message[], messages: Message[], ...warnings: string[]]

const INTERRUPTED = '[no result: call was interrupted]'
const LONG = 'x'.repeat(65)

const rows: Row[] = [
  [
    'leaves an agent conversation as it is',
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
    'M06 removes an assistant message without text and calls',
    [user('a'), assistant(''), { ...assistant(''), content: [{ type: 'text', text: '' }] }],
    [user('a')],
  ],
  [
    'M06 tells when thoughts are removed with it',
    [user('a'), { ...assistant(''), reasoning: 'Hm' }, user('b')],
    [user('a'), user('b')],
    'messages[1]: reasoning without an answer, left out',
  ],
  [
    'M06 keeps a refusal',
    [user('a'), { ...assistant(''), refusal: 'No' }],
    [user('a'), { ...assistant(''), refusal: 'No' }],
  ],
  ['removes empty text beside other parts', [user('', 'a', '', image('i'))], [
    user('a', image('i')),
  ]],
  ['removes an empty system message', [system(''), user('a')], [user('a')]],
  [
    'M07 leaves out an empty user message that is not the last',
    [user(), user(''), user('a')],
    [user('a')],
    'messages[0]: user message without content, left out',
    'messages[1]: user message without content, left out',
  ],
  [
    'M16 O11 moves pictures of results behind the whole block',
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
    'M17 makes a result without a call user text',
    [user('a'), tool('gone', '42')],
    [user('a'), user('[tool result] 42')],
    'messages[1]: tool result without a call, sent as user text',
  ],
  [
    'M17 does not take a later call for it',
    [tool('a', '1'), assistant('', call('a')), tool('a', '2')],
    [user('[tool result] 1'), assistant('', call('a')), tool('a', '2')],
    'messages[0]: tool result without a call, sent as user text',
  ],
  [
    'M17 puts it behind the results it stood among',
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
    'M17 keeps its pictures, and tells that it was empty',
    [tool('gone', image('i')), tool('gone')],
    [user('[tool result]', image('i')), user('[tool result] (no output)')],
    'messages[0]: tool result without a call, sent as user text',
    'messages[1]: tool result without a call, sent as user text',
  ],
  [
    'M18 answers a call that was interrupted',
    [assistant('', call('a'), call('b')), tool('a', '1'), user('stop')],
    [assistant('', call('a'), call('b')), tool('a', '1'), tool('b', INTERRUPTED), user('stop')],
    'messages[0]: call 2 has no result, sent as interrupted',
  ],
  [
    'M18 answers a call at the very end',
    [user('a'), assistant('', call('a'))],
    [user('a'), assistant('', call('a')), tool('a', INTERRUPTED)],
    'messages[1]: call 1 has no result, sent as interrupted',
  ],
  [
    'M19 puts results in the order of their calls',
    [assistant('', call('a'), call('b')), tool('b', '2'), tool('a', '1')],
    [assistant('', call('a'), call('b')), tool('a', '1'), tool('b', '2')],
  ],
  [
    'M19 puts a result that came late right behind its call',
    [assistant('', call('a')), user('wait'), system('note'), tool('a', '1')],
    [assistant('', call('a')), tool('a', '1'), user('wait'), system('note')],
    'messages[3]: tool result moved behind its call',
  ],
  [
    'M19 pays no heed to an empty message between',
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
    'tells that a result is empty',
    [assistant('', call('a')), tool('a', '')],
    [assistant('', call('a')), tool('a', '(no output)')],
  ],
  [
    'T25 makes no arguments an empty object',
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
    'T26 takes off what was encoded once too often',
    [assistant('', call('a', String.raw`"{\"a\":1}"`)), tool('a', '1')],
    [assistant('', call('a', '{"a":1}')), tool('a', '1')],
  ],
  [
    'T26 does so however often it was encoded',
    [assistant('', call('a', JSON.stringify(JSON.stringify('{"a":1}')))), tool('a', '1')],
    [assistant('', call('a', '{"a":1}')), tool('a', '1')],
  ],
  [
    'T27 sends JSON that is no object byte for byte',
    [assistant('', call('a', '"text"'), call('b', '[1.0]')), tool('a', '1'), tool('b', '2')],
    [assistant('', call('a', '"text"'), call('b', '[1.0]')), tool('a', '1'), tool('b', '2')],
  ],
  [
    'T27 sends other arguments byte for byte',
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
    'T28 renames an id that comes again in a later turn',
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
    'T28 gives a result to the latest turn that waits for its id',
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
    'T28 tells two calls with one id apart by their order',
    [assistant('', call('a'), call('a')), tool('a', '1'), tool('a', '2')],
    [assistant('', call('a'), call('a_2')), tool('a', '1'), tool('a_2', '2')],
  ],
  [
    'T28 renames an id with other characters, too long, or empty',
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

describe('mendMessages()', () => {
  for (const [name, given, messages, ...warnings] of rows) {
    it(name, () => assert.deepEqual(repairMessages(given), { messages, warnings }))
  }

  it('M07 refuses an empty last user message', () => {
    const given = [user('a'), assistant('b'), user(), assistant('c')]
    const isNamed = (error: unknown) =>
      error instanceof ApiError && error.code === 'invalid_request' &&
      error.param === 'messages[2].content'
    assert.throws(() => repairMessages(given), isNamed)
  })

  it('T28 gives a call the same id when the conversation comes back longer', () => {
    const first = [
      assistant('', call('|')),
      tool('|', '1'),
      assistant('', call('|')),
      tool('|', '2'),
    ]
    const longer = [...first, assistant('', call('|')), tool('|', '3')]
    const [short, long] = [repairMessages(first).messages, repairMessages(longer).messages]
    assert.deepEqual(long.slice(0, short.length), short)
  })

  it('repairs calls with one id in linear time', async () => {
    const make = (size: number) =>
      Array.from({ length: size }, () => [assistant('', call('a')), tool('a', '1')]).flat()
    await assertLinear(
      prepareInput(make, (given) => {
        assert.equal(repairMessages(given).messages.length, given.length)
      }),
      5_000,
    )
  })
})

describe('mendMessages() of nothing', () => {
  for (const role of ['system', 'developer', 'assistant'] as const) {
    it(`refuses a conversation of one empty ${role} message`, () => {
      const content = [{ type: 'text' as const, text: '' }]
      const message = role === 'assistant'
        ? { role, content, toolCalls: [], name: undefined, reasoning: '', refusal: '' }
        : { role, content, name: undefined }
      assert.throws(() => repairMessages([message as Message]), { code: 'invalid_request' })
    })
  }
})
