/** A connection to the inspector of V8. */
export interface Inspector {
  call(method: string, params?: object): Promise<unknown>
  close(): void
}

/** Connects to the inspector that listens on a port of this machine. */
export async function openInspector(port: number): Promise<Inspector> {
  const response = await fetch(`http://127.0.0.1:${port}/json`)
  const [target]: { webSocketDebuggerUrl: string }[] = await response.json()
  if (!target) throw new Error('Cannot find anything to profile')
  const socket = new WebSocket(target.webSocketDebuggerUrl.replace('localhost', '127.0.0.1'))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('Cannot connect to the inspector')))
  })
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let calls = 0
  return {
    call: (method, params = {}) =>
      new Promise((resolve) => {
        waiting.set(++calls, resolve)
        socket.send(JSON.stringify({ id: calls, method, params }))
      }),
    close: () => socket.close(),
  }
}
