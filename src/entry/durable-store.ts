import { createStoreHandler, type DurableStorage } from '../store/durable-object/handler.ts'

/** The Durable Object that holds the store of a Worker; its binding is `STORE`. */
export class GatewayStore {
  readonly fetch: (request: Request) => Promise<Response>

  /** @param context the state that Workers pass to a Durable Object with SQLite */
  constructor(context: { storage: object }) {
    // The package's types do not repeat those of the storage.
    this.fetch = createStoreHandler(context.storage as DurableStorage)
  }
}
