import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { passed } from './wait.ts'

/** How a wire behaves. Each may be changed at any time, for one connection or for all. */
export interface Weather {
  /** Added to every read that is passed on, in milliseconds. */
  latencyMs: number
  /** Up to so much more, drawn anew each time. */
  jitterMs: number
  /** Pass on one byte at a time. */
  sliced: boolean
  /** Bytes a second in each direction; 0 for as many as come. */
  bandwidth: number
  /** Nothing passes. What is under way is kept and goes on afterwards, as TCP does after a lost route. */
  stalled: boolean
}

export const clear: Weather = { latencyMs: 0, jitterMs: 0, sliced: false, bandwidth: 0, stalled: false }

export interface Wire {
  readonly id: number
  change(weather: Partial<Weather>): void
  /** Both ends get an RST. */
  reset(): void
  /** Silent for good, whatever becomes of the others: the peer's machine has lost its power. */
  abandon(): void
  /** The near end hears a reset, the far end nothing: who connected went on to another network. */
  vanish(): void
  /** The near end (who connected) hears an end; what it sends still arrives. */
  endTowardsNear(): void
  /** The far end (who listens) hears an end; what it sends still arrives. */
  endTowardsFar(): void
}

export type FaultProxy = Awaited<ReturnType<typeof startProxy>>

export interface ProxyOptions {
  /** Where it leads. Read at every connection: a restarted server may have another port. */
  target: () => number
  /** For the jitter. */
  random?: () => number
}

/** A TCP wire that misbehaves on demand, in front of anything on this machine. */
export async function startProxy({ target, random = Math.random }: ProxyOptions) {
  const wires = new Set<Wire & { close(): void }>()
  let weather = { ...clear }
  let refusing = false
  let count = 0

  const server = createServer({ allowHalfOpen: true, noDelay: true }, near => {
    if (refusing) return void near.on('error', () => {}).resetAndDestroy()
    const far = connect({ port: target(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const wire = joinSockets(++count, { near, far, weather: { ...weather }, random })
    wires.add(wire)
    for (const end of [near, far]) {
      end.on('close', () => {
        if (near.destroyed && far.destroyed) wires.delete(wire)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function change(next: Partial<Weather>) {
    weather = { ...weather, ...next }
    for (const wire of wires) wire.change(next)
  }

  return {
    port: (server.address() as AddressInfo).port,
    wires: wires as ReadonlySet<Wire>,
    change,
    resetAll() {
      for (const wire of wires) wire.reset()
    },
    abandonAll() {
      for (const wire of wires) wire.abandon()
    },
    /** Nobody gets through: what is open is cut, what is new is reset at once. */
    refuse() {
      refusing = true
      for (const wire of wires) wire.reset()
    },
    /** Everything passes again, but for what was abandoned. */
    heal() {
      refusing = false
      change(clear)
    },
    async close() {
      for (const wire of wires) wire.close()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Joining {
  near: Socket
  far: Socket
  weather: Weather
  random: () => number
}

function joinSockets(id: number, { near, far, weather, random }: Joining): Wire & { close(): void } {
  const state = { weather, random, abandoned: false }
  const back = carry(far, near, state)
  const forth = carry(near, far, state)
  // An RST is passed on as one; an end only when all before it went through: carry() sees to that.
  near.on('error', () => state.abandoned || far.resetAndDestroy())
  far.on('error', () => state.abandoned || near.resetAndDestroy())

  return {
    id,
    change(next) {
      Object.assign(weather, next)
      back.wake()
      forth.wake()
    },
    reset() {
      if (state.abandoned) return
      near.resetAndDestroy()
      far.resetAndDestroy()
    },
    abandon() {
      state.abandoned = true
    },
    vanish() {
      state.abandoned = true
      near.resetAndDestroy()
    },
    endTowardsNear: () => void near.end(),
    endTowardsFar: () => void far.end(),
    close() {
      near.destroy()
      far.destroy()
    },
  }
}

interface State {
  weather: Weather
  random: () => number
  abandoned: boolean
}

/** Carries what `from` sends to `to`, one read after the other; not reading on is what makes a slow wire felt upstream. */
function carry(from: Socket, to: Socket, state: State) {
  let wake = () => {}
  let last = Promise.resolve()

  const open = () => !state.abandoned && !state.weather.stalled
  async function passable() {
    while (!open() && !to.destroyed) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }

  async function pass(bytes: Buffer) {
    const { latencyMs, jitterMs } = state.weather
    if (latencyMs + jitterMs > 0) await passed(latencyMs + jitterMs * state.random())
    for (let at = 0; at < bytes.length && to.writable; ) {
      await passable()
      const { sliced, bandwidth } = state.weather
      const length = sliced ? 1 : bandwidth ? Math.max(1, Math.ceil(bandwidth / 50)) : bytes.length
      if (!to.write(bytes.subarray(at, at + length))) await drained(to)
      at += length
      if (bandwidth) await passed(20)
      else if (sliced) await new Promise(resolve => setImmediate(resolve))
    }
  }

  from.on('data', bytes => {
    from.pause()
    last = pass(bytes).finally(() => void from.resume())
  })
  from.on('end', () => void last.then(passable).then(() => to.end()))
  to.on('close', () => {
    wake()
    if (!state.abandoned) from.destroy()
  })
  return { wake: () => wake() }
}

function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
