import process from 'node:process'

/**
 * Measures the CPU time of `run` on this thread, in milliseconds. Unlike elapsed time, it excludes
 * other processes on a busy machine.
 */
export function cpuTimeOf(run: () => unknown): number {
  const began = process.threadCpuUsage()
  run()
  return millisecondsSince(began)
}

/** Measures the CPU time of asynchronous work. No other work may run at the same time. */
export async function asyncCpuTimeOf(run: () => unknown): Promise<number> {
  const began = process.threadCpuUsage()
  await run()
  return millisecondsSince(began)
}

function millisecondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(began)
  return (user + system) / 1_000
}
