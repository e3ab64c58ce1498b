export { GatewayStore } from '../../src/entry/durable-store.ts'

/** What a Worker receives for the binding of a Durable Object. */
interface Bindings {
  STORE: {
    idFromName(name: string): unknown
    get(id: unknown): { fetch(url: string, request: Request): Promise<Response> }
  }
}

/** Passes `/<object>/<method>` to the object of that name. */
export default {
  fetch(request: Request, { STORE }: Bindings): Promise<Response> {
    const [, name = '', method = ''] = new URL(request.url).pathname.split('/')
    return STORE.get(STORE.idFromName(name)).fetch(`https://store/${method}`, request)
  },
}
