import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { tokenize } from '../text-tokens.ts'
import { type IdentifiedCall, type VendorTraits, wholeCall } from './vendor-traits.ts'
import type { ReplyInput } from './family.ts'
import { logprobsOf, type WireChoice, type WireMessage, type WireUsage } from './generic-wire.ts'

/** The `chatResponse` of a GENERIC request without streaming. */
export function genericReply(
  answers: readonly Answer[],
  input: ReplyInput,
  traits: VendorTraits,
): object {
  const omitsUsage = input.prompt.directives.has('no-usage')
  return {
    apiFormat: 'GENERIC',
    timeCreated: new Date(input.now).toISOString(),
    choices: answers.map((answer) => choiceOf(answer, input, traits)),
    ...(omitsUsage ? {} : { usage: totalUsage(answers, traits) }),
  }
}

/** The usage of all answers; the prompt counts once. */
export function totalUsage(answers: readonly Answer[], traits: VendorTraits): WireUsage {
  const tokens = answers.map((answer) => answer.tokens)
  return traits.usage({
    prompt: tokens[0]?.prompt ?? 0,
    visible: tokens.reduce((sum, { visible }) => sum + visible, 0),
    reasoning: tokens.reduce((sum, { reasoning }) => sum + reasoning, 0),
  })
}

/** The tool calls of an answer with new ids, if the family uses ids. */
export function assignCallIds(
  { calls }: Answer,
  directives: Directives,
  traits: VendorTraits,
): readonly IdentifiedCall[] {
  return calls.map((call) => ({
    ...call,
    id: directives.has('no-ids') ? undefined : traits.callId(),
  }))
}

function choiceOf(answer: Answer, input: ReplyInput, traits: VendorTraits): WireChoice {
  const { directives, logprobs } = input.prompt
  return {
    index: answer.index,
    message: messageOf(answer, input, traits),
    finishReason: textOf(directives, 'finish') ??
      traits.finishReasonFor(answer.finish, input.model),
    logprobs: logprobs === undefined ? {} : logprobsOf(tokenize(answer.text), 0, logprobs),
  }
}

function messageOf(
  answer: Answer,
  { prompt, model }: ReplyInput,
  traits: VendorTraits,
): WireMessage {
  const { text, reasoning } = answer
  const exposes = traits.exposesReasoning(model) || prompt.directives.has('reasoning')
  const toolCalls = assignCallIds(answer, prompt.directives, traits).map(wholeCall)
  return {
    role: 'ASSISTANT',
    ...(text === '' ? {} : { content: [{ type: 'TEXT', text }] }),
    ...(exposes && reasoning !== '' ? { reasoningContent: reasoning } : {}),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}
