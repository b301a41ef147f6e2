import { createBrowserRouter, type RouteObject } from 'react-router'
import { Frame } from './frame/Frame'
import { Missing } from './frame/Missing'
import { Broken } from './frame/Broken'

/** Screen is one page of a feature: where it is, who may see it, and its code, fetched when first needed. */
export interface Screen {
  path: string
  right?: string
  load: () => Promise<{ default: React.ComponentType }>
  bare?: boolean         // without frame and without login
}

// Every feature brings its own features/x/screens.ts.
const found = import.meta.glob<{ screens: Screen[] }>('./features/*/screens.ts', { eager: true })
export const screens: Screen[] = Object.values(found).flatMap(f => f.screens)

/** exists says whether there is a screen at a menu's address: the menu shows only what is there. */
export function exists(path: string): boolean { return screens.some(s => s.path === path) }

function route(s: Screen): RouteObject {
  return { path: s.path, handle: { right: s.right }, lazy: async () => ({ Component: (await s.load()).default }), errorElement: <Broken /> }
}

/** makeRouter joins the screens of all features under the frame. */
export function makeRouter() {
  return createBrowserRouter([
    ...screens.filter(s => s.bare).map(route),
    { element: <Frame />, errorElement: <Broken />, hydrateFallbackElement: <></>, children: [...screens.filter(s => !s.bare).map(route), { path: '*', element: <Missing /> }] },
  ])
}
