import { ApiError } from '../../errors.ts'
import { isWholeInput } from './encode.ts'
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
  json: string
}

/**
 * Blocks of content one after the other, as text. The first one is passed on as it grows; what is
 * said of a later one, such as a tool called at the same time, waits until those before it are
 * whole.
 */
export class BlockQueue {
  /** The first one is open; a client has not heard of the others. */
  readonly #blocks: Block[] = []
  #index = 0

  /** Words of the answer; those of one kind without others between them are one block. */
  say(kind: Words, words: string): string {
    if (words === '') return ''
    const last = this.#blocks.at(-1)
    if (last?.kind === kind) return this.#add(last, words)
    return this.#append(newBlock(kind, OPENINGS[kind])) + this.#add(this.#blocks.at(-1), words)
  }

  startCall({ index, id, name }: { index: number; id: string; name: string }): string {
    const opening =
      `{"type":"tool_use","id":${JSON.stringify(id)},"name":${JSON.stringify(name)},` +
      '"input":{},"caller":{"type":"direct"}}'
    return this.#append({ ...newBlock('tool', opening), call: index })
  }

  addArguments(index: number, json: string): string {
    const block = this.#blocks.findLast(({ call }) => call === index)
    if (!block && json.trim() !== '') throw unexpected(index)
    // Blanks before the first word are nobody's, and no JSON knows all that JavaScript calls so.
    const said = block?.json === '' ? json.trimStart() : json
    if (!block || said === '') return ''
    block.json += said
    const added = this.#add(block, said)
    return block === this.#blocks[0] ? added + this.#advance() : added
  }

  /** Nothing more comes of any of them. */
  end(): string {
    let written = ''
    while (this.#blocks.length > 0) written += this.#close()
    return written
  }

  #append(block: Block): string {
    this.#blocks.push(block)
    return this.#blocks.length === 1 ? this.#open(block) : this.#advance()
  }

  #add(block: Block | undefined, words: string): string {
    if (!block) return ''
    if (block === this.#blocks[0]) return this.#delta(block, words)
    block.held += words
    return ''
  }

  /** Closes the blocks that have others behind them and are known to be whole. */
  #advance(): string {
    let written = ''
    while (this.#blocks.length > 1 && isWhole(this.#blocks[0])) written += this.#close()
    return written
  }

  #close(): string {
    const block = this.#blocks.shift()
    const [next] = this.#blocks
    const ending = block ? this.#ending(block) : ''
    const stop = 'event: content_block_stop\ndata: {"type":"content_block_stop",' +
      `"index":${this.#index}}\n\n`
    this.#index++
    return ending + stop + (next ? this.#open(next) : '')
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
    return block.kind === 'tool' && block.json === '' ? this.#delta(block, '{}') : ''
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
  return { kind, call: undefined, opening, held: '', json: '' }
}

/** Words are whole when other things follow; a call is when its arguments are. */
function isWhole(block: Block | undefined): boolean {
  return block?.kind !== 'tool' || isWholeInput(block.json)
}

function unexpected(index: number): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read the answer: arguments came for tool call ${index}, which is over or never began`,
  )
}
