import { describeUnknownPart } from '../../chat/unknown-part.ts'
import { ascii, warnOfUnknown } from '../../chat/warnings.ts'
import { imageAddress } from './decode-blocks.ts'
import { type Block, MessagesRequest } from './schema.ts'
import { warnOfBudget } from './thinking.ts'
import { warnOfUnread } from './unread.ts'

/** Members without a general warning: they do not change the reply, or their value decides. */
const SILENT_MEMBERS = new Set([
  ...Object.keys(MessagesRequest.entries),
  ...['metadata', 'cache_control', 'diagnostics', 'speed'],
  // Other clouds put headers and parts of the URL here.
  ...['anthropic_version', 'anthropic_beta', 'betas'],
])

/** Returns a warning for each part of the request that cannot be passed on, field first. */
export function findWarnings(body: MessagesRequest): string[] {
  const { output_config: config, service_tier: tier, context_management: context } = body
  const { effort: _, ...rest } = config ?? {}
  return [
    ...warnOfUnknown(body, (key) => SILENT_MEMBERS.has(key)),
    ...(body['speed'] === 'fast' ? ['speed: only one speed, left out'] : []),
    ...warnOfBudget(body),
    ...warnOfUnknown(rest, (key) => key === 'format', 'output_config.'),
    ...(config?.format && body.output_format
      ? ['output_format: left out, output_config.format is used']
      : []),
    ...(typeof tier === 'string' && tier !== 'auto' && tier !== 'standard_only'
      ? ['service_tier: not known, left out']
      : []),
    ...(context?.edits ?? []).flatMap(({ type }, index) =>
      // Earlier thinking is never sent to the model.
      type.startsWith('clear_thinking')
        ? []
        : [`context_management.edits[${index}]: not supported, left out`]
    ),
    ...findInBlocks(body),
    ...warnOfUnread(body),
  ]
}

/** One warning for each kind of block: an agent's history has many. */
function findInBlocks({ messages }: MessagesRequest): string[] {
  const blocks = messages.flatMap(({ content }): readonly Block[] =>
    typeof content === 'string' ? [] : content
  )
  const inResults = blocks.flatMap((block): readonly Block[] =>
    block.type === 'tool_result' && typeof block.content === 'object' ? block.content : []
  )
  return [...new Set([...blocks, ...inResults].flatMap(warningsOf))]
}

function warningsOf(block: Block): string[] {
  switch (block.type) {
    case 'redacted_thinking':
      return ['messages: redacted_thinking is encrypted, left out']
    case 'document':
    case 'search_result':
      return block.citations?.enabled ? ['messages: citations are not supported'] : []
    case 'other':
      return imageAddress(block.block) === undefined ? [warnOfOther(block.block)] : []
    case 'text':
    case 'image':
    case 'tool_use':
    case 'tool_result':
    case 'tool_reference':
    case 'thinking':
      return []
  }
}

function warnOfOther(block: object): string {
  const type = 'type' in block && typeof block.type === 'string' ? ascii(block.type) : 'content'
  if (type === 'container_upload') return 'messages: container_upload is not supported'
  const isText = describeUnknownPart(block) !== undefined
  return `messages: ${type} is ${isText ? 'sent as text' : 'left out'}`
}
