import { readFileSync } from 'node:fs'

/** A command to the thread that watches gateways. */
export type ProbeOrder =
  | StartOrder
  | { type: 'end'; id: number }

interface StartOrder {
  type: 'start'
  id: number
  port: number
  /** The processes of the gateway. */
  members: readonly number[]
  seen: Float64Array
  /** Milliseconds between two requests for `/health`. */
  healthEvery: number
}

/** Shared memory into which the thread writes its measurements; times in milliseconds. */
export const SLOTS = {
  /** The longest wait for `/health`. */
  health: 0,
  /** Start of the current wait; 0 when there is none. */
  pendingSince: 1,
  /** Peak memory in MiB. */
  memory: 2,
  /** As `health`, but each wait counts at most the processor time that the gateway used. */
  busy: 3,
} as const

/** The time in milliseconds of a clock that all threads share. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * The milliseconds of a wait in which the gateway used the processor, to exclude other programs. The
 * whole wait counts when the processor time is unknown.
 * @param used microseconds of processor time; 0 when it is unknown
 */
export function busyPart(wait: number, used: number): number {
  return used === 0 ? wait : Math.min(wait, used / 1_000)
}

const PAGE = 4_096

/** The memory of processes in MiB; a process that has ended holds none. */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + pagesOf(pid), 0) * PAGE / 2 ** 20
}

function pagesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1])
  } catch {
    return 0
  }
}
