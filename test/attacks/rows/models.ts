/** Models of all OCI formats and of all schema dialects that the gateway writes. */
export const MODELS = {
  generic: 'meta.llama-3.3-70b-instruct',
  cohere: 'cohere.command-r-plus-08-2024',
  coherev2: 'cohere.command-a-03-2025',
  gemini: 'google.gemini-2.5-pro',
  native: 'openai.gpt-4.1',
  embed: 'cohere.embed-multilingual-v3.0',
  rerank: 'cohere.rerank-v4.0-fast',
} as const
export type ModelName = keyof typeof MODELS

/** The models with which each conversation is tried. */
export const FORMATS: readonly ModelName[] = ['generic', 'cohere', 'coherev2']
