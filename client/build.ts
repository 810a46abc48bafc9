import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig, type Rolldown } from 'vite'

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
  // The first that know `light-dark()`; the widget chooses its colours itself in others (core/styles.ts).
  cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
} satisfies InlineConfig['build']

/** What every page of a shop loads: smaller than the build's own minifier makes it, and the same in a page of any encoding. */
const smallest = {
  minify: 'terser',
  terserOptions: {
    // `unsafe`: nobody has put other things in the place of String, Array and their like, and no symbol becomes text.
    compress: { passes: 4, ecma: 2020, inline: 3, unsafe: true, unsafe_arrows: true, pure_getters: true },
    format: { ascii_only: true },
  },
} satisfies InlineConfig['build']

/** What the widget's first file shares with those after it: all it exports is known to the compiler, JSX's calls to us. */
const shared = /\/(preact\/|widget\/core\/shared\.ts$|ui\/(glyph\.tsx|i18n\.ts)$|sdk\/error\.ts$)/

/** Names the source that the widget's first file is made of: the second works with that one only. */
async function readCoreVersion(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['widget/core', 'sdk', 'ui']) {
    const entries = await readdir(root + folder, { withFileTypes: true })
    const names = entries.filter(entry => entry.isFile()).map(({ name }) => name)
    for (const name of names.toSorted()) hash.update(await readFile(`${root}${folder}/${name}`))
  }
  return hash.digest('base64url').slice(0, 8)
}

/**
 * What the widget needs later than its first answer, as a classic script: other sites load it without CORS.
 * @returns its path beside the first; the name changes with the content
 */
async function buildLater(entry: string, file: string, define: Record<string, string>): Promise<string> {
  const [result] = (await build({
    ...common,
    define,
    build: {
      ...target,
      ...smallest,
      lib: {
        entry: `${root}widget/${entry}`,
        formats: ['iife'],
        name: 'ParleyLater',
        fileName: () => `assets/${file}-[hash].js`,
      },
      rolldownOptions: {
        external: id => shared.test(id),
        output: { globals: () => 'document.currentScript.shared' },
      },
    },
  })) as [Rolldown.RolldownOutput]
  return result.output[0].fileName
}

/** The voice detector, as it is in its package. @returns its path beside the first file */
async function copyDetector(): Promise<string> {
  const code = await readFile(createRequire(import.meta.url).resolve('@echogarden/fvad-wasm/fvad.wasm'))
  const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8)
  const name = `assets/widget-detector-${hash}.wasm`
  await mkdir(`${outDir}/assets`, { recursive: true })
  await writeFile(`${outDir}/${name}`, code)
  return name
}

/** The one file that a site embeds. */
async function buildWidget(define: Record<string, string>) {
  await build({
    ...common,
    resolve: { alias: { 'socket.io-client': `${root}slim-socket.ts` } },
    define,
    build: {
      ...target,
      ...smallest,
      lib: {
        entry: `${root}widget/core/main.ts`,
        formats: ['iife'],
        name: 'ParleyWidget',
        fileName: () => 'widget.js',
      },
    },
  })
}

/** Shop, console and chat; what they share lands in /assets under hashed names. */
async function buildPages() {
  await build({
    ...common,
    // Scripts find each other wherever they are; the server puts its own path before what its pages name.
    experimental: {
      renderBuiltUrl: (name, { hostType }) => (hostType === 'html' ? `/${name}` : { relative: true }),
    },
    build: {
      ...target,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: ['shop/index.html', 'shop/product.html', 'console/index.html', 'chat/index.html'].map(
          page => root + page,
        ),
      },
    },
  })
}

await rm(outDir, { recursive: true, force: true })
const coreVersion = JSON.stringify(await readCoreVersion())
const detectorFile = JSON.stringify(await copyDetector())
const workletFile = JSON.stringify(await buildLater('voice/worklet.ts', 'widget-worklet', {}))
const voice = await buildLater('voice/main.ts', 'widget-voice', { coreVersion, workletFile, detectorFile })
const voiceFile = JSON.stringify(voice)
const lazyFile = JSON.stringify(await buildLater('lazy/main.ts', 'widget', { coreVersion, voiceFile }))
await buildWidget({ coreVersion, lazyFile })
await buildPages()
