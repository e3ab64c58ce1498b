import type { Model } from './catalogue.ts'
import type { Directives } from './directives.ts'
import { planHalf } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import { sendPlan } from './send-plan.ts'

/** An answer in one piece, or in half of one where a directive breaks it off. */
export function jsonResponse(
  answer: object,
  directives: Directives,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
): Response {
  const text = JSON.stringify(answer)
  const half = planHalf(text, directives)
  return new Response(half ? sendPlan(half, exchange) : text, {
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** What the answers of a model say of its end: that it will come, or when. */
export function lifecycleHeaders({ deprecated, retired }: Model): Readonly<Record<string, string>> {
  return {
    ...(deprecated === undefined ? {} : { 'model-deprecation-info': deprecated }),
    ...(retired === undefined ? {} : { 'model-retirement-info': retired }),
  }
}
