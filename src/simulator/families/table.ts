import { COHERE } from './cohere/family.ts'
import { COHERE_V2 } from './cohere2/family.ts'
import type { Family } from './family.ts'
import { GOOGLE } from './google.ts'
import { IMPORTED } from './imported.ts'
import { META } from './meta.ts'
import { GPT_OSS, OPENAI } from './openai.ts'
import { XAI } from './xai.ts'

/**
 * The first row that matches the model's name and the request's `apiFormat` applies. Command A
 * accepts both of Cohere's formats.
 */
const FAMILIES: readonly [pattern: RegExp, format: string, family: Family][] = [
  [/^cohere\.command-a-(?:vision|reasoning)/, 'COHEREV2', COHERE_V2],
  [/^cohere\.command-(?:a-03|latest|plus-latest)/, 'COHEREV2', COHERE_V2],
  [/^cohere\.(?!command-a-(?:vision|reasoning))/, 'COHERE', COHERE],
  [/^(?:openai\.)?gpt-oss/, 'GENERIC', GPT_OSS],
  [/^openai\./, 'GENERIC', OPENAI],
  [/^xai\./, 'GENERIC', XAI],
  [/^google\./, 'GENERIC', GOOGLE],
  [/^imported-/, 'GENERIC', IMPORTED],
  // Other models that OCI hosts behave like Llama.
  [/^(?!cohere\.)/, 'GENERIC', META],
]

/** The family of a model; `undefined` if the model does not support the format. */
export function familyOf(model: string, format: string): Family | undefined {
  return FAMILIES.find(([pattern, known]) => known === format && pattern.test(model))?.[2]
}
