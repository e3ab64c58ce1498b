import { type DirectiveName, type Directives, numberOf, textOf } from './directives.ts'

/** A chunk of a body and the milliseconds to wait before it. */
export interface Chunk {
  bytes: Uint8Array<ArrayBuffer>
  delay: number
}

/** What happens after the last chunk. */
export type Tail = 'close' | 'stay-open' | 'fail'

/** The chunks of a body and its end. */
export interface Plan {
  chunks: readonly Chunk[]
  tail: Tail
}

/** The events of a stream, before the directives are applied. */
export interface EventStream {
  events: readonly object[]
  endsWithDone: boolean
  /** Creates an event with a text delta, for `big`. */
  textEvent(text: string): object
  /** Milliseconds between events. */
  delay: number
  /** The value of `event:`, if events have names. */
  nameOf?(event: object): string
  /** The format's own error events; `undefined` for the kinds that all streams share. */
  errorEvent?(kind: string): object | undefined
}

/** Error events. No recording of one exists, so a directive selects the format. */
const ERRORS = new Map<string, string>([
  ['oci', 'data: {"code":"500","message":"Internal Server Error"}'],
  [
    'openai',
    'data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}',
  ],
  ['named', 'event: error\ndata: {"code":"500","message":"Internal Server Error"}'],
])

const INTERRUPTIONS: readonly [name: DirectiveName, tail: Tail][] = [
  ['cut-after', 'fail'],
  ['end-after', 'close'],
  ['stall-after', 'stay-open'],
]

/** The first half of a body if a directive interrupts the response, else `undefined`. */
export function planPartialBody(text: string, directives: Directives): Plan | undefined {
  const interruption = interruptionOf(directives)
  const bytes = new TextEncoder().encode(text)
  const half = bytes.slice(0, bytes.byteLength / 2)
  return interruption && { chunks: [{ bytes: half, delay: 0 }], tail: interruption.tail }
}

/** Encodes events as server-sent events and applies the directives. */
export function planStream(stream: EventStream, directives: Directives): Plan {
  const lines = linesOf(stream, directives)
  const { kept, tail } = interruptionOff(lines, stream, directives)
  const separator = separatorOf(directives)
  const ending = /\r\n|\r|\n/.exec(separator)?.[0] ?? '\n'
  const texts = kept.map((line) => line.replaceAll('\n', ending) + separator)
  const delay = numberOf(directives, 'delay') ?? stream.delay
  const first = numberOf(directives, 'first-delay') ?? delay
  const encoder = new TextEncoder()
  const whole = texts.map((text, at) => ({
    bytes: encoder.encode(at === 0 && directives.has('bom') ? `\uFEFF${text}` : text),
    delay: at === 0 ? first : delay,
  }))
  const size = numberOf(directives, 'split')
  return { chunks: size === undefined ? whole : whole.flatMap((chunk) => cut(chunk, size)), tail }
}

function linesOf(stream: EventStream, directives: Directives): readonly string[] {
  const padded = directives.has('no-pad') ? stream.events : stream.events.map(withPad)
  const [first, ...rest] = padded.map((event) => frame(event, stream))
  const isDone = directives.has('done') || (stream.endsWithDone && !directives.has('no-done'))
  const lines = [
    ...(first === undefined ? [] : [first]),
    ...extraEvents(stream, directives),
    ...rest,
    ...(isDone ? ['data: [DONE]'] : []),
  ]
  return directives.has('comments') ? lines.map((line) => `: keep-alive\n${line}`) : lines
}

function frame(event: object, { nameOf }: EventStream): string {
  const data = `data: ${JSON.stringify(event)}`
  return nameOf ? `event: ${nameOf(event)}\n${data}` : data
}

/** Adds OCI's pad: one to eleven letters that obscure the length of an event. */
function withPad(event: object, at: number): object {
  return { ...event, pad: 'a'.repeat(1 + (at * 7 + 3) % 11) }
}

function extraEvents(stream: EventStream, directives: Directives): readonly string[] {
  const big = numberOf(directives, 'big')
  return [
    ...(directives.has('garbage') ? ['data: {"index":0,"mess'] : []),
    ...(directives.has('unknown') ? ['data: {"heartbeat":{"sequence":1}}'] : []),
    ...(big === undefined ? [] : [frame(stream.textEvent('x'.repeat(big)), stream)]),
  ]
}

function interruptionOff(
  lines: readonly string[],
  stream: EventStream,
  directives: Directives,
): { kept: readonly string[]; tail: Tail } {
  const interruption = interruptionOf(directives)
  if (interruption) return { kept: lines.slice(0, interruption.after), tail: interruption.tail }
  const error = textOf(directives, 'error-event')
  if (error === undefined) {
    return { kept: lines, tail: directives.has('open') ? 'stay-open' : 'close' }
  }
  const own = stream.errorEvent?.(error)
  const event = own ? frame(own, stream) : ERRORS.get(error) ?? ERRORS.get('oci') ?? ''
  return { kept: [...lines.slice(0, 2), event], tail: 'close' }
}

function interruptionOf(directives: Directives): { after: number; tail: Tail } | undefined {
  const found = INTERRUPTIONS.find(([name]) => directives.has(name))
  return found && { after: numberOf(directives, found[0]) ?? 0, tail: found[1] }
}

function separatorOf(directives: Directives): string {
  const ending = directives.has('crlf') ? '\r\n' : directives.has('cr') ? '\r' : '\n'
  return directives.has('single-newline') ? ending : ending + ending
}

/** Splits a chunk; only its first part is delayed. */
function cut({ bytes, delay }: Chunk, size: number): readonly Chunk[] {
  const count = Math.ceil(bytes.byteLength / Math.max(1, size))
  return Array.from({ length: count }, (_, at) => ({
    bytes: bytes.slice(at * size, (at + 1) * size),
    delay: at === 0 ? delay : 0,
  }))
}
