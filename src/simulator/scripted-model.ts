import { decodeBase64Url } from './base64url.ts'
import { chooseTools } from './choose-tools.ts'
import { type Directives, textOf } from './directives.ts'
import { type Findings, instanceOf, readFindings } from './instance.ts'
import type { Answer, AnswerCall, Finish, Media, Prompt } from './prompt.ts'
import { countTokens, firstTokens } from './words.ts'

/** Who answers, and how much it may say. */
export interface Speaker {
  model: string
  /** Whether it thinks before it answers. */
  reasoning: boolean
  /** Tokens at most, whatever the request allows. */
  outputCap: number
}

/** What the service allows when the request sets no limit: hardly a sentence. */
const DEFAULT_LIMIT = 20

/** The answers a model gives: to the same prompt always the same. */
export function answer(prompt: Prompt, speaker: Speaker): readonly Answer[] {
  return Array.from({ length: prompt.choices }, (_, index) => answerOnce(prompt, speaker, index))
}

function answerOnce(prompt: Prompt, speaker: Speaker, index: number): Answer {
  const wantedCalls = prompt.directives.has('empty') ? [] : decideCalls(prompt)
  const wantedText = textFor(prompt, speaker, wantedCalls, index)
  const thoughts = thoughtsFor(prompt, speaker)
  const limit = Math.min(prompt.outputLimit ?? DEFAULT_LIMIT, speaker.outputCap)
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
    const findings = findingsOf(prompt)
    return { name: tool.name, arguments: JSON.stringify(instanceOf(tool.parameters, findings)) }
  })
  if (!directives.has('double-encoded')) return calls
  return calls.map((call) => ({ ...call, arguments: JSON.stringify(call.arguments) }))
}

/** `name:base64url` */
function readCall(directive: string): AnswerCall {
  const [name = '', encoded = ''] = directive.split(':')
  return { name, arguments: decodeBase64Url(encoded) ?? '' }
}

function findingsOf({ user, tools }: Prompt): Findings {
  return readFindings(user, tools.map(({ name }) => name))
}

function textFor(
  prompt: Prompt,
  speaker: Speaker,
  calls: readonly AnswerCall[],
  index: number,
): string {
  const { directives, format, stop } = prompt
  const words = textOf(directives, 'say')
  if (words !== undefined) return upToStop(decodeBase64Url(words) ?? '', stop)
  if (directives.has('empty')) return ''
  if (calls.length > 0) return prompt.plans ? planOf(calls) : ''
  const sentence = sentenceFor(prompt, speaker) + (index > 0 ? ` (answer ${index + 1})` : '')
  const text = upToStop(inFormat(sentence, format, prompt), stop)
  if (!directives.has('content-filter')) return text
  return firstTokens(text, Math.ceil(countTokens(text) / 2))
}

function planOf(calls: readonly AnswerCall[]): string {
  return `I will use ${calls.map(({ name }) => name).join(' and ')}.`
}

function sentenceFor({ system, toolResults, media, user }: Prompt, { model }: Speaker): string {
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
  return JSON.stringify(instanceOf(format.schema, findingsOf(prompt), { complete: true }))
}

function upToStop(text: string, stop: readonly string[]): string {
  const ends = stop.map((word) => text.indexOf(word)).filter((at) => at >= 0)
  return text.slice(0, Math.min(text.length, ...ends))
}

function thoughtsFor({ reasons, directives, user }: Prompt, speaker: Speaker): string {
  if (!directives.has('reasoning') && !(reasons && speaker.reasoning)) return ''
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
