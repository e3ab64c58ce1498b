import { nearestVerbosity, warnOfLevel } from '../../chat/levels.ts'
import { ascii, warnOfUnknown } from '../../chat/warnings.ts'
import { findUnreadMembers, firstOfEach } from '../../unread-members.ts'
import { ChatCompletionRequest } from './schema.ts'

/** Members without a general warning: they do not change the reply, or their value decides. */
const SILENT_MEMBERS = new Set([
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

/** Returns a warning for each part of the request that cannot be passed on, field first. */
export function findWarnings(body: ChatCompletionRequest): string[] {
  const { store, modalities, metadata, service_tier: tier, top_logprobs: alternatives } = body
  const { verbosity } = body
  return [
    ...warnOfUnknown(body, (key) => SILENT_MEMBERS.has(key)),
    ...warnOfUnread(body),
    ...(alternatives && !body.logprobs ? ['top_logprobs: needs logprobs, left out'] : []),
    ...(store === true ? ['store: nothing is stored'] : []),
    ...(Array.isArray(modalities) && modalities.some((kind) => kind !== 'text')
      ? ['modalities: only text is produced']
      : []),
    ...(verbosity ? warnOfLevel('verbosity', verbosity, nearestVerbosity(verbosity)) : []),
    ...(metadata && Object.keys(metadata).length > 0 && !isAcceptableMetadata(metadata)
      ? ['metadata: must be at most 16 strings, keys of 64 and values of 512 characters, left out']
      : []),
    ...(typeof tier === 'string' && !isServiceTier(tier)
      ? ['service_tier: not known to OCI, left out']
      : []),
  ]
}

/** Warns of nested members. Tools that are left out and choices of them have a warning already. */
function warnOfUnread(body: ChatCompletionRequest): readonly string[] {
  const unread = findUnreadMembers(ChatCompletionRequest.entries, searchedMembers(body))
  if (unread.length === 0) return []
  const isText = (body.response_format?.type ?? 'text') === 'text'
  const reported = unread.filter((path) => isText || !FORMAT_MEMBER.test(path))
  return firstOfEach(reported).map((path) => `${ascii(path)}: not supported, left out`)
}

function searchedMembers(body: ChatCompletionRequest): Readonly<Record<string, unknown>> {
  const { tools, tool_choice: choice } = body
  if (!tools && !choice) return body
  const isUnsupported = typeof choice === 'object' && choice !== null && !choice.allowed_tools &&
    choice.type !== 'function' && choice.type !== 'custom'
  const functions = (tools ?? []).map((tool) =>
    tool.type === 'function' ? tool : { type: tool.type }
  )
  return { ...body, tools: functions, tool_choice: isUnsupported ? undefined : choice }
}

/** Members in which clients put a schema besides `json_schema.schema`, and its name. */
const FORMAT_MEMBER =
  /^response_format\.(?:schema|response_schema|json_schema|name|description|strict)/

/** Whether metadata is within OCI's limits: 16 pairs, keys of 64 and string values of 512 characters. */
export function isAcceptableMetadata(
  metadata: Readonly<Record<string, unknown>>,
): metadata is Readonly<Record<string, string>> {
  const pairs = Object.entries(metadata)
  return pairs.length > 0 && pairs.length <= 16 &&
    pairs.every(([key, value]) =>
      key.length <= 64 && typeof value === 'string' && value.length <= 512
    )
}

/** Whether OCI has this service tier. */
export function isServiceTier(
  tier: string | null | undefined,
): tier is 'auto' | 'default' | 'priority' {
  return tier === 'auto' || tier === 'default' || tier === 'priority'
}
