import { isBuiltInType } from './built-in-tools.ts'
import { itemAdded, itemDone, itemIds, type ItemWriter, type WriteEvent } from './event-writer.ts'
import { callItem } from './call-item.ts'
import { JsonProgress } from './json-progress.ts'
import type { ClientTool } from './tool-name-map.ts'
import type { CallOutput, ItemStatus } from './wire.ts'

/** Identifies a call and its tool. */
export interface CallIdentity {
  /** Id of the item. */
  id: string
  index: number
  /** Id that the result refers to. */
  callId: string
  tool: ClientTool
}

/**
 * Writes a tool call. A function's arguments are streamed; the members of other calls are known only
 * when the JSON is complete.
 */
export class CallWriter implements ItemWriter {
  readonly #write: WriteEvent
  readonly #call: CallIdentity
  readonly #ids: string
  readonly #progress = new JsonProgress()
  #arguments = ''
  #status: ItemStatus = 'in_progress'

  constructor(write: WriteEvent, call: CallIdentity) {
    this.#write = write
    this.#call = call
    this.#ids = itemIds(call.id, call.index)
  }

  get isComplete(): boolean {
    return this.#progress.isComplete
  }

  open(): string {
    return this.#isBuiltIn() ? '' : itemAdded(this.#write, this.#call.index, this.item())
  }

  /** Adds a piece of the arguments. Pieces after the end of the item are ignored. */
  addArguments(json: string): string {
    if (this.#status !== 'in_progress') return ''
    this.#arguments += json
    this.#progress.add(json)
    if (this.#call.tool.type !== 'function' || json === '') return ''
    const members = `${this.#ids},"delta":${JSON.stringify(json)}`
    return this.#write('response.function_call_arguments.delta', members)
  }

  close(status: ItemStatus): string {
    if (this.#status !== 'in_progress') return ''
    // The action of a built-in tool is known only now.
    const opening = this.#isBuiltIn() ? itemAdded(this.#write, this.#call.index, this.item()) : ''
    this.#status = status
    const item = this.item()
    return opening + this.#contentDone(item) + itemDone(this.#write, this.#call.index, item)
  }

  item(): CallOutput {
    const { id, callId, tool } = this.#call
    return callItem(
      id,
      { id: callId, name: tool.name, arguments: this.#arguments },
      tool,
      this.#status,
    )
  }

  #isBuiltIn(): boolean {
    return isBuiltInType(this.#call.tool.type)
  }

  #contentDone(item: CallOutput): string {
    switch (item.type) {
      case 'function_call': {
        const members = `"name":${JSON.stringify(item.name)},"arguments":${
          JSON.stringify(item.arguments)
        }`
        return this.#write('response.function_call_arguments.done', `${this.#ids},${members}`)
      }
      case 'custom_tool_call': {
        const input = JSON.stringify(item.input)
        const delta = item.input === ''
          ? ''
          : this.#write('response.custom_tool_call_input.delta', `${this.#ids},"delta":${input}`)
        return delta +
          this.#write('response.custom_tool_call_input.done', `${this.#ids},"input":${input}`)
      }
      case 'shell_call':
      case 'local_shell_call':
      case 'apply_patch_call':
      case 'tool_search_call':
      case 'computer_call':
        return ''
    }
  }
}
