import { createKeyId, createKeySecret, hashKey } from '../access/create-key.ts'
import {
  changeKeyRecord,
  changeTeamRecord,
  type KeySettings,
  type LimitSettings,
  newKeyRecord,
  newTeamRecord,
} from '../access/key-settings.ts'
import { ApiError } from '../errors.ts'
import type { Change, KeyRecord, TeamRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** Who changes a key or a team, and when. */
export interface Actor {
  name: 'cli' | 'admin'
  /** Milliseconds since the epoch. */
  now: number
}

/** A key with its text, which is shown once. */
export interface CreatedKey {
  record: KeyRecord
  text: string
}

/** Creates a key. Throws an `invalid_request` for invalid settings or a name that is taken. */
export async function createStoredKey(
  store: Store,
  settings: KeySettings,
  actor: Actor,
): Promise<CreatedKey> {
  const text = createKeySecret()
  const identity = { id: createKeyId(), hash: await hashKey(text), now: actor.now }
  const record = newKeyRecord(settings, identity)
  const isCreated = await store.createKey(record, changeOf('key.create', record, settings, actor))
  if (!isCreated) throw nameTaken(record.name)
  return { record, text }
}

/** Changes a key. The action is its name in the audit log. */
export async function changeStoredKey(
  store: Store,
  key: KeyRecord,
  settings: KeySettings,
  actor: Actor,
  action = 'key.update',
): Promise<KeyRecord> {
  const record = changeKeyRecord(key, settings, actor.now)
  const isChanged = await store.updateKey(record, changeOf(action, record, settings, actor))
  if (!isChanged) throw nameTaken(record.name)
  return record
}

/**
 * Replaces the text of a key. The old one is invalid at once. Throws `not_found` for a key that was
 * deleted meanwhile.
 */
export async function rotateStoredKey(
  store: Store,
  key: KeyRecord,
  actor: Actor,
): Promise<CreatedKey> {
  const text = createKeySecret()
  const record = { ...key, hash: await hashKey(text) }
  const isChanged = await store.updateKey(record, changeOf('key.rotate', record, {}, actor))
  // Its new text would never be valid.
  if (!isChanged) throw new ApiError('not_found', `The key "${key.name}" was deleted meanwhile`)
  return { record, text }
}

/** Deletes a key. Its usage stays in the ledger. */
export async function deleteStoredKey(store: Store, key: KeyRecord, actor: Actor): Promise<void> {
  await store.deleteKey(key.id, changeOf('key.delete', key, {}, actor))
}

/** Sets limits of a team, which is created if there is none of this name. */
export async function changeStoredTeam(
  store: Store,
  name: string,
  settings: LimitSettings,
  actor: Actor,
): Promise<TeamRecord> {
  const known = await store.getTeam(name)
  const team = changeTeamRecord(known ?? newTeamRecord(name, actor.now), settings)
  const action = known ? 'team.update' : 'team.create'
  await store.putTeam(team, changeOf(action, { ...team, id: name }, settings, actor))
  return team
}

function changeOf(
  action: string,
  { id, name }: { id: string; name: string },
  settings: object,
  { name: actor, now: time }: Actor,
): Change {
  return { time, actor, action, target: id, detail: JSON.stringify({ name, ...settings }) }
}

function nameTaken(name: string): ApiError {
  return new ApiError(
    'invalid_request',
    `"name" must be unique: there is a key "${name}" already`,
    {
      param: 'name',
    },
  )
}
