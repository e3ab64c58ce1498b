import process from 'node:process'

/**
 * The milliseconds of processor time that `run` takes on this thread. Unlike elapsed time it leaves
 * out what other processes on a busy machine take.
 */
export function cpuTimeOf(run: () => unknown): number {
  const began = process.threadCpuUsage()
  run()
  return millisecondsSince(began)
}

/** The same for work that continues after its first `await`, with nothing else to do meanwhile. */
export async function asyncCpuTimeOf(run: () => unknown): Promise<number> {
  const began = process.threadCpuUsage()
  await run()
  return millisecondsSince(began)
}

function millisecondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(began)
  return (user + system) / 1_000
}
