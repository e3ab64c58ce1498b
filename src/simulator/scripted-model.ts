import { decodeBase64Url } from './base64.ts'
import { chooseTools } from './choose-tools.ts'
import { type Directives, textOf } from './directives.ts'
import { readTextValues, sampleValue, type TextValues } from './schema-value.ts'
import type { Answer, AnswerCall, Finish, Media, Prompt } from './prompt.ts'
import { countTokens, firstTokens } from './text-tokens.ts'

/** Who answers, and how much it may say. */
export interface ModelSettings {
  model: string
  /** Whether it thinks before it answers. */
  reasoning: boolean
  /** Tokens at most, whatever the request allows. */
  maxOutputTokens: number
}

/** What the service allows when the request sets no limit: hardly a sentence. */
const DEFAULT_LIMIT = 20

/** The answers a model gives: to the same prompt always the same. */
export function answer(prompt: Prompt, settings: ModelSettings): readonly Answer[] {
  return Array.from({ length: prompt.choices }, (_, index) => answerOnce(prompt, settings, index))
}

function answerOnce(prompt: Prompt, settings: ModelSettings, index: number): Answer {
  const wantedCalls = prompt.directives.has('empty') ? [] : decideCalls(prompt)
  const wantedText = textFor(prompt, settings, wantedCalls, index)
  const thoughts = thoughtsFor(prompt, settings)
  const limit = Math.min(prompt.outputLimit ?? DEFAULT_LIMIT, settings.maxOutputTokens)
  const reasoning = firstTokens(thoughts, limit)
  const afterThoughts = limit - countTokens(reasoning)
  const text = firstTokens(wantedText, afterThoughts)
  const calls = cutCalls(wantedCalls, afterThoughts - countTokens(text))
  const isCut = reasoning !== thoughts || text !== wantedText || !isSame(calls, wantedCalls)
  const visible = countTokens(text) + calls.reduce((sum, call) => sum + tokensOfCall(call), 0)
  return {
    index,
    reasoning,
    text,
    calls,
    finish: finishOf(prompt.directives, isCut, calls),
    tokens: { prompt: prompt.tokens, visible, reasoning: countTokens(reasoning) },
  }
}

function decideCalls(prompt: Prompt): readonly AnswerCall[] {
  const { directives } = prompt
  const asked = prompt.toolResults.length > 0 ? [] : directives.get('tool') ?? []
  const calls = asked.length > 0 ? asked.map(readCall) : chooseTools(prompt).map((tool) => {
    const values = findingsOf(prompt)
    return { name: tool.name, arguments: JSON.stringify(sampleValue(tool.parameters, values)) }
  })
  if (!directives.has('double-encoded')) return calls
  return calls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) }))
}

/** `name:base64url` */
function readCall(directive: string): AnswerCall {
  const [name = '', encoded = ''] = directive.split(':')
  return { name, arguments: decodeBase64Url(encoded) ?? '' }
}

function findingsOf({ user, tools }: Prompt): TextValues {
  return readTextValues(user, tools.map(({ name }) => name))
}

function textFor(
  prompt: Prompt,
  settings: ModelSettings,
  calls: readonly AnswerCall[],
  index: number,
): string {
  const { directives, format, stop } = prompt
  const words = textOf(directives, 'say')
  if (words !== undefined) return upToStop(decodeBase64Url(words) ?? '', stop)
  if (directives.has('empty')) return ''
  if (calls.length > 0) return prompt.plans ? planOf(calls) : ''
  const sentence = sentenceFor(prompt, settings) + (index > 0 ? ` (answer ${index + 1})` : '')
  const text = upToStop(inFormat(sentence, format, prompt), stop)
  if (!directives.has('content-filter')) return text
  return firstTokens(text, Math.ceil(countTokens(text) / 2))
}

function planOf(calls: readonly AnswerCall[]): string {
  return `I will use ${calls.map(({ name }) => name).join(' and ')}.`
}

function sentenceFor(
  { system, toolResults, media, user }: Prompt,
  { model }: ModelSettings,
): string {
  if (system.includes('Reply PONG')) return 'PONG'
  const opening = `This is the simulator speaking as ${model}.`
  const seen = media.map(describe).join(' and ')
  if (toolResults.length > 0) {
    const shown = seen === '' ? '' : `, beside ${seen}`
    return `${opening} The tools answered${shown}: ${toolResults.join('; ')}`
  }
  return `${opening} You ${seen === '' ? '' : `sent ${seen} and `}said: ${user}`
}

function describe({ kind, bytes }: Media, at: number, all: readonly Media[]): string {
  return `${kind} ${at + 1} of ${all.length} (${bytes} bytes)`
}

function inFormat(sentence: string, format: Prompt['format'], prompt: Prompt): string {
  if (format === 'text') return sentence
  if (format === 'json') return JSON.stringify({ answer: sentence })
  return JSON.stringify(sampleValue(format.schema, findingsOf(prompt), { complete: true }))
}

function upToStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0)
  return text.slice(0, Math.min(text.length, ...ends))
}

function thoughtsFor({ reasons, directives, user }: Prompt, settings: ModelSettings): string {
  if (!directives.has('reasoning') && !(reasons && settings.reasoning)) return ''
  return `The user said ${countTokens(user)} words. Answer them.`
}

function cutCalls(calls: readonly AnswerCall[], limit: number): readonly AnswerCall[] {
  const [call, ...rest] = calls
  if (!call || limit <= 0) return []
  const kept = { ...call, arguments: firstTokens(call.arguments, limit - 1) }
  return [kept, ...cutCalls(rest, limit - tokensOfCall(call))]
}

function tokensOfCall(call: AnswerCall): number {
  return 1 + countTokens(call.arguments)
}

function isSame(calls: readonly AnswerCall[], wanted: readonly AnswerCall[]): boolean {
  return calls.length === wanted.length &&
    calls.every((call, at) => call.arguments === wanted[at]?.arguments)
}

function finishOf(
  directives: Directives,
  isCut: boolean,
  calls: readonly AnswerCall[],
): Finish {
  if (directives.has('content-filter')) return 'content_filter'
  if (isCut) return 'length'
  return calls.length > 0 ? 'tool_calls' : 'stop'
}
