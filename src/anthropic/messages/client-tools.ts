import type { JsonSchema, Tool } from '../../chat/model.ts'
import type { OtherTool } from './schema.ts'
import { numbers, oneOf, string } from './schema-parts.ts'

/**
 * Returns a tool of Anthropic's that the client runs as a function with the schema that Anthropic
 * documents for it; `undefined` for any other tool.
 */
export function decodeClientTool(definition: OtherTool): Tool | undefined {
  const [, kind = '', version = ''] = /^([a-z_]{1,40})_(\d{8})$/.exec(definition.type) ?? []
  const decode = KINDS.get(kind)
  return decode?.({ definition, version: Number(version) })
}

interface Versioned {
  definition: OtherTool
  /** The date of the version, such as 20250124. */
  version: number
}

const KINDS: ReadonlyMap<string, (tool: Versioned) => Tool> = new Map([
  ['bash', decodeBash],
  ['text_editor', decodeEditor],
  ['memory', decodeMemory],
  ['computer', decodeComputer],
])

function decodeBash({ definition }: Versioned): Tool {
  const text =
    'Runs a command in a bash session that persists between calls and returns its output.'
  return toTool(definition, 'bash', text, {
    command: string('The bash command to run. Required unless the tool is restarted.'),
    restart: { type: 'boolean', description: 'Set to true to restart the session.' },
  }, [])
}

/** Versions before this one are called `str_replace_editor` and can undo an edit. */
const WITHOUT_UNDO = 20250429

function decodeEditor({ definition, version }: Versioned): Tool {
  const canUndo = version < WITHOUT_UNDO
  const commands = ['view', 'create', 'str_replace', 'insert', ...(canUndo ? ['undo_edit'] : [])]
  const name = canUndo ? 'str_replace_editor' : 'str_replace_based_edit_tool'
  const inserted = canUndo
    ? { new_str: string('The new text of `str_replace`, and the text that `insert` inserts.') }
    : {
      new_str: string('The new text of `str_replace`; without it, `old_str` is removed.'),
      insert_text: string('Required by `insert`: the text to insert.'),
    }
  return toTool(definition, name, 'Views, creates and edits text files.', {
    command: oneOf(commands, 'The command to run.'),
    path: string('The path of the file or directory.'),
    ...FILE_MEMBERS,
    ...inserted,
  }, ['command', 'path'])
}

function decodeMemory({ definition }: Versioned): Tool {
  const commands = ['view', 'create', 'str_replace', 'insert', 'delete', 'rename']
  const text = 'Stores and reads files in the directory /memories, which persists between ' +
    'conversations. View it before a task, and record progress in it.'
  return toTool(definition, 'memory', text, {
    command: oneOf(commands, 'The command to run.'),
    path: string('The path below /memories. Required by every command except `rename`.'),
    ...FILE_MEMBERS,
    new_str: string('The new text of `str_replace`.'),
    insert_text: string('Required by `insert`: the text to insert.'),
    old_path: string('Required by `rename`: the current path.'),
    new_path: string('Required by `rename`: the new path.'),
  }, ['command'])
}

/** Members that the text editor and the memory share. */
const FILE_MEMBERS = {
  file_text: string('Required by `create`: the content of the file.'),
  old_str: string('Required by `str_replace`: the text to replace, exactly as in the file.'),
  insert_line: {
    type: 'integer',
    description: 'Required by `insert`: the line after which to insert; 0 is the beginning.',
  },
  view_range: {
    type: 'array',
    items: { type: 'integer' },
    description: 'For `view`: the first and the last line; -1 as the last line is the end.',
  },
}

/** The version that added most actions, and the one that added `zoom`. */
const MORE_ACTIONS = 20250124
const ZOOM = 20251124

function decodeComputer({ definition, version }: Versioned): Tool {
  const actions = [
    ...['key', 'type', 'mouse_move', 'left_click', 'left_click_drag', 'right_click'],
    ...['middle_click', 'double_click', 'screenshot', 'cursor_position'],
    ...(version >= MORE_ACTIONS
      ? ['left_mouse_down', 'left_mouse_up', 'scroll', 'hold_key', 'wait', 'triple_click']
      : []),
    ...(version >= ZOOM && definition['enable_zoom'] === true ? ['zoom'] : []),
  ]
  const { display_width_px: width, display_height_px: height } = definition
  const text = 'Controls the mouse and the keyboard of a computer and takes screenshots. ' +
    `The display is ${String(width)} x ${String(height)} pixels.`
  return toTool(definition, 'computer', text, {
    action: oneOf(actions, 'The action to perform.'),
    coordinate: numbers('The pixels [x, y] of the action, from the top left corner.'),
    text: string('The text to type, or the keys to press, such as `ctrl+s`.'),
    ...(version >= MORE_ACTIONS && SCROLL_MEMBERS),
    ...(actions.includes('zoom') && {
      region: numbers('Required by `zoom`: the corners [x0, y0, x1, y1] of the area.'),
    }),
  }, ['action'])
}

const SCROLL_MEMBERS = {
  start_coordinate: numbers('The pixels [x, y] where `left_click_drag` starts.'),
  duration: { type: 'number', description: 'Seconds of `hold_key` and `wait`.' },
  scroll_direction: oneOf(['up', 'down', 'left', 'right'], 'Required by `scroll`.'),
  scroll_amount: { type: 'integer', description: 'Required by `scroll`: clicks of the wheel.' },
}

function toTool(
  { name }: OtherTool,
  defaultName: string,
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): Tool {
  return {
    name: name || defaultName,
    description,
    parameters: { type: 'object', properties, required },
    strict: false,
  }
}
