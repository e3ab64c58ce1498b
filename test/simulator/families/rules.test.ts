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
  ['wants messages', {}, FORMAT],
  ['wants a message', { messages: [] }, FORMAT],
  ['refuses an empty text', turn({ role: 'USER', content: [{ type: 'TEXT', text: '' }] }), EMPTY],
  ['refuses a part without text', turn({ role: 'USER', content: [{ type: 'TEXT' }] }), EMPTY],
  ['refuses a user without content', turn({ role: 'USER' }), EMPTY],
  ['refuses a silent assistant', turn({ role: 'ASSISTANT', content: null }), EMPTY],
  [
    'refuses an empty text beside a good one',
    turn({
      role: 'USER',
      content: [IMAGE, { type: 'TEXT', text: '' }],
    }),
    EMPTY,
  ],
  ['refuses empty arguments', turn({ role: 'ASSISTANT', toolCalls: [CALL] }), FORMAT],
  ['takes a picture', turn({ role: 'USER', content: [IMAGE] }), undefined],
  ['refuses a picture of the system', turn({ role: 'SYSTEM', content: [IMAGE] }), SYSTEM],
  ['refuses a picture from the web', image('https://example.com/a.png'), DATA],
  ['refuses a picture that is no base64', image('data:image/png,abc'), DATA],
  [
    'refuses a detail',
    turn({
      role: 'USER',
      content: [{ ...IMAGE, imageUrl: { ...IMAGE.imageUrl, detail: 'LOW' } }],
    }),
    FORMAT,
  ],
  [
    'refuses a film',
    turn({
      role: 'USER',
      content: [{ type: 'VIDEO', videoUrl: { url: 'data:video/mp4;base64,AAAA' } }],
    }),
    '400 Content type VIDEO is not supported with this model.',
  ],
]

const pairing: Case[] = [
  ['takes an answered call', { messages: round(['a'], ['a']) }, undefined],
  ['takes answers in any order', { messages: round(['a', 'b'], ['b', 'a']) }, undefined],
  ['refuses an answer to another call', { messages: round(['a'], ['call_9']) }, orphan('call_9')],
  ['refuses an answer to nobody', turn({ ...message('TOOL', 'x'), toolCallId: 'b' }), orphan('b')],
  ['refuses an answer that comes late', {
    messages: [...round(['a'], ['a']), message('USER', 'So?'), {
      ...message('TOOL', 'x'),
      toolCallId: 'a',
    }],
  }, orphan('a')],
]

const tools: Case[] = [
  ['takes a tool', asked(TOOLS), undefined],
  ['takes 128 tools', asked({ tools: many(128) }), undefined],
  [
    'refuses 129 tools',
    asked({ tools: many(129) }),
    "400 Invalid 'tools': array too long. Expected at most 128 tools.",
  ],
  ['refuses a dot in a name', asked({ tools: [named('a.b')] }), badName('a.b')],
  ['refuses 65 letters', asked({ tools: [named('a'.repeat(65))] }), badName('a'.repeat(65))],
  ['refuses a tool without a name', asked({ tools: [{ type: 'FUNCTION' }] }), badName('')],
  [
    'refuses parameters that are no object',
    asked({ tools: [{ ...named('f'), parameters: { type: 'string' } }] }),
    "400 Invalid schema for function 'f': type must be object.",
  ],
  [
    'refuses a choice without tools',
    asked({ toolChoice: { type: 'AUTO' } }),
    "400 Invalid 'toolChoice': 'tools' is required.",
  ],
  [
    'refuses parallel calls without tools',
    asked({ isParallelToolCalls: false }),
    "400 Invalid 'isParallelToolCalls': 'tools' is required.",
  ],
  [
    'refuses the choice of a stranger',
    asked({ ...TOOLS, toolChoice: { type: 'FUNCTION', name: 'g' } }),
    "400 Invalid 'toolChoice': 'g' not found in 'tools'.",
  ],
]

const parameters: Case[] = [
  [
    'refuses two limits',
    asked({ maxTokens: 1, maxCompletionTokens: 1 }),
    "400 Invalid 'maxTokens': 'maxCompletionTokens' is set too.",
  ],
  ['refuses no tokens', asked({ maxTokens: 0 }), outside('maxTokens', '1 and 10000000')],
  ['refuses a fever', asked({ temperature: 2.5 }), outside('temperature', '0 and 2')],
  ['refuses too much of topP', asked({ topP: 1.1 }), outside('topP', '0 and 1')],
  ['refuses a penalty', asked({ presencePenalty: -3 }), outside('presencePenalty', '-2 and 2')],
  ['refuses no answers', asked({ numGenerations: 0 }), outside('numGenerations', '1 and 8')],
  ['refuses many alternatives', asked({ logProbs: 21 }), outside('logProbs', '0 and 20')],
  ['refuses metadata of numbers', asked({ metadata: { a: 1 } }), "400 Invalid 'metadata'."],
  ['refuses a bias of words', asked({ logitBias: { 5: 'a' } }), "400 Invalid 'logitBias'."],
  ['takes both', asked({ metadata: { a: '1' }, logitBias: { 5: -1 } }), undefined],
  [
    'refuses a schema with a blank in its name',
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
