import { codeOf } from '../diagnosis/machine.ts'
import type { HostFiles } from './host.ts'

/** The error for a file that stays as it is. */
export function refusal(path: string, reason: string, cause?: unknown): Error {
  return new Error(`Cannot change ${path}: ${reason}`, { cause })
}

/**
 * The path to write: the target of a symbolic link, so that it stays a link, else the path itself.
 * `undefined` if there is no file. Throws an error that names the file if it cannot be replaced.
 */
export async function replaceablePath(
  files: HostFiles,
  path: string,
): Promise<string | undefined> {
  const state = await refusingErrors(path, () => files.inspect(path))
  if (state.type === 'missing') return undefined
  if (state.type === 'dangling link') throw refusal(path, 'is a symbolic link to a missing file')
  if (state.type === 'other') throw refusal(path, 'is not a file')
  if (state.isOfOtherUser) {
    throw refusal(path, 'belongs to another user. Run the command as that user')
  }
  if (state.isReadOnly) throw refusal(path, 'is read-only. Allow its owner to write it')
  return state.path
}

/** Runs work that reads and writes files while no other process does so in this way. */
export async function changing<Result>(
  files: HostFiles,
  paths: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  // In one order for all processes, so that none waits for another one in a circle.
  const [path, ...others] = [...new Set(paths)].sort()
  if (path === undefined) return await work()
  const release = await refusingErrors(path, () => files.lock(path))
  try {
    return await changing(files, others, work)
  } finally {
    await release()
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user has no permission for it or its folder',
  EPERM: 'this user has no permission for it or its folder',
  EROFS: 'its file system is read-only',
  ENOSPC: 'there is no space left',
  ENOENT: 'its folder cannot be created',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a part of its path is not a folder',
  ELOOP: 'its symbolic links lead in a circle',
}

/** Runs work on a file. Errors of the system name the file: their own message may name another one. */
export async function refusingErrors<Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (!/^E[A-Z]+$/.test(code ?? '') || isRefusal(error)) throw error
    throw refusal(path, REASONS[code ?? ''] ?? `${code}`, error)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Cannot change ')
}
