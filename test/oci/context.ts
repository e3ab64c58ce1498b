import type { ChatRequest } from '../../src/chat/model.ts'
import { type ChatPlan, planChat } from '../../src/oci/chat/plan.ts'
import type { ReadContext } from '../../src/oci/chat/read-reply.ts'
import type { CallContext } from '../../src/oci/call.ts'
import type { OciContext } from '../../src/oci/context.ts'
import { createQuirkCache } from '../../src/oci/models/quirk-cache.ts'
import type { ModelProfile } from '../../src/oci/models/profiles.ts'
import { DEFAULT_RETRY } from '../../src/oci/resilience/retry-policy.ts'
import {
  createCircuitBreaker,
  DEFAULT_CIRCUIT_BREAKER,
} from '../../src/oci/resilience/circuit-breaker.ts'
import { createRetryBudget, DEFAULT_BUDGET } from '../../src/oci/resilience/retry-budget.ts'
import { createRegionCache, type Targets } from '../../src/oci/resilience/region-targets.ts'
import { createSignatureCache } from '../../src/oci/models/thought-signatures.ts'
import { runAtOnce } from '../../src/steps.ts'
import { request } from './formats/generic/request.ts'
import { createPlatform, NOW } from './platform.ts'
import { profile } from './profile.ts'

const TARGETS: Targets = [{
  region: 'us-chicago-1',
  inference: new URL('https://inference.example.com'),
}]

export const COMPARTMENT = 'ocid1.compartment.oc1..aaaa'

type Rules = Pick<OciContext, 'targets' | 'retry' | 'budget' | 'breaker' | 'fallbacks'>

/** Creates the default policies with one region and no delays. */
export function createRules(now: () => number): Rules {
  return {
    targets: createRegionCache(TARGETS, { regional: false, now }),
    retry: { ...DEFAULT_RETRY, initialDelay: 0 },
    budget: createRetryBudget(DEFAULT_BUDGET, now),
    breaker: createCircuitBreaker(DEFAULT_CIRCUIT_BREAKER, now),
    fallbacks: new Map(),
  }
}

/** Creates a context without a network; `part` overrides its defaults. */
export function createContext(part: Partial<OciContext> = {}): OciContext {
  return {
    send: () => Promise.reject(new Error('no network')),
    platform: createPlatform(),
    ...createRules(() => NOW),
    control: new URL('https://control.example.com'),
    compartmentId: COMPARTMENT,
    aliases: new Map(),
    models: new Map(),
    quirks: createQuirkCache(() => NOW),
    timeouts: { response: 60_000, idle: 60_000, usageGrace: 50, streamStart: 60_000, total: 0 },
    signatures: createSignatureCache(),
    lookUpModel: () =>
      Promise.resolve({ name: undefined, vendor: undefined, compartmentId: undefined }),
    ...part,
  }
}

/** Creates the context for reading an answer; `part` overrides its defaults. */
export function createReadContext(part: Partial<OciContext> = {}): ReadContext {
  const context = createContext(part)
  return { ...context, signatures: context.signatures.for('client1') }
}

/** Creates the context of a request. */
export function createCall(signal = new AbortController().signal): CallContext {
  return { signal, requestId: 'request1' }
}

/** Creates the plan of a request; `part` and `known` override the request and the profile. */
export function plan(
  part: Partial<ChatRequest> = {},
  known: Partial<ModelProfile> = {},
  stream = false,
): ChatPlan {
  const target = { model: 'acme.one', profile: profile(known), compartmentId: COMPARTMENT }
  return runAtOnce(planChat(request(part), target, stream))
}

/** Parses the body of a plan. */
export function bodyOf({ body }: ChatPlan): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(body))
}
