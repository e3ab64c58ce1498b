import type { Answer } from '../../prompt.ts'
import { splitArguments, tokenize } from '../../text-tokens.ts'
import { usageOf } from '../vendor-traits.ts'
import type { ReplyInput } from '../family.ts'
import { callsOf, endOf } from './answer.ts'
import { citationsOf } from './citations.ts'
import { type Cohere2ChatRequest, type Cohere2ToolCall, functionOf } from './request.ts'

const apiFormat = 'COHEREV2'

/** The events of a stream: reasoning, then text or a tool plan with calls, then the finish reason. */
export function cohere2Events(
  answer: Answer,
  input: ReplyInput,
  request: Cohere2ChatRequest,
): readonly object[] {
  const { directives, wantsUsage } = input.prompt
  const usage = wantsUsage && !directives.has('no-usage') ? usageOf(answer.tokens) : undefined
  const isLate = directives.has('usage-after')
  const tokens = tokenize(answer.text)
  const endsWithFinish = directives.has('finish-text') && answer.calls.length === 0
  const deltas = endsWithFinish ? tokens.slice(0, -1) : tokens
  const lastText = endsWithFinish
    ? tokens.at(-1)
    : directives.has('repeat-text')
    ? answer.text
    : undefined
  return [
    ...tokenize(answer.reasoning).map((thinking) => partEvent({ type: 'THINKING', thinking })),
    ...deltas.map(answer.calls.length > 0 ? planEvent : cohere2TextEvent),
    ...callEvents(answer, input),
    {
      apiFormat,
      message: lastMessage(answer, lastText, request),
      ...endOf(answer, input),
      ...(usage && !isLate ? { usage } : {}),
    },
    ...(usage && isLate ? [{ apiFormat, usage }] : []),
  ]
}

/** An event with a text delta. */
export function cohere2TextEvent(text: string): object {
  return partEvent({ type: 'TEXT', text })
}

function partEvent(part: object): object {
  return messageEvent({ content: [part] })
}

function planEvent(toolPlan: string): object {
  return messageEvent({ toolPlan })
}

function messageEvent(fields: object): object {
  return { apiFormat, message: { role: 'ASSISTANT', ...fields } }
}

/** No recording of tool calls in a stream exists: complete by default, fragments by directive. */
function callEvents(answer: Answer, input: ReplyInput): readonly object[] {
  const calls = callsOf(answer, input)
  const fragments = input.prompt.directives.has('fragments') ? calls.flatMap(fragmentsOf) : calls
  return fragments.map((call) => messageEvent({ toolCalls: [call] }))
}

function fragmentsOf(call: Cohere2ToolCall): readonly object[] {
  const { name = '', arguments: json = '' } = functionOf(call) ?? {}
  return [
    { ...call, function: { name, arguments: '' } },
    ...splitArguments(json).map((text) => ({ type: 'FUNCTION', function: { arguments: text } })),
  ]
}

function lastMessage(answer: Answer, text: string | undefined, request: Cohere2ChatRequest) {
  const citations = answer.calls.length > 0 ? [] : citationsOf(answer.text, request)
  return {
    role: 'ASSISTANT',
    ...(text ? { content: [{ type: 'TEXT', text }] } : {}),
    ...(citations.length === 0 ? {} : { citations }),
  }
}
