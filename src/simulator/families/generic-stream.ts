import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { tokensOf } from '../words.ts'
import type { Dialect } from './dialect.ts'
import type { Occasion } from './family.ts'
import { numberCalls, totalUsage } from './generic-reply.ts'
import { callMessage, logprobsOf, textMessage, type WireChoice } from './generic-wire.ts'

/** The events of a streamed GENERIC answer: thoughts, text, calls, the finish, then usage. */
export function genericEvents(
  answers: readonly Answer[],
  occasion: Occasion,
  dialect: Dialect,
): readonly object[] {
  const { directives, wantsUsage } = occasion.prompt
  const choices = answers.map((answer) => choiceEvents(answer, occasion, dialect))
  const usage = wantsUsage && !directives.has('no-usage') ? totalUsage(answers, dialect) : undefined
  const events = interleave(choices)
  if (!usage) return events
  if (!directives.has('usage-on-finish')) return [...events, { usage }]
  return [...events.slice(0, -1), { ...events.at(-1), usage }]
}

function choiceEvents(
  answer: Answer,
  occasion: Occasion,
  dialect: Dialect,
): readonly WireChoice[] {
  const { directives, choices } = occasion.prompt
  const { index } = answer
  const opening = dialect.opensEmpty ? [{ index, message: textMessage('') }] : []
  const said = [
    ...opening,
    ...thoughtEvents(answer, occasion, dialect),
    ...textEvents(answer, occasion),
    ...callEvents(answer, directives, dialect),
  ]
  const finish = finishEvent(answer, occasion, dialect)
  const indexed = choices > 1 ? { index, ...finish } : finish
  if (!ridesOnFinish(answer, occasion, dialect)) return [...said, indexed]
  const last = said.at(-1)?.message
  return [...said.slice(0, -1), last ? { ...indexed, message: last } : indexed]
}

function thoughtEvents(
  { index, reasoning }: Answer,
  { prompt, model }: Occasion,
  dialect: Dialect,
): readonly WireChoice[] {
  if (!dialect.showsThoughts(model) && !prompt.directives.has('reasoning')) return []
  return tokensOf(reasoning).map((thought) => ({
    index,
    message: { role: 'ASSISTANT', reasoningContent: thought },
  }))
}

function textEvents({ index, text }: Answer, { prompt }: Occasion): readonly WireChoice[] {
  const tokens = tokensOf(text)
  const alternatives = prompt.logprobs
  if (alternatives === undefined) {
    return tokens.map((token) => ({ index, message: textMessage(token) }))
  }
  return tokens.map((token, at) => {
    const offset = tokens.slice(0, at).join('').length
    return {
      index,
      message: textMessage(token),
      logprobs: logprobsOf([token], offset, alternatives),
    }
  })
}

function callEvents(
  answer: Answer,
  directives: Directives,
  dialect: Dialect,
): readonly WireChoice[] {
  const calls = numberCalls(answer, directives, dialect)
  return calls.flatMap((call) => dialect.fragments(call)).map((call) => ({
    index: answer.index,
    message: callMessage(call),
  }))
}

function finishEvent(answer: Answer, { prompt, model }: Occasion, dialect: Dialect): WireChoice {
  const word = textOf(prompt.directives, 'finish') ?? dialect.finishWord(answer.finish, model)
  const { finishMessage: message } = dialect
  return message ? { message, finishReason: word } : { finishReason: word }
}

function ridesOnFinish(
  answer: Answer,
  { prompt, model }: Occasion,
  dialect: Dialect,
): boolean {
  if (answer.calls.length > 0) return dialect.ridesOnFinish('call', model)
  if (answer.text === '') return false
  return prompt.directives.has('finish-text') || dialect.ridesOnFinish('text', model)
}

function interleave<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.map((list) => list[at]))
    .flat().filter((item) => item !== undefined)
}
