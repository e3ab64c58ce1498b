import { itemAdded, itemDone, itemIds, type ItemWriter, type WriteEvent } from './event-writer.ts'
import { callItem } from './output.ts'
import type { ClientTool } from './tool-name-map.ts'
import type { CustomCallOutput, FunctionCallOutput, ItemStatus } from './wire.ts'

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
 * Writes a tool call. A function's arguments are streamed; the input of a custom tool is known only
 * when its JSON is complete.
 */
export class CallWriter implements ItemWriter {
  readonly #write: WriteEvent
  readonly #call: CallIdentity
  readonly #ids: string
  #arguments = ''
  #status: ItemStatus = 'in_progress'

  constructor(write: WriteEvent, call: CallIdentity) {
    this.#write = write
    this.#call = call
    this.#ids = itemIds(call.id, call.index)
  }

  open(): string {
    return itemAdded(this.#write, this.#call.index, this.item())
  }

  addArguments(json: string): string {
    this.#arguments += json
    if (this.#call.tool.type === 'custom' || json === '') return ''
    const members = `${this.#ids},"delta":${JSON.stringify(json)}`
    return this.#write('response.function_call_arguments.delta', members)
  }

  close(status: ItemStatus): string {
    if (this.#status !== 'in_progress') return ''
    this.#status = status
    const item = this.item()
    return this.#contentDone(item) + itemDone(this.#write, this.#call.index, item)
  }

  item(): FunctionCallOutput | CustomCallOutput {
    const { id, callId, tool } = this.#call
    return callItem(
      id,
      { id: callId, name: tool.name, arguments: this.#arguments },
      tool,
      this.#status,
    )
  }

  #contentDone(item: FunctionCallOutput | CustomCallOutput): string {
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
    }
  }
}
