import type { JsonSchema } from '../../chat/model.ts'
import { numbers, oneOf, string } from './schema-parts.ts'

/** A member of a toolset: its description, the members of its input, and those that it requires. */
export type ToolsetMember = readonly [
  description: string,
  properties?: Readonly<Record<string, JsonSchema>>,
  required?: readonly string[],
]

const DIRECTIONS = ['up', 'down', 'left', 'right']
const SECONDS: JsonSchema = { type: 'number', description: 'Duration in seconds.' }
const KEYS = string('The key or key combination, such as "ctrl+s".')
const REPEAT: JsonSchema = { type: 'integer', description: 'Number of times to repeat.' }
const REGION = numbers('The corners [x0, y0, x1, y1] of the region, in pixels of a screenshot.')
const COORDINATE = numbers('The pixels [x, y] from the left and the top edge.')

/** Clicks are at the cursor without a coordinate. */
const CLICK = {
  coordinate: COORDINATE,
  text: string('Keys to hold down during the action, such as "ctrl".'),
}

/** The members of `computer_toolset_20260801`. */
export const COMPUTER: Readonly<Record<string, ToolsetMember>> = {
  key: ['Presses a key or key combination.', { text: KEYS, repeat: REPEAT }, ['text']],
  hold_key: ['Holds a key or key combination down.', { text: KEYS, duration: SECONDS }, [
    'text',
    'duration',
  ]],
  type: ['Types a text.', { text: string('The text to type.') }, ['text']],
  cursor_position: ['Returns the pixel coordinate of the cursor.'],
  mouse_move: ['Moves the cursor without clicking.', { coordinate: COORDINATE }, ['coordinate']],
  left_mouse_down: ['Presses the left mouse button at the cursor and holds it.'],
  left_mouse_up: ['Releases the left mouse button.'],
  left_click: ['Clicks the left mouse button.', CLICK],
  left_click_drag: [
    'Drags from `start_coordinate` to `coordinate`.',
    { ...CLICK, start_coordinate: COORDINATE },
    ['coordinate', 'start_coordinate'],
  ],
  right_click: ['Clicks the right mouse button.', CLICK],
  middle_click: ['Clicks the middle mouse button.', CLICK],
  double_click: ['Double-clicks the left mouse button.', CLICK],
  triple_click: ['Triple-clicks the left mouse button.', CLICK],
  scroll: ['Scrolls the screen.', {
    ...CLICK,
    scroll_direction: oneOf(DIRECTIONS, 'The direction.'),
    scroll_amount: { type: 'integer', description: 'Clicks of the wheel.' },
  }, ['scroll_direction', 'scroll_amount']],
  wait: ['Waits.', { duration: SECONDS }, ['duration']],
  screenshot: ['Takes a screenshot of the screen.'],
  zoom: ['Takes a screenshot of a region, scaled up.', { region: REGION }, ['region']],
}

const TAB = { tab_id: string('The tab to act on; by default the active tab.') }
const POINT: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['coordinate'] },
    x: { type: 'number' },
    y: { type: 'number' },
  },
  required: ['type', 'x', 'y'],
  description: 'A point in the viewport, in pixels.',
}
const REFERENCE: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['ref'] },
    ref: string('Reference of an element, such as "ref_7", from read_page or find.'),
  },
  required: ['type', 'ref'],
  description: 'An element of the page.',
}
const ANY_TARGET: JsonSchema = {
  type: 'object',
  properties: {
    type: oneOf(['coordinate', 'ref'], 'Whether x and y, or ref are given.'),
    x: { type: 'number', description: 'Viewport pixels from the left edge.' },
    y: { type: 'number', description: 'Viewport pixels from the top edge.' },
    ref: string('Reference of an element, such as "ref_7", from read_page or find.'),
  },
  required: ['type'],
}
const MODIFIERS = { modifiers: string('Keys to hold down, such as "ctrl+shift".') }

function click(description: string): ToolsetMember {
  return [description, { target: ANY_TARGET, ...MODIFIERS, ...TAB }, ['target']]
}

function point(description: string): ToolsetMember {
  return [description, { target: POINT, ...TAB }, ['target']]
}

function inTab(
  description: string,
  properties: Readonly<Record<string, JsonSchema>> = {},
  required: readonly string[] = Object.keys(properties),
): ToolsetMember {
  return [description, { ...properties, ...TAB }, required]
}

/** The members of `browser_toolset_20260801`. */
export const BROWSER: Readonly<Record<string, ToolsetMember>> = {
  navigate: inTab('Opens a URL, or goes "back", "forward" or does a "reload".', {
    url: string('The URL, or "back", "forward" or "reload".'),
  }),
  list_tabs: ['Lists all open tabs with their ids, titles and URLs.'],
  new_tab: ['Opens an empty tab and returns its id.'],
  switch_tab: ['Makes a tab the active one.', { tab_id: string('The tab.') }, ['tab_id']],
  close_tab: ['Closes a tab.', { tab_id: string('The tab.') }, ['tab_id']],
  read_page: inTab('Returns the accessibility tree of the page with references of elements.', {
    depth: { type: 'integer', description: 'Maximum depth of the tree, by default 15.' },
    filter: oneOf(['all', 'interactive'], 'Which elements; by default every visible one.'),
    ref: string('Reference of the element to start at.'),
  }, []),
  get_page_text: inTab("Returns the page's visible text."),
  read_console: inTab('Returns the console output since the last read.'),
  read_network: inTab('Returns the network requests since the last read.'),
  find: inTab('Finds elements and returns references of them.', {
    query: string('Description of the elements in natural language.'),
  }),
  form_input: inTab('Sets the value of a form element.', {
    target: REFERENCE,
    value: {
      anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
      description: 'A boolean for checkboxes, a value or text for selects.',
    },
  }),
  file_upload: inTab('Sets the files of a file input.', {
    target: REFERENCE,
    paths: { type: 'array', items: { type: 'string' }, description: 'Paths of the files.' },
    document_ids: { type: 'array', items: { type: 'string' }, description: 'Ids of the files.' },
  }, ['target']),
  scroll_to: inTab('Scrolls an element into view.', { target: REFERENCE }),
  screenshot: inTab('Takes a screenshot of the viewport.'),
  zoom: inTab('Takes a screenshot of a region, scaled up.', { region: REGION }),
  left_click: click('Clicks the left mouse button.'),
  right_click: click('Clicks the right mouse button.'),
  middle_click: click('Clicks the middle mouse button.'),
  double_click: click('Double-clicks the left mouse button.'),
  triple_click: click('Triple-clicks the left mouse button.'),
  hover: inTab('Moves the cursor to a point or element.', { target: ANY_TARGET }),
  left_click_drag: inTab('Drags from one point to another.', { from: POINT, target: POINT }),
  left_mouse_down: point('Presses the left mouse button and holds it.'),
  left_mouse_up: point('Releases the left mouse button.'),
  mouse_move: point('Moves the pointer without clicking.'),
  scroll: inTab('Scrolls at a point.', {
    target: POINT,
    scroll_direction: oneOf(DIRECTIONS, 'The direction.'),
    scroll_amount: { type: 'integer', description: 'Notches of the wheel from 1 to 10.' },
  }, ['target', 'scroll_direction']),
  type: inTab('Types a text at the focus.', { text: string('The text to type.') }),
  key: inTab('Presses keys.', { text: KEYS, repeat: REPEAT }, ['text']),
  hold_key: inTab('Holds a key down.', { text: KEYS, duration: SECONDS }),
  wait: inTab('Waits.', { duration: SECONDS }),
  javascript_exec: inTab('Runs JavaScript in the page and returns the last expression.', {
    text: string('The code, without `return`.'),
  }),
}
