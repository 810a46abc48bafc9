import { pause } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import { type Rig, signIn } from '../rig.ts'
import { connectMany, connectSocket, type SocketWire } from '../wire.ts'

const settleMs = 500

/** Memory that one connection holds while nothing happens on it. */
export async function measureIdle(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  for (let round = 0; round < sizes.rounds; round++) {
    // A process of its own each time: what an earlier round left in the heap would hide what this one takes.
    const bare = await rig.server(new URL('../servers/bare.ts', import.meta.url))
    const bareCost = await costOf(bare, sizes.idle, () => connectSocket(bare.url))
    await bare.stop()
    const product = await rig.product({ database: rig.bestDatabase, shop: false })
    const auth = { protocol: 1, token: await signIn(product) }
    const productCost = await costOf(product, sizes.idle, () => signedIn(product, auth))
    await product.stop()
    figures.addAll('idle.bare', bareCost)
    figures.addAll('idle.product', productCost)
    figures.add('idle.ratio', productCost.rss_kb / bareCost.rss_kb)
    figures.add('idle.heap_ratio', productCost.heap_kb / bareCost.heap_kb)
  }
}

async function signedIn({ url }: ServerProcess, auth: Record<string, unknown>): Promise<SocketWire> {
  const wire = await connectSocket(url, { auth })
  await wire.until('session:ready')
  return wire
}

/** Per connection: resident memory of the process, and of it the JavaScript heap. */
async function costOf(
  server: ServerProcess,
  { rampUp, connections }: { rampUp: number; connections: number },
  connect: () => Promise<SocketWire>,
): Promise<{ rss_kb: number; heap_kb: number }> {
  // Code, pools and a grown heap come with the first connections and are not the price of one more: those stay open.
  const first = await connectMany(rampUp, connect)
  await pause(settleMs)
  const before = await server.memory()
  const wires = await connectMany(connections, connect)
  await pause(settleMs)
  const after = await server.memory()
  for (const wire of [...first, ...wires]) wire.close()
  return {
    rss_kb: (after.rss - before.rss) / connections / 1024,
    heap_kb: (after.heap - before.heap) / connections / 1024,
  }
}
