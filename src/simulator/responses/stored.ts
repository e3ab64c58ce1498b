import { type Context, Hono } from 'hono'
import { type Env, queryOf, type SimulatorContext } from '../context.ts'
import { planStream } from '../event-stream.ts'
import { handle, pageOf, refuse, Rejection } from '../objects/handler.ts'
import { notFoundOnOpenAi } from '../openai/error.ts'
import { sendPlan } from '../send-plan.ts'
import type { ResponseStore, StoredResponse } from './store.ts'

/** Reads, cancels and deletes the responses of a store. */
export function storedResponses(context: SimulatorContext, store: ResponseStore): Hono<Env> {
  const { responses } = store
  const own = (c: Context<Env>): StoredResponse => {
    const id = c.req.param('id') ?? ''
    const found = responses.get(id)
    if (found) return found
    throw new Rejection(notFoundOnOpenAi(`Response with id '${id}' not found.`))
  }
  return new Hono<Env>()
    .get(
      '/:id',
      handle((c) => {
        const stored = own(c)
        return queryOf(c).get('stream') === 'true' ? resume(c, stored, context) : read(stored)
      }, context),
    )
    .get(
      '/:id/input_items',
      handle((c) => {
        const { items, inputs } = own(c)
        return pageOf(c, items.slice(0, inputs))
      }, context),
    )
    .post('/:id/cancel', handle((c) => cancel(own(c)), context))
    .delete(
      '/:id',
      handle((c) => {
        const { id } = own(c).response
        responses.delete(id)
        return { id, object: 'response', deleted: true }
      }, context),
    )
}

/** A response in the background is one step further each time that it is read. */
function read({ response, run }: StoredResponse): object {
  if (!run) return response
  if (run.state === 'in_progress') run.state = 'ended'
  if (run.state === 'queued') run.state = 'in_progress'
  return run.state === 'ended' ? response : { ...run.started, status: run.state }
}

function cancel({ run }: StoredResponse): object {
  if (!run) refuse('Cannot cancel a synchronous response.')
  if (run.state === 'ended') refuse('Cannot cancel a completed response.')
  run.state = 'cancelled'
  return { ...run.started, status: 'cancelled' }
}

/** The events of a response in the background after a sequence number. */
function resume(
  c: Context<Env>,
  { run }: StoredResponse,
  { eventDelay }: SimulatorContext,
): Response {
  if (!run?.events) {
    return refuse('Only a response with background and stream can be streamed again.', 'stream')
  }
  const after = Number(queryOf(c).get('starting_after') ?? -1)
  const events = run.events.filter(({ sequence_number: at }) => at > after)
  const plan = planStream({
    ...{ events, endsWithDone: false, delay: eventDelay },
    nameOf: (event) => 'type' in event ? String(event.type) : 'message',
    textEvent: () => ({}),
  }, new Map([['no-pad', ['']]]))
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(sendPlan(plan, c.get('exchange')), { headers })
}
