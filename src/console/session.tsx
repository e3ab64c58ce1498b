import { type ComponentChildren, createContext, type VNode } from 'preact'
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Model, ModelData, Status } from './data.ts'
import {
  type Answer,
  baseOf,
  createGatewayClient,
  type GatewayClient,
  type KeyKind,
  type Keys,
} from './gateway-client.ts'

/** Data of the gateway, or that they are on their way. */
export type Loaded<T> = Answer<T> | { type: 'loading' }

/** What all panels share. */
export interface Session {
  gateway: GatewayClient
  keys: Keys
  setKey(kind: KeyKind, key: string): void
  status: Loaded<Status>
  models: Loaded<readonly Model[]>
  /** Reads the status again, after something has changed it. */
  refresh(): void
}

const SessionContext = createContext<Session | undefined>(undefined)

/** Milliseconds between two reads of the status. */
const STATUS_INTERVAL = 5_000

/** The session of a component below `SessionProvider`. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('There is no session')
  return session
}

/** Holds the keys, which exist only in this memory, and the data that all panels need. */
export function SessionProvider({ children }: { children: ComponentChildren }): VNode {
  const [keys, setKeys] = useState<Keys>({ admin: '', client: '' })
  const current = useRef(keys)
  current.current = keys
  const gateway = useMemo(
    () =>
      createGatewayClient(baseOf(location), () => current.current, (url, init) => fetch(url, init)),
    [],
  )
  const setKey = useCallback(
    (kind: KeyKind, key: string) => setKeys((before) => ({ ...before, [kind]: key.trim() })),
    [],
  )
  const [status, refresh] = usePolled<Status>(gateway, 'admin/v1/status', 'admin', {
    interval: STATUS_INTERVAL,
    key: keys.admin,
  })
  const [models] = usePolled<ModelData>(gateway, 'v1/models', 'client', {
    interval: 10 * 60_000,
    key: keys.client,
  })
  const session: Session = {
    ...{ gateway, keys, setKey, status, refresh },
    models: models.type === 'ready' ? { type: 'ready', data: chatModels(models.data) } : models,
  }
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}

/** The models of the playground: those that chat. */
function chatModels({ data }: ModelData): readonly Model[] {
  return data.filter(({ capabilities }) => capabilities?.chat ?? true)
}

/** How data are read again. */
export interface Polling {
  /** Milliseconds; 0 reads once. */
  interval: number
  /** Reads at once when it changes. */
  key: string
}

/** Reads data now and at intervals, as long as the page is visible. */
export function usePolled<T>(
  gateway: GatewayClient,
  path: string,
  kind: KeyKind,
  { interval, key }: Polling,
): [data: Loaded<T>, read: () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ type: 'loading' })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    const read = async () => {
      if (document.hidden) return
      const answer = await gateway.get<T>(path, kind, abort.signal)
      if (abort.signal.aborted) return
      setLoaded(answer)
      // The gateway counts wrong keys: one key is tried once.
      if (answer.type === 'locked') stop()
    }
    const timer = interval > 0 ? setInterval(read, interval) : undefined
    const stop = () => {
      abort.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', read)
    }
    document.addEventListener('visibilitychange', read)
    void read()
    return stop
  }, [gateway, path, kind, interval, key, round])
  const again = useCallback(() => setRound((before) => before + 1), [])
  return [loaded, again]
}
