import { COHERE } from './cohere/family.ts'
import { COHERE_V2 } from './cohere2/family.ts'
import type { Family } from './family.ts'
import { GOOGLE } from './google.ts'
import { GPT_OSS } from './gpt-oss.ts'
import { IMPORTED } from './imported.ts'
import { META } from './meta.ts'
import { OPENAI } from './openai.ts'
import { XAI } from './xai.ts'

/**
 * The first row that fits a model's name and a request's `apiFormat` decides. Command A takes both
 * of Cohere's formats: most clients send it COHERE, and COHEREV2 was seen to work.
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
  // What runs on OCI's own machines answers as Llama does.
  [/^(?!cohere\.)/, 'GENERIC', META],
]

/** The family that answers for a model; `undefined` when the model does not take the format. */
export function familyOf(model: string, format: string): Family | undefined {
  return FAMILIES.find(([pattern, known]) => known === format && pattern.test(model))?.[2]
}
