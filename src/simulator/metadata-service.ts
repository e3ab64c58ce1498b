import { Hono } from 'hono'
import type { Env, SimulatorContext } from './context.ts'
import { injectFailures } from './behavior.ts'
import type { Credentials } from './credentials.ts'

/** The instance metadata service, version 2 (`/opc/v2/…`); without an instance all paths are 404. */
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
    const { id, compartment, tenancy, region: { name, info } } = instance
    const about = { id, compartmentId: compartment, tenantId: tenancy, region: name }
    app.get('/instance/', () => Response.json({ ...about, ...(info && { regionInfo: info }) }))
      .get('/instance/id', (c) => c.text(id))
      .get('/instance/region', (c) => c.text(name))
      .get('/identity/cert.pem', (c) => c.text(instance.certificates.certPem))
      .get('/identity/key.pem', (c) => c.text(instance.certificates.keyPem))
      .get('/identity/intermediate.pem', (c) => c.text(instance.certificates.intermediatePem))
    if (info) app.get('/instance/regionInfo', () => Response.json(info))
  }
  return app.all('*', () => new Response('Not Found', { status: 404 }))
}
