import type { ReasoningEffort } from '../../chat/levels.ts'
import type { InputKind, ProfileOverride } from './model-profile.ts'
import type { RefusableParameter } from './parameter-names.ts'

export const TEXT: readonly InputKind[] = ['text']
export const VISION: readonly InputKind[] = ['text', 'image']
/** Parameters that only OpenAI's models have. */
export const OPENAI_ONLY: readonly RefusableParameter[] = ['verbosity', 'prediction']

/** Where the facts of a row are from: the kind of document or recording, and when it was read. */
type Source = `${'Oracle' | 'recordings' | 'vendor' | 'clients'}, ${string}`

/** Oracle's documentation. */
const ORACLE: Source = 'Oracle, 2026-11'
/** Oracle's documentation of models that it has retired since. */
const ORACLE_EARLIER: Source = 'Oracle, 2026-07'
/** Recordings of the live service. */
const RECORDED: Source = 'recordings, 2026-11'
/** The vendor's own documentation; OCI documents less about its models of limited access. */
const VENDOR: Source = 'vendor, 2026-07'
/** Public clients of OCI that agree, or one that was tested with it. */
const CLIENTS: Source = 'clients, 2026-11'

const EFFORTS_UP_TO_XHIGH: readonly ReasoningEffort[] = ['low', 'medium', 'high', 'xhigh']
const GROK_WITHOUT_EFFORT: readonly RefusableParameter[] = [...OPENAI_ONLY, 'reasoningEffort']

/** Always reasons; the effort is `high` by default. */
const GROK_4_7: ProfileOverride = {
  contextWindow: 500_000,
  reasoningEfforts: EFFORTS_UP_TO_XHIGH,
}
const GROK_4_20: ProfileOverride = {
  contextWindow: 1_000_000,
  defaultOutputTokens: 131_000,
  unsupportedParameters: GROK_WITHOUT_EFFORT,
}
const GROK_FAST: ProfileOverride = {
  contextWindow: 2_000_000,
  unsupportedParameters: GROK_WITHOUT_EFFORT,
}
const GPT_5: ProfileOverride = {
  ...output(128_000),
  contextWindow: 400_000,
  unsupportedParameters: ['temperature', 'topP'],
}
const O_SERIES: ProfileOverride = {
  ...output(100_000),
  contextWindow: 200_000,
  unsupportedParameters: ['temperature', 'topP', 'verbosity'],
}
const GPT_OSS: ProfileOverride = {
  tokenField: 'maxTokens',
  inputs: TEXT,
  unsupportedParameters: OPENAI_ONLY,
}
const COMMAND_A: ProfileOverride = { contextWindow: 256_000 }

/** A name or a pattern that ends in `*`, what differs from the vendor's profile, and its source. */
type Row = readonly [pattern: string, override: ProfileOverride, source: Source]

/**
 * Overrides by model name or pattern; the first match wins. Retired models keep their rows, since
 * dedicated clusters and some regions still serve them. It is unconfirmed which Groks reject stop
 * sequences and penalties, so these are sent and a rejection is learned.
 */
export const KNOWN_MODELS: readonly Row[] = [
  ['meta.llama-4-maverick*', { contextWindow: 512_000 }, ORACLE],
  ['meta.llama-4-scout*', { contextWindow: 192_000 }, ORACLE],
  ['meta.llama-3.2-90b-vision*', { tools: true, maxImages: 1 }, ORACLE_EARLIER],
  ['meta.llama-3.2-11b-vision*', { maxImages: 1 }, ORACLE_EARLIER],
  ['meta.llama-3*', { inputs: TEXT }, ORACLE],
  ['xai.grok-4.7*', GROK_4_7, ORACLE],
  ['xai.grok-4.6*', GROK_4_7, ORACLE],
  ['xai.grok-4.3*', {
    contextWindow: 1_000_000,
    reasoningEfforts: ['none', 'low', 'medium', 'high'],
  }, ORACLE],
  ['xai.grok-4.20-multi-agent*', {
    format: 'RESPONSES',
    contextWindow: 1_000_000,
    inputs: TEXT,
    unsupportedParameters: GROK_WITHOUT_EFFORT,
  }, CLIENTS],
  ['xai.grok-4.20-non-reasoning*', { ...GROK_4_20, reasoning: false }, CLIENTS],
  ['xai.grok-4.20-0309-non-reasoning*', { ...GROK_4_20, reasoning: false }, CLIENTS],
  ['xai.grok-4.20*', GROK_4_20, CLIENTS],
  ['xai.grok-4-1-fast-non-reasoning*', { ...GROK_FAST, reasoning: false }, ORACLE_EARLIER],
  ['xai.grok-4-1-fast*', GROK_FAST, ORACLE_EARLIER],
  ['xai.grok-4-fast-non-reasoning*', { ...GROK_FAST, reasoning: false }, ORACLE_EARLIER],
  ['xai.grok-4-fast*', GROK_FAST, ORACLE_EARLIER],
  ['xai.grok-4', {
    contextWindow: 128_000,
    unsupportedParameters: GROK_WITHOUT_EFFORT,
  }, ORACLE_EARLIER],
  ['xai.grok-code-fast*', {
    contextWindow: 256_000,
    inputs: TEXT,
    unsupportedParameters: GROK_WITHOUT_EFFORT,
  }, ORACLE_EARLIER],
  ['xai.grok-3-mini*', { inputs: TEXT }, ORACLE_EARLIER],
  ['xai.grok-3*', { inputs: TEXT, reasoning: false }, ORACLE_EARLIER],
  ['openai.gpt-oss*', GPT_OSS, ORACLE],
  ['gpt-oss*', GPT_OSS, ORACLE],
  ['openai.gpt-5.5-pro*', { ...GPT_5, format: 'RESPONSES' }, CLIENTS],
  ['openai.gpt-5.4*', GPT_5, RECORDED],
  ['openai.gpt-5*', GPT_5, VENDOR],
  ['openai.o1*', O_SERIES, VENDOR],
  ['openai.o3*', O_SERIES, VENDOR],
  ['openai.o4*', O_SERIES, VENDOR],
  ['openai.gpt-audio*', {
    format: 'CHAT_COMPLETIONS',
    endpoint: 'openai',
    inputs: ['text', 'audio'],
  }, CLIENTS],
  ['openai.gpt-4.1*', {
    ...output(32_768),
    contextWindow: 1_047_576,
    reasoning: false,
  }, VENDOR],
  ['openai.gpt-4o*', { ...output(16_384), reasoning: false }, VENDOR],
  ['openai.gpt-4*', { reasoning: false }, VENDOR],
  ['google.gemini-2.5-pro*', { reasoningEfforts: ['low', 'medium', 'high'] }, CLIENTS],
  ['google.gemini-2.5-flash-lite*', { inputs: VISION }, ORACLE],
  ['cohere.embed*', { contextWindow: undefined, tools: false, reasoning: false }, ORACLE],
  ['cohere.rerank*', { contextWindow: undefined, tools: false, reasoning: false }, ORACLE],
  ['cohere.command-a-vision*', {
    format: 'COHEREV2',
    inputs: VISION,
    maxImages: 1,
    tools: false,
  }, ORACLE],
  ['cohere.command-a-reasoning*', {
    format: 'COHEREV2',
    dedicatedMaxOutputTokens: 32_000,
    contextWindow: 256_000,
    inputs: VISION,
    reasoning: true,
  }, ORACLE],
  ['cohere.command-a-translate*', { contextWindow: undefined, tools: false }, CLIENTS],
  ['cohere.command-a*', COMMAND_A, ORACLE],
  ['cohere.command-latest', COMMAND_A, ORACLE_EARLIER],
  ['cohere.command-plus-latest', COMMAND_A, ORACLE_EARLIER],
]

function output(tokens: number): ProfileOverride {
  return { maxOutputTokens: tokens, defaultOutputTokens: tokens }
}
