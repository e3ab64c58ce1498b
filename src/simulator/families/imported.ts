import type { Answer } from '../prompt.ts'
import type { Family } from './family.ts'
import { genericFamily } from './generic.ts'
import { META_TRAITS } from './meta.ts'

const GENERIC = genericFamily(META_TRAITS)

/** A model brought along by the tenancy: what it wants to call, it writes down as text. */
export const IMPORTED: Family = {
  ...GENERIC,
  reply: (answers, input) => GENERIC.reply(answers.map(inWords), input),
  events: (answers, input) => GENERIC.events(answers.map(inWords), input),
}

function inWords(answer: Answer): Answer {
  const { text, calls, finish } = answer
  const written = calls.map((call) =>
    `<tool_call>\n{"name": ${
      JSON.stringify(call.name)
    }, "arguments": ${call.arguments}}\n</tool_call>`
  )
  return {
    ...answer,
    text: [text, ...written].filter(Boolean).join('\n'),
    calls: [],
    finish: finish === 'tool_calls' ? 'stop' : finish,
  }
}
