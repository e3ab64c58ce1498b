import type { ChatEvent } from '../../../chat/events.ts'
import { asJsonText } from '../../json.ts'
import { decodeArguments } from './tool-arguments.ts'
import type { DecodeOptions } from '../format.ts'
import type { ToolCallPiece } from './read-message.ts'

export interface ToolCallAssembly {
  /** How many calls were announced. */
  readonly count: number
  /** The events that one message's pieces make. */
  push(pieces: readonly ToolCallPiece[]): readonly ChatEvent[]
  /** What is left to say once no piece can come any more. */
  end(): readonly ChatEvent[]
}

interface OpenCall {
  id: string
  idIsOurs: boolean
  /** Empty until some piece tells it; until then nothing is announced. */
  name: string
  /** Its place among the announced. */
  index: number | undefined
  arguments: string
  unsent: string
  /** What the first character of the arguments shows: plain JSON, or JSON inside a JSON string. */
  form: 'blank' | 'plain' | 'quoted'
}

/**
 * Puts one choice's tool calls together. Vendors send a call whole, or open it once and go on in
 * pieces without an id; calls side by side may all stand at position 0, told apart by a new id.
 */
export function createToolCallAssembly(choice: number, options: DecodeOptions): ToolCallAssembly {
  // Most answers call no tool, and a stream may carry thousands of them.
  let opened: ToolCallAssembly | undefined
  return {
    get count() {
      return opened?.count ?? 0
    },
    push(pieces) {
      if (pieces.length === 0) return []
      opened ??= openAssembly(choice, options)
      return opened.push(pieces)
    },
    end: () => opened?.end() ?? [],
  }
}

function openAssembly(choice: number, options: DecodeOptions): ToolCallAssembly {
  const calls: OpenCall[] = []
  const byId = new Map<string, OpenCall>()
  const current = new Map<number, OpenCall>()
  let count = 0

  const open = (id: string): OpenCall => {
    const call = newCall(id, options)
    calls.push(call)
    noteId(byId, call, call.id)
    return call
  }
  const announce = (call: OpenCall): readonly ChatEvent[] => {
    if (call.index !== undefined) return []
    const index = call.index = count++
    const name = options.names.decode(call.name)
    return [{ type: 'tool-call-start', choice, index, id: call.id, name }]
  }
  const advance = (piece: ToolCallPiece, position: number): readonly ChatEvent[] => {
    const known = byId.get(piece.id)
    const call = known ?? findCall(calls, current.get(position), piece) ?? open(piece.id)
    current.set(position, call)
    if (call.idIsOurs && piece.id !== '') noteId(byId, call, piece.id)
    extend(call, piece)
    if (piece.signature !== '') options.signatures?.record(call.id, piece.signature)
    return call.name === '' ? [] : [...announce(call), ...takeArguments(call, choice)]
  }

  return {
    get count() {
      return count
    },
    push: (pieces) => pieces.flatMap((piece, position) => advance(piece, piece.index ?? position)),
    end: () => calls.flatMap((call) => closeCall(call, choice)),
  }
}

/** Of calls with one id the first is found. */
function noteId(byId: Map<string, OpenCall>, call: OpenCall, id: string): void {
  if (byId.get(call.id) === call) byId.delete(call.id)
  call.id = id
  if (!byId.has(id)) byId.set(id, call)
}

/** The call that a piece with no known id belongs to; none when the piece opens one. */
function findCall(
  calls: readonly OpenCall[],
  here: OpenCall | undefined,
  { id, name }: ToolCallPiece,
): OpenCall | undefined {
  if (id === '' && name === '') return here ?? calls.at(-1)
  const isNaming = here?.name === '' && name !== '' && (id === '' || here.idIsOurs)
  return isNaming ? here : undefined
}

function newCall(id: string, { randomId }: DecodeOptions): OpenCall {
  return {
    id: id || `call${randomId()}`,
    idIsOurs: id === '',
    name: '',
    index: undefined,
    arguments: '',
    unsent: '',
    form: 'blank',
  }
}

function extend(call: OpenCall, piece: ToolCallPiece): void {
  if (call.name === '') call.name = piece.name
  const text = asJsonText(piece.arguments)
  // A call that is announced again tells all of its arguments again.
  if (piece.id !== '' && text === call.arguments) return
  call.arguments += text
  call.unsent += text
  if (call.form === 'blank') call.form = formOf(text)
}

/** Looks at a piece alone: all pieces together, read again for each, would take quadratic time. */
function formOf(text: string): OpenCall['form'] {
  const start = text.search(/\S/)
  if (start < 0) return 'blank'
  return text[start] === '"' ? 'quoted' : 'plain'
}

function takeArguments(call: OpenCall, choice: number): readonly ChatEvent[] {
  const { form, index, unsent } = call
  if (form !== 'plain' || index === undefined || unsent === '') return []
  call.unsent = ''
  return [{ type: 'tool-call-delta', choice, index, arguments: unsent }]
}

function closeCall(call: OpenCall, choice: number): readonly ChatEvent[] {
  const { form, index } = call
  if (form === 'plain' || index === undefined) return []
  return [{ type: 'tool-call-delta', choice, index, arguments: decodeArguments(call.arguments) }]
}
