import { warnOfUnknown } from '../../chat/warnings.ts'
import { ChatCompletionRequest } from './schema.ts'

/** Members that need no word: they change nothing in the answer, or are warned of by their value. */
const QUIET = new Set([
  ...Object.keys(ChatCompletionRequest.entries),
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'functions',
  'function_call',
  'store',
  'modalities',
])

/** What of a request cannot be passed on, a line each, the field's name first. */
export function findWarnings(body: ChatCompletionRequest): string[] {
  const { store, modalities, metadata, service_tier: tier, top_logprobs: alternatives } = body
  return [
    ...warnOfUnknown(body, (key) => QUIET.has(key)),
    ...(body.tools ?? []).flatMap((tool, index) =>
      'function' in tool ? [] : [`tools[${index}]: only functions are supported, left out`]
    ),
    ...(alternatives && !body.logprobs ? ['top_logprobs: needs logprobs, left out'] : []),
    ...(store === true ? ['store: nothing is stored'] : []),
    ...(Array.isArray(modalities) && modalities.some((kind) => kind !== 'text')
      ? ['modalities: only text is produced']
      : []),
    ...(body.reasoning_effort === 'xhigh' ? ['reasoning_effort: sent as high'] : []),
    ...(metadata && Object.keys(metadata).length > 0 && !isAcceptableMetadata(metadata)
      ? ['metadata: more than 16 texts of 64 and 512 characters, left out']
      : []),
    ...(typeof tier === 'string' && !isServiceTier(tier)
      ? ['service_tier: not known to OCI, left out']
      : []),
  ]
}

/** OCI's limits: 16 pairs, 64 characters a key, 512 a value, texts only. */
export function isAcceptableMetadata(
  metadata: Readonly<Record<string, unknown>>,
): metadata is Readonly<Record<string, string>> {
  const pairs = Object.entries(metadata)
  return pairs.length > 0 && pairs.length <= 16 &&
    pairs.every(([key, value]) =>
      key.length <= 64 && typeof value === 'string' && value.length <= 512
    )
}

/** The tiers OCI has a word for. */
export function isServiceTier(
  tier: string | null | undefined,
): tier is 'auto' | 'default' | 'priority' {
  return tier === 'auto' || tier === 'default' || tier === 'priority'
}
