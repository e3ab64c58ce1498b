import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { tokenize } from '../text-tokens.ts'
import type { VendorTraits } from './vendor-traits.ts'
import type { ReplyInput } from './family.ts'
import { assignCallIds, totalUsage } from './generic-reply.ts'
import { callMessage, logprobsOf, textMessage, type WireChoice } from './generic-wire.ts'

/** The events of a GENERIC stream: reasoning, text, tool calls, finish reason, usage. */
export function genericEvents(
  answers: readonly Answer[],
  input: ReplyInput,
  traits: VendorTraits,
): readonly object[] {
  const { directives, wantsUsage } = input.prompt
  const choices = answers.map((answer) => choiceEvents(answer, input, traits))
  const usage = wantsUsage && !directives.has('no-usage') ? totalUsage(answers, traits) : undefined
  const events = interleave(choices)
  if (!usage) return events
  if (!directives.has('usage-on-finish')) return [...events, { usage }]
  return [...events.slice(0, -1), { ...events.at(-1), usage }]
}

function choiceEvents(
  answer: Answer,
  input: ReplyInput,
  traits: VendorTraits,
): readonly WireChoice[] {
  const { directives, choices } = input.prompt
  const { index } = answer
  const opening = traits.startsWithEmptyText ? [{ index, message: textMessage('') }] : []
  const deltas = [
    ...opening,
    ...reasoningEvents(answer, input, traits),
    ...textEvents(answer, input),
    ...callEvents(answer, directives, traits),
  ]
  const finish = finishEvent(answer, input, traits)
  const indexed = choices > 1 ? { index, ...finish } : finish
  if (!endsWithFinish(answer, input, traits)) return [...deltas, indexed]
  const last = deltas.at(-1)?.message
  return [...deltas.slice(0, -1), last ? { ...indexed, message: last } : indexed]
}

function reasoningEvents(
  { index, reasoning }: Answer,
  { prompt, model }: ReplyInput,
  traits: VendorTraits,
): readonly WireChoice[] {
  if (!traits.exposesReasoning(model) && !prompt.directives.has('reasoning')) return []
  return tokenize(reasoning).map((token) => ({
    index,
    message: { role: 'ASSISTANT', reasoningContent: token },
  }))
}

function textEvents({ index, text }: Answer, { prompt }: ReplyInput): readonly WireChoice[] {
  const tokens = tokenize(text)
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
  traits: VendorTraits,
): readonly WireChoice[] {
  const calls = assignCallIds(answer, directives, traits)
  return calls.flatMap((call) => traits.fragments(call)).map((call) => ({
    index: answer.index,
    message: callMessage(call),
  }))
}

function finishEvent(
  answer: Answer,
  { prompt, model }: ReplyInput,
  traits: VendorTraits,
): WireChoice {
  const finishReason = textOf(prompt.directives, 'finish') ??
    traits.finishReasonFor(answer.finish, model)
  const { finishMessage: message } = traits
  return message ? { message, finishReason } : { finishReason }
}

function endsWithFinish(
  answer: Answer,
  { prompt, model }: ReplyInput,
  traits: VendorTraits,
): boolean {
  if (answer.calls.length > 0) return traits.endsWithFinish('call', model)
  if (answer.text === '') return false
  return prompt.directives.has('finish-text') || traits.endsWithFinish('text', model)
}

function interleave<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.map((list) => list[at]))
    .flat().filter((item) => item !== undefined)
}
