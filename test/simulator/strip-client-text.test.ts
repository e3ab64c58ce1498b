import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AuthoredMessage,
  stripClientText,
  withoutClientMessages,
} from '../../src/simulator/strip-client-text.ts'

const texts: [name: string, text: string, stripped: string][] = [
  ['keeps a text without additions', 'Is 1 <2> and <b>3</b>?', 'Is 1 <2> and <b>3</b>?'],
  ['removes a marked block', 'Hi\n<<<BEGIN_A_B>>>\nx\n<<<END_A_B>>>', 'Hi'],
  ['keeps an unterminated block', '<<<BEGIN_A>>> x <<<END_B>>>', '<<<BEGIN_A>>> x <<<END_B>>>'],
  ['removes the runtime line', 'Hi\n\nRuntime: agent=main | shell=bash', 'Hi'],
  ['removes the name of an image', 'Image(s) from tool result #1 (read):', ''],
  [
    'removes the text that surrounds a repeated message',
    '[Sun 2026-01-31 12:00 UTC] [Queued user message from a previous active turn; as context.]\nHi\n\n' +
    'Continue the current task from the existing transcript, preserving it.',
    'Hi',
  ],
  [
    'removes the report of a read file',
    'Hi\nCalled the Read tool with the following input: {}',
    'Hi',
  ],
  ['removes reminders', '<system-reminder>a\nb</system-reminder>\nHi', 'Hi'],
  ['removes the environment context', '<environment_context>a</environment_context>', ''],
]

const QUESTION: AuthoredMessage = { role: 'user', text: 'Hi' }
const ADDITION: AuthoredMessage = { role: 'user', text: '<<<BEGIN_A>>>x<<<END_A>>>' }
const IMAGE: AuthoredMessage = { role: 'user', text: '' }
const RESULT: AuthoredMessage = { role: 'tool', text: '' }
const ANSWER: AuthoredMessage = { role: 'assistant', text: '' }

const conversations: [name: string, messages: readonly AuthoredMessage[], count: number][] = [
  ['accepts an empty conversation', [], 0],
  ['keeps all messages if a question is the last', [QUESTION, ANSWER, QUESTION], 3],
  ['removes additions after a question', [QUESTION, ADDITION, ADDITION], 1],
  ['removes additions after a tool result', [QUESTION, ANSWER, RESULT, IMAGE, ADDITION], 3],
  ['keeps an image after an answer', [QUESTION, ANSWER, IMAGE], 3],
  ['keeps an addition that is the only message', [ADDITION], 1],
  ['keeps an answer at the end', [QUESTION, ANSWER], 2],
]

describe('stripClientText()', () => {
  for (const [name, text, stripped] of texts) {
    it(name, () => assert.equal(stripClientText(text), stripped))
  }
})

describe('withoutClientMessages()', () => {
  for (const [name, messages, count] of conversations) {
    it(name, () => assert.deepEqual(withoutClientMessages(messages), messages.slice(0, count)))
  }
})
