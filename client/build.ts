import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig } from 'vite'
import { slimEngine } from './slim-engine.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const outDir = `${root}dist`

const common = {
  configFile: false,
  // Its warnings are of the embed snippet, which is left as any site would write it.
  logLevel: 'error',
  root,
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
} satisfies InlineConfig

const target = {
  outDir,
  emptyOutDir: false,
  target: 'es2022',
  // The first that know `light-dark()`.
  cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
} satisfies InlineConfig['build']

/** One file that any site can embed. */
async function buildWidget() {
  await build({
    ...common,
    plugins: [slimEngine()],
    build: {
      ...target,
      lib: {
        entry: `${root}widget/main.ts`,
        formats: ['iife'],
        name: 'ParleyWidget',
        fileName: () => 'widget.js',
      },
    },
  })
}

/** Shop and console; what they share lands in /assets under hashed names. */
async function buildPages() {
  await build({
    ...common,
    build: {
      ...target,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: ['shop/index.html', 'shop/product.html', 'console/index.html'].map(page => root + page),
      },
    },
  })
}

await rm(outDir, { recursive: true, force: true })
await buildWidget()
await buildPages()
