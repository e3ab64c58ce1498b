/** What the gateway answers to the console, as far as the console reads it. Times are in ISO 8601. */

/** `GET /admin/v1/status`. */
export interface Status {
  version: string
  startedAt: string
  now: string
  credential: { kind: string; source: string; expiresAt: string | null } | null
  regions: readonly string[]
  clockOffsetSeconds: number
  models: { count: number; builtIn: boolean } | null
  ready: boolean
  draining: boolean
  /** The one cause to fix first. */
  problem: { wrong: string; fix: string } | null
  store: boolean
  adminKey: boolean
  load: { active: number; max: number | null }
  circuits: readonly Circuit[]
  quirks: Readonly<
    Record<string, readonly { name: string; confirmed: boolean; expiresIn: number }[]>
  >
  clients: readonly Activity[]
}

export interface Circuit {
  region: string
  model: string
  state: 'closed' | 'open' | 'half-open'
  /** Milliseconds. */
  openFor: number
  rateLimited: boolean
  succeeded: number
  failed: number
}

/** The requests of one kind of client to one endpoint. */
export interface Activity {
  agent: string
  endpoint: string
  requests: number
  succeeded: number
}

/** `GET /admin/v1/requests`. */
export interface RequestList {
  since: string
  capacity: number
  /** The newest first. */
  requests: readonly LoggedRequest[]
}

export interface LoggedRequest {
  requestId: string
  time: string
  /** Milliseconds. */
  ms: number
  path: string
  api?: string
  model?: string
  stream: boolean
  status: number
  outcome: 'complete' | 'failed' | 'client_closed'
  error?: string
  reason?: string
  region?: string
  fallback?: string
  attempts: readonly LoggedAttempt[]
  firstTokenMs?: number
  tokens: {
    prompt: number
    completion: number
    cached?: number
    reasoning?: number
    isEstimated: boolean
  } | null
  /** USD as a decimal text. */
  cost: string | null
  warnings: readonly string[]
  opcRequestId?: string
  key: string | null
  team: string | null
  person: string | null
  userAgent: string | null
}

export interface LoggedAttempt {
  model: string | null
  region: string
  /** Milliseconds from the arrival of the request. */
  after: number
  ms: number
  status: number | null
  error: string | null
  opcRequestId: string | null
}

/** `GET /v1/models`. */
export interface ModelData {
  data: readonly Model[]
}

export interface Model {
  id: string
  owned_by: string
  root?: string
  context_length?: number
  max_output_tokens?: number
  capabilities?: { chat: boolean; tools: boolean; reasoning: boolean; vision: boolean }
}

export interface Limits {
  rpm: number | null
  tpm: number | null
  concurrency: number | null
}

export interface BudgetState {
  limit: number | string
  spent: number | string
  reserved: number | string
  unit: 'usd' | 'tokens'
  period: string
  renewsAt: string | null
}

/** `GET /admin/v1/teams`. */
export interface Team {
  name: string
  limits: Limits
  budget: BudgetState | null
  createdAt: string
}

/** `GET /admin/v1/keys`. */
export interface ApiKey extends Team {
  id: string
  team: string | null
  models: readonly string[]
  expiresAt: string | null
  disabled: boolean
  lastUsedAt: string | null
}

/** A key with its text, which the gateway shows once. */
export interface CreatedKey extends ApiKey {
  key: string
}

/** One row of `GET /admin/v1/usage`, with the values of the dimensions of the query. */
export interface UsageRow {
  day?: string | null
  model?: string | null
  key?: string | null
  team?: string | null
  person?: string | null
  requests: number
  errors: number
  promptTokens: number
  completionTokens: number
  /** USD as a decimal text. */
  cost: string | null
}
