import type { Change, KeyRecord } from '../records.ts'
import type { Immediate } from '../promised.ts'
import { type MemoryState, recordChange } from './state.ts'

type KeyMethods = Immediate<
  | 'findKey'
  | 'getKey'
  | 'listKeys'
  | 'createKey'
  | 'updateKey'
  | 'deleteKey'
  | 'touchKeys'
  | 'hasKeys'
  | 'getTeam'
  | 'listTeams'
  | 'putTeam'
>

/** The keys and teams of a store in memory. */
export function createMemoryKeys(state: MemoryState): KeyMethods {
  const { keys, teams } = state
  const named = (name: string) => keys.values().find((key) => key.name === name)
  return {
    findKey: (hash) => keys.values().find((key) => key.hash === hash),
    getKey: (idOrName) => keys.get(idOrName) ?? named(idOrName),
    listKeys: () => keys.values().toArray().sort(byName),
    createKey(key, change) {
      if (keys.has(key.id) || named(key.name)) return false
      put(state, key, change)
      return true
    },
    updateKey(key, change) {
      const found = keys.get(key.id)
      if (!found || (named(key.name) ?? found) !== found) return false
      // The record that is written may have been read before the key was last used.
      put(state, { ...key, lastUsedAt: latest(key.lastUsedAt, found.lastUsedAt) }, change)
      return true
    },
    deleteKey(id, change) {
      const isFound = keys.delete(id)
      if (isFound) recordChange(state, change)
      return isFound
    },
    touchKeys(lastUsed) {
      for (const [id, time] of lastUsed) {
        const key = keys.get(id)
        if (key) keys.set(id, { ...key, lastUsedAt: latest(key.lastUsedAt, time) })
      }
    },
    hasKeys: () => keys.size > 0,
    getTeam: (name) => teams.get(name),
    listTeams: () => teams.values().toArray().sort(byName),
    putTeam(team, change) {
      teams.set(team.name, team)
      recordChange(state, change)
    },
  }
}

function put(state: MemoryState, key: KeyRecord, change: Change): void {
  const { keys, teams } = state
  keys.set(key.id, key)
  if (key.team !== undefined && !teams.has(key.team)) {
    teams.set(key.team, { name: key.team, limits: {}, createdAt: change.time })
  }
  recordChange(state, change)
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b)
}

/** Orders records by their names. */
export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}
