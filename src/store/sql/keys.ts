import type { AuditRow, Change, KeyRecord, TeamRecord } from '../records.ts'
import { nextAuditRow } from '../audit.ts'
import { query, type SqlRow, type Steps } from './statement.ts'

/** Finds a key by its hash, or by its id or else its name. */
export function* findKey(hash: string): Steps<KeyRecord | undefined> {
  return (yield* query('SELECT * FROM api_keys WHERE hash = ?', hash)).map(readKey)[0]
}

/** Finds a key by its id, else by its name. */
export function* getKey(idOrName: string): Steps<KeyRecord | undefined> {
  const rows = yield* query('SELECT * FROM api_keys WHERE id = ? OR name = ?', idOrName, idOrName)
  const keys = rows.map(readKey)
  return keys.find(({ id }) => id === idOrName) ?? keys[0]
}

/** Reads all keys. */
export function* listKeys(): Steps<KeyRecord[]> {
  return sortByName((yield* query('SELECT * FROM api_keys')).map(readKey))
}

function readKey(row: SqlRow): KeyRecord {
  const record: Partial<KeyRecord> = JSON.parse(String(row['record']))
  const lastUsed = row['last_used'] ?? undefined
  return {
    id: String(row['id']),
    name: String(row['name']),
    hash: String(row['hash']),
    team: record.team,
    models: record.models ?? [],
    limits: record.limits ?? {},
    expiresAt: record.expiresAt,
    compartmentId: record.compartmentId,
    attribution: record.attribution ?? false,
    disabled: record.disabled ?? false,
    createdAt: record.createdAt ?? 0,
    lastUsedAt: lastUsed === undefined ? undefined : Number(lastUsed),
  }
}

/** Creates a key and its team. Returns `false` if the name is taken. */
export function* createKey(key: KeyRecord, change: Change): Steps<boolean> {
  const created = yield* query(
    `INSERT INTO api_keys (id, name, hash, record, last_used) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING RETURNING id`,
    ...[key.id, key.name, key.hash, JSON.stringify(key), key.lastUsedAt ?? null],
  )
  if (created.length === 0) return false
  yield* createTeam(key.team, change)
  yield* recordChange(change)
  return true
}

/** Replaces a key. Returns `false` if there is none or its name is taken. */
export function* updateKey(key: KeyRecord, change: Change): Steps<boolean> {
  // The record that is written may have been read before the key was last used.
  const updated = yield* query(
    `UPDATE api_keys SET name = ?, hash = ?, record = ?,
    last_used = CASE WHEN last_used > ? THEN last_used ELSE COALESCE(?, last_used) END
    WHERE id = ? AND NOT EXISTS (SELECT 1 FROM api_keys WHERE name = ? AND id <> ?) RETURNING id`,
    ...[key.name, key.hash, JSON.stringify(key), key.lastUsedAt ?? 0, key.lastUsedAt ?? null],
    ...[key.id, key.name, key.id],
  )
  if (updated.length === 0) return false
  yield* createTeam(key.team, change)
  yield* recordChange(change)
  return true
}

function* createTeam(name: string | undefined, { time }: Change): Steps<void> {
  if (name === undefined) return
  const team: TeamRecord = { name, limits: {}, createdAt: time }
  yield* query(
    'INSERT INTO teams (name, record) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
    ...[name, JSON.stringify(team)],
  )
}

/** Deletes a key. Returns `false` if there is none. */
export function* deleteKey(id: string, change: Change): Steps<boolean> {
  const deleted = yield* query('DELETE FROM api_keys WHERE id = ? RETURNING id', id)
  if (deleted.length === 0) return false
  yield* recordChange(change)
  return true
}

/** Records when keys were last used. */
export function* touchKeys(lastUsed: ReadonlyMap<string, number>): Steps<void> {
  for (const [id, time] of [...lastUsed].sort(([a], [b]) => a < b ? -1 : 1)) {
    yield* query(
      'UPDATE api_keys SET last_used = ? WHERE id = ? AND COALESCE(last_used, 0) < ?',
      ...[time, id, time],
    )
  }
}

/** Whether there is a key. */
export function* hasKeys(): Steps<boolean> {
  return (yield* query('SELECT 1 AS found FROM api_keys LIMIT 1')).length > 0
}

/** Reads one team. */
export function* getTeam(name: string): Steps<TeamRecord | undefined> {
  return (yield* query('SELECT * FROM teams WHERE name = ?', name)).map(readTeam)[0]
}

/** Reads all teams. */
export function* listTeams(): Steps<TeamRecord[]> {
  return sortByName((yield* query('SELECT * FROM teams')).map(readTeam))
}

function readTeam(row: SqlRow): TeamRecord {
  return JSON.parse(String(row['record']))
}

/** Creates or replaces a team. */
export function* putTeam(team: TeamRecord, change: Change): Steps<void> {
  yield* query(
    'INSERT INTO teams (name, record) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET record = excluded.record',
    ...[team.name, JSON.stringify(team)],
  )
  yield* recordChange(change)
}

function sortByName<Record extends { name: string }>(records: Record[]): Record[] {
  return records.sort((a, b) => a.name < b.name ? -1 : 1)
}

/** Appends a change to the audit log. The update of the revision also locks the log in Postgres. */
export function* recordChange(change: Change): Steps<void> {
  yield* query("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
  const [last] = yield* query('SELECT * FROM audit ORDER BY sequence DESC LIMIT 1')
  const row = nextAuditRow(last && readAudit(last), change)
  yield* query(
    `INSERT INTO audit (sequence, time, actor, action, target, detail, previous_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.sequence, row.time, row.actor, row.action, row.target, row.detail],
    ...[row.previousHash, row.hash],
  )
}

/** Reads rows of the audit log after a sequence number. */
export function* audit(after: number, limit: number): Steps<AuditRow[]> {
  const rows = yield* query(
    'SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
    ...[after, limit],
  )
  return rows.map(readAudit)
}

function readAudit(row: SqlRow): AuditRow {
  return {
    time: Number(row['time']),
    actor: String(row['actor']),
    action: String(row['action']),
    target: String(row['target']),
    detail: String(row['detail']),
    sequence: Number(row['sequence']),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  }
}
