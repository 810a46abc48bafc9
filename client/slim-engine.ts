import type { Plugin } from 'vite'

/** Replacements for modules of engine.io-client, by the end of their path. */
const replacements = {
  '/transports/index.js': `
    import { WS } from './websocket.js'
    export const transports = { websocket: WS }`,
  '/contrib/parseuri.js': `
    export function parse(source) {
      const { hostname, port, protocol, pathname, search } = new URL(source)
      const host = hostname.replace(/[[\\]]/g, '')
      return { source, host, port, protocol: protocol.slice(0, -1), path: pathname, query: search.slice(1) }
    }`,
}

/** The way up from polling to another transport, which is never gone: the websocket is the only one. */
const upgrade = /\n {4}_probe\(name\) \{.*?\n {4}\}\n/s

/**
 * socket.io-client with its websocket transport and nothing else: polling and WebTransport are a tenth of the widget,
 * and the server speaks neither. Addresses are read by the browser instead of a parser for old ones.
 */
export function slimEngine(): Plugin {
  return {
    name: 'slim-engine',
    enforce: 'pre',
    config: () => ({
      build: {
        rolldownOptions: {
          treeshake: { moduleSideEffects: [{ test: /(engine|socket)\.io-client/, sideEffects: false }] },
        },
      },
    }),
    load(id) {
      if (!id.includes('/engine.io-client/')) return
      return Object.entries(replacements).find(([end]) => id.endsWith(end))?.[1]
    },
    transform(code, id) {
      if (!/engine\.io-client\/.*\/socket\.js$/.test(id)) return
      if (!upgrade.test(code)) throw new Error('engine.io-client is not what it was: see slim-engine.ts')
      return code.replace(upgrade, '\n')
    },
  }
}
