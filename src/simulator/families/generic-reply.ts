import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { tokensOf } from '../words.ts'
import { type Dialect, type NumberedCall, wholeCall } from './dialect.ts'
import type { Occasion } from './family.ts'
import { logprobsOf, type WireChoice, type WireMessage, type WireUsage } from './generic-wire.ts'

/** The `chatResponse` of a GENERIC answer that is not streamed. */
export function genericReply(
  answers: readonly Answer[],
  occasion: Occasion,
  dialect: Dialect,
): object {
  const hidden = occasion.prompt.directives.has('no-usage')
  return {
    apiFormat: 'GENERIC',
    timeCreated: new Date(occasion.now).toISOString(),
    choices: answers.map((answer) => choiceOf(answer, occasion, dialect)),
    ...(hidden ? {} : { usage: totalUsage(answers, dialect) }),
  }
}

/** The usage of all answers to one prompt, which counts once. */
export function totalUsage(answers: readonly Answer[], dialect: Dialect): WireUsage {
  const tokens = answers.map((answer) => answer.tokens)
  return dialect.usage({
    prompt: tokens[0]?.prompt ?? 0,
    visible: tokens.reduce((sum, { visible }) => sum + visible, 0),
    reasoning: tokens.reduce((sum, { reasoning }) => sum + reasoning, 0),
  })
}

/** The calls of an answer, with the ids that the family gives. */
export function numberCalls(
  { calls }: Answer,
  directives: Directives,
  dialect: Dialect,
): readonly NumberedCall[] {
  return calls.map((call) => ({
    ...call,
    id: directives.has('no-ids') ? undefined : dialect.callId(),
  }))
}

function choiceOf(answer: Answer, occasion: Occasion, dialect: Dialect): WireChoice {
  const { directives, logprobs } = occasion.prompt
  return {
    index: answer.index,
    message: messageOf(answer, occasion, dialect),
    finishReason: textOf(directives, 'finish') ??
      dialect.finishWord(answer.finish, occasion.model),
    logprobs: logprobs === undefined ? {} : logprobsOf(tokensOf(answer.text), 0, logprobs),
  }
}

function messageOf(
  answer: Answer,
  { prompt, model }: Occasion,
  dialect: Dialect,
): WireMessage {
  const { text, reasoning } = answer
  const shows = dialect.showsThoughts(model) || prompt.directives.has('reasoning')
  const toolCalls = numberCalls(answer, prompt.directives, dialect).map(wholeCall)
  return {
    role: 'ASSISTANT',
    ...(text === '' ? {} : { content: [{ type: 'TEXT', text }] }),
    ...(shows && reasoning !== '' ? { reasoningContent: reasoning } : {}),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}
