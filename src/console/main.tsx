import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ConnectPanel } from './connect-panel.tsx'
import { HealthPanel } from './health-panel.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { Icon } from './parts.tsx'
import { Playground } from './playground.tsx'
import { EMPTY_PLAYGROUND } from './playground-state.ts'
import { RequestsPanel } from './requests-panel.tsx'
import { SessionProvider, useSession } from './session.tsx'
import { StatusLine } from './status-line.tsx'
import { UsagePanel } from './usage-panel.tsx'

const VIEWS = [
  ['playground', 'Playground'],
  ['usage', 'Usage'],
  ['requests', 'Requests'],
  ['keys', 'Keys'],
  ['health', 'Health'],
] as const
type View = (typeof VIEWS)[number][0]

function App() {
  const view = useView()
  const [playground, setPlayground] = useState(EMPTY_PLAYGROUND)
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = `${VIEWS.find(([name]) => name === view)?.[1]} – OCI gateway`
  }, [view])
  return (
    <SessionProvider>
      <a class='skip' href='#main' onClick={(event) => skip(event, main.current)}>
        Skip to content
      </a>
      <Top view={view} />
      <StatusLine />
      <main id='main' ref={main} tabIndex={-1}>
        {view === 'playground' && (
          <>
            <Playground state={playground} onChange={setPlayground} />
            <ConnectPanel model={playground.form.model} />
          </>
        )}
        {view === 'usage' && <UsagePanel />}
        {view === 'requests' && <RequestsPanel />}
        {view === 'keys' && <KeysPanel />}
        {view === 'health' && <HealthPanel />}
      </main>
    </SessionProvider>
  )
}

function Top({ view }: { view: View }) {
  return (
    <header class='top'>
      <h1>
        OCI <span>gateway</span>
      </h1>
      <nav aria-label='Views'>
        {VIEWS.map(([name, title]) => (
          <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div class='top-actions'>
        <LockButton />
        <SchemeButton />
      </div>
    </header>
  )
}

/** The view in the fragment of the address, which no server receives. */
function useView(): View {
  const read = (): View => VIEWS.find(([name]) => location.hash === `#${name}`)?.[0] ?? 'playground'
  const [view, setView] = useState(read)
  useEffect(() => {
    const change = () => setView(read())
    addEventListener('hashchange', change)
    return () => removeEventListener('hashchange', change)
  }, [])
  return view
}

/** A link to the fragment would change the view. */
function skip(event: Event, main: HTMLElement | null): void {
  event.preventDefault()
  main?.focus()
}

/** Removes the keys from the page's memory. */
function LockButton() {
  const { keys, setKey } = useSession()
  if (keys.admin === '' && keys.client === '') return null
  const lock = () => {
    setKey('admin', '')
    setKey('client', '')
  }
  return (
    <button type='button' class='quiet' onClick={lock}>
      Forget keys
    </button>
  )
}

type Scheme = 'light' | 'dark'

/** Switches between the colour schemes. Until then, the system's one counts. */
function SchemeButton() {
  const system: Scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const [scheme, setScheme] = useState<Scheme>()
  const current = scheme ?? system
  const other: Scheme = current === 'dark' ? 'light' : 'dark'
  const change = () => {
    document.documentElement.dataset['scheme'] = other
    setScheme(other)
  }
  return (
    <button type='button' class='quiet' onClick={change} aria-label={`Use the ${other} scheme`}>
      <Icon name='scheme' />
    </button>
  )
}

const root = document.getElementById('app')
if (root) render(<App />, root)
