import type { Plugin } from 'vite'

const transports = /engine\.io-client\/build\/esm(-debug)?\/transports\/index\.js$/

/**
 * socket.io-client with its websocket transport and nothing else: polling and WebTransport are a tenth of the widget,
 * and the server speaks neither.
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
    load: id =>
      transports.test(id)
        ? "import { WS } from './websocket.js'\nexport const transports = { websocket: WS }"
        : undefined,
  }
}
