import type { Model } from '../catalogue.ts'
import type { Answer, Prompt } from '../prompt.ts'
import { charactersOf, isOnDemand, type Meter } from './meter.ts'

/** A call whose answers are billed. */
export interface AnsweredCall {
  prompt: Prompt
  model: Model
  requestedId: string
  /** Whether the answer reports cached tokens for models of xAI. */
  cachesPrompt: boolean
}

/** Bills generated answers, whether or not the client receives them. The prompt counts once. */
export function billAnswers(
  answers: readonly Answer[],
  { prompt, model, requestedId, cachesPrompt }: AnsweredCall,
  meter: Meter,
): void {
  if (!isOnDemand(requestedId)) return
  const isCached = cachesPrompt && model.name.startsWith('xai.')
  const texts = answers.flatMap(({ text, calls }) => [
    text,
    ...calls.flatMap((call) => [call.name, call.arguments]),
  ])
  meter.bill(model.name, {
    promptTokens: prompt.tokens,
    cachedTokens: isCached ? cachedTokensOf(prompt.tokens) : 0,
    completionTokens: answers.reduce(
      (sum, { tokens }) => sum + tokens.visible + tokens.reasoning,
      0,
    ),
    promptCharacters: prompt.characters,
    answerCharacters: charactersOf(texts),
  })
}

/** The tokens that xAI reports as cached: all but one. */
export function cachedTokensOf(promptTokens: number): number {
  return Math.max(0, promptTokens - 1)
}
