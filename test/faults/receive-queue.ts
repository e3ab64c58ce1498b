import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { EVENTUALLY } from './bounds.ts'
import { sleep } from './upstream.ts'

/** Milliseconds to wait where the operating system does not show its queues. */
const BLIND = 200

/**
 * Resolves when the process at the other end of a loopback connection has read everything that was
 * written so far. A reset would make the kernel discard the rest.
 */
export async function untilRead(socket: Socket): Promise<void> {
  const limit = performance.now() + EVENTUALLY
  for (let unread = unreadBytes(socket); unread !== 0; unread = unreadBytes(socket)) {
    if (unread === undefined) return await sleep(BLIND)
    if (performance.now() > limit) return
    await sleep(20)
  }
}

/** Bytes in the receive queue of the other end, from Linux's list of sockets. */
function unreadBytes({ localPort, remotePort }: Socket): number | undefined {
  const isOtherEnd = new RegExp(`:${portOf(remotePort)} \\w+:${portOf(localPort)} `)
  for (const list of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const line = linesOf(list).find((line) => isOtherEnd.test(line))
    // proc_net_tcp: "sl local rem st tx_queue:rx_queue …", numbers in hexadecimal.
    if (line) return parseInt(line.trim().split(/\s+/)[4]?.split(':')[1] ?? '0', 16)
  }
  return undefined
}

function portOf(port = 0): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n')
  } catch {
    return []
  }
}
