import { rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../diagnosis/machine.ts'
import { makeFolder } from './make-folder.ts'

/** Milliseconds between two attempts. */
const INTERVAL = 25
/** A change takes milliseconds; a lock that is older was left by a process that was killed. */
const TIME_LIMIT = 15_000

/**
 * Waits until no other process holds the lock of a file, which is a file beside it, and creates it.
 * Resolves with the function that removes it.
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.oci-gateway-lock`
  await makeFolder(dirname(path))
  for (let waited = 0; !await isCreated(lock); waited += INTERVAL) {
    if (waited >= TIME_LIMIT) throw new Error(abandoned(path, lock))
    await delay(INTERVAL)
  }
  return () => rm(lock, { force: true })
}

function abandoned(path: string, lock: string): string {
  return `Cannot change ${path}: another oci-gateway is changing it. If none is running, delete ${lock}`
}

async function isCreated(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, '', { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
