import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const api = process.env.YINGDA_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': api } },
  build: {
    target: 'es2022',
    manifest: true, // scripts/first-load.mjs adds up what a first visit downloads
    chunkSizeWarningLimit: 1200,
  },
  test: { include: ['src/**/*.test.ts'] },
})
