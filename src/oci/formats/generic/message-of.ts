import { asObject } from '../../json.ts'
import type { GenericWireMessage, WireChoice } from './wire.ts'

/** The message of a choice, which may have none. */
export function messageOf(choice: WireChoice): GenericWireMessage {
  return asObject(choice.message)
}
