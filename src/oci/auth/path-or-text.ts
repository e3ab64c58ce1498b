import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'
import { readFile } from './read-file.ts'

/** Whether a variable that may hold a value or an absolute path holds a path. */
export function isPath(value: string): boolean {
  return /^(\/|[A-Za-z]:[\\/])[^\n]*$/.test(value.trim())
}

/** The value itself, or the text of the file it names; read anew each time. */
export async function readText(
  value: string,
  variable: string,
  files: Files | undefined,
): Promise<string> {
  if (!isPath(value)) return value
  const path = value.trim()
  const text = files && await readFile(files, path)
  if (text !== undefined) return text.trim()
  const state = files ? `there is no file "${path}"` : 'this runtime has no files; give the text'
  throw new ApiError('configuration_error', `Cannot use ${variable}: ${state}`, {
    reason: 'file_missing',
  })
}
