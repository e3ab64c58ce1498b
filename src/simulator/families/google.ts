import type { Answer, Finish } from '../prompt.ts'
import { badRequest } from '../service-error.ts'
import { usageOf, wholeCall } from './vendor-traits.ts'
import { genericFamily } from './generic.ts'
import { textMessage, type WireUsage } from './generic-wire.ts'
import { noDeveloper } from './message-rules.ts'
import { oneResultPerCall } from './pairing-rules.ts'
import { geminiSchemas } from './schema-rules.ts'

const PRO = /-pro/
/** Gemini's finish reasons; tool calls end with STOP. */
const FINISH_REASONS: ReadonlyMap<Finish, string> = new Map([
  ['stop', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['tool_calls', 'STOP'],
  ['content_filter', 'SAFETY'],
])

/** Gemini: complete tool calls without ids; the Pro models return Gemini's finish reasons. */
export const GOOGLE = genericFamily({
  rules: [oneResultPerCall, noDeveloper, geminiSchemas],
  tooLong: (tokens, { contextWindow }) =>
    badRequest(
      `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${contextWindow}).`,
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
  finishReasonFor: (finish, { name }) =>
    PRO.test(name) ? FINISH_REASONS.get(finish) ?? finish : finish,
  usage,
})

/** Omits `completionTokens` if reasoning used up the output limit. */
function usage(tokens: Answer['tokens']): WireUsage {
  const { completionTokens, ...rest } = usageOf(tokens)
  return tokens.visible === 0 || completionTokens === undefined
    ? rest
    : { ...rest, completionTokens }
}
