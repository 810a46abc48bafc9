import type { History } from './history.ts'
import type { FaultProxy, Wire } from './proxy.ts'
import type { Fault, Wired } from './schedule.ts'
import { passed } from './wait.ts'
import type { World } from './world.ts'

/** Does what a fault says, for as long as it says, and takes it back. */
export async function strike(world: World, fault: Fault, history: History): Promise<void> {
  switch (fault.on) {
    case 'line':
      return onWire(world.lines[fault.tab]!, fault)
    case 'model':
      return onWire(world.model, fault)
    case 'database':
      return onWire(world.database!, fault)
    case 'redis':
      return onWire(world.redis!.proxy, fault)
    case 'node':
      return onNode(world, fault)
    case 'restore':
      return onRestore(world, fault.ms, history)
  }
}

async function onRestore(world: World, ms: number, history: History): Promise<void> {
  await world.backUp()
  const backedUp = history.now()
  await passed(ms)
  history.restoring(backedUp)
  await world.putBack()
  history.restored()
}

async function onWire(proxy: FaultProxy, { how, ms }: { how: Wired; ms: number }): Promise<void> {
  const each = (work: (wire: Wire) => void) => [...proxy.wires].forEach(work)
  if (how === 'reset') return proxy.resetAll()
  if (how === 'vanish') return each(wire => wire.vanish())
  if (how === 'half_near') return each(wire => wire.endTowardsNear())
  if (how === 'half_far') return each(wire => wire.endTowardsFar())
  if (how === 'refuse') proxy.refuse()
  else {
    const weather = {
      stall: { stalled: true },
      slice: { sliced: true },
      latency: { latencyMs: 60, jitterMs: 120 },
      bandwidth: { bandwidth: 20_000 },
    }
    proxy.change(weather[how])
  }
  await passed(ms)
  proxy.heal()
}

async function onNode(
  world: World,
  { index, how, ms }: { index: number; how: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'; ms: number },
): Promise<void> {
  if (how === 'SIGSTOP') {
    world.nodes[index]!.pause()
    await passed(ms)
    world.nodes[index]!.resume()
    return
  }
  await world.end(index, how)
  await passed(ms / 10)
  await world.restart(index)
}
