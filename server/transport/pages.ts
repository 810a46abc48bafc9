import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { asyncApi, openApi } from './api-docs.ts'
import type { HttpApp, HttpBindings } from './http.ts'
import { firstFile, secondFiles, type WidgetParts } from './widget-files.ts'

/** Text in these files compresses; images and fonts already are. */
const types: Record<string, { mime: string; compress: boolean }> = {
  '.html': { mime: 'text/html; charset=utf-8', compress: true },
  '.js': { mime: 'text/javascript; charset=utf-8', compress: true },
  '.css': { mime: 'text/css; charset=utf-8', compress: true },
  '.json': { mime: 'application/json', compress: true },
  '.wasm': { mime: 'application/wasm', compress: true },
  '.svg': { mime: 'image/svg+xml', compress: true },
  '.png': { mime: 'image/png', compress: false },
  '.woff2': { mime: 'font/woff2', compress: false },
}

/** The pages' own scripts and styles only; the widget's socket may go where the page came from. */
const contentPolicy = [
  "default-src 'self'",
  // The widget's voice detector.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

interface Asset {
  mime: string
  plain: Uint8Array<ArrayBuffer>
  zipped: Uint8Array<ArrayBuffer> | null
  tag: string
}

type Assets = ReadonlyMap<string, Asset>

/** What a proxy in front leaves out that knows nothing of sockets; `proxy_pass` alone speaks HTTP/1.0. */
const upgradeMissing = `Only WebSocket is spoken here, and this request came without "Upgrade: websocket".
A proxy in front has to pass it on. For nginx:

    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";

OPERATING.md, "Behind a proxy", has whole examples.
`

export interface PageParts {
  publicUrl: string
  /** The path of the public address, without a slash at its end. */
  basePath: string
  widget: WidgetParts
}

/** The built client (`client/dist`): demo shop, console, chat, widget. Read once: a request touches no disk and no path of the visitor's. */
export async function servePages(app: HttpApp, parts: PageParts): Promise<void> {
  const { basePath } = parts
  const assets = await readAssets(fileURLToPath(new URL('../../client/dist/', import.meta.url)), basePath)
  const page = (path: string) => (context: Context<HttpBindings>) => send(context, assets, path, 'no-cache')
  app.get('/', page('shop/index.html'))
  app.get('/products/*', page('shop/product.html'))
  for (const path of ['/console', '/chat', '/docs'])
    app.get(`${path}/`, context => context.redirect(basePath + path, 308))
  app.get('/console', page('console/index.html'))
  app.get('/console/*', page('console/index.html'))
  app.get('/chat', page('chat/index.html'))
  app.get('/chat/*', page('chat/index.html'))
  await serveWidget(app, assets, parts.widget)
  app.all('/socket.io/*', context =>
    context.text(upgradeMissing, 426, { upgrade: 'websocket', connection: 'upgrade' }),
  )
  app.get('/assets/*', context => send(context, assets, context.req.path.slice(1), immutable))
  await serveDocs(app, parts)
}

const immutable = 'public, max-age=31536000, immutable'

/** Both files of the widget, for pages of other sites. */
async function serveWidget(app: HttpApp, assets: Assets, widget: WidgetParts): Promise<void> {
  const code = assets.get('widget.js')
  const first = code && firstFile(code.plain, widget.settings, bytes => toAsset('widget.js', bytes))
  app.get('/widget.js', context =>
    first
      ? respond(context, 'widget.js', first(), 'no-cache')
      : send(context, assets, 'widget.js', 'no-cache'),
  )
  const second = secondFiles(assets, widget.files, bytes => toAsset('widget.js', bytes))
  // Where the database takes nothing just now, pages of this build have their file from this build alone.
  await second.save(({ plain }) => plain).catch(() => {})
  app.get('/assets/:name', async (context, next) => {
    const name = context.req.path.slice(1)
    if (!second.isOne(name)) return next()
    const { asset, isExact } = await second.find(name)
    return asset ? respond(context, name, asset, isExact ? immutable : 'no-store') : next()
  })
}

/** The contract as documents, a page that shows them, and Swagger UI on a page of its own for who wants to call something. */
async function serveDocs(app: HttpApp, { publicUrl, basePath }: Omit<PageParts, 'widget'>): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const assets = await readAssets(fileURLToPath(new URL('./docs/', import.meta.url)), basePath)
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    assets.set(name, toAsset(name, await readFile(join(folder, name))))
  app.get('/docs', context => send(context, assets, 'index.html', 'no-cache'))
  app.get('/docs/:name', context => send(context, assets, context.req.param('name'), 'no-cache'))
  const documents = { 'openapi.json': openApi(publicUrl), 'asyncapi.json': asyncApi(publicUrl) }
  for (const [name, document] of Object.entries(documents)) {
    assets.set(name, toAsset(name, Buffer.from(JSON.stringify(document))))
    app.get(`/${name}`, context => send(context, assets, name, 'no-cache'))
  }
}

function send(context: Context<HttpBindings>, assets: Assets, path: string, cache: string): Response {
  const asset = assets.get(path)
  if (!asset)
    return context.text(assets.size === 0 ? 'The pages are not built: npm run build' : 'Not found', 404)
  return respond(context, path, asset, cache)
}

function respond(context: Context<HttpBindings>, path: string, asset: Asset, cache: string): Response {
  const headers: Record<string, string> = {
    'content-type': asset.mime,
    'cache-control': cache,
    etag: asset.tag,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    vary: 'Accept-Encoding',
  }
  if (asset.mime.startsWith('text/html')) headers['content-security-policy'] = contentPolicy
  // The widget and its parts are there for other sites to embed.
  if (/^(assets\/)?widget\b/.test(path)) {
    headers['cross-origin-resource-policy'] = 'cross-origin'
    headers['access-control-allow-origin'] = '*'
  }
  if (context.req.header('if-none-match') === asset.tag) return new Response(null, { status: 304, headers })
  const zipped = asset.zipped && /\bgzip\b/.test(context.req.header('accept-encoding') ?? '')
  if (zipped) headers['content-encoding'] = 'gzip'
  return new Response(zipped ? asset.zipped : asset.plain, { headers })
}

async function readAssets(folder: string, basePath: string): Promise<Map<string, Asset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter(entry => entry.isFile() && types[extname(entry.name)])
  const assets = await Promise.all(
    files.map(async entry => {
      const path = join(entry.parentPath, entry.name)
      const name = relative(folder, path).split(sep).join('/')
      const bytes = await readFile(path)
      return [name, toAsset(name, extname(name) === '.html' ? below(basePath, bytes) : bytes)] as const
    }),
  )
  return new Map(assets)
}

/** A page as it is served at `basePath`: what it names at the root is there, and its scripts are told. */
function below(basePath: string, page: Buffer): Buffer {
  if (basePath === '') return page
  const text = page.toString().replaceAll(/(?<=\b(?:href|src)=")(?=\/)/g, basePath)
  return Buffer.from(text.replace('<html ', `<html data-base="${basePath}" `))
}

function toAsset(name: string, bytes: Buffer): Asset {
  const { mime, compress } = types[extname(name)]!
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 20)}"`
  return {
    mime,
    plain: new Uint8Array(bytes),
    zipped: compress ? new Uint8Array(gzipSync(bytes)) : null,
    tag,
  }
}
