import { nearestVerbosity, warnOfLevel } from '../../chat/levels.ts'
import { warnOfUnknown } from '../../chat/warnings.ts'
import { isAcceptableMetadata, isServiceTier } from '../chat/warnings.ts'
import { TranslatedRequest } from './schema.ts'
import { warnOfUnread } from './unread.ts'

/** Members without a general warning: they do not change the reply, or are read elsewhere. */
const SILENT_MEMBERS = new Set([
  ...Object.keys(TranslatedRequest.entries),
  'client_metadata',
  'conversation',
  'prompt',
  'prompt_cache_options',
  'prompt_cache_retention',
  'stream_options',
])

/** OpenAI's values of `include`. Those of tools that OpenAI runs itself have no effect here. */
const INCLUDABLE = new Set([
  'code_interpreter_call.outputs',
  'computer_call_output.output.image_url',
  'file_search_call.results',
  'message.input_image.image_url',
  'message.output_text.logprobs',
  'reasoning.encrypted_content',
  'web_search_call.action.sources',
  'web_search_call.results',
])

/** Returns a warning for each part of the request that cannot be passed on, field first. */
export function findWarnings(
  body: TranslatedRequest,
  { isStored }: { isStored: boolean },
): string[] {
  const { metadata, service_tier: tier, include, store, truncation } = body
  const verbosity = body.text?.verbosity
  return [
    ...warnOfUnknown(body, (key) => SILENT_MEMBERS.has(key)),
    ...warnOfUnread(body),
    ...(include ?? []).filter((what) => !INCLUDABLE.has(what))
      .map((what) => `include: ${what.slice(0, 60)} is not known, left out`),
    ...(store === true && !isStored ? ['store: nothing is stored'] : []),
    ...(truncation === 'auto'
      ? ['truncation: not supported, an input that is too long is rejected']
      : []),
    ...(verbosity ? warnOfLevel('text.verbosity', verbosity, nearestVerbosity(verbosity)) : []),
    ...(metadata && Object.keys(metadata).length > 0 && !isAcceptableMetadata(metadata)
      ? ['metadata: must be at most 16 strings, keys of 64 and values of 512 characters, left out']
      : []),
    ...(typeof tier === 'string' && !isServiceTier(tier)
      ? ['service_tier: not known to OCI, left out']
      : []),
  ]
}
