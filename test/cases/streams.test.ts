import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { events, finish, piece, sse, text } from './upstream.ts'
import type { Message } from './wire.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]

type Case = [
  name: string,
  upstream: (object | string)[],
  /** The assembled message, without the role. */
  message: Partial<Message>,
  finishReason: string,
]

const texts: Case[] = [
  [
    'S01 joins text in order and accepts a finish event without message and index',
    [piece(text('THE')), piece(text(' SUM')), finish()],
    { content: 'THE SUM' },
    'stop',
  ],
  [
    'S03 sends the text of the finish event before the finish reason',
    [piece(text('Hello '), finish())],
    { content: 'Hello ' },
    'stop',
  ],
  [
    'S24 sends reasoning separate from the text',
    [piece({ reasoningContent: 'think' }), piece(text('Yes')), finish()],
    { content: 'Yes', reasoning_content: 'think' },
    'stop',
  ],
  [
    'S25 sends a thinking part as reasoning',
    [piece({ content: [{ type: 'THINKING', thinking: 'hm' }] }), piece(text('Yes')), finish()],
    { content: 'Yes', reasoning_content: 'hm' },
    'stop',
  ],
  [
    'S26 ignores a part of an unknown type',
    [piece({ content: [{ type: 'HOLOGRAM', data: 1 }] }), piece(text('Yes')), finish()],
    { content: 'Yes' },
    'stop',
  ],
  [
    'S27 joins the parts of one event in order',
    [piece({ content: [{ type: 'TEXT', text: 'a' }, { type: 'TEXT', text: 'b' }] }), finish()],
    { content: 'ab' },
    'stop',
  ],
  [
    'S32 S33 keeps text that looks like a tool call unchanged (extraction is off by default)',
    [
      piece(text('ok <tool')),
      piece(text('_call>{"name":"f","argum')),
      piece(text('ents":{"a":1}}</tool_call> a < b <toolbox>')),
      finish(),
    ],
    { content: 'ok <tool_call>{"name":"f","arguments":{"a":1}}</tool_call> a < b <toolbox>' },
    'stop',
  ],
]

const calls: Case[] = [
  [
    'S07 appends a fragment without an id to the latest call',
    [
      opening({ id: 'A', name: 'f' }),
      opening({ id: 'B', name: 'g' }),
      opening({
        arguments: '{"x":1}',
      }),
      finish('tool_calls'),
    ],
    { content: null, tool_calls: [call('A', 'f', '{}'), call('B', 'g', '{"x":1}')] },
    'tool_calls',
  ],
  [
    'S10 keeps the id and the name when later fragments have none',
    [
      opening({ id: 'A', name: 'f', arguments: '{"x"' }),
      opening({ id: '', name: '', arguments: ':1}' }),
      finish('tool_calls'),
    ],
    { content: null, tool_calls: [call('A', 'f', '{"x":1}')] },
    'tool_calls',
  ],
  [
    'S11 sends two calls of one event',
    [
      opening({ id: 'A', name: 'f', arguments: '{}' }, { id: 'B', name: 'g', arguments: '{}' }),
      finish('tool_calls'),
    ],
    { content: null, tool_calls: [call('A', 'f', '{}'), call('B', 'g', '{}')] },
    'tool_calls',
  ],
  [
    'S12 sends a call once when OCI repeats it completely',
    [
      opening({ id: 'A', name: 'f', arguments: '{"x":1}' }),
      opening({ id: 'A', name: 'f', arguments: '{"x":1}' }),
      finish('tool_calls'),
    ],
    { content: null, tool_calls: [call('A', 'f', '{"x":1}')] },
    'tool_calls',
  ],
  [
    'S13 ignores empty fragments',
    [
      opening({ id: 'A', name: 'f', arguments: '' }),
      opening({ arguments: null }),
      opening({ arguments: '{"x":1}' }),
      opening({ arguments: '' }),
      finish('tool_calls'),
    ],
    { content: null, tool_calls: [call('A', 'f', '{"x":1}')] },
    'tool_calls',
  ],
  [
    'S14 sends {} for a call without arguments',
    [opening({ id: 'A', name: 'f' }), finish('tool_calls')],
    { content: null, tool_calls: [call('A', 'f', '{}')] },
    'tool_calls',
  ],
  [
    'S15 keeps the text before tool calls',
    [
      piece(text('Let me see')),
      opening({ id: 'A', name: 'f', arguments: '{}' }),
      finish('tool_calls'),
    ],
    { content: 'Let me see', tool_calls: [call('A', 'f', '{}')] },
    'tool_calls',
  ],
  [
    'S35 ends with length when arguments are truncated and keeps their beginning',
    [opening({ id: 'A', name: 'f', arguments: '{"x":"lo' }), finish('length')],
    { content: null, tool_calls: [call('A', 'f', '{"x":"lo')] },
    'length',
  ],
]

const fixtures: [name: string, fixture: string, calls: ReturnType<typeof call>[]][] = [
  ['S04 separates the calls of Llama by their ids', 'llama', [
    call('chatcmpl-tool-e5f86a029', 'sqrt', '{"arg0": "16"}'),
    call('chatcmpl-tool-13ee961b3', 'extractMagicalNumber', '{"arg1": "778", "arg0": "556"}'),
  ]],
  ['S05 adds ids to calls without one', 'llama-without-ids', [
    call('made up', 'sqrt', '{"arg0": "16"}'),
    call('made up', 'extractMagicalNumber', '{"arg1": "778", "arg0": "556"}'),
  ]],
  ['S06 numbers the calls that Grok sends with one index', 'grok', [
    call('call_69943055', 'LIST_PACKAGE_NAMES', '{"arg0":"HR"}'),
    call('call_53265426', 'LIST_PROCEDURE_NAMES', '{"arg0":"HR"}'),
    call('call_53405288', 'LIST_FUNCTION_NAMES', '{"arg0":"HR"}'),
    call('call_19110181', 'LIST_TYPE_NAMES', '{"arg0":"HR"}'),
  ]],
  ['S07 appends fragments to the latest call of GPT', 'openai', [
    call('call_A', 'get_weather', '{"city":"Paris"}'),
    call('call_B', 'get_time', '{"zone":"CET"}'),
  ]],
  ['S08 joins the argument fragments of gpt-oss', 'gpt-oss', [
    call('call_abc123', 'get_weather', '{"location": "NYC"}'),
  ]],
  ['S09 adds an id to the call of Gemini and ends with tool_calls', 'gemini', [
    call('made up', 'captain_tool', '{"year":2000,"country":"india"}'),
  ]],
]

describe('POST /v1/chat/completions streams', () => {
  for (const [name, upstream, message, finishReason] of [...texts, ...calls]) {
    it(name, async () => {
      const { stream } = await openTestGateway({ upstream: events(...upstream) })
      const { messages, finishReasons } = await stream({ model: MODEL, messages: MESSAGES })
      assert.deepEqual(messages, [{ role: 'assistant', refusal: null, ...message }])
      assert.deepEqual(finishReasons, [finishReason])
    })
  }

  for (const [name, fixture, calls] of fixtures) {
    it(name, async () => {
      const file = new URL(`../fixtures/oci/generic-tools-${fixture}.sse`, import.meta.url)
      const { stream } = await openTestGateway({ upstream: sse(await readFile(file, 'utf8')) })
      const { messages, finishReasons } = await stream({ model: MODEL, messages: MESSAGES })
      const ids = messages.flatMap((message) => message.tool_calls?.map(({ id }) => id) ?? [])
      assert.equal(new Set(ids).size, calls.length)
      assert.deepEqual(messages.map(withoutMadeUpIds), [
        { role: 'assistant', content: null, refusal: null, tool_calls: calls },
      ])
      assert.deepEqual(finishReasons, ['tool_calls'])
    })
  }

  it('S01 S02 sends one delta for each piece and none for an empty piece', async () => {
    const upstream = events(
      piece(text('')),
      piece(text('THE')),
      piece(text('')),
      piece(text(' SUM')),
      finish(),
    )
    const { stream } = await openTestGateway({ upstream })
    const { chunks } = await stream({ model: MODEL, messages: MESSAGES })
    assert.deepEqual(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta)), [
      { role: 'assistant', content: '' },
      { content: 'THE' },
      { content: ' SUM' },
      {},
    ])
  })

  it('S24 sends reasoning before the text, without tags', async () => {
    const upstream = events(piece({ reasoningContent: 'think' }), piece(text('Yes')), finish())
    const { stream } = await openTestGateway({ upstream })
    const { chunks } = await stream({ model: MODEL, messages: MESSAGES })
    assert.deepEqual(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta)), [
      { role: 'assistant', content: '' },
      { reasoning_content: 'think' },
      { content: 'Yes' },
      {},
    ])
  })

  it('S28 streams two choices in parallel with one finish reason each', async () => {
    const textEvent = (index: number, content: string) => ({ ...piece(text(content)), index })
    const upstream = events(
      textEvent(0, 'a'),
      textEvent(1, 'x'),
      textEvent(1, 'y'),
      textEvent(0, 'b'),
      { index: 1, ...finish('length') },
      { index: 0, ...finish() },
    )
    const { stream } = await openTestGateway({ upstream })
    const { messages, finishReasons } = await stream({ model: MODEL, messages: MESSAGES, n: 2 })
    assert.deepEqual(messages.map(({ content }) => content), ['ab', 'xy'])
    assert.deepEqual(finishReasons, ['stop', 'length'])
  })

  it('S29 keeps concurrent streams apart', async () => {
    const { stream } = await openTestGateway()
    const names = Array.from({ length: 8 }, (_, at) => `tool_${at}`)
    const answers = await Promise.all(names.map((name) => {
      const arguments64 = btoa(JSON.stringify({ of: name })).replaceAll('=', '')
      const content = `[[sim:tool=${name}:${arguments64} delay=1 first-delay=1]]`
      return stream({
        model: MODEL,
        messages: [{ role: 'user', content }],
        tools: [{ type: 'function', function: { name } }],
      })
    }))
    const calls = answers.flatMap(({ messages }) =>
      messages.flatMap(({ tool_calls }) => tool_calls)
    )
    assert.deepEqual(
      calls.map((call) => call?.function),
      names.map((name) => ({ name, arguments: JSON.stringify({ of: name }) })),
    )
    assert.equal(new Set(calls.map((call) => call?.id)).size, names.length)
    assert.equal(new Set(answers.map(({ chunks }) => chunks[0]?.id)).size, names.length)
  })
})

const REASONS: [reasons: string[], expected: string][] = [
  [['stop', 'STOP', 'COMPLETE', 'weird'], 'stop'],
  [['length', 'LENGTH', 'MAX_TOKENS'], 'length'],
  [['content_filter', 'SAFETY', 'RECITATION', 'ERROR_TOXIC'], 'content_filter'],
]

describe('POST /v1/chat/completions at the end of a stream', () => {
  for (const [reasons, expected] of REASONS) {
    for (const reason of reasons) {
      it(`${reason === 'weird' ? 'S31' : 'S30'} maps the finish reason ${reason} to ${expected}`, async () => {
        const { stream } = await openTestGateway({
          upstream: events(piece(text('a')), finish(reason)),
        })
        const { finishReasons } = await stream({ model: MODEL, messages: MESSAGES })
        assert.deepEqual(finishReasons, [expected])
      })
    }
  }

  for (const reason of ['tool_calls', 'TOOL_CALL']) {
    it(`S30 maps the finish reason ${reason} to tool_calls`, async () => {
      const upstream = events(opening({ id: 'A', name: 'f', arguments: '{}' }), finish(reason))
      const { stream } = await openTestGateway({ upstream })
      const { finishReasons } = await stream({ model: MODEL, messages: MESSAGES })
      assert.deepEqual(finishReasons, ['tool_calls'])
    })
  }

  it('S30 continues after the finish reason null', async () => {
    const upstream = events(piece(text('a'), { finishReason: null }), piece(text('b')), finish())
    const { stream } = await openTestGateway({ upstream })
    const { messages, finishReasons } = await stream({ model: MODEL, messages: MESSAGES })
    assert.deepEqual(messages.map(({ content }) => content), ['ab'])
    assert.deepEqual(finishReasons, ['stop'])
  })

  it('S31 logs an unknown finish reason', async () => {
    const { stream, lines } = await openTestGateway({
      upstream: events(piece(text('a')), finish('weird')),
    })
    await stream({ model: MODEL, messages: MESSAGES })
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn')
    assert.deepEqual(warnings.map(({ event, word }) => ({ event, word })), [
      { event: 'unknown_finish_reason', word: 'weird' },
    ])
  })
})

describe('POST /v1/chat/completions with parseToolCallsFromText', () => {
  const config = { models: { [MODEL]: { parseToolCallsFromText: true } } }
  const body = {
    model: MODEL,
    messages: MESSAGES,
    tools: [{ type: 'function', function: { name: 'f' } }],
  }

  it('S32 extracts a tool call from the text', async () => {
    const upstream = events(
      piece(text('ok <tool')),
      piece(text('_call>{"name":"f","argum')),
      piece(text('ents":{"a":1}}</tool_call>')),
      finish(),
    )
    const { stream } = await openTestGateway({ config, upstream })
    const { messages, finishReasons } = await stream(body)
    assert.equal(messages[0]?.content?.trimEnd(), 'ok')
    const calls = messages[0]?.tool_calls?.map((call) => call.function)
    assert.deepEqual(calls, [{ name: 'f', arguments: '{"a":1}' }])
    assert.deepEqual(finishReasons, ['tool_calls'])
  })

  it('S33 keeps text that only begins like a tool call', async () => {
    const content = 'a < b and <toolbox>'
    const { stream } = await openTestGateway({
      config,
      upstream: events(...[...content].map((letter) => piece(text(letter))), finish()),
    })
    const { messages, finishReasons } = await stream(body)
    assert.deepEqual(messages.map(({ content }) => content), [content])
    assert.deepEqual(finishReasons, ['stop'])
  })
})

/** An event that starts tool calls, or contains fragments of them. */
function opening(...toolCalls: object[]): object {
  return piece({ toolCalls: toolCalls.map((call) => ({ type: 'FUNCTION', ...call })) })
}

function call(id: string, name: string, json: string) {
  return { id, type: 'function', function: { name, arguments: json } }
}

/** OpenClaw keeps only letters and digits of an id, at most 40. */
function withoutMadeUpIds({ tool_calls = [], ...message }: Message): Message {
  const isMadeUp = ({ id }: { id: string }) => /^call[A-Za-z0-9]{24}$/.test(id)
  return {
    ...message,
    tool_calls: tool_calls.map((call) => isMadeUp(call) ? { ...call, id: 'made up' } : call),
  }
}
