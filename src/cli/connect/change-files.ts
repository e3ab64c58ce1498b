import type { ClientDefinition, Connection } from '../../clients/client.ts'
import { changing, refusal, refusingErrors } from '../change-file.ts'
import type { HostFiles } from '../host.ts'
import { UnreadableText, UnsupportedEdit } from '../merge/format.ts'
import { mergeSettings } from '../merge/merge-settings.ts'
import { readChanges, writeWithBackup } from './backups.ts'
import { locateFile, type Place } from './locate-file.ts'

/** The text of a file before and after the settings are merged. */
export interface PlannedFile {
  path: string
  /** `undefined` for a file that does not exist. */
  before: string | undefined
  after: string
}

/** A file after `connect --write`. */
export interface WrittenFile {
  file: string
  /** The file with the bytes before the change, null if the file was new. */
  backup: string | null
  changed: boolean
  /** Whether the file did not exist. */
  created: boolean
}

/**
 * Merges the settings of a client into its files, each with a backup. Throws without a change if one
 * of the files does not allow it. Several processes do so one after the other.
 * @param show is called before the files are written
 */
export async function changeFiles(
  client: ClientDefinition,
  connection: Connection,
  { place, show }: { place: Place; show(planned: readonly PlannedFile[]): void },
): Promise<readonly WrittenFile[]> {
  const { files } = place.host
  const planned = await planFiles(client, connection, place)
  const paths = planned.filter(({ before, after }) => before !== after).map(({ path }) => path)
  return await changing(files, paths, async () => {
    // Another process may have changed the files before this one had the lock.
    const current = await planFiles(client, connection, place)
    show(current)
    return await writeFiles(current, files)
  })
}

/** Merges the settings in memory. */
function planFiles(
  { files }: ClientDefinition,
  connection: Connection,
  place: Place,
): Promise<readonly PlannedFile[]> {
  return Promise.all(files.map(async (file) => {
    const path = await locateFile(file, place)
    const before = await readText(place.host.files, path)
    try {
      const after = await mergeSettings(before, file.format, file.settings(connection))
      return { path, before, after }
    } catch (error) {
      if (error instanceof UnsupportedEdit) throw refusal(path, error.message, error)
      if (!(error instanceof UnreadableText)) throw error
      throw refusal(path, `it is not valid: ${error.message}`, error)
    }
  }))
}

/** Reads a file exactly: a text with other bytes than UTF-8 could not be written back. */
async function readText(files: HostFiles, path: string): Promise<string | undefined> {
  const bytes = await refusingErrors(path, () => files.readBytes(path))
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw refusal(path, 'it is not a text in UTF-8', error)
  }
}

/** Writes the files that differ, each with a backup. */
async function writeFiles(
  planned: readonly PlannedFile[],
  files: HostFiles,
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = []
  for (const { path, before, after } of planned) {
    const changed = before !== after
    const backup = changed
      ? await refusingErrors(
        path,
        () => writeWithBackup(files, path, new TextEncoder().encode(after)),
      )
      : (await readChanges(files, path)).at(-1)?.backup ?? null
    written.push({ file: path, backup, changed, created: before === undefined })
  }
  return written
}
