import { createHash } from 'node:crypto'
import { isJsonObject } from '../../json-object.ts'
import { refusal } from '../change-file.ts'
import type { HostFiles } from '../host.ts'

/** One change of a file that can be undone. */
export interface Change {
  /** The file with the bytes before the change; null if the change created the file. */
  backup: string | null
  /** The SHA-256 of the bytes after the change, to detect later changes by others. */
  written: string
}

/** Beside a changed file: how to undo the changes, oldest first. */
const RECORD = '.oci-gateway-undo'
const BACKUP = '.oci-gateway-backup'
const DISCARDED = '.oci-gateway-discarded'

/** Reads the changes of a file that can be undone, oldest first. */
export async function readChanges(files: HostFiles, path: string): Promise<readonly Change[]> {
  const text = await files.read(path + RECORD)
  if (text === undefined) return []
  const changes = parse(text)
  if (!changes) throw refusal(path, `${path}${RECORD} is damaged. Restore the file from its backup`)
  return changes
}

function parse(text: string): readonly Change[] | undefined {
  try {
    const record: unknown = JSON.parse(text)
    const changes: unknown = isJsonObject(record) ? record['changes'] : undefined
    return Array.isArray(changes) && changes.every(isChange) ? changes : undefined
  } catch {
    return undefined
  }
}

function isChange(value: unknown): value is Change {
  return isJsonObject(value) && typeof value['written'] === 'string' &&
    (value['backup'] === null || typeof value['backup'] === 'string')
}

/**
 * Writes a file and keeps its previous bytes beside it. Successive changes by this command alone are
 * undone together, so only the first of them has a backup.
 * @returns the backup, null if the file is new
 */
export async function writeWithBackup(
  files: HostFiles,
  path: string,
  bytes: Uint8Array,
): Promise<string | null> {
  const changes = await readChanges(files, path)
  const before = await files.readBytes(path)
  const last = changes.at(-1)
  const isOwn = last !== undefined && before !== undefined && last.written === hashOf(before)
  const earlier = isOwn ? changes.slice(0, -1) : changes
  const backup = isOwn
    ? last.backup
    : before === undefined
    ? null
    : await writeBackup(files, path + BACKUP, before)
  // The record is written first: without it, a changed file could not be restored.
  await writeRecord(files, path, [...earlier, { backup, written: hashOf(bytes) }])
  await files.writeBytes(path, bytes)
  return backup
}

/** Writes a copy under a name that is not taken: `….oci-gateway-backup-2`. */
async function writeBackup(files: HostFiles, name: string, bytes: Uint8Array): Promise<string> {
  for (let number = 1;; number++) {
    const path = number === 1 ? name : `${name}-${number}`
    if (await files.readBytes(path) !== undefined) continue
    await files.writeBytes(path, bytes)
    return path
  }
}

/** What undoing the last change of a file does. */
export interface Restoration {
  path: string
  /** The bytes to restore; `undefined` removes the file. */
  bytes: Uint8Array | undefined
  /** The bytes of the file that are lost otherwise, if others changed it. */
  discarded: Uint8Array | undefined
  changes: readonly Change[]
}

/**
 * Prepares to undo the last change of a file; `undefined` if there is none. Throws if the file was
 * changed since, unless `force` is set: then its bytes are kept beside it.
 */
export async function prepareUndo(
  files: HostFiles,
  path: string,
  force: boolean,
): Promise<Restoration | undefined> {
  const changes = await readChanges(files, path)
  const last = changes.at(-1)
  if (last === undefined) return undefined
  const bytes = last.backup === null ? undefined : await files.readBytes(last.backup)
  if (last.backup !== null && bytes === undefined) {
    throw refusal(path, `its backup ${last.backup} is missing`)
  }
  const current = await files.readBytes(path)
  const isChanged = current === undefined || hashOf(current) !== last.written
  if (isChanged && !force) {
    throw refusal(
      path,
      'it was changed after oci-gateway connect. --undo --force restores the earlier file and ' +
        `keeps the present one as ${path}${DISCARDED}`,
    )
  }
  return { path, bytes, discarded: isChanged ? current : undefined, changes }
}

/** Restores a file byte for byte, or removes it if it was new. Returns the copy of discarded bytes. */
export async function undo(
  files: HostFiles,
  { path, bytes, discarded, changes }: Restoration,
): Promise<string | undefined> {
  const copy = discarded && await writeBackup(files, path + DISCARDED, discarded)
  if (bytes === undefined) await files.remove(path)
  else await files.writeBytes(path, bytes)
  const rest = changes.slice(0, -1)
  if (rest.length === 0) await files.remove(path + RECORD)
  else await writeRecord(files, path, rest)
  const backup = changes.at(-1)?.backup
  if (backup) await files.remove(backup)
  return copy
}

async function writeRecord(
  files: HostFiles,
  path: string,
  changes: readonly Change[],
): Promise<void> {
  const text = `${JSON.stringify({ changes }, null, 2)}\n`
  await files.writeBytes(path + RECORD, new TextEncoder().encode(text))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
