import {
  chunk,
  DONE,
  event,
  FINISH,
  refusal,
  RESET,
  say,
  type Script,
  send,
  STALL,
  stream,
  streamHead,
  wait,
  whole,
} from '../../faults/script.ts'
import type { Exchange } from '../../faults/upstream.ts'
import { EMPTY_STREAM } from '../ordinary-answers.ts'
import type { AttackRequest, Count, Expectation, Row, SequenceStep } from '../row.ts'

/** A prompt with this word gets the answer of the row's upstream; all others an ordinary answer. */
const HOSTILE = 'hostile'
const SOME: Count = { full: 24, short: 12 }

const chat = (model: string, body: object, as: AttackRequest['as'] = 'first'): AttackRequest => ({
  path: '/v1/chat/completions',
  as,
  body: { model, messages: [{ role: 'user', content: 'Hi' }], ...body },
})
const hostile = (model: string, body: object = {}): AttackRequest =>
  chat(model, { messages: [{ role: 'user', content: HOSTILE }], ...body })
const ask = (
  request: AttackRequest,
  expect: Expectation,
  times: Count = { full: 1, short: 1 },
): SequenceStep => ({ do: 'ask', request, times, parallel: Math.min(times.short, 4), expect })

/** The expected outcome of another client. */
const AT_ONCE: Expectation = { status: [200], within: 2_000 }
const ANY = [200, 400, 404, 422, 429, 500, 502, 503, 504]

function onHostile(script: Script): (exchange: Exchange) => Script | undefined {
  return ({ body }) => body.includes(HOSTILE) ? script : undefined
}

function finish(reason: string): Script {
  return stream(
    event({ index: 0, message: { role: 'ASSISTANT' }, finishReason: reason }) + DONE,
  )
}

function finishWhole(reason: string): Script {
  return whole(200, {
    modelId: 'm',
    modelVersion: '1',
    chatResponse: {
      apiFormat: 'GENERIC',
      choices: [{ index: 0, message: { role: 'ASSISTANT', content: [] }, finishReason: reason }],
    },
  })
}

/** One client provokes an outcome repeatedly; then another client uses the same model. */
function provoked(
  id: string,
  title: string,
  script: Script,
  { body = {}, status = ANY }: { body?: object; status?: readonly number[] } = {},
): Row {
  const model = `meta.attack-${id.toLowerCase()}`
  return {
    id,
    title: `${title}; another client's request to the model succeeds`,
    attack: {
      type: 'sequence',
      upstream: onHostile(script),
      steps: [
        ask(hostile(model, body), { status }, SOME),
        ask(chat(model, {}, 'second'), AT_ONCE),
        ask(chat(model, { stream: true }, 'second'), AT_ONCE),
      ],
    },
  }
}

const FAILURES = ['error', 'USER_CANCEL', 'MALFORMED_FUNCTION_CALL', 'content_filter', 'unknown-x']

const PROVOKED: readonly Row[] = [
  provoked('B1a', 'streamed answers that end empty', stream(EMPTY_STREAM), {
    body: { stream: true },
    status: [200],
  }),
  provoked('B1b', 'streamed answers that end empty after a tool result', stream(EMPTY_STREAM), {
    body: {
      stream: true,
      messages: [
        { role: 'user', content: HOSTILE },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'r' },
      ],
    },
    status: [200],
  }),
  provoked('B1c', 'whole answers that end empty', finishWhole('stop'), { status: [200] }),
  ...FAILURES.flatMap((reason) => [
    provoked(`B1-stream-${reason}`, `streams that end with ${reason}`, finish(reason), {
      body: { stream: true },
    }),
    provoked(`B1-whole-${reason}`, `answers that end with ${reason}`, finishWhole(reason)),
  ]),
  provoked('F5a', 'a prompt that makes OCI answer 500', refusal(500, '500', 'Internal error')),
  provoked('F5b', 'a prompt that makes OCI send an invalid answer', whole(200, '<html>')),
  provoked('F5c', 'a prompt that OCI refuses', refusal(400, 'InvalidParameter', 'no')),
  provoked('F5d', 'a prompt for which OCI finds no model', refusal(404, '404', 'not found')),
  provoked(
    'F5e',
    'a prompt for which OCI requires another format',
    refusal(400, '400', 'Chat request type does not match serving mode'),
  ),
]

const SEQUENCES: readonly Row[] = [
  {
    id: 'B2',
    title: 'each broken stream counts once: five do not open the circuit',
    attack: {
      type: 'sequence',
      upstream: onHostile([send(streamHead()), send(chunk(say('Hi'))), wait(20), RESET]),
      steps: [
        ask(hostile('meta.attack-b2', { stream: true }), { status: [200] }, { full: 5, short: 5 }),
        ask(chat('meta.attack-b2', {}, 'second'), AT_ONCE),
      ],
    },
  },
  {
    id: 'B3',
    title: "a refused value is not learned as a refused parameter for another client's requests",
    attack: {
      type: 'sequence',
      upstream: ({ body }) =>
        /"reasoningEffort":"(NONE|none)"/.test(body)
          ? refusal(400, '400', 'Model does not support reasoning_effort value none')
          : undefined,
      steps: [
        ask(chat('xai.grok-3-mini', { reasoning_effort: 'none' }), { status: [200, 400] }, SOME),
        ask(chat('xai.grok-3-mini', { reasoning_effort: 'high' }, 'second'), {
          ...AT_ONCE,
          sentHas: /"reasoningEffort":"HIGH"/i,
        }),
      ],
    },
  },
  {
    id: 'B4',
    title: 'an error that names the other endpoint switches to it',
    attack: {
      type: 'sequence',
      upstream: ({ head }) =>
        head.start.includes('/actions/chat')
          ? refusal(
            400,
            'unsupported_parameter',
            'reasoning_effort is not supported for this model in chat completions. Please use /v1/responses instead.',
          )
          : undefined,
      steps: [
        ask(chat('openai.attack-b4', { reasoning_effort: 'high' }), { status: [200] }),
        ask(chat('openai.attack-b4', { reasoning_effort: 'high' }, 'second'), {
          status: [200],
          // OCI's native action uses capital letters.
          sentHas: /high/i,
        }),
      ],
    },
  },
  {
    id: 'B5',
    title: "a fallback that cannot accept the image does not hide the primary's failure",
    attack: {
      type: 'sequence',
      upstream: ({ body }) =>
        body.includes('meta.attack-seeing') ? refusal(503, '503', 'no') : undefined,
      steps: [
        ask(
          chat('meta.attack-seeing', {
            messages: [{
              role: 'user',
              content: [{ type: 'text', text: 'Hi' }, {
                type: 'image_url',
                image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
              }],
            }],
          }),
          { status: [502, 503], lacks: /llama-3\.3/ },
        ),
      ],
    },
  },
  {
    id: 'B6',
    title: 'a wrong bearer token with a valid x-api-key is no failed attempt',
    attack: {
      type: 'sequence',
      steps: [
        ask(
          {
            ...chat('meta.attack-b6', {}),
            headers: { 'authorization': 'Bearer unused', 'x-api-key': 'test-key-1' },
          },
          { status: [200] },
          { full: 60, short: 30 },
        ),
        ask(chat('meta.attack-b6', {}, 'second'), AT_ONCE),
      ],
    },
  },
  {
    id: 'F5f',
    title:
      "a tool named like a parameter, quoted in OCI's 400, does not remove it for other clients",
    attack: {
      type: 'sequence',
      upstream: ({ body }) =>
        body.includes('"name":"temperature"') && body.includes('"temperature":0.5')
          ? refusal(400, '400', "Tool 'temperature' is not supported: unsupported schema")
          : undefined,
      steps: [
        ask(
          chat('meta.attack-f5f', {
            temperature: 0.5,
            tools: [{
              type: 'function',
              function: { name: 'temperature', parameters: { type: 'object', properties: {} } },
            }],
          }),
          { status: [200, 400] },
          SOME,
        ),
        ask(chat('meta.attack-f5f', { temperature: 0.5 }, 'second'), {
          ...AT_ONCE,
          sentHas: /"temperature":0\.5/,
        }),
      ],
    },
  },
  {
    id: 'F5g',
    title: 'an unknown prompt id does not end the pass-through of a model for other clients',
    attack: {
      type: 'sequence',
      upstream: ({ body }) =>
        body.includes('pmpt_unknown')
          ? refusal(404, 'not_found', "Prompt with id 'pmpt_unknown' does not exist")
          : undefined,
      steps: [
        ask(
          {
            path: '/v1/responses',
            body: { model: 'openai.gpt-5.5-pro', input: 'Hi', prompt: { id: 'pmpt_unknown' } },
          },
          { status: [200, 400, 404] },
          SOME,
        ),
        ask(
          {
            path: '/v1/responses',
            as: 'second',
            body: { model: 'openai.gpt-5.5-pro', input: 'Hi', x_passed_on: true },
          },
          { ...AT_ONCE, sentHas: /x_passed_on/ },
        ),
      ],
    },
  },
  {
    id: 'F5h',
    title: 'different prompts of one client that make OCI answer 500',
    attack: {
      type: 'sequence',
      upstream: onHostile(refusal(500, '500', 'Internal error')),
      steps: [
        ...Array.from({ length: 12 }, (_, index) =>
          ask(
            hostile('meta.attack-f5h', {
              messages: [{ role: 'user', content: `${HOSTILE} ${index}` }],
            }),
            { status: ANY },
          )),
        ask(chat('meta.attack-f5h', {}, 'second'), AT_ONCE),
      ],
    },
  },
  {
    id: 'F7a',
    title: 'a response that OCI stores for one client cannot be read or deleted by another',
    // The scripted upstream gives every response the same id.
    fresh: true,
    attack: {
      type: 'sequence',
      steps: [
        ask(
          {
            path: '/v1/responses',
            body: { model: 'openai.gpt-5.5-pro', input: 'Hi', store: true },
          },
          { status: [200], has: /resp_upstream0001/ },
        ),
        ...[['GET', ''], ['DELETE', ''], ['GET', '/input_items']].map(([method = '', path = '']) =>
          ask({ method, path: `/v1/responses/resp_upstream0001${path}`, as: 'second' }, {
            status: [404],
            calls: [0, 0],
          })
        ),
      ],
    },
  },
  {
    id: 'F7b',
    title: 'a response that OCI stores for one client cannot be continued by another',
    attack: {
      type: 'sequence',
      steps: [
        ask(
          {
            path: '/v1/responses',
            body: { model: 'openai.gpt-5.5-pro', input: 'Hi', store: true },
          },
          { status: [200] },
        ),
        ask(
          {
            path: '/v1/responses',
            as: 'second',
            body: {
              model: 'openai.gpt-5.5-pro',
              input: 'Go on',
              previous_response_id: 'resp_upstream0001',
            },
          },
          { status: [400, 404], calls: [0, 0] },
        ),
      ],
    },
  },
  {
    id: 'F7c',
    title: 'a response that the gateway stores for one client is not available to another',
    attack: {
      type: 'sequence',
      steps: [
        {
          do: 'ask',
          request: {
            path: '/v1/responses',
            body: { model: 'meta.attack-f7c', input: 'Hi', store: true },
          },
          keep: /"id":"(resp_[^"]+)"/,
          expect: { status: [200] },
        },
        ask({ path: '/v1/responses/KEPT', as: 'second' }, { status: [404] }),
        ask({ path: '/v1/responses/KEPT', as: 'second', method: 'DELETE' }, { status: [404] }),
        ask(
          {
            path: '/v1/responses',
            as: 'second',
            body: { model: 'meta.attack-f7c', input: 'Hi', previous_response_id: 'KEPT' },
          },
          { status: [400, 404], calls: [0, 0] },
        ),
        ask({ path: '/v1/responses/KEPT' }, { status: [200] }),
      ],
    },
  },
  {
    id: 'F2-stored-references',
    title: 'very many references to items of one long stored conversation',
    attack: {
      type: 'sequence',
      steps: [
        {
          do: 'ask',
          request: {
            path: '/v1/responses',
            body: {
              model: 'meta.attack-f2',
              store: true,
              input: Array.from({ length: 5_000 }, () => ({ role: 'user', content: 'Hi' })),
            },
          },
          keep: /"id":"(msg_[^"]+)"/,
          expect: { status: [200, 400] },
        },
        ask(
          {
            path: '/v1/responses',
            body: {
              model: 'meta.attack-f2',
              input: [
                ...Array.from({ length: 5_000 }, () => ({ type: 'item_reference', id: 'KEPT' })),
                { role: 'user', content: 'Hi' },
              ],
            },
          },
          { status: [200, 400], within: 3_000 },
        ),
      ],
    },
  },
  {
    id: 'F8a',
    title: 'wrong keys from an address do not block a valid key',
    attack: {
      type: 'sequence',
      steps: [
        {
          ...{ do: 'ask', parallel: 8, times: { full: 600, short: 100 } },
          request: { ...chat('meta.attack-f8', {}), as: 'wrong' },
          expect: { status: [401, 429], calls: [0, 0] },
        },
        ask(chat('meta.attack-f8', {}, 'second'), AT_ONCE),
        ask(chat('meta.attack-f8', {}), AT_ONCE),
      ],
    },
  },
]

/** Rows in which one client tries to affect another. */
export const ISOLATION: readonly Row[] = [...PROVOKED, ...SEQUENCES]

/** Harmful answers of the upstream that the soak includes. */
export const HOSTILE_SCRIPTS: readonly Script[] = [
  refusal(400, 'InvalidParameter', 'no'),
  stream(EMPTY_STREAM),
  [send(streamHead()), send(chunk(say('Hi'))), wait(5), RESET],
  stream(say('Hi') + FINISH + DONE),
  [STALL],
]
