import { asObject, asText } from '../../json.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import type { WireChoice } from './wire.ts'

/** Nearly always a choice by itself; the wrappers are those of whole answers. */
interface WireEvent extends WireChoice {
  chatResponse?: unknown
  choices?: unknown
  error?: unknown
}

/** Reads one event of a GENERIC stream. */
export function readEvent(json: unknown): StreamEvent<WireChoice> {
  const outer: WireEvent = asObject(json)
  const event: WireEvent = outer.chatResponse ? asObject(outer.chatResponse) : outer
  const choices = choicesOf(event)
  if (choices.length === 0 && reportsError(event)) return { type: 'error', json }
  const last = choices.at(-1)
  const usage = event.usage ?? last?.usage
  const serviceTier = asText(event.serviceTier) || asText(last?.serviceTier)
  if (choices.length === 0 && !usage && serviceTier === '') return { type: 'unknown' }
  return { type: 'choices', choices, usage, serviceTier: serviceTier.toLowerCase() }
}

function choicesOf(event: WireEvent): readonly WireChoice[] {
  if (Array.isArray(event.choices)) return event.choices.map(asObject)
  const { message, finishReason } = event
  const isChoice = (typeof message === 'object' && message) || asText(finishReason)
  return isChoice ? [event] : []
}
