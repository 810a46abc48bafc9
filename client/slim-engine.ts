import type { Plugin } from 'vite'

/** Replacements for modules, by the end of their path. No packet of ours is binary. */
const replacements = {
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js'
    export function encodePacket({ type, data }, _, callback) {
      callback(PACKET_TYPES[type] + (data || ''))
    }
    export { encodePacket as encodePacketToBinary }`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js'
    export function decodePacket(packet) {
      const type = PACKET_TYPES_REVERSE[packet[0]]
      return type ? { type, data: packet.slice(1) } : ERROR_PACKET
    }`,
  'engine.io-client/build/esm/transports/index.js': `
    import { WS } from './websocket.js'
    export const transports = { websocket: WS }`,
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export function parse(source) {
      const { hostname, port, protocol, pathname, search } = new URL(source)
      const host = hostname.replace(/[[\\]]/g, '')
      return { source, host, port, protocol: protocol.slice(0, -1), path: pathname, query: search.slice(1) }
    }`,
}

/** What is left out of other modules, or said shorter: methods by name, and other code by pattern. None of it is ever reached here. */
const omissions: { end: string; methods: string[]; code: (RegExp | [RegExp, string])[] }[] = [
  // The way up from polling to another transport, and the choice of one: the websocket is the only one.
  {
    end: 'engine.io-client/build/esm/socket.js',
    methods: ['_probe', '_filterUpgrades', '_getWritablePackets', 'send'],
    code: [
      [
        / {8}if \(opts\.transportImplementations && .*?\n {8}\}, opts\);\n/s,
        `this.transports = ['websocket'];
        this._transportsByName = DEFAULT_TRANSPORTS;
        this.opts = { addTrailingSlash: true, transportOptions: {}, ...opts };`,
      ],
      / {8}if \(typeof this\.opts\.query === "string"\) \{.*?\n {8}\}\n/s,
      / {12}if \(this\.opts\.closeOnBeforeunload\) \{.*?\n {12}\}\n/s,
      / {8}if \(this\.opts\.withCredentials\) \{.*?\n {8}\}\n/s,
      / {8}this\._upgrades = this\._filterUpgrades\(data\.upgrades\);\n/,
      / {8}if \("open" === this\.readyState && this\.opts\.upgrade\) \{.*?\n {8}\}\n/s,
      / {12}!this\.upgrading &&\n/,
      / {8}if \(this\.opts\.autoUnref\) \{.*?\n {8}\}\n/s,
      [/this\._getWritablePackets\(\)/, 'this.writeBuffer'],
      / {8}if \(this\.transports\.length === 0\) \{.*?\n {8}\}\n/s,
      [/this\.opts\.rememberUpgrade &&.*?(?=this\.transports\[0\])/s, ''],
      / {8}Socket\.priorWebsocketSuccess = .*?\n/g,
      / {8}const cleanupAndClose = .*?(?= {8}if \("opening")/s,
      [/this\.once\("drain", .*?\}\);\n/s, 'this.once("drain", close);\n'],
      / {12}else if \(this\.upgrading\) \{.*?\n {12}\}\n/s,
      / {8}if \(this\.opts\.tryAllTransports &&.*?\n {8}\}\n/s,
      / {16}if \(this\._beforeunloadEventListener\) \{.*?\n {16}\}\n/s,
    ],
  },
  // Reconnection, which is our own: theirs has no full jitter.
  {
    end: 'socket.io-client/build/esm/manager.js',
    methods: [
      'connect',
      'disconnect',
      'timeout',
      'reconnection',
      'reconnectionAttempts',
      'reconnectionDelay',
      'randomizationFactor',
      'reconnectionDelayMax',
      'maybeReconnectOnOpen',
      'reconnect',
      'onreconnect',
    ],
    code: [
      / {8}this\.reconnection\(opts.*?jitter.*?\}\);\n/s,
      [/this\.timeout\(null == .*?\);/, 'this._timeout = 20000;'],
      / {12}if \(this\.opts\.autoUnref\) \{.*?\n {12}\}\n/s,
      / {16}this\.maybeReconnectOnOpen\(\);\n/,
      /this\.decoder\.destroy\(\);/,
      / {8}this\.backoff\.reset\(\);\n(?= {8}this\._readyState)/,
      / {8}if \(this\._reconnection && .*?\n {8}\}\n/s,
      /import \{ Backoff \}.*\n/,
    ],
  },
  // Packets that come in parts, with binary data between them.
  {
    end: 'socket.io-parser/build/esm/index.js',
    methods: ['encodeAsBinary', 'destroy'],
    code: [
      /import \{ deconstructPacket.*\n/,
      /import \{ isBinary.*\n/,
      / {8}if \(obj\.type === PacketType\.EVENT \|\| .*?\n {8}\}\n/s,
      / {8}if \(obj\.type === PacketType\.BINARY_EVENT .*?\n {8}\}\n/s,
      [/ {12}const isBinaryEvent = .*?\n {12}else \{\n(.*?)\n {12}\}\n/s, '$1'],
      / {12}if \(this\.reconstructor\) \{.*?\n {12}\}\n/s,
      / {8}else if \(isBinary\(obj\) .*?\n {8}\}(?=\n {8}else)/s,
      / {8}if \(p\.type === PacketType\.BINARY_EVENT .*?\n {8}\}\n/s,
      /class BinaryReconstructor \{.*?\n\}\n/s,
    ],
  },
  // Retries, which the outbox does, and listeners for whatever comes.
  {
    end: 'socket.io-client/build/esm/socket.js',
    methods: [
      'send',
      'close',
      'compress',
      '_addToQueue',
      '_drainQueue',
      'onAny',
      'prependAny',
      'offAny',
      'listenersAny',
      'onAnyOutgoing',
      'prependAnyOutgoing',
      'offAnyOutgoing',
      'listenersAnyOutgoing',
      'notifyOutgoingListeners',
    ],
    code: [
      / {8}if \(this\._opts\.retries && .*?\n {8}\}\n/s,
      /this\._drainQueue\(true\);/,
      [/"It seems you are trying to reach a Socket\.IO server in v2\.x .*?"/, '"socket.io v2"'],
      /this\.notifyOutgoingListeners\(packet\);/g,
    ],
  },
]

/**
 * socket.io-client with its websocket transport and nothing else: polling, WebTransport, binary data, reconnection and retries are a fifth of the widget,
 * and nothing of ours needs them. Addresses are read by the browser instead of a parser for old ones.
 */
export function slimEngine(): Plugin {
  return {
    name: 'slim-engine',
    enforce: 'pre',
    config: () => ({
      build: {
        rolldownOptions: {
          treeshake: {
            moduleSideEffects: [{ test: /(engine|socket)\.io-(client|parser)/, sideEffects: false }],
          },
        },
      },
    }),
    load(id) {
      return Object.entries(replacements).find(([end]) => id.endsWith(end))?.[1]
    },
    transform(code, id) {
      const omitted = omissions.find(({ end }) => id.endsWith(end))
      if (!omitted) return
      const methods = omitted.methods.map(
        name => new RegExp(String.raw`\n {4}${name}\([^\n]*\{\n.*?\n {4}\}\n`, 's'),
      )
      return [...methods, ...omitted.code].reduce<string>((left, each) => {
        const [pattern, shorter] = Array.isArray(each) ? each : [each, '\n']
        if (left.search(pattern) < 0)
          throw new Error(`${id} is not what it was (${pattern}): see slim-engine.ts`)
        return left.replace(pattern, shorter)
      }, code)
    },
  }
}
