import type { KeyIdentity } from '../access/stored-keys.ts'
import type { LedgerRow, UsageOutcome } from '../store/records.ts'
import type { CallCounter, CallUse } from './call-counter.ts'
import type { WorstUse } from './limits.ts'
import type { MeasuredUse } from './measure.ts'

/** A request whose use is counted. */
export interface MeteredRequest {
  /** Unique in the ledger, unlike an id that a client chooses. */
  id: string
  /** The client API: `chat`, `responses`, … */
  api: string
  /** The stored key; `undefined` for a request without limits. */
  identity: KeyIdentity | undefined
  /** The ledger's name of the client. */
  client: string
  /** Milliseconds since the epoch. */
  startedAt: number
}

/** How a request ended. */
export interface FinalState {
  /** The model as the client named it. */
  requestedModel: string
  status: number
  outcome: UsageOutcome
  opcRequestId: string | undefined
  /** Milliseconds since the epoch. */
  endedAt: number
}

/** What all calls of a request used together. */
export interface RequestTotals extends Omit<CallUse, 'cost'> {
  /** Nano-dollars; `undefined` if a model has no price. */
  cost: number | undefined
  partNumbers: readonly string[]
  pricesAsOf: string | undefined
}

/** Adds up what calls used. */
export function totalsOf(calls: readonly CallCounter[]): RequestTotals {
  const answered = calls.filter(({ isRefused }) => !isRefused)
  const uses = (answered.length > 0 ? answered : calls).map((call) => call.result())
  const sum = (read: (use: CallUse) => number) => uses.reduce((total, use) => total + read(use), 0)
  const isPriced = uses.length > 0 && uses.every(({ cost }) => cost !== undefined)
  const parts = uses.flatMap(({ cost }) => cost?.partNumbers ?? [])
  return {
    promptTokens: sum(({ promptTokens }) => promptTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    reasoningTokens: sum(({ reasoningTokens }) => reasoningTokens),
    promptCharacters: sum(({ promptCharacters }) => promptCharacters),
    answerCharacters: sum(({ answerCharacters }) => answerCharacters),
    searchUnits: sum(({ searchUnits }) => searchUnits),
    requests: sum(({ requests }) => requests),
    isEstimated: uses.some(({ isEstimated }) => isEstimated),
    cost: isPriced ? sum(({ cost }) => cost?.nanoDollars ?? 0) : undefined,
    partNumbers: [...new Set(parts)],
    pricesAsOf: uses.findLast(({ cost }) => cost !== undefined)?.cost?.pricesAsOf,
  }
}

/** The row of a request that has ended. `use` is the last plan, if no call was made. */
export function ledgerRow(
  request: MeteredRequest,
  calls: readonly CallCounter[],
  { endedAt, person, session, use, ...final }: FinalState & {
    person: string | undefined
    session: string | undefined
    use: MeasuredUse | undefined
  },
): LedgerRow {
  const { isEstimated, partNumbers, requests: _, ...totals } = totalsOf(calls)
  const last = calls.findLast(({ isRefused }) => !isRefused) ?? calls.at(-1)
  const { startedAt } = request
  const firstTextAt = calls.find((call) => call.firstTextAt !== undefined)?.firstTextAt
  const { model = '', endpoint } = last?.use ?? use ?? {}
  return {
    ...identityOf(request),
    ...{ model, endpoint, region: last?.region, ...final, ...totals },
    ...{ person: cleanText(person), session: cleanText(session) },
    requestedModel: cleanText(final.requestedModel) ?? '',
    partNumber: partNumbers.length > 0 ? partNumbers.join(',') : undefined,
    estimated: isEstimated,
    ms: endedAt - startedAt,
    firstTokenMs: firstTextAt === undefined ? undefined : firstTextAt - startedAt,
    attempts: calls.length,
  }
}

/** The row that is written if the process ends before the request. */
export function worstRow(
  request: MeteredRequest,
  { model, endpoint, size, searchUnits = 0, price }: MeasuredUse,
  { tokens, cost }: WorstUse,
  output: number,
): LedgerRow {
  return {
    ...identityOf(request),
    ...{ person: undefined, session: undefined, requestedModel: model, model, endpoint },
    ...{ region: undefined, promptTokens: tokens.bound, cachedTokens: 0 },
    completionTokens: tokens.perOutputToken * output,
    ...{ reasoningTokens: 0, promptCharacters: size.characters, answerCharacters: 0, searchUnits },
    cost: cost && cost.fixed + Math.ceil(cost.perOutputToken * output),
    ...{ partNumber: undefined, pricesAsOf: price?.date, estimated: true },
    ...{ opcRequestId: undefined, status: 0, outcome: 'expired', ms: 0 },
    ...{ firstTokenMs: undefined, attempts: 0 },
  }
}

function identityOf({ id, api, identity, client, startedAt }: MeteredRequest) {
  return { id, time: startedAt, key: client, team: identity?.key.team, api }
}

/** Longest text of a client in the ledger. */
const MAX_TEXT_LENGTH = 256

/** Removes what a database may not accept from a text of a client. */
function cleanText(text: string | undefined): string | undefined {
  return text?.slice(0, MAX_TEXT_LENGTH).replace(/\p{Cc}/gu, '').toWellFormed()
}
