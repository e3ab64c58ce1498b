import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { ApiError } from '../errors.ts'
import { describeKeys, describeTeams } from '../metering/key-view.ts'
import {
  type Actor,
  changeStoredKey,
  changeStoredTeam,
  createStoredKey,
  deleteStoredKey,
  rotateStoredKey,
} from '../metering/manage-keys.ts'
import type { StoreServices } from '../metering/store-services.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { KeyRecord, TeamRecord } from '../store/records.ts'
import { KeyBody, rejectUnknown, TeamBody } from './admin-bodies.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readBody } from './read-json.ts'

export interface AdminContext extends Pick<RouteContext, 'platform' | 'body' | 'limits'> {
  stored: StoreServices
}

/** `/admin/v1/keys` and `/admin/v1/teams`: keys with their limits, and the limits of teams. */
export function adminKeys(context: AdminContext): Hono<GatewayEnvironment> {
  const { stored: { store } } = context
  return new Hono<GatewayEnvironment>()
    .get('/keys', async (c) => c.json(await viewKeys(await store.listKeys(), context)))
    .post('/keys', async (c) => {
      const { record, text } = await createStoredKey(
        store,
        await readSettings(c, KeyBody, context),
        actorOf(context),
      )
      return c.json({ ...await viewKey(record, context), key: text }, 201)
    })
    .get('/keys/:id', async (c) => c.json(await viewKey(await keyOf(c, context), context)))
    .patch('/keys/:id', async (c) => {
      const settings = await readSettings(c, KeyBody, context)
      const key = await keyOf(c, context)
      const changed = await changeStoredKey(store, key, settings, actorOf(context))
      return c.json(await viewKey(changed, context))
    })
    .delete('/keys/:id', async (c) => {
      const key = await keyOf(c, context)
      await deleteStoredKey(store, key, actorOf(context))
      return c.json({ id: key.id, deleted: true })
    })
    .post('/keys/:id/rotate', async (c) => {
      const { record, text } = await rotateStoredKey(
        store,
        await keyOf(c, context),
        actorOf(context),
      )
      return c.json({ ...await viewKey(record, context), key: text })
    })
    .all('/keys', methodNotAllowed('GET', 'POST'))
    .all('/keys/:id', methodNotAllowed('GET', 'PATCH', 'DELETE'))
    .all('/keys/:id/rotate', methodNotAllowed('POST'))
    .route('/', adminTeams(context))
}

function adminTeams(context: AdminContext): Hono<GatewayEnvironment> {
  const { stored: { store } } = context
  return new Hono<GatewayEnvironment>()
    .get('/teams', async (c) => c.json(await viewTeams(await store.listTeams(), context)))
    .post('/teams', async (c) => {
      const { name = '', ...limits } = await readSettings(c, TeamBody, context)
      const team = await changeStoredTeam(store, name, limits, actorOf(context))
      return c.json(await viewTeam(team, context), 201)
    })
    .get('/teams/:id', async (c) => c.json(await viewTeam(await teamOf(c, context), context)))
    .patch('/teams/:id', async (c) => {
      const { name: _, ...limits } = await readSettings(c, TeamBody, context)
      const { name } = await teamOf(c, context)
      const team = await changeStoredTeam(store, name, limits, actorOf(context))
      return c.json(await viewTeam(team, context))
    })
    .all('/teams', methodNotAllowed('GET', 'POST'))
    .all('/teams/:id', methodNotAllowed('GET', 'PATCH'))
}

/** Who changes what through the administration API. */
export function actorOf({ platform }: Pick<AdminContext, 'platform'>): Actor {
  return { name: 'admin', now: platform.now() }
}

/** Reads a body and rejects unknown members: a misspelled limit would not apply. */
export async function readSettings<Entries extends v.ObjectEntries>(
  c: Context<GatewayEnvironment>,
  schema: v.ObjectSchema<Entries, undefined>,
  context: AdminContext,
): Promise<v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  const { received, valid } = await readBody(c, schema, context)
  rejectUnknown(received, schema)
  return valid
}

async function keyOf(c: Context, { stored: { store } }: AdminContext): Promise<KeyRecord> {
  const id = c.req.param('id') ?? ''
  const key = await store.getKey(id)
  if (key) return key
  throw new ApiError('not_found', `No key with the id or name "${id.slice(0, 100)}"`)
}

async function teamOf(c: Context, { stored: { store } }: AdminContext): Promise<TeamRecord> {
  const name = c.req.param('id') ?? ''
  const team = await store.getTeam(name)
  if (team) return team
  throw new ApiError('not_found', `No team "${name.slice(0, 100)}"`)
}

function viewKeys(keys: readonly KeyRecord[], { stored, platform }: AdminContext) {
  const { store, metering: { windows } } = stored
  return describeKeys(keys, { store, windows, now: platform.now() })
}

async function viewKey(key: KeyRecord, context: AdminContext) {
  return (await viewKeys([key], context))[0]
}

function viewTeams(teams: readonly TeamRecord[], { stored, platform }: AdminContext) {
  const { store, metering: { windows } } = stored
  return describeTeams(teams, { store, windows, now: platform.now() })
}

async function viewTeam(team: TeamRecord, context: AdminContext) {
  return (await viewTeams([team], context))[0]
}
