import { randomText } from '../families/vendor-traits.ts'
import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { tokenize } from '../text-tokens.ts'
import type { ChatCompletionRequest } from './chat-request.ts'
import { chatLogprobs } from './logprobs.ts'
import { piecesOf } from './pieces.ts'
import type { OpenAiReplyInput } from './operation.ts'

type ReplyInput = OpenAiReplyInput<ChatCompletionRequest>

interface WholeCall {
  id: string | null
  type: 'function'
  function: { name: string; arguments: string }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** An answer as `chat.completion`. */
export function chatCompletion(answers: readonly Answer[], input: ReplyInput): object {
  const { prompt } = input
  return {
    ...headOf('chat.completion', input),
    choices: answers.map((answer) => ({
      index: answer.index,
      message: messageOf(answer, input),
      logprobs: chatLogprobs(tokenize(answer.text), prompt.logprobs),
      finish_reason: finishOf(answer, prompt.directives),
    })),
    ...(prompt.directives.has('no-usage') ? {} : { usage: usageOf(answers) }),
  }
}

/** The same as `chat.completion.chunk`s: who speaks, the pieces, the end, and usage if wanted. */
export function chatChunks(answers: readonly Answer[], input: ReplyInput): readonly object[] {
  const { prompt } = input
  const head = headOf('chat.completion.chunk', input)
  const wantsUsage = prompt.wantsUsage && !prompt.directives.has('no-usage')
  const isOnFinish = prompt.directives.has('usage-on-finish')
  const rest = wantsUsage ? { usage: null } : {}
  const chunks = answers.flatMap((answer) => choicesOf(answer, input))
    .map((choice) => ({ ...head, choices: [choice], ...rest }))
  if (!wantsUsage) return chunks
  const usage = usageOf(answers)
  if (isOnFinish) return [...chunks.slice(0, -1), { ...chunks.at(-1), usage }]
  return [...chunks, { ...head, choices: [], usage }]
}

/** A chunk that only says a text. */
export function textChunk(text: string, input: ReplyInput): object {
  return {
    ...headOf('chat.completion.chunk', input),
    choices: [choice(0, { content: text })],
  }
}

function headOf(object: string, { target, created, id }: ReplyInput): object {
  return {
    id: `chatcmpl-${id}`,
    object,
    created,
    model: target.requestedId,
    system_fingerprint: null,
  }
}

function messageOf(answer: Answer, input: ReplyInput): object {
  const { text, calls, reasoning } = answer
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(exposesReasoning(answer, input) ? { reasoning_content: reasoning } : {}),
    ...(calls.length === 0 ? {} : { tool_calls: numbered(answer, input) }),
  }
}

/** Most vendors only count what was thought. */
function exposesReasoning({ reasoning }: Answer, { prompt, target }: ReplyInput): boolean {
  if (reasoning === '') return false
  return prompt.directives.has('reasoning') || /grok-3-mini|gpt-oss/.test(target.model.name)
}

function numbered({ calls }: Answer, { prompt }: ReplyInput): readonly WholeCall[] {
  return calls.map(({ name, arguments: json }) => ({
    id: prompt.directives.has('no-ids') ? null : `call_${randomText(24, ALPHABET)}`,
    type: 'function',
    function: { name, arguments: json },
  }))
}

function finishOf({ finish }: Answer, directives: Directives): string {
  return textOf(directives, 'finish') ?? finish
}

function choicesOf(answer: Answer, input: ReplyInput): readonly object[] {
  const { directives, logprobs } = input.prompt
  const { index, text, calls, reasoning } = answer
  const thoughts = exposesReasoning(answer, input) ? tokenize(reasoning) : []
  const said = [
    choice(index, {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : '',
      refusal: null,
    }),
    ...thoughts.map((thought) => choice(index, { reasoning_content: thought })),
    ...tokenize(text).map((token) => ({
      ...choice(index, { content: token }),
      logprobs: chatLogprobs([token], logprobs),
    })),
    ...callPieces(answer, input).map((call) => choice(index, { tool_calls: [call] })),
  ]
  const end = finishOf(answer, directives)
  if (!directives.has('finish-text')) return [...said, choice(index, {}, end)]
  return [...said.slice(0, -1), { ...said.at(-1), finish_reason: end }]
}

/** xAI's calls come whole; the others open with a name and go on with pieces of arguments. */
function callPieces(answer: Answer, input: ReplyInput): readonly object[] {
  const comesWhole = input.target.model.name.startsWith('xai.')
  return numbered(answer, input).flatMap((call, index) => {
    if (comesWhole) return [{ index, ...call }]
    const { name, arguments: json } = call.function
    return [
      { index, ...call, function: { name, arguments: '' } },
      ...piecesOf(json).map((piece) => ({ index, function: { arguments: piece } })),
    ]
  })
}

function choice(index: number, delta: object, end: string | null = null): object {
  return { index, delta, logprobs: null, finish_reason: end }
}

function usageOf(answers: readonly Answer[]): object {
  const prompt = answers[0]?.tokens.prompt ?? 0
  const sum = (kind: 'visible' | 'reasoning') =>
    answers.reduce((total, { tokens }) => total + tokens[kind], 0)
  const completion = sum('visible') + sum('reasoning')
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: sum('reasoning'),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
