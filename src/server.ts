import { cacheCompiledCode } from './entry/compile-cache.ts'

// Before the other files are loaded.
cacheCompiledCode()
const { start } = await import('./entry/start.ts')
const { exitWithError } = await import('./entry/process.ts')

/** The handler for `deno serve`; `undefined` on other runtimes. */
export default await start().catch(exitWithError)
