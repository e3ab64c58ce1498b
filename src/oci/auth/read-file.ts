import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'

/** Replaces a leading `~` with the home folder. Relative paths stay, as in Oracle's SDKs. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => home)
}

/** Reads a file; `undefined` if it does not exist. Throws if it cannot be read. */
export async function readFile(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.read(path)
  } catch (error) {
    const state = 'it exists, but this process has no permission to read it, or it is not a file'
    throw new ApiError('configuration_error', `Cannot read "${path}": ${state}`, {
      reason: 'unreadable_file',
      cause: error,
    })
  }
}

/** Whether the value of a variable that accepts a text or an absolute path is a path. */
export function isPath(value: string): boolean {
  return /^(\/|[A-Za-z]:[\\/])[^\n]*$/.test(value.trim())
}

/**
 * Returns the value itself or, if it is an absolute path, the trimmed text of that file. The file
 * is read again on each call. Throws if it does not exist.
 */
export async function readPathOrText(
  value: string,
  variable: string,
  files: Files | undefined,
): Promise<string> {
  if (!isPath(value)) return value
  const path = value.trim()
  const text = files && await readFile(files, path)
  if (text !== undefined) return text.trim()
  const state = files
    ? `there is no file "${path}"`
    : 'this runtime has no file system. Set the content itself instead of a path'
  throw new ApiError('configuration_error', `Cannot use ${variable}: ${state}`, {
    reason: 'file_missing',
  })
}
