import { COHERE } from './cohere.ts'
import type { Family } from './family.ts'
import { GOOGLE } from './google.ts'
import { GPT_OSS } from './gpt-oss.ts'
import { META } from './meta.ts'
import { OPENAI } from './openai.ts'
import { XAI } from './xai.ts'

/** The first pattern that fits a model's name decides. */
const FAMILIES: readonly [pattern: RegExp, family: Family][] = [
  [/^cohere\./, COHERE],
  [/^(?:openai\.)?gpt-oss/, GPT_OSS],
  [/^openai\./, OPENAI],
  [/^xai\./, XAI],
  [/^google\./, GOOGLE],
]

/** The family of a model; what runs on OCI's own machines answers as Llama does. */
export function familyOf(model: string): Family {
  return FAMILIES.find(([pattern]) => pattern.test(model))?.[1] ?? META
}
