/** safeTarget is where to go after the login: an address of our own only, never another site's (//evil, https:…). */
export function safeTarget(to: string | null): string {
  return to && /^\/(?![/\\])/.test(to) && !to.startsWith('/login') ? to : '/'
}
