import * as v from 'valibot'
import { ascii } from '../../chat/warnings.ts'
import { findUnread, findUnreadMembers, firstOfEach } from '../../unread-members.ts'
import {
  type Block,
  BLOCK_SCHEMAS,
  CustomTool,
  type Message,
  MessagesRequest,
  type OtherTool,
} from './schema.ts'

/**
 * Returns a warning for each nested member that is not read, once for all tools and messages. Members
 * of tools and blocks that are left out have a warning already.
 */
export function warnOfUnread(body: MessagesRequest): string[] {
  const { tools, messages, output_config: config, output_format: older } = body
  const isText = (config?.format ?? older)?.type === 'text'
  const members = { ...body, tools: undefined, messages: undefined }
  const paths = [
    ...findUnreadMembers(MessagesRequest.entries, members)
      .filter((path) => !READ.test(path) && (isText || !SCHEMA.test(path))),
    ...(tools ?? []).flatMap((tool, index) => {
      const at = `tools[${index}]`
      return tool.type === 'other'
        ? unreadKeys(tool.tool, CLIENT_TOOL_MEMBERS, at)
        : findUnread(CustomTool, tool, at)
    }),
    ...messages.flatMap((message, index) => inMessage(message, `messages[${index}]`)),
  ]
  return firstOfEach(paths).map((path) => `${ascii(path)}: not supported, left out`)
}

/** Members that are warned about elsewhere. */
const READ = /^(?:output_config\.(?!format\.)|context_management\.edits)/

/** Members in which clients put a schema. */
const SCHEMA = /^output_(?:config\.)?format\.(?:schema|response_schema|json_schema)\b/

/** Members of Anthropic's tools that the client runs. Some only say how it runs them. */
const CLIENT_TOOL_MEMBERS: ReadonlySet<string> = new Set([
  ...['name', 'configs', 'max_characters', 'strict', 'function', 'description', 'parameters'],
  ...['defer_loading', 'eager_input_streaming', 'allowed_callers'],
  ...['input_schema', 'display_width_px', 'display_height_px', 'display_number', 'enable_zoom'],
])
const CLIENT_TOOL =
  /^(?:bash|text_editor|memory|computer|computer_toolset|browser_toolset)_\d{8}$|^function$/

/** A schema without members. */
const ANY_OBJECT = v.looseObject({})

function unreadKeys(tool: OtherTool, read: ReadonlySet<string>, at: string): readonly string[] {
  if (!CLIENT_TOOL.test(tool.type)) return []
  return findUnread(ANY_OBJECT, tool, at).filter((path) => !read.has(path.slice(at.length + 1)))
}

function inMessage(message: Message, at: string): readonly string[] {
  const { role: _role, content, unknownRole: _unknown, ...rest } = message
  const own = findUnread(ANY_OBJECT, rest, at)
  return typeof content === 'string' ? own : [...own, ...inBlocks(content, `${at}.content`)]
}

function inBlocks(blocks: readonly Block[], at: string): readonly string[] {
  return blocks.flatMap((block, index) => {
    if (block.type === 'other') return []
    const place = `${at}[${index}]`
    if (block.type !== 'tool_result') return findUnread(BLOCK_SCHEMAS[block.type], block, place)
    const { content, ...rest } = block
    const own = findUnread(BLOCK_SCHEMAS.tool_result, rest, place)
    return typeof content === 'string' ? own : [...own, ...inBlocks(content, `${place}.content`)]
  })
}
