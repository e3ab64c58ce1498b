import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../../diagnosis/machine.ts'

/**
 * Creates a folder with its parents. Node's own recursive `mkdir` never ends where a parent exists
 * and cannot have folders, as in `/proc`.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isMade(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeFolder(parent)
  await mkdir(path).catch(ignoreExisting)
}

/** `false` if the parent is missing. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    ignoreExisting(error)
    return true
  }
}

/** Another process may create the folder at the same time; a file there fails at the next step. */
function ignoreExisting(error: unknown): void {
  // Windows reports EPERM for the root of a drive.
  if (!['EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) throw error
}
