import { type Context, Hono } from 'hono'
import type { Env } from './admit.ts'
import { behave } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { World } from './context.ts'

/** The metadata of an instance, version 2 (`/opc/v2/…`); without an instance nothing answers. */
export function metadataService(world: World, { instance, conducts }: Credentials): Hono<Env> {
  const app = new Hono<Env>()
  app.use(behave(conducts.metadata, world))
  app.use(async (c, next) => {
    if (c.req.header('authorization') === 'Bearer Oracle') return await next()
    return new Response('Unauthorized', { status: 401 })
  })
  if (instance) {
    const { id, compartment, tenancy, region: { word, info } } = instance
    const about = { id, compartmentId: compartment, tenantId: tenancy, region: word }
    app.get('/instance/', () => Response.json({ ...about, ...(info && { regionInfo: info }) }))
      .get('/instance/id', (c) => plain(c, id))
      .get('/instance/region', (c) => plain(c, word))
      .get('/identity/cert.pem', (c) => plain(c, instance.papers.certPem))
      .get('/identity/key.pem', (c) => plain(c, instance.papers.keyPem))
      .get('/identity/intermediate.pem', (c) => plain(c, instance.papers.intermediatePem))
    if (info) app.get('/instance/regionInfo', () => Response.json(info))
  }
  return app.all('*', () => new Response('Not Found', { status: 404 }))
}

function plain(c: Context<Env>, text: string): Response {
  return c.text(text)
}
