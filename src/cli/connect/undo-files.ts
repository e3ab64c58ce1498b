import type { ClientDefinition } from '../../clients/client.ts'
import { EXIT } from '../../entry/exit-codes.ts'
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
  const prepared = await Promise.all(
    client.files.map(async (file) =>
      await prepareUndo(host.files, await locateFile(file, place), force)
    ),
  )
  const restorations = prepared.filter((restoration) => restoration !== undefined)
  if (restorations.length === 0) throw await nothingToUndo(client, place)
  const lines: string[] = []
  for (const restoration of restorations) {
    lines.push(describe(restoration, await undo(host.files, restoration)))
  }
  const files = restorations.map(({ path, bytes, changes }) => ({
    ...{ file: path, changed: true, removed: bytes === undefined },
    remaining: changes.length - 1,
  }))
  host.stdout.write(
    json ? `${JSON.stringify({ client: client.name, ...files[0], files })}\n` : lines.join(''),
  )
  return EXIT.success
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
