/**
 * The built-in list of models, for tenancies without the permission to list them. The control
 * plane's list is the authoritative one for a tenancy and region. It has only models that OCI serves
 * on demand to every tenancy.
 */
export const CATALOGUE: readonly string[] = [
  'meta.llama-4-maverick-17b-128e-instruct-fp8',
  'meta.llama-4-scout-17b-16e-instruct',
  'meta.llama-3.3-70b-instruct',
  'xai.grok-4.7',
  'xai.grok-4.6',
  'xai.grok-4.3',
  'xai.grok-4.20-reasoning',
  'xai.grok-4.20-non-reasoning',
  'openai.gpt-oss-120b',
  'openai.gpt-oss-20b',
  'google.gemini-2.5-pro',
  'google.gemini-2.5-flash',
  'google.gemini-2.5-flash-lite',
  'cohere.command-a-03-2025',
  'cohere.command-a-vision-07-2025',
  'cohere.command-a-reasoning-08-2025',
  'cohere.embed-v4.0',
  'cohere.rerank-v4.0-fast',
  'cohere.rerank-v4.0-pro',
]
