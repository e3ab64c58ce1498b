import { ApiError } from '../../errors.ts'
import { InputScanner } from './input-scanner.ts'
import { SIGNATURE } from './wire.ts'

type Words = 'text' | 'refusal' | 'thinking'

interface Block {
  kind: Words | 'tool'
  /** The place of a tool's call among the calls. */
  call: number | undefined
  /** The `content_block` it begins with. */
  opening: string
  /** What was said of it before it was its turn. */
  held: string
  /** A tool's arguments so far. */
  input: InputScanner
}

/**
 * Blocks of content one after the other, as text. The first one is passed on as it grows; what is
 * said of a later one, such as a tool called at the same time, waits until those before it are
 * whole.
 */
export class BlockQueue {
  /** The one at `#first` is open; a client has not heard of those behind it. */
  #blocks: Block[] = []
  #first = 0
  /** The latest block of each call, as long as it is in the queue. */
  readonly #calls = new Map<number, Block>()
  #index = 0

  /** Words of the answer; those of one kind without others between them are one block. */
  say(kind: Words, words: string): string {
    if (words === '') return ''
    const last = this.#blocks.at(-1)
    if (last?.kind === kind) return this.#add(last, words)
    const block = newBlock(kind, OPENINGS[kind])
    return this.#append(block) + this.#add(block, words)
  }

  startCall({ index, id, name }: { index: number; id: string; name: string }): string {
    const opening =
      `{"type":"tool_use","id":${JSON.stringify(id)},"name":${JSON.stringify(name)},` +
      '"input":{},"caller":{"type":"direct"}}'
    const block = { ...newBlock('tool', opening), call: index }
    this.#calls.set(index, block)
    return this.#append(block)
  }

  addArguments(index: number, json: string): string {
    const block = this.#calls.get(index)
    if (!block && json.trim() !== '') throw unexpected(index)
    // JSON knows fewer blanks than JavaScript: those before the first word are left out.
    const said = block?.input.isEmpty ? json.trimStart() : json
    if (!block || said === '') return ''
    block.input.add(said)
    const added = this.#add(block, said)
    return block === this.#blocks[this.#first] ? added + this.#advance() : added
  }

  /** Nothing more comes of any of them. */
  end(): string {
    let written = ''
    while (this.#waiting > 0) written += this.#close()
    return written
  }

  get #waiting(): number {
    return this.#blocks.length - this.#first
  }

  #append(block: Block): string {
    this.#blocks.push(block)
    return this.#waiting === 1 ? this.#open(block) : this.#advance()
  }

  #add(block: Block, words: string): string {
    if (block === this.#blocks[this.#first]) return this.#delta(block, words)
    block.held += words
    return ''
  }

  /** Closes the blocks that have others behind them and are known to be whole. */
  #advance(): string {
    let written = ''
    while (this.#waiting > 1 && isWhole(this.#blocks[this.#first])) written += this.#close()
    return written
  }

  #close(): string {
    const block = this.#takeFirst()
    const next = this.#blocks[this.#first]
    const ending = block ? this.#ending(block) : ''
    const stop = 'event: content_block_stop\ndata: {"type":"content_block_stop",' +
      `"index":${this.#index}}\n\n`
    this.#index++
    return ending + stop + (next ? this.#open(next) : '')
  }

  /** Without `shift()`, which moves all blocks behind the first one. */
  #takeFirst(): Block | undefined {
    const block = this.#blocks[this.#first++]
    if (block?.call !== undefined && this.#calls.get(block.call) === block) {
      this.#calls.delete(block.call)
    }
    if (this.#waiting === 0) {
      this.#blocks = []
      this.#first = 0
    }
    return block
  }

  #open(block: Block): string {
    const start = 'event: content_block_start\ndata: {"type":"content_block_start",' +
      `"index":${this.#index},"content_block":${block.opening}}\n\n`
    return block.held === '' ? start : start + this.#delta(block, block.held)
  }

  #ending(block: Block): string {
    if (block.kind === 'thinking') {
      return this.#event(`"delta":{"type":"signature_delta","signature":"${SIGNATURE}"}`)
    }
    return block.kind === 'tool' && block.input.isEmpty ? this.#delta(block, '{}') : ''
  }

  #delta({ kind }: Block, words: string): string {
    return this.#event(`"delta":${DELTAS[kind]}${JSON.stringify(words)}}`)
  }

  /** A template takes half the time of a JSON.stringify of the whole. */
  #event(delta: string): string {
    return 'event: content_block_delta\ndata: {"type":"content_block_delta",' +
      `"index":${this.#index},${delta}}\n\n`
  }
}

const TEXT = '{"type":"text","text":"","citations":null}'
const OPENINGS: Readonly<Record<Words, string>> = {
  text: TEXT,
  refusal: TEXT,
  thinking: '{"type":"thinking","thinking":"","signature":""}',
}

const TEXT_DELTA = '{"type":"text_delta","text":'
const DELTAS: Readonly<Record<Block['kind'], string>> = {
  text: TEXT_DELTA,
  refusal: TEXT_DELTA,
  thinking: '{"type":"thinking_delta","thinking":',
  tool: '{"type":"input_json_delta","partial_json":',
}

function newBlock(kind: Block['kind'], opening: string): Block {
  return { kind, call: undefined, opening, held: '', input: new InputScanner() }
}

/** Words are whole when other things follow; a call is when its arguments are. */
function isWhole(block: Block | undefined): boolean {
  return block?.kind !== 'tool' || block.input.isWhole()
}

function unexpected(index: number): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read the answer: arguments came for tool call ${index}, which is over or never began`,
  )
}
