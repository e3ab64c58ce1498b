import process from 'node:process'

/** Bun reads its limit of concurrent `fetch` requests from this variable when it starts. */
const VARIABLE = 'BUN_CONFIG_MAX_HTTP_REQUESTS'

/** The maximum that Bun accepts. */
const MAX_REQUESTS = '65336'

/**
 * Raises Bun's limit of 256 concurrent `fetch` requests, which long streams would reach, unless the
 * variable is already set. Replaces the running program by itself (execve), with the variable set.
 */
export function raiseBunFetchLimit(): void {
  if (process.env[VARIABLE] !== undefined || !process.execve) return
  const [, ...args] = process.argv
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...args], {
    ...process.env,
    [VARIABLE]: MAX_REQUESTS,
  })
}
