import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import process from 'node:process'
import type { Files } from '../platform.ts'
import { homeFolder } from './home-folder.ts'

/** Access to files, with Node's modules, which Bun and Deno provide too. */
export const processFiles: Files = {
  home: homeFolder(),
  read: readText,
  mode: readMode,
  write: writeText,
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) return undefined
    throw error
  }
}

/** On Windows, the permission bits do not say who can read a file. */
async function readMode(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined
  return (await stat(path)).mode & 0o777
}

/** Writes to a temporary file and renames it, so that readers never see an incomplete file. */
async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}`
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
