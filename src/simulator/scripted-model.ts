import { decodeBase64Url } from './base64.ts'
import { chooseTools } from './choose-tools.ts'
import { type Directives, textOf } from './directives.ts'
import type { Answer, AnswerCall, Finish, Media, Prompt } from './prompt.ts'
import { readTextValues, sampleValue, type TextValues } from './schema-value.ts'
import { countTokens, firstTokens } from './text-tokens.ts'

/** The settings of the model that answers. */
export interface ModelSettings {
  model: string
  /** Whether the model supports reasoning. */
  reasoning: boolean
  /** The maximum of output tokens, whatever the request allows. */
  maxOutputTokens: number
}

/** The service's output limit for a request without one: about a sentence. */
const DEFAULT_LIMIT = 20

/** Generates the answers to a prompt. The same prompt always gets the same answers. */
export function generateAnswers(prompt: Prompt, settings: ModelSettings): readonly Answer[] {
  return Array.from(
    { length: prompt.choices },
    (_, index) => generateAnswer(prompt, settings, index),
  )
}

function generateAnswer(prompt: Prompt, settings: ModelSettings, index: number): Answer {
  const allCalls = prompt.directives.has('empty') ? [] : callsFor(prompt)
  const wholeText = textFor(prompt, settings, allCalls, index)
  const wholeReasoning = reasoningFor(prompt, settings)
  const limit = Math.min(prompt.outputLimit ?? DEFAULT_LIMIT, settings.maxOutputTokens)
  const reasoning = firstTokens(wholeReasoning, limit)
  const textLimit = limit - countTokens(reasoning)
  const text = firstTokens(wholeText, textLimit)
  const calls = truncateCalls(allCalls, textLimit - countTokens(text))
  const isTruncated = reasoning !== wholeReasoning || text !== wholeText ||
    !isSame(calls, allCalls)
  const visible = countTokens(text) + calls.reduce((sum, call) => sum + tokensOfCall(call), 0)
  return {
    index,
    reasoning,
    text,
    calls,
    finish: finishOf(prompt.directives, isTruncated, calls),
    tokens: { prompt: prompt.tokens, visible, reasoning: countTokens(reasoning) },
  }
}

function callsFor(prompt: Prompt): readonly AnswerCall[] {
  const { directives } = prompt
  const requested = prompt.toolResults.length > 0 ? [] : directives.get('tool') ?? []
  const calls = requested.length > 0 ? requested.map(readCall) : chooseTools(prompt).map((tool) => {
    const values = valuesOf(prompt)
    return { name: tool.name, arguments: JSON.stringify(sampleValue(tool.parameters, values)) }
  })
  if (!directives.has('double-encoded')) return calls
  return calls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) }))
}

/** Reads the value of a `tool` directive: `name:base64url`. */
function readCall(directive: string): AnswerCall {
  const [name = '', encoded = ''] = directive.split(':')
  return { name, arguments: decodeBase64Url(encoded) ?? '' }
}

function valuesOf({ user, tools }: Prompt): TextValues {
  return readTextValues(user, tools.map(({ name }) => name))
}

function textFor(
  prompt: Prompt,
  settings: ModelSettings,
  calls: readonly AnswerCall[],
  index: number,
): string {
  const { directives, format, stop } = prompt
  const requested = textOf(directives, 'say')
  if (requested !== undefined) return upToStop(decodeBase64Url(requested) ?? '', stop)
  if (directives.has('empty')) return ''
  if (calls.length > 0) return prompt.hasToolPlan ? toolPlanFor(calls) : ''
  const sentence = sentenceFor(prompt, settings) + (index > 0 ? ` (answer ${index + 1})` : '')
  const text = upToStop(inFormat(sentence, format, prompt), stop)
  if (!directives.has('content-filter')) return text
  return firstTokens(text, Math.ceil(countTokens(text) / 2))
}

function toolPlanFor(calls: readonly AnswerCall[]): string {
  return `I will use ${calls.map(({ name }) => name).join(' and ')}.`
}

function sentenceFor(
  { system, toolResults, media, user }: Prompt,
  { model }: ModelSettings,
): string {
  if (system.includes('Reply PONG')) return 'PONG'
  const opening = `This is the simulator speaking as ${model}.`
  const images = media.map(describe).join(' and ')
  if (toolResults.length > 0) {
    const beside = images === '' ? '' : `, beside ${images}`
    return `${opening} The tools answered${beside}: ${toolResults.join('; ')}`
  }
  return `${opening} You ${images === '' ? '' : `sent ${images} and `}said: ${user}`
}

function describe({ kind, bytes }: Media, at: number, all: readonly Media[]): string {
  return `${kind} ${at + 1} of ${all.length} (${bytes} bytes)`
}

function inFormat(sentence: string, format: Prompt['format'], prompt: Prompt): string {
  if (format === 'text') return sentence
  if (format === 'json') return JSON.stringify({ answer: sentence })
  return JSON.stringify(sampleValue(format.schema, valuesOf(prompt), { complete: true }))
}

function upToStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((sequence) => text.indexOf(sequence)).filter((at) => at >= 0)
  return text.slice(0, Math.min(text.length, ...ends))
}

function reasoningFor({ reasoning, directives, user }: Prompt, settings: ModelSettings): string {
  if (!directives.has('reasoning') && !(reasoning && settings.reasoning)) return ''
  return `The user said ${countTokens(user)} words. Answer them.`
}

function truncateCalls(calls: readonly AnswerCall[], limit: number): readonly AnswerCall[] {
  const [call, ...rest] = calls
  if (!call || limit <= 0) return []
  const kept = { ...call, arguments: firstTokens(call.arguments, limit - 1) }
  return [kept, ...truncateCalls(rest, limit - tokensOfCall(call))]
}

function tokensOfCall(call: AnswerCall): number {
  return 1 + countTokens(call.arguments)
}

function isSame(calls: readonly AnswerCall[], others: readonly AnswerCall[]): boolean {
  return calls.length === others.length &&
    calls.every((call, at) => call.arguments === others[at]?.arguments)
}

function finishOf(
  directives: Directives,
  isTruncated: boolean,
  calls: readonly AnswerCall[],
): Finish {
  if (directives.has('content-filter')) return 'content_filter'
  if (isTruncated) return 'length'
  return calls.length > 0 ? 'tool_calls' : 'stop'
}
