import type { ClientDefinition } from '../../clients/client.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { changing, refusingErrors } from '../change-file.ts'
import type { Host } from '../host.ts'
import { prepareUndo, type Restoration, undo } from './backups.ts'
import { locateFile, type Place } from './locate-file.ts'

interface UndoOptions {
  place: Place
  force: boolean
  json: boolean
  host: Pick<Host, 'files' | 'stdout'>
}

/** `connect --undo`: restores all files of a client, or none of them. */
export async function undoFiles(
  client: ClientDefinition,
  { place, force, json, host }: UndoOptions,
): Promise<number> {
  const prepare = () => prepareAll(client, { place, force, host })
  const paths = (await prepare()).map(({ path }) => path)
  if (paths.length === 0) throw await nothingToUndo(client, place)
  const lines: string[] = []
  const restorations = await changing(host.files, paths, async () => {
    // Another process may have changed the files before this one had the lock.
    const current = await prepare()
    for (const restoration of current) {
      const { path } = restoration
      const copy = await refusingErrors(path, () => undo(host.files, restoration))
      lines.push(describe(restoration, copy))
    }
    return current
  })
  if (restorations.length === 0) throw await nothingToUndo(client, place)
  const files = restorations.map(({ path, bytes, changes }) => ({
    ...{ file: path, changed: true, removed: bytes === undefined },
    remaining: changes.length - 1,
  }))
  host.stdout.write(
    json ? `${JSON.stringify({ client: client.name, ...files[0], files })}\n` : lines.join(''),
  )
  return EXIT.success
}

async function prepareAll(
  client: ClientDefinition,
  { place, force, host }: Pick<UndoOptions, 'place' | 'force' | 'host'>,
): Promise<readonly Restoration[]> {
  const prepared = await Promise.all(
    client.files.map(async (file) => {
      const path = await locateFile(file, place)
      return await refusingErrors(path, () => prepareUndo(host.files, path, force))
    }),
  )
  return prepared.filter((restoration) => restoration !== undefined)
}

async function nothingToUndo({ name, files }: ClientDefinition, place: Place): Promise<Error> {
  const [file] = files
  const path = file ? ` in ${await locateFile(file, place)}` : ''
  return new Error(`Nothing to undo${path}: oci-gateway connect ${name} changed no file`)
}

function describe({ path, bytes, changes }: Restoration, copy: string | undefined): string {
  const action = bytes === undefined ? `Removed ${path}\n` : `Restored ${path}\n`
  const kept = copy === undefined ? '' : `The later version is in ${copy}\n`
  const rest = changes.length > 1 ? 'An earlier change remains: run --undo again for it.\n' : ''
  return action + kept + rest
}
