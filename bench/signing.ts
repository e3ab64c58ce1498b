import { countCpu, membersOf, type Server } from './processes.ts'

/** The cost of signatures on a runtime. */
export interface Signing {
  perSecond: number
  /** CPU microseconds of each signature; `undefined` without /proc. */
  cpu: number | undefined
}

/** Signs for about `milliseconds`, with `inFlight` signatures at a time. */
export async function measureSigning(
  server: Server,
  inFlight: number,
  milliseconds: number,
): Promise<Signing> {
  const probe = 32 * Math.ceil(inFlight / 32)
  const probed = await sign(server, probe, inFlight)
  const count = Math.max(probe, Math.round(probe * milliseconds / probed))
  const pids = membersOf(server.group)
  const cpuSince = countCpu(pids)
  const took = await sign(server, count, inFlight)
  return {
    perSecond: count * 1000 / took,
    cpu: pids.length > 0 ? cpuSince() / count : undefined,
  }
}

/** Returns the duration in milliseconds. */
async function sign({ port }: Server, count: number, inFlight: number): Promise<number> {
  const began = performance.now()
  const url = `http://127.0.0.1:${port}/?count=${count}&in-flight=${inFlight}`
  await (await fetch(url)).text()
  return performance.now() - began
}
