import { Hono } from 'hono'
import { answerCompartments } from './compartments.ts'
import { type Env, queryOf, reject, respond, type SimulatorContext } from './context.ts'
import { notFound } from './service-error.ts'
import type { SimulatedTenancy } from './tenancy.ts'

/** The identity service (`/20160918/…`): compartments. */
export function identityService(
  context: SimulatorContext,
  { compartments }: SimulatedTenancy,
): Hono<Env> {
  return new Hono<Env>()
    .get(
      '/compartments',
      (c) => respond(answerCompartments(queryOf(c), c.get('keyId')), context),
    )
    .get('/compartments/:id', (c) => {
      const id = c.req.param('id')
      if (compartments?.has(id) === false) return reject(notFound('no such compartment'), context)
      return c.json({ id, name: 'simulated', lifecycleState: 'ACTIVE' })
    })
}
