import type { LedgerRow } from '../records.ts'
import type { Store } from '../store.ts'
import { counters, expireSome, renew, reserve, settle } from './counters.ts'
import {
  audit,
  createKey,
  deleteKey,
  findKey,
  getKey,
  getTeam,
  hasKeys,
  listKeys,
  listTeams,
  putTeam,
  touchKeys,
  updateKey,
} from './keys.ts'
import {
  beginDeletion,
  deleteSome,
  findRows,
  type LedgerPosition,
  lockSettlements,
  rowsAfter,
} from './ledger.ts'
import { migrate } from './migrations.ts'
import { deleteObject, findObjects, putObjects } from './objects.ts'
import { listPrices, listRatios, saveRatios, setPrice } from './prices.ts'
import { deleteResponse, getResponse, pruneSome, putResponse } from './responses.ts'
import { readMeta } from './roll-ups.ts'
import type { SqlRunner } from './statement.ts'
import { usage } from './usage.ts'

/** Rows that `rows` reads at once. */
const PAGE = 500

/** Opens a store in a database. Creates or updates its tables. */
export async function openSqlStore(runner: SqlRunner): Promise<Store> {
  try {
    await runner.transaction(() => migrate(runner.dialect))
  } catch (error) {
    await runner.close()
    throw error
  }
  return {
    ...responseMethods(runner),
    ...keyMethods(runner),
    ...counterMethods(runner),
    ...ledgerMethods(runner),
    putObjects: (objects, now) =>
      runner.transaction(() => putObjects(objects, now, runner.dialect)),
    findObjects: (ids, now) => runner.read(() => findObjects(ids, now)),
    deleteObject: (id) => runner.transaction(() => deleteObject(id)),
    listPrices: () => runner.read(listPrices),
    setPrice: (price, change) => runner.transaction(() => setPrice(price, change)),
    listRatios: () => runner.read(listRatios),
    saveRatios: (ratios) => runner.transaction(() => saveRatios(ratios)),
    audit: ({ after, limit }) => runner.read(() => audit(after, limit)),
    revision: async () => await runner.read(() => readMeta('revision')) ?? 0,
    ping: async () => void await runner.read(() => readMeta('revision')),
    close: () => runner.close(),
  }
}

function keyMethods(runner: SqlRunner) {
  return {
    findKey: (hash) => runner.read(() => findKey(hash)),
    getKey: (idOrName) => runner.read(() => getKey(idOrName)),
    listKeys: () => runner.read(listKeys),
    createKey: (key, change) => runner.transaction(() => createKey(key, change)),
    updateKey: (key, change) => runner.transaction(() => updateKey(key, change)),
    deleteKey: (id, change) => runner.transaction(() => deleteKey(id, change)),
    touchKeys: (lastUsed) => runner.transaction(() => touchKeys(lastUsed)),
    hasKeys: () => runner.read(hasKeys),
    getTeam: (name) => runner.read(() => getTeam(name)),
    listTeams: () => runner.read(listTeams),
    putTeam: (team, change) => runner.transaction(() => putTeam(team, change)),
  } satisfies Partial<Store>
}

function counterMethods(runner: SqlRunner) {
  const { dialect } = runner
  return {
    reserve: (reservation) => runner.transaction(() => reserve(reservation, dialect)),
    settle: async (settlements, now) => {
      if (settlements.length > 0) await runner.transaction(() => settle(settlements, now, dialect))
    },
    renew: async (ids, expiresAt) => {
      if (ids.length > 0) await runner.transaction(() => renew(ids, expiresAt))
    },
    expire: (now) => untilNone(() => runner.transaction(() => expireSome(now, dialect))),
    counters: (names, now) => runner.read(() => counters(names, now)),
  } satisfies Partial<Store>
}

function ledgerMethods(runner: SqlRunner) {
  const { dialect } = runner
  return {
    usage: (query) =>
      runner.transaction(function* () {
        yield* lockSettlements(dialect)
        return yield* usage(query)
      }),
    rows: (query) => readPages(runner, query),
    findRows: (ids) => runner.read(() => findRows(ids)),
    async deleteRows(before) {
      await runner.transaction(function* () {
        yield* lockSettlements(dialect)
        yield* beginDeletion(before)
      })
      return await untilNone(() =>
        runner.transaction(function* () {
          yield* lockSettlements(dialect)
          return yield* deleteSome(before)
        })
      )
    },
  } satisfies Partial<Store>
}

function responseMethods(runner: SqlRunner) {
  return {
    putResponse: (response) => runner.transaction(() => putResponse(response)),
    getResponse: (id, owner, now) => runner.read(() => getResponse(id, owner, now)),
    deleteResponse: (id, owner, now) => runner.transaction(() => deleteResponse(id, owner, now)),
    pruneResponses: (limits, now) =>
      untilNone(() => runner.transaction(() => pruneSome(limits, now))),
  } satisfies Partial<Store>
}

async function* readPages(
  runner: SqlRunner,
  query: Parameters<Store['rows']>[0],
): AsyncGenerator<LedgerRow> {
  let after: LedgerPosition | undefined
  do {
    const { rows, last } = await runner.read(() => rowsAfter(query, after, PAGE))
    yield* rows
    after = last
  } while (after)
}

/** Repeats a step that handles some items until none is left. Resolves with their number. */
async function untilNone(step: () => Promise<number>): Promise<number> {
  let sum = 0
  for (let some = await step(); some > 0; some = await step()) {
    sum += some
    // Requests are served between two steps, even if the database is in this process.
    await new Promise((resolve) => setTimeout(resolve))
  }
  return sum
}
