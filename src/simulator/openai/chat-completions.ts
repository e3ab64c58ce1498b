import { ALPHANUMERIC, randomText } from '../ids.ts'
import { type Directives, textOf } from '../directives.ts'
import type { Answer } from '../prompt.ts'
import { splitArguments, tokenize } from '../text-tokens.ts'
import { CHAT_COMPLETION, type ChatCompletionRequest } from './chat-request.ts'
import { validateChat, validateModel } from './chat-rules.ts'
import { chatLogprobs } from './logprobs.ts'
import type { OpenAiReplyInput, Operation } from './operation.ts'
import { readChatPrompt } from './prompt.ts'

type ReplyInput = OpenAiReplyInput<ChatCompletionRequest>

interface ToolCall {
  id: string | null
  type: 'function'
  function: { name: string; arguments: string }
}

/** `POST /openai/v1/chat/completions` */
export const CHAT_COMPLETIONS: Operation<ChatCompletionRequest> = {
  shape: CHAT_COMPLETION,
  validateModel,
  readPrompt: readChatPrompt,
  validate: validateChat,
  reply: chatCompletion,
  stream: (answers, input) => ({
    events: chatChunks(answers, input),
    endsWithDone: true,
    textEvent: (text) => textChunk(text, input),
  }),
}

/** Encodes answers as a `chat.completion`. */
function chatCompletion(answers: readonly Answer[], input: ReplyInput): object {
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

/** Encodes answers as `chat.completion.chunk`s: role, deltas, finish reason, and usage if requested. */
function chatChunks(answers: readonly Answer[], input: ReplyInput): readonly object[] {
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

/** A chunk with a text delta. */
function textChunk(text: string, input: ReplyInput): object {
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
    model: target.answeredId,
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
    ...annotationsOf(input),
    ...(calls.length === 0 ? {} : { tool_calls: toolCallsOf(answer, input) }),
  }
}

/** The sources of a web search, if the request wants one. */
function annotationsOf({ request }: ReplyInput): object {
  if ((request.web_search_options ?? null) === null) return {}
  const source = { url: 'https://example.com/', title: 'Example', start_index: 0, end_index: 1 }
  return { annotations: [{ type: 'url_citation', url_citation: source }] }
}

/** Most vendors count reasoning tokens without returning the text. */
function exposesReasoning({ reasoning }: Answer, { prompt, target }: ReplyInput): boolean {
  if (reasoning === '') return false
  return prompt.directives.has('reasoning') || /grok-3-mini|gpt-oss/.test(target.model.name)
}

function toolCallsOf({ calls }: Answer, { prompt }: ReplyInput): readonly ToolCall[] {
  return calls.map(({ name, arguments: json }) => ({
    id: prompt.directives.has('no-ids') ? null : `call_${randomText(24, ALPHANUMERIC)}`,
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
  const reasoningTokens = exposesReasoning(answer, input) ? tokenize(reasoning) : []
  const deltas = [
    choice(index, {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : '',
      refusal: null,
    }),
    ...reasoningTokens.map((token) => choice(index, { reasoning_content: token })),
    ...tokenize(text).map((token) => ({
      ...choice(index, { content: token }),
      logprobs: chatLogprobs([token], logprobs),
    })),
    ...callDeltas(answer, input).map((call) => choice(index, { tool_calls: [call] })),
    ...Object.entries(annotationsOf(input)).map(([name, value]) =>
      choice(index, { [name]: value })
    ),
  ]
  const end = finishOf(answer, directives)
  if (!directives.has('finish-text')) return [...deltas, choice(index, {}, end)]
  return [...deltas.slice(0, -1), { ...deltas.at(-1), finish_reason: end }]
}

/** xAI sends complete tool calls; other vendors send the name first and then argument fragments. */
function callDeltas(answer: Answer, input: ReplyInput): readonly object[] {
  const isComplete = input.target.model.name.startsWith('xai.')
  return toolCallsOf(answer, input).flatMap((call, index) => {
    if (isComplete) return [{ index, ...call }]
    const { name, arguments: json } = call.function
    return [
      { index, ...call, function: { name, arguments: '' } },
      ...splitArguments(json).map((fragment) => ({ index, function: { arguments: fragment } })),
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
