import { fstatSync } from 'node:fs'
import process from 'node:process'
import type { TextInput } from '../host.ts'
import { openLines } from './lines.ts'

/** Milliseconds in which optional input must begin on a socket. */
const SOCKET_TIME = 250

/** Creates standard input of this process. */
export function createInput(): TextInput {
  const isTerminal = process.stdin.isTTY === true
  return {
    isTerminal,
    readAll,
    async readOptional() {
      if (isTerminal || isSocket() && !await hasBegun()) return ''
      return await readAll()
    },
    openLines,
  }
}

async function readAll(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) text += chunk
  return text
}

/** Programs on Node and Bun that start a process connect a socket, and often leave it open. */
function isSocket(): boolean {
  try {
    return fstatSync(0).isSocket()
  } catch {
    return false
  }
}

/** Whether data or the end arrives soon. Closes the input if neither does. */
function hasBegun(): Promise<boolean> {
  // On Deno, a read that has begun keeps the process running.
  if ('Deno' in globalThis) return Promise.resolve(false)
  const { stdin } = process
  return new Promise((resolve) => {
    const begin = () => {
      clearTimeout(timer)
      resolve(true)
    }
    const timer = setTimeout(() => {
      stdin.off('readable', begin)
      stdin.destroy()
      resolve(false)
    }, SOCKET_TIME)
    stdin.once('readable', begin)
  })
}
