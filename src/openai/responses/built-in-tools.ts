import type { JsonObject } from '../../json-object.ts'
import type { JsonSchema } from '../../chat/model.ts'
import { ACTION_SCHEMA } from './computer-actions.ts'
import { asObject, asText } from '../loose-json.ts'

/** The tools with a type of their own that the client executes. */
const BUILT_IN_TYPES = [
  ...(['shell', 'local_shell', 'apply_patch', 'tool_search'] as const),
  ...(['computer', 'computer_use_preview'] as const),
]
export type BuiltInType = typeof BUILT_IN_TYPES[number]

/** A built-in tool as the function that is offered to the model. */
export interface BuiltInTool {
  type: BuiltInType
  description: string
  parameters: JsonSchema
}

/** Whether the client may execute tools of this type. */
export function isBuiltInType(type: string): type is BuiltInType {
  return BUILT_IN_TYPES.some((each) => each === type)
}

/** Describes a built-in tool as a function; `undefined` if OpenAI executes it or it is unknown. */
export function describeBuiltIn(tool: JsonObject): BuiltInTool | undefined {
  const type = asText(tool['type'])
  if (!isBuiltInType(type) || !isClientExecuted(type, tool)) return undefined
  return { type, ...FUNCTIONS[type], ...ownDefinition(type, tool) }
}

function isClientExecuted(type: BuiltInType, { environment, execution }: JsonObject): boolean {
  switch (type) {
    case 'local_shell':
    case 'apply_patch':
    case 'computer':
    case 'computer_use_preview':
      return true
    case 'shell':
      return !asText(asObject(environment)?.['type']).startsWith('container')
    case 'tool_search':
      return execution === 'client'
  }
}

/** What the definition says about the tool. A client describes its tool search itself. */
function ownDefinition(type: BuiltInType, tool: JsonObject): Partial<BuiltInTool> {
  const { description, display_width: width, display_height: height, environment } = tool
  if (type === 'computer_use_preview') {
    const display = `The display is ${String(width)} x ${String(height)} pixels`
    return { description: `${CONTROLS} ${display} (${asText(environment)}).` }
  }
  if (type !== 'tool_search') return {}
  const schema = asObject(tool['parameters'])
  return {
    ...(typeof description === 'string' && description !== '' && { description }),
    ...(schema && { parameters: schema }),
  }
}

const CONTROLS = 'Controls the mouse and the keyboard of a computer and returns a screenshot.'

/** The arguments are the members of OpenAI's items, so that histories have the same form. */
const FUNCTIONS: Readonly<Record<BuiltInType, Omit<BuiltInTool, 'type'>>> = {
  shell: {
    description: "Runs shell commands in the client's environment and returns their output.",
    parameters: wrap('action', {
      commands: {
        type: 'array',
        items: { type: 'string' },
        description: 'Ordered shell commands for the execution environment to run.',
      },
      timeout_ms: {
        type: 'integer',
        description: 'Maximum wall-clock time in milliseconds to allow the commands to run.',
      },
      max_output_length: {
        type: 'integer',
        description: 'Maximum number of UTF-8 characters to capture from the output.',
      },
    }, ['commands']),
  },
  local_shell: {
    description: "Runs a command on the client's computer and returns its output.",
    parameters: wrap('action', {
      type: { type: 'string', enum: ['exec'] },
      command: { type: 'array', items: { type: 'string' }, description: 'The command to run.' },
      env: { type: 'object', description: 'Environment variables to set for the command.' },
      timeout_ms: { type: 'integer', description: 'Optional timeout in milliseconds.' },
      user: { type: 'string', description: 'Optional user to run the command as.' },
      working_directory: { type: 'string', description: 'Optional directory to run in.' },
    }, ['type', 'command']),
  },
  apply_patch: {
    description: 'Creates, deletes or updates a file with a unified diff (V4A format).',
    parameters: wrap('operation', {
      type: { type: 'string', enum: ['create_file', 'delete_file', 'update_file'] },
      path: { type: 'string', description: 'Path of the file, relative to the workspace root.' },
      diff: {
        type: 'string',
        description: 'Unified diff in V4A format. Required except for delete_file.',
      },
    }, ['type', 'path']),
  },
  tool_search: {
    description: 'Searches for more tools. The tools that it finds can be called afterwards.',
    parameters: {
      type: 'object',
      properties: { query: { type: 'string', description: 'What the tools should do.' } },
      required: ['query'],
    },
  },
  computer: {
    description: CONTROLS,
    parameters: {
      type: 'object',
      properties: {
        actions: {
          type: 'array',
          items: ACTION_SCHEMA,
          description: 'The actions to perform, in this order.',
        },
      },
      required: ['actions'],
    },
  },
  computer_use_preview: {
    description: CONTROLS,
    parameters: {
      type: 'object',
      properties: { action: ACTION_SCHEMA },
      required: ['action'],
    },
  },
}

function wrap(
  member: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): JsonSchema {
  return {
    type: 'object',
    properties: { [member]: { type: 'object', properties, required } },
    required: [member],
  }
}
