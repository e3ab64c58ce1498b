import type { ChatEvent } from '../../../chat/events.ts'
import { asJsonText } from '../../json.ts'
import { decodeArguments } from './tool-arguments.ts'
import type { DecodeOptions } from '../format.ts'
import type { ToolCallPiece } from './read-message.ts'

export interface ToolCallAssembly {
  /** The number of announced calls. */
  readonly count: number
  /** Returns the events of the pieces of one message. */
  push(pieces: readonly ToolCallPiece[]): readonly ChatEvent[]
  /** Returns the remaining events after the last piece. */
  end(): readonly ChatEvent[]
}

interface OpenCall {
  id: string
  isIdGenerated: boolean
  /** Empty until a piece contains it; the call is announced then. */
  name: string
  /** Its position among the announced calls. */
  index: number | undefined
  arguments: string
  unsent: string
  /** Decided by the first character of the arguments: JSON, or JSON inside a JSON string. */
  form: 'blank' | 'plain' | 'quoted'
}

/**
 * Assembles the tool calls of one choice. Vendors send a complete call, or start one and continue in
 * pieces without an id. Parallel calls may all have position 0 and differ only in their ids.
 */
export function createToolCallAssembly(choice: number, options: DecodeOptions): ToolCallAssembly {
  // Created on demand: most choices call no tool, and a stream can have thousands of choices.
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
    setId(byId, call, call.id)
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
    if (call.isIdGenerated && piece.id !== '') setId(byId, call, piece.id)
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

/** The first of several calls with the same id is found by it. */
function setId(byId: Map<string, OpenCall>, call: OpenCall, id: string): void {
  if (byId.get(call.id) === call) byId.delete(call.id)
  call.id = id
  if (!byId.has(id)) byId.set(id, call)
}

/** The call that a piece without a known id belongs to; `undefined` when the piece starts one. */
function findCall(
  calls: readonly OpenCall[],
  current: OpenCall | undefined,
  { id, name }: ToolCallPiece,
): OpenCall | undefined {
  if (id === '' && name === '') return current ?? calls.at(-1)
  const isNaming = current?.name === '' && name !== '' && (id === '' || current.isIdGenerated)
  return isNaming ? current : undefined
}

function newCall(id: string, { randomId }: DecodeOptions): OpenCall {
  return {
    id: id || `call${randomId()}`,
    isIdGenerated: id === '',
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
  // A vendor that repeats a call's id repeats its complete arguments.
  if (piece.id !== '' && text === call.arguments) return
  call.arguments += text
  call.unsent += text
  if (call.form === 'blank') call.form = formOf(text)
}

/** Reads one piece: joining all pieces for each new one would take quadratic time. */
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
