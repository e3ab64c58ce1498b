import type { JsonObject } from '../../json-object.ts'
import type { JsonSchema } from '../../chat/model.ts'
import { asObject, asText } from '../loose-json.ts'
import type { ComputerAction } from './wire.ts'

const TYPES = [
  ...['click', 'double_click', 'drag', 'keypress', 'move'],
  ...['screenshot', 'scroll', 'type', 'wait'],
]
const BUTTONS = ['left', 'right', 'wheel', 'back', 'forward'] as const
const POINT = { x: { type: 'integer' }, y: { type: 'integer' } }

/** One action, with the members of OpenAI's items in one object. */
export const ACTION_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', enum: TYPES },
    ...POINT,
    button: { type: 'string', enum: BUTTONS, description: 'Required by click.' },
    keys: {
      type: 'array',
      items: { type: 'string' },
      description: 'The keys of keypress, or the keys to hold down during another action.',
    },
    path: {
      type: 'array',
      items: { type: 'object', properties: POINT, required: ['x', 'y'] },
      description: 'The points of drag.',
    },
    scroll_x: { type: 'integer', description: 'Horizontal distance of scroll.' },
    scroll_y: { type: 'integer', description: 'Vertical distance of scroll.' },
    text: { type: 'string', description: 'The text of type.' },
  },
  required: ['type'],
}

/** Reads an action as a model writes it, with the members that OpenAI requires. */
export function computerAction(written: unknown): ComputerAction {
  const action = asObject(written) ?? {}
  const { type, text } = action
  const keys = textsOf(action['keys'])
  const held = keys.length > 0 ? keys : null
  switch (type) {
    case 'click': {
      const button = BUTTONS.find((each) => each === action['button']) ?? 'left'
      return { type, button, ...pointOf(action), keys: held }
    }
    case 'double_click':
    case 'move':
      return { type, ...pointOf(action), keys: held }
    case 'drag':
      return { type, path: listOf(action['path']).map(pointOf), keys: held }
    case 'keypress':
      return { type, keys }
    case 'scroll': {
      const [scroll_x, scroll_y] = [numberOf(action['scroll_x']), numberOf(action['scroll_y'])]
      return { type, ...pointOf(action), scroll_x, scroll_y, keys: held }
    }
    case 'type':
      return { type, text: asText(text) }
    case 'wait':
      return { type }
    default:
      // Harmless, and the model sees what happened.
      return { type: 'screenshot' }
  }
}

/** Reads a list of actions, or one action. */
export function computerActions(written: JsonObject): ComputerAction[] {
  const { actions, action } = written
  if (Array.isArray(actions)) return actions.map(computerAction)
  return [computerAction(actions ?? action ?? written)]
}

function pointOf(value: unknown): { x: number; y: number } {
  const [left, top] = Array.isArray(value) ? value : []
  const { x = left, y = top } = asObject(value) ?? {}
  return { x: numberOf(x), y: numberOf(y) }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: unknown): string[] {
  const list = typeof value === 'string' ? [value] : listOf(value)
  return list.filter((text) => typeof text === 'string')
}
