import { createMemoryStore } from '../../src/store/memory/store.ts'
import { openTestGateway, type TestGateway } from '../cases/gateway.ts'
import type { Upstream } from '../cases/upstream.ts'
import { BEARER } from '../oci-names.ts'
import type { GatewayName } from './exchange.ts'

/** A gateway whose part of OCI can be scripted for one request at a time. */
export interface ScriptedGateway extends TestGateway {
  script(upstream: Upstream | undefined): void
}

const RETRY = { maxAttempts: 2 }
const RELAY = { endpoint: 'openai' }
// Failing requests to a model must not keep out the next ones.
const PATIENT = { retry: RETRY, circuitBreaker: { minimumRequests: 1_000_000 } }

const TRANSLATED = {
  ...PATIENT,
  responses: { store: {} },
  fallbacks: { 'xai.grok-3': ['meta.llama-3.3-70b-instruct'] },
}

/** Opens the gateways of the conformance test. */
export async function openGateways(): Promise<ReadonlyMap<GatewayName, ScriptedGateway>> {
  return new Map([
    ['translated', await open({ config: TRANSLATED })],
    ['relayed', await open({ config: { ...PATIENT, models: { '*': RELAY } } })],
    ['bearer', await open({ env: BEARER, config: PATIENT })],
    // With a store, answers have their cost.
    ['priced', await open({ config: PATIENT, store: createMemoryStore() })],
    [
      'priced-relayed',
      await open({ config: { ...PATIENT, models: { '*': RELAY } }, store: createMemoryStore() }),
    ],
  ])
}

async function open(options: Parameters<typeof openTestGateway>[0]): Promise<ScriptedGateway> {
  let scripted: Upstream | undefined
  const gateway = await openTestGateway({ ...options, upstream: (call) => scripted?.(call) })
  return {
    ...gateway,
    script(upstream) {
      scripted = upstream
    },
  }
}
