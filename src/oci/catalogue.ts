/**
 * Chat models known to be served, for tenancies that may not list them. The list of the control
 * plane is the truth for a tenancy and region; this one is advice.
 */
export const CATALOGUE: readonly string[] = [
  'meta.llama-4-maverick-17b-128e-instruct-fp8',
  'meta.llama-4-scout-17b-16e-instruct',
  'meta.llama-3.3-70b-instruct',
  'xai.grok-4.3',
  'xai.grok-4.20-reasoning',
  'xai.grok-4.20-non-reasoning',
  'xai.grok-4-1-fast-reasoning',
  'xai.grok-4-1-fast-non-reasoning',
  'xai.grok-4-fast-reasoning',
  'xai.grok-4-fast-non-reasoning',
  'xai.grok-4',
  'xai.grok-code-fast-1',
  'xai.grok-3',
  'xai.grok-3-fast',
  'xai.grok-3-mini',
  'xai.grok-3-mini-fast',
  'openai.gpt-oss-120b',
  'openai.gpt-oss-20b',
  'google.gemini-2.5-pro',
  'google.gemini-2.5-flash',
  'google.gemini-2.5-flash-lite',
]
