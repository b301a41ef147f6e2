import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const programs = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** openBrowser starts Debian's Chromium with a fresh profile; close() removes it again. */
export async function openBrowser() {
  const executablePath = programs.find(p => p && existsSync(p))
  if (!executablePath) throw new Error('no Chromium found: apt-get install chromium fonts-noto-cjk, or set CHROMIUM')
  const profile = mkdtempSync(join(tmpdir(), 'yingda-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath, headless: true, viewport: { width: 1280, height: 800 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  })
  return { context, close: async () => { await context.close(); rmSync(profile, { recursive: true, force: true }) } }
}
