import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { message } from '../caller.ts'
import { refusalOf, round } from './shapes.ts'

type Case = [name: string, request: object, expected: string | undefined]

const FORMAT = '400 Please pass in correct format of request.'
const EMPTY = '400 Message content cannot be empty'
const SYSTEM = '400 Content type IMAGE is not supported for SYSTEM.'
const DATA = '400 Invalid IMAGE url: a base64 data URI is required.'
const IMAGE = { type: 'IMAGE', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
const TOOLS = { tools: [{ type: 'FUNCTION', name: 'f' }] }
const CALL = { type: 'FUNCTION', id: 'a', name: 'f', arguments: '' }

const messages: Case[] = [
  ['requires messages', {}, FORMAT],
  ['requires a message', { messages: [] }, FORMAT],
  ['rejects an empty text', turn({ role: 'USER', content: [{ type: 'TEXT', text: '' }] }), EMPTY],
  ['rejects a part without text', turn({ role: 'USER', content: [{ type: 'TEXT' }] }), EMPTY],
  ['rejects a user without content', turn({ role: 'USER' }), EMPTY],
  ['rejects a silent assistant', turn({ role: 'ASSISTANT', content: null }), EMPTY],
  [
    'rejects an empty text beside a good one',
    turn({
      role: 'USER',
      content: [IMAGE, { type: 'TEXT', text: '' }],
    }),
    EMPTY,
  ],
  ['rejects empty arguments', turn({ role: 'ASSISTANT', toolCalls: [CALL] }), FORMAT],
  ['accepts a image', turn({ role: 'USER', content: [IMAGE] }), undefined],
  ['rejects a image of the system', turn({ role: 'SYSTEM', content: [IMAGE] }), SYSTEM],
  ['rejects a image from the web', image('https://example.com/a.png'), DATA],
  ['rejects a image that is no base64', image('data:image/png,abc'), DATA],
  [
    'rejects a detail',
    turn({
      role: 'USER',
      content: [{ ...IMAGE, imageUrl: { ...IMAGE.imageUrl, detail: 'LOW' } }],
    }),
    FORMAT,
  ],
  [
    'rejects a film',
    turn({
      role: 'USER',
      content: [{ type: 'VIDEO', videoUrl: { url: 'data:video/mp4;base64,AAAA' } }],
    }),
    '400 Content type VIDEO is not supported with this model.',
  ],
]

const pairing: Case[] = [
  ['accepts an answered call', { messages: round(['a'], ['a']) }, undefined],
  ['accepts answers in any order', { messages: round(['a', 'b'], ['b', 'a']) }, undefined],
  ['rejects an answer to another call', { messages: round(['a'], ['call_9']) }, orphan('call_9')],
  [
    'rejects a result without a call',
    turn({ ...message('TOOL', 'x'), toolCallId: 'b' }),
    orphan('b'),
  ],
  ['rejects an answer that comes late', {
    messages: [...round(['a'], ['a']), message('USER', 'So?'), {
      ...message('TOOL', 'x'),
      toolCallId: 'a',
    }],
  }, orphan('a')],
]

const tools: Case[] = [
  ['accepts a tool', asked(TOOLS), undefined],
  ['accepts 128 tools', asked({ tools: many(128) }), undefined],
  [
    'rejects 129 tools',
    asked({ tools: many(129) }),
    "400 Invalid 'tools': array too long. Expected at most 128 tools.",
  ],
  ['rejects a dot in a name', asked({ tools: [named('a.b')] }), badName('a.b')],
  ['rejects 65 letters', asked({ tools: [named('a'.repeat(65))] }), badName('a'.repeat(65))],
  ['rejects a tool without a name', asked({ tools: [{ type: 'FUNCTION' }] }), badName('')],
  [
    'rejects parameters that are no object',
    asked({ tools: [{ ...named('f'), parameters: { type: 'string' } }] }),
    "400 Invalid schema for function 'f': type must be object.",
  ],
  [
    'rejects a choice without tools',
    asked({ toolChoice: { type: 'AUTO' } }),
    "400 Invalid 'toolChoice': 'tools' is required.",
  ],
  [
    'rejects parallel calls without tools',
    asked({ isParallelToolCalls: false }),
    "400 Invalid 'isParallelToolCalls': 'tools' is required.",
  ],
  [
    'rejects the choice of a stranger',
    asked({ ...TOOLS, toolChoice: { type: 'FUNCTION', name: 'g' } }),
    "400 Invalid 'toolChoice': 'g' not found in 'tools'.",
  ],
]

const parameters: Case[] = [
  [
    'rejects two limits',
    asked({ maxTokens: 1, maxCompletionTokens: 1 }),
    "400 Invalid 'maxTokens': 'maxCompletionTokens' is set too.",
  ],
  ['rejects no tokens', asked({ maxTokens: 0 }), outside('maxTokens', '1 and 10000000')],
  ['rejects a fever', asked({ temperature: 2.5 }), outside('temperature', '0 and 2')],
  ['rejects too much of topP', asked({ topP: 1.1 }), outside('topP', '0 and 1')],
  ['rejects a penalty', asked({ presencePenalty: -3 }), outside('presencePenalty', '-2 and 2')],
  ['rejects no answers', asked({ numGenerations: 0 }), outside('numGenerations', '1 and 8')],
  ['rejects many alternatives', asked({ logProbs: 21 }), outside('logProbs', '0 and 20')],
  ['rejects metadata of numbers', asked({ metadata: { a: 1 } }), "400 Invalid 'metadata'."],
  [
    'rejects a bias that is not a number',
    asked({ logitBias: { 5: 'a' } }),
    "400 Invalid 'logitBias'.",
  ],
  ['accepts both', asked({ metadata: { a: '1' }, logitBias: { 5: -1 } }), undefined],
  [
    'rejects a schema with a blank in its name',
    asked({ responseFormat: { type: 'JSON_SCHEMA', jsonSchema: { name: 'a b' } } }),
    "400 Invalid 'responseFormat': 'jsonSchema' needs a valid name.",
  ],
]

const GROUPS: [symbol: string, cases: Case[]][] = [
  ['MESSAGE_RULES', messages],
  ['answersCalls()', pairing],
  ['TOOL_RULES', tools],
  ['PARAMETER_RULES', parameters],
]

for (const [symbol, cases] of GROUPS) {
  describe(symbol, () => {
    for (const [name, request, expected] of cases) {
      it(name, () => assert.equal(refusalOf('xai.grok-4-fast-non-reasoning', request), expected))
    }
  })
}

function turn(fields: object): object {
  return { messages: [fields] }
}

function asked(fields: object): object {
  return { messages: [message('USER', 'Hi')], ...fields }
}

function image(url: string): object {
  return turn({ role: 'USER', content: [{ type: 'IMAGE', imageUrl: { url } }] })
}

function named(name: string): object {
  return { type: 'FUNCTION', name }
}

function many(length: number): object[] {
  return Array.from({ length }, (_, at) => named(`tool_${at}`))
}

function orphan(id: string): string {
  return `400 Invalid parameter: 'toolCallId' of '${id}' not found in 'toolCalls' of previous message.`
}

function badName(name: string): string {
  return `400 Invalid 'tools': '${name}' is not a valid name.`
}

function outside(name: string, range: string): string {
  return `400 Invalid '${name}': must be between ${range}.`
}
