import { type Context, Hono } from 'hono'
import type { Env } from './middleware.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials } from './credentials.ts'
import type { SimulatorContext } from './context.ts'

/** The metadata of an instance, version 2 (`/opc/v2/…`); without an instance nothing answers. */
export function metadataService(
  context: SimulatorContext,
  { instance, behaviors }: Credentials,
): Hono<Env> {
  const app = new Hono<Env>()
  app.use(injectFailures(behaviors.metadata, context))
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
      .get('/identity/cert.pem', (c) => plain(c, instance.certificates.certPem))
      .get('/identity/key.pem', (c) => plain(c, instance.certificates.keyPem))
      .get('/identity/intermediate.pem', (c) => plain(c, instance.certificates.intermediatePem))
    if (info) app.get('/instance/regionInfo', () => Response.json(info))
  }
  return app.all('*', () => new Response('Not Found', { status: 404 }))
}

function plain(c: Context<Env>, text: string): Response {
  return c.text(text)
}
