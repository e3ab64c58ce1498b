/** How often a budget is renewed, on the calendar of the configured time zone; `total` never is. */
export type BudgetPeriod = 'day' | 'week' | 'month' | 'total'

/** The most that a key or a team may spend in one period. */
export interface Budget {
  unit: 'usd' | 'tokens'
  /** Nano-dollars (10⁻⁹ USD) or tokens, a safe integer. */
  amount: number
  period: BudgetPeriod
}

/** The limits of a key or a team. An absent one is unlimited. */
export interface UsageLimits {
  requestsPerMinute?: number | undefined
  tokensPerMinute?: number | undefined
  /** Maximum requests at the same time. */
  concurrency?: number | undefined
  budget?: Budget | undefined
}

/** An API key of the gateway. The key itself is never stored. */
export interface KeyRecord {
  /** Letters and digits. It does not reveal the key. */
  id: string
  /** Unique among all keys. */
  name: string
  /** SHA-256 of the key, in hexadecimal. */
  hash: string
  team: string | undefined
  /** Names or patterns that end in `*`; empty for all models. */
  models: readonly string[]
  limits: UsageLimits
  /** Milliseconds since the epoch. */
  expiresAt: number | undefined
  /** The compartment whose models and budget OCI uses instead of the configured one. */
  compartmentId: string | undefined
  /** Whether requests may name a person and a session, for the ledger. */
  attribution: boolean
  disabled: boolean
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Milliseconds since the epoch, a few seconds late. */
  lastUsedAt: number | undefined
}

/** A team: keys that share limits. A request must fit the limits of its key and of its team. */
export interface TeamRecord {
  name: string
  limits: UsageLimits
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** How a request ended. `expired`: its process ended without settling it. */
export type UsageOutcome = 'complete' | 'failed' | 'client_closed' | 'expired'

/** One request in the ledger. It never has a word of the conversation. */
export interface LedgerRow {
  /** The gateway's request id. */
  id: string
  /** Milliseconds since the epoch, when the request arrived. */
  time: number
  /** Id of the key; empty for a gateway without stored keys. */
  key: string
  team: string | undefined
  person: string | undefined
  session: string | undefined
  /** The client API: `chat`, `responses`, `messages`, `completions`, `embeddings`, `rerank`, … */
  api: string
  /** The model as the client named it, and OCI's name of the model that answered. */
  requestedModel: string
  model: string
  region: string | undefined
  /** `native` for OCI's own API, `openai` for its OpenAI-compatible one. */
  endpoint: string | undefined
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  reasoningTokens: number
  promptCharacters: number
  answerCharacters: number
  searchUnits: number
  /** Nano-dollars (10⁻⁹ USD); `undefined` for a model without a price. */
  cost: number | undefined
  /** Oracle's part numbers that the cost is made of, joined by commas. */
  partNumber: string | undefined
  /** Date of the price, `2026-11-28`. */
  pricesAsOf: string | undefined
  /** Whether the token counts are the gateway's estimate, because OCI reported none. */
  estimated: boolean
  opcRequestId: string | undefined
  /** HTTP status of the answer. */
  status: number
  outcome: UsageOutcome
  /** Milliseconds until the end of the answer, and until its first token. */
  ms: number
  firstTokenMs: number | undefined
  /** Calls to OCI. */
  attempts: number
}

/** A change of a key, a team or a price, and who made it: `cli` or `admin`. */
export interface Change {
  /** Milliseconds since the epoch. */
  time: number
  actor: string
  action: string
  /** Id or name of the changed object. */
  target: string
  /** The changed values as JSON, never a key. */
  detail: string
}

/** A row of the audit log. Each row's hash covers the previous row's hash. */
export interface AuditRow extends Change {
  sequence: number
  previousHash: string
  /** SHA-256 in hexadecimal over `previousHash` and the change. */
  hash: string
}

/** Billed prompt tokens for each token that the gateway estimated, for one model. */
export interface TokenRatio {
  model: string
  /** The highest of the last requests, decaying. */
  ratio: number
  samples: number
  /** The 95th percentile of completion tokens. */
  completion95: number | undefined
}

/** An object that OCI stores, such as a file or a response, and the owner that may use it. */
export interface OwnedObject {
  /** OCI's id of the object. */
  id: string
  owner: string
  /** When the record is deleted, in milliseconds since the epoch; `undefined` for never. */
  expiresAt: number | undefined
}
