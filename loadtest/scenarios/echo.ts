import { type Caller, hammer } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import type { Rig } from '../rig.ts'
import { connectMany, connectRaw, connectSocket } from '../wire.ts'

/** An operation without SQL: validated, authorised, acknowledged; against the same bytes through less. */
export async function measureEcho(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { connections } = sizes.echo
  const raw = await rig.server(new URL('../servers/raw.ts', import.meta.url))
  const bare = await rig.server(new URL('../servers/bare.ts', import.meta.url))
  const product = await rig.product({ database: rig.bestDatabase, shop: false })
  const members = [
    { name: 'raw_uws', server: raw, callers: await connectMany(connections, () => rawCaller(raw)) },
    { name: 'bare', server: bare, callers: await connectMany(connections, () => bareCaller(bare)) },
    {
      name: 'product',
      server: product,
      callers: await connectMany(connections, () => productCaller(product)),
    },
  ]
  for (let round = 0; round < sizes.rounds; round++) {
    const cpu: Record<string, number> = {}
    for (const { name, server, callers } of members) {
      const load = await hammer(server, callers, sizes)
      figures.addAll(`echo.${name}`, { ...load })
      cpu[name] = load.cpu_us
    }
    figures.add('echo.ratio', cpu.product! / cpu.bare!)
  }
}

/** As long as the real ones. */
const someConversation = '00000000-0000-7000-8000-000000000000'

async function rawCaller({ url }: ServerProcess): Promise<Caller> {
  const wire = await connectRaw(url)
  const frame = `42/visitor,0${JSON.stringify(['typing:set', { conversation_id: someConversation, typing: true }])}`
  return { wire, frame: () => frame }
}

async function bareCaller({ url }: ServerProcess): Promise<Caller> {
  const wire = await connectSocket(url)
  const frame = wire.frame('typing:set', { conversation_id: someConversation, typing: true })
  return { wire, frame: () => frame }
}

async function productCaller({ url }: ServerProcess): Promise<Caller> {
  const wire = await connectSocket(url, { auth: { protocol: 1 } })
  const { conversation } = await wire.ask<{ conversation: { id: string } }>('conversation:open', {})
  const frame = wire.frame('typing:set', { conversation_id: conversation.id, typing: true })
  return { wire, frame: () => frame }
}
