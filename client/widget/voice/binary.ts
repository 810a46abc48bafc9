import type { Client } from '../../sdk/index.ts'

/** The widget's own socket, which carries text alone (slim-socket.ts). */
interface SlimSocket {
  wire: WebSocket | null
}

interface Placeholder {
  _placeholder: true
  num: number
}

export interface BinaryCarrier {
  pack(bytes: Uint8Array): Uint8Array
  unpack(value: unknown): Uint8Array | ArrayBuffer
}

/** Packets of socket.io with binary data, behind the `4` of engine.io: `51-/visitor,7["name",{"_placeholder":true,"num":0}]`. */
const header = /^45(\d+)-/

/** Teaches the slim socket binary data, as each connection opens: no page pays for it that nobody speaks on. */
export function carryBinary(client: Client<'visitor'>): BinaryCarrier {
  const socket = client.socket as SlimSocket
  const taught = new WeakSet<WebSocket>()
  /** What the packet being written, or read, refers to. */
  let outgoing: Uint8Array[] = []
  let incoming: ArrayBuffer[] = []

  function teach() {
    const { wire } = socket
    if (!wire || taught.has(wire)) return
    taught.add(wire)
    wire.binaryType = 'arraybuffer'
    const send = wire.send.bind(wire)
    wire.send = (data: string) => {
      const parts = outgoing
      outgoing = []
      if (parts.length === 0) return send(data)
      send(data.replace(/^42/, `45${parts.length}-`))
      for (const part of parts) send(part as Uint8Array<ArrayBuffer>)
    }
    const receive = wire.onmessage?.bind(wire)
    let text = ''
    let missing = 0
    wire.onmessage = event => {
      const { data } = event
      if (typeof data !== 'string') {
        incoming.push(data)
        if (--missing > 0) return
      } else {
        const count = header.exec(data)?.[1]
        if (!count) return receive?.(event)
        incoming = []
        missing = Number(count)
        text = data.replace(header, '42')
        return
      }
      receive?.({ data: text } as MessageEvent)
    }
  }

  teach()
  client.on('session:ready', teach)
  return {
    pack(bytes) {
      const toJSON = (): Placeholder => ({ _placeholder: true, num: outgoing.push(bytes) - 1 })
      return Object.assign(bytes, { toJSON })
    },
    unpack: value => incoming[(value as Placeholder).num]!,
  }
}
