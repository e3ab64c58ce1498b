import type { Answer, Finish } from '../prompt.ts'
import { badRequest } from '../service-error.ts'
import { usageOf, wholeCall } from './vendor-traits.ts'
import { genericFamily } from './generic.ts'
import { textMessage, type WireUsage } from './generic-wire.ts'
import { noDeveloper } from './message-rules.ts'
import { oneToOne } from './pairing-rules.ts'
import { geminiSchemas } from './schema-rules.ts'

const PRO = /-pro/
/** Gemini's own words; a call, to it, is an ordinary end. */
const OWN_WORDS: ReadonlyMap<Finish, string> = new Map([
  ['stop', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['tool_calls', 'STOP'],
  ['content_filter', 'SAFETY'],
])

/** Gemini: calls come whole and without ids; the larger model keeps its own finish reasons. */
export const GOOGLE = genericFamily({
  rules: [oneToOne, noDeveloper, geminiSchemas],
  tooLong: (tokens, { context }) =>
    badRequest(
      `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${context}).`,
    ),
  unsupported: (field) => {
    const message = `${field} is not supported for this model`
    const error = { code: 400, message, status: 'INVALID_ARGUMENT' }
    return badRequest(JSON.stringify({ error }), message)
  },
  endsWithDone: false,
  startsWithEmptyText: false,
  exposesReasoning: () => false,
  callId: () => undefined,
  fragments: (call) => [wholeCall(call)],
  endsWithFinish: (kind, { name }) => kind === 'text' && PRO.test(name),
  finishMessage: textMessage(''),
  finishReasonFor: (finish, { name }) => PRO.test(name) ? OWN_WORDS.get(finish) ?? finish : finish,
  usage,
})

/** When thoughts used up the limit, nothing was completed, and nothing is said of it. */
function usage(tokens: Answer['tokens']): WireUsage {
  const { completionTokens, ...rest } = usageOf(tokens)
  return tokens.visible === 0 || completionTokens === undefined
    ? rest
    : { ...rest, completionTokens }
}
