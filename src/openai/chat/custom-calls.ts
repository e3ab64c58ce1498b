import type { ChatEvent } from '../../chat/events.ts'
import { customInput } from '../custom-tools.ts'

type CallEvent = Extract<ChatEvent, { type: 'tool-call-start' | 'tool-call-delta' }>

/**
 * Encodes the calls of custom tools in a stream. Their input is known only when the JSON around it is
 * complete, so each has one delta, at the end of the choice.
 */
export class CustomCalls {
  readonly #names: ReadonlySet<string>
  /** The arguments of the open calls, by choice and index. */
  readonly #open = new Map<number, Map<number, string[]>>()

  constructor(names: ReadonlySet<string> = new Set()) {
    this.#names = names
  }

  /** Returns the delta of an event, empty if there is none yet; `undefined` for a function's call. */
  encode(event: CallEvent): string | undefined {
    const { choice, index } = event
    if (event.type === 'tool-call-delta') {
      const pieces = this.#open.get(choice)?.get(index)
      pieces?.push(event.arguments)
      return pieces && ''
    }
    if (!this.#names.has(event.name)) return undefined
    const calls = this.#open.get(choice) ?? new Map<number, string[]>()
    this.#open.set(choice, calls.set(index, []))
    const name = JSON.stringify(event.name)
    return `{"tool_calls":[{"index":${index},"id":${JSON.stringify(event.id)},"type":"custom",` +
      `"custom":{"name":${name},"input":""}}]}`
  }

  /** Returns the deltas with the inputs of a choice's calls. */
  end(choice: number): string[] {
    const calls = [...this.#open.get(choice) ?? []]
    this.#open.delete(choice)
    return calls.map(([index, pieces]) => {
      const input = JSON.stringify(customInput(pieces.join('')))
      return `{"tool_calls":[{"index":${index},"custom":{"input":${input}}}]}`
    })
  }
}
