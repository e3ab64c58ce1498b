import { createStoreHandler, type DurableStorage } from '../store/durable-object/handler.ts'

/** The Durable Object that holds the store of a Worker; its binding is `STORE`. */
export class GatewayStore {
  readonly fetch: (request: Request) => Promise<Response>

  constructor(context: { storage: DurableStorage }) {
    this.fetch = createStoreHandler(context.storage)
  }
}
