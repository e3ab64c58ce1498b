import { warnOfUnknown } from '../../chat/warnings.ts'
import { isAcceptableMetadata, isServiceTier } from '../chat/warnings.ts'
import { TranslatedRequest } from './schema.ts'

/** Members that need no word: they change nothing in the answer, or are read elsewhere. */
const QUIET = new Set([
  ...Object.keys(TranslatedRequest.entries),
  'client_metadata',
  'conversation',
  'prompt',
  'prompt_cache_options',
  'prompt_cache_retention',
  'stream_options',
])

/** What can be asked to be included: of tools that are not run here there is nothing to include. */
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

/** What of a request cannot be passed on, a line each, the field's name first. */
export function findWarnings(
  body: TranslatedRequest,
  { isStored }: { isStored: boolean },
): string[] {
  const { metadata, service_tier: tier, reasoning, include, store, truncation } = body
  const effort = reasoning?.effort
  return [
    ...warnOfUnknown(body, (key) => QUIET.has(key)),
    ...(include ?? []).filter((what) => !INCLUDABLE.has(what))
      .map((what) => `include: ${what.slice(0, 60)} is not known, left out`),
    ...(store === true && !isStored ? ['store: nothing is stored'] : []),
    ...(truncation === 'auto' ? ['truncation: nothing is cut, too long an input is refused'] : []),
    ...(effort === 'xhigh' || effort === 'max' ? ['reasoning.effort: sent as high'] : []),
    ...(metadata && Object.keys(metadata).length > 0 && !isAcceptableMetadata(metadata)
      ? ['metadata: more than 16 texts of 64 and 512 characters, left out']
      : []),
    ...(typeof tier === 'string' && !isServiceTier(tier)
      ? ['service_tier: not known to OCI, left out']
      : []),
  ]
}
