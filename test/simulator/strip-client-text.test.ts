import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countAsked, type Spoken, stripClientText } from '../../src/simulator/strip-client-text.ts'

const texts: [name: string, text: string, own: string][] = [
  ['leaves a text alone', 'Is 1 <2> and <b>3</b>?', 'Is 1 <2> and <b>3</b>?'],
  ['takes out a marked block', 'Hi\n<<<BEGIN_A_B>>>\nx\n<<<END_A_B>>>', 'Hi'],
  ['keeps a block that does not end', '<<<BEGIN_A>>> x <<<END_B>>>', '<<<BEGIN_A>>> x <<<END_B>>>'],
  ['takes out the line about the runtime', 'Hi\n\nRuntime: agent=main | shell=bash', 'Hi'],
  ['takes out the name of a picture', 'Image(s) from tool result #1 (read):', ''],
  [
    'takes out what goes with a second try',
    '[Sun 2026-01-31 12:00 UTC] [Queued user message from a previous active turn; as context.]\nHi\n\n' +
    'Continue the current task from the existing transcript, preserving it.',
    'Hi',
  ],
  [
    'takes out what was read already',
    'Hi\nCalled the Read tool with the following input: {}',
    'Hi',
  ],
  ['takes out reminders', '<system-reminder>a\nb</system-reminder>\nHi', 'Hi'],
  ['takes out surroundings', '<environment_context>a</environment_context>', ''],
]

const ASKS: Spoken = { by: 'user', text: 'Hi' }
const ADDS: Spoken = { by: 'user', text: '<<<BEGIN_A>>>x<<<END_A>>>' }
const SHOWS: Spoken = { by: 'user', text: '' }
const TOOL: Spoken = { by: 'tool', text: '' }
const MODEL: Spoken = { by: 'other', text: '' }

const conversations: [name: string, messages: readonly Spoken[], count: number][] = [
  ['is none of none', [], 0],
  ['is all that end with a question', [ASKS, MODEL, ASKS], 3],
  ['leaves out what follows a question', [ASKS, ADDS, ADDS], 1],
  ['leaves out what follows a result', [ASKS, MODEL, TOOL, SHOWS, ADDS], 3],
  ['keeps what follows an answer: a picture is a question', [ASKS, MODEL, SHOWS], 3],
  ['keeps what nothing comes before', [ADDS], 1],
  ['keeps an answer that was begun', [ASKS, MODEL], 2],
]

describe('stripClientText()', () => {
  for (const [name, text, own] of texts) it(name, () => assert.equal(stripClientText(text), own))
})

describe('countAsked()', () => {
  for (const [name, messages, count] of conversations) {
    it(name, () => assert.equal(countAsked(messages), count))
  }
})
