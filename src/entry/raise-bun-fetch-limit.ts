import process from 'node:process'

/** Bun's own word for how many requests `fetch` lets run at a time, which it reads when it starts. */
const VARIABLE = 'BUN_CONFIG_MAX_HTTP_REQUESTS'

/** The most that Bun takes. */
const MOST = '65336'

/**
 * Lifts Bun's limit of 256 requests at a time, which streams of minutes would soon reach, by
 * starting the program anew in this very process with the variable set, unless it is already.
 */
export function raiseBunFetchLimit(): void {
  if (process.env[VARIABLE] !== undefined || !process.execve) return
  const [, ...args] = process.argv
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...args], {
    ...process.env,
    [VARIABLE]: MOST,
  })
}
