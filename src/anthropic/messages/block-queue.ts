import { ApiError } from '../../errors.ts'
import { InputScanner } from './input-scanner.ts'
import type { CallName } from './toolsets.ts'
import { SIGNATURE } from './wire.ts'

type TextKind = 'text' | 'refusal' | 'thinking'

interface Block {
  kind: TextKind | 'tool'
  /** Index of a tool call. */
  call: number | undefined
  /** JSON of the `content_block` in its start event. */
  startJson: string
  /** Deltas received before the block is first in the queue. */
  buffered: string
  /** The arguments of a tool call so far. */
  input: InputScanner
}

/**
 * Writes content blocks one after the other, as Anthropic's stream requires. The first open block is
 * written as it grows; deltas of later ones, such as parallel tool calls, are buffered until the
 * blocks before are complete.
 */
export class BlockQueue {
  /** The block at `#first` is open. The blocks after it are not written yet. */
  #blocks: Block[] = []
  #first = 0
  /** The latest block of each call that is still in the queue. */
  readonly #calls = new Map<number, Block>()
  #index = 0

  /** Adds text. Consecutive texts of one kind are one block. */
  addText(kind: TextKind, text: string): string {
    if (text === '') return ''
    const last = this.#blocks.at(-1)
    if (last?.kind === kind) return this.#add(last, text)
    const block = newBlock(kind, START_JSON[kind])
    return this.#append(block) + this.#add(block, text)
  }

  startCall({ index, id, ...named }: CallName & { index: number; id: string }): string {
    const call = { type: 'tool_use', id, name: named.name, toolset_name: named.toolset_name }
    const startJson = JSON.stringify({ ...call, input: {}, caller: { type: 'direct' } })
    const block = { ...newBlock('tool', startJson), call: index }
    this.#calls.set(index, block)
    return this.#append(block)
  }

  addArguments(index: number, json: string): string {
    const block = this.#calls.get(index)
    if (!block && json.trim() !== '') throw unexpected(index)
    // JSON allows fewer whitespace characters than JavaScript: leading ones are dropped.
    const added = block?.input.isEmpty ? json.trimStart() : json
    if (!block || added === '') return ''
    block.input.add(added)
    const written = this.#add(block, added)
    return block === this.#blocks[this.#first] ? written + this.#advance() : written
  }

  /** Closes all blocks. */
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

  #add(block: Block, text: string): string {
    if (block === this.#blocks[this.#first]) return this.#delta(block, text)
    block.buffered += text
    return ''
  }

  /** Closes complete blocks that have others after them. */
  #advance(): string {
    let written = ''
    while (this.#waiting > 1 && isComplete(this.#blocks[this.#first])) written += this.#close()
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

  /** Not `shift()`, which moves all later blocks. */
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
      `"index":${this.#index},"content_block":${block.startJson}}\n\n`
    return block.buffered === '' ? start : start + this.#delta(block, block.buffered)
  }

  #ending(block: Block): string {
    if (block.kind === 'thinking') {
      return this.#event(`"delta":{"type":"signature_delta","signature":"${SIGNATURE}"}`)
    }
    return block.kind === 'tool' && block.input.isEmpty ? this.#delta(block, '{}') : ''
  }

  #delta({ kind }: Block, text: string): string {
    return this.#event(`"delta":${DELTAS[kind]}${JSON.stringify(text)}}`)
  }

  /** A template takes half the time of `JSON.stringify()` of the whole event. */
  #event(delta: string): string {
    return 'event: content_block_delta\ndata: {"type":"content_block_delta",' +
      `"index":${this.#index},${delta}}\n\n`
  }
}

const TEXT = '{"type":"text","text":"","citations":null}'
const START_JSON: Readonly<Record<TextKind, string>> = {
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

function newBlock(kind: Block['kind'], startJson: string): Block {
  return { kind, call: undefined, startJson, buffered: '', input: new InputScanner() }
}

/** Text is complete when another block follows, a tool call when its arguments are. */
function isComplete(block: Block | undefined): boolean {
  return block?.kind !== 'tool' || block.input.isComplete()
}

function unexpected(index: number): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read OCI's reply: arguments for tool call ${index}, which has ended or not started`,
  )
}
