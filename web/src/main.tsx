import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import './global.css'
import { onDoubt, onSignedOut } from './platform/api'
import { onLanguage, startLanguage } from './platform/i18n'
import { asProblem } from './platform/problem'
import { Look } from './platform/theme'
import { makeRouter } from './routes'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, e) => failures < 2 && (asProblem(e).offline || asProblem(e).status >= 502),
      refetchOnWindowFocus: true,
    },
  },
})
onSignedOut(() => queries.setQueryData(['me'], null)) // the frame sees it and shows the login
onDoubt(() => void queries.invalidateQueries()) // it may have been done: what is shown is fetched again

// After an upgrade the files this page was built from are gone: fetch the new console, once.
window.addEventListener('vite:preloadError', e => {
  const last = Number(sessionStorage.getItem('yd.reloaded') ?? 0)
  if (Date.now() - last < 30_000) return // it does not help: say what happened instead
  e.preventDefault()
  sessionStorage.setItem('yd.reloaded', String(Date.now()))
  location.reload()
})

await startLanguage()
// The server's sentences come in the language they were asked in. 'me' is told by what keeps the choice: asked for now, it could still say the old one.
onLanguage(() => void queries.invalidateQueries({ predicate: q => q.queryKey[0] !== 'me' }))
const router = makeRouter()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Look><RouterProvider router={router} /></Look>
    </QueryClientProvider>
  </StrictMode>,
)
