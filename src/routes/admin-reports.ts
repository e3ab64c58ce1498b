import { type Context, Hono } from 'hono'
import { ApiError } from '../errors.ts'
import { usageRows } from '../metering/usage-rows.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { newPrice } from '../prices/new-price.ts'
import { createPriceBook, storePrice } from '../prices/price-book.ts'
import { priceRows } from '../prices/price-rows.ts'
import { USAGE_DIMENSIONS, type UsageDimension } from '../store/store.ts'
import { actorOf, type AdminContext, readSettings } from './admin.ts'
import { PriceBody } from './admin-bodies.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

const MAX_AUDIT_ROWS = 1_000

/** `/admin/v1/usage`, `/admin/v1/prices` and `/admin/v1/audit`. */
export function adminReports(context: AdminContext): Hono<GatewayEnvironment> {
  const { stored: { store, metering } } = context
  return new Hono<GatewayEnvironment>()
    .get('/usage', async (c) => {
      await metering.flush()
      return c.json(await readUsage(c, context))
    })
    .get('/prices', async (c) => {
      return c.json(priceRows(createPriceBook(await store.listPrices()).list()))
    })
    .post('/prices', async (c) => c.json(await setPrice(c, context), 201))
    .get('/audit', async (c) => {
      const [after, limit] = [countOf(c, 'after', 0), countOf(c, 'limit', 100)]
      return c.json(await store.audit({ after, limit: Math.min(limit, MAX_AUDIT_ROWS) }))
    })
    .all('/usage', methodNotAllowed('GET'))
    .all('/prices', methodNotAllowed('GET', 'POST'))
    .all('/audit', methodNotAllowed('GET'))
}

async function readUsage(c: Context<GatewayEnvironment>, { stored: { store } }: AdminContext) {
  const by = dimensionsOf(c.req.query('by') ?? 'key,model')
  const keys = await store.listKeys()
  const named = c.req.query('key')
  const key = named === undefined ? undefined : await store.getKey(named)
  if (named !== undefined && !key) throw new ApiError('not_found', 'No key with this id or name')
  const query = {
    ...{ by, since: timeOf(c, 'since'), until: timeOf(c, 'until') },
    ...{ key: key?.id, team: c.req.query('team') },
  }
  const names = new Map(keys.map(({ id, name }) => [id, name]))
  return usageRows(await store.usage(query), by, names)
}

async function setPrice(c: Context<GatewayEnvironment>, context: AdminContext) {
  const { stored: { store } } = context
  const actor = actorOf(context)
  const date = new Date(actor.now).toISOString().slice(0, 10)
  const result = newPrice(await readSettings(c, PriceBody, context), date)
  if (result.type === 'invalid') throw invalid(result.member, result.message)
  const { model: target, ...price } = result.price
  const change = { time: actor.now, actor: actor.name, action: 'price.set', target }
  await store.setPrice(storePrice(result.price), { ...change, detail: JSON.stringify(price) })
  return priceRows([result.price])[0]
}

function dimensionsOf(list: string): readonly UsageDimension[] {
  const names = list.split(',').map((name) => name.trim()).filter((name) => name !== '')
  return [...new Set(names)].map((name) => {
    const dimension = USAGE_DIMENSIONS.find((known) => known === name)
    if (dimension) return dimension
    throw invalid('by', `must be a list of ${USAGE_DIMENSIONS.join(', ')}`)
  })
}

function timeOf(c: Context<GatewayEnvironment>, name: string): number | undefined {
  const text = c.req.query(name)
  if (text === undefined) return undefined
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN
  if (!Number.isNaN(time)) return time
  throw invalid(name, 'must be a day or a time, such as 2026-11-01 or 2026-11-01T08:00Z')
}

function countOf(c: Context<GatewayEnvironment>, name: string, byDefault: number): number {
  const text = c.req.query(name)
  if (text === undefined) return byDefault
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw invalid(name, 'must be a whole number')
}

function invalid(param: string, problem: string): ApiError {
  return new ApiError('invalid_request', `"${param}" ${problem}`, { param })
}
