import { registerHooks } from 'node:module'

/** By which a process reaches the network and other programs. */
const closed = new Set(
  'child_process cluster dgram dns dns/promises http http2 https inspector inspector/promises net tls'.split(
    ' ',
  ),
)
const globals = ['fetch', 'WebSocket', 'EventSource']

function assertOpen(name: string): void {
  if (closed.has(name.replace(/^node:/, ''))) throw new Error(`"${name}" is closed to readers of documents.`)
}

/**
 * Closes this process to the network, for itself and for every package that is loaded from here on. Node's permission model
 * has closed files, programs, threads and native code already; it has nothing for the network in Node 22.
 */
export function closeNetwork(): void {
  registerHooks({
    resolve(specifier, context, next) {
      assertOpen(specifier)
      return next(specifier, context)
    },
  })
  const { getBuiltinModule } = process
  process.getBuiltinModule = ((name: string) => {
    assertOpen(name)
    return getBuiltinModule(name)
  }) as typeof getBuiltinModule
  for (const name of globals) Reflect.deleteProperty(globalThis, name)
}
