import { shorten, warnOfUnknown } from '../../chat/warnings.ts'
import { type Block, MessagesRequest } from './schema.ts'

/** Members that need no word: they change nothing in the answer, or are warned of by their value. */
const QUIET = new Set([
  ...Object.keys(MessagesRequest.entries),
  ...['metadata', 'cache_control', 'diagnostics', 'speed'],
  // Where other clouds want what is a header or an address elsewhere.
  ...['anthropic_version', 'anthropic_beta', 'betas'],
])

/** What of a request cannot be passed on, a line each, the field's name first. */
export function findWarnings(body: MessagesRequest): string[] {
  const { tools, output_config: config, service_tier: tier, context_management: context } = body
  const { effort = undefined, ...rest } = config ?? {}
  return [
    ...warnOfUnknown(body, (key) => QUIET.has(key)),
    ...(tools ?? []).flatMap((tool, index) =>
      tool.type === 'built-in'
        ? [`tools[${index}]: ${ascii(tool.named)} is Anthropic's own, left out`]
        : []
    ),
    ...(body['speed'] === 'fast' ? ['speed: there is one only, left out'] : []),
    ...(effort === 'xhigh' || effort === 'max' ? ['output_config.effort: sent as high'] : []),
    ...warnOfUnknown(rest, (key) => key === 'format', 'output_config.'),
    ...(typeof tier === 'string' && tier !== 'auto' && tier !== 'standard_only'
      ? ['service_tier: not known, left out']
      : []),
    ...(context?.edits ?? []).flatMap(({ type }, index) =>
      // Earlier thoughts are not told again anyway.
      type.startsWith('clear_thinking')
        ? []
        : [`context_management.edits[${index}]: nothing is edited`]
    ),
    ...findInBlocks(body),
  ]
}

/** Each kind of block once: an agent's history has many of them. */
function findInBlocks({ messages }: MessagesRequest): string[] {
  const blocks = messages.flatMap(({ content }): readonly Block[] =>
    typeof content === 'string' ? [] : content ?? []
  )
  const inResults = blocks.flatMap((block): readonly Block[] =>
    block.type === 'tool_result' && typeof block.content === 'object' ? block.content ?? [] : []
  )
  return [...new Set([...blocks, ...inResults].flatMap(wordOf))]
}

function wordOf(block: Block): string[] {
  switch (block.type) {
    case 'redacted_thinking':
      return ['messages: redacted_thinking cannot be read, left out']
    case 'document':
    case 'search_result':
      return block.citations?.enabled ? ['messages: citations are not given'] : []
    case 'other':
      return [`messages: ${ascii(block.block.type)} is sent as text`]
    case 'text':
    case 'image':
    case 'tool_use':
    case 'tool_result':
    case 'tool_reference':
    case 'thinking':
      return []
  }
}

function ascii(name: string): string {
  return shorten(name).replace(/[^\x21-\x7e]/g, '?')
}
