import type { Answer } from '../prompt.ts'
import type { Family } from './family.ts'
import { genericFamily } from './generic.ts'
import { META_TRAITS } from './meta.ts'

const GENERIC = genericFamily(META_TRAITS)

/** An imported model: writes its tool calls as text. */
export const IMPORTED: Family = {
  ...GENERIC,
  reply: (answers, input) => GENERIC.reply(answers.map(withCallsAsText), input),
  events: (answers, input) => GENERIC.events(answers.map(withCallsAsText), input),
}

function withCallsAsText(answer: Answer): Answer {
  const { text, calls, finish } = answer
  const texts = calls.map((call) =>
    `<tool_call>\n{"name": ${
      JSON.stringify(call.name)
    }, "arguments": ${call.arguments}}\n</tool_call>`
  )
  return {
    ...answer,
    text: [text, ...texts].filter(Boolean).join('\n'),
    calls: [],
    finish: finish === 'tool_calls' ? 'stop' : finish,
  }
}
