import { whileQuiet } from '#storage/transfer/pause'
import { openChannel } from '../commands/channel.ts'
import { requestIds } from '../core/ids.ts'
import type { Core } from '../core/open.ts'
import { bodyBudgetBytes, createBodyBudget } from '../net/body-budget.ts'
import { watchCertificate } from '../net/certificates.ts'
import { createOpenFiles, readOpenFilesMax } from '../net/open-files.ts'
import { createDraining, type DrainingParts } from '../realtime/draining.ts'
import type { Realtime } from '../realtime/module.ts'
import { createConnections } from './connections.ts'
import { createDispatch, type DispatchParts } from './dispatch.ts'
import { createFetch } from './fetch.ts'
import { createApi } from './http.ts'
import { createNodeServer } from './node.ts'
import { createOperatorPort } from './operator-port.ts'
import { originAllowed } from './origin.ts'
import { servePages } from './pages.ts'
import { isReserved, probePaths, serveMetrics, serveProbes } from './probes.ts'
import { createProxies } from './proxies.ts'
import type { SocketServer } from './server.ts'
import { bindSockets, type SocketParts } from './socket.ts'
import { createUwsServer } from './uws.ts'

export interface TransportUses
  extends Pick<SocketParts, 'features' | 'recognise' | 'describe' | 'agentConnected'>,
    Pick<DispatchParts, 'handlers' | 'assertConsent'>,
    Pick<DrainingParts, 'waitForReply'> {
  realtime: Realtime
  /** From a command on this machine. */
  setAdministrator: Parameters<typeof openChannel>[1]['setAdministrator']
}

/** The way in: sockets, HTTP, probes, pages, and the channel of commands. */
export async function transportModule(core: Core, uses: TransportUses) {
  const { config, overrides, lifecycle, log, metrics, databaseState, clock } = core
  const { limits, io, origins, identity, hub, incarnation } = uses.realtime
  const bodies = createBodyBudget({
    totalBytes: bodyBudgetBytes(),
    wait: (network, bytes) => limits.consume('network_bytes', network, bytes),
  })
  metrics.watch(
    'parley_body_bytes_held',
    'Bytes of request bodies being read or worked on',
    () => bodies.reservedBytes,
  )
  const openFiles = createOpenFiles({ max: readOpenFilesMax(), metrics })
  lifecycle.add({ close: openFiles.close })
  const nextRequestId = requestIds()
  const clientOf = createProxies({ trusted: config.trustedProxies, tls: config.tls !== null })
  const httpsOnly = config.publicUrl.startsWith('https:')
  if (httpsOnly && !config.tls && config.trustedProxies.length === 0)
    log.warn(
      'PUBLIC_URL is https: without TLS_CERT_FILE, or TRUSTED_PROXIES for the proxy that has the certificate, every request is redirected',
    )
  const draining = createDraining({ io, waitForReply: uses.waitForReply })
  const dispatch = createDispatch({
    handlers: uses.handlers,
    limits,
    metrics,
    log,
    assertConsent: uses.assertConsent,
    checkOutput: overrides.checkOutput ?? false,
  })
  const connections = createConnections({
    io,
    limits,
    clientOf,
    openAccount: bodies.open,
    metrics,
    unseenMaxBytes: 3 * bodyBudgetBytes(),
  })
  lifecycle.add({ close: connections.close })
  bindSockets({
    io,
    dispatch,
    identity,
    connections,
    openFiles,
    metrics,
    log,
    insecure: !httpsOnly,
    nextRequestId,
    listen: hub.listen,
    clock,
    refuseNewcomers: draining.refuseNewcomers,
    agentConnected: uses.agentConnected,
    incarnation: () => incarnation.id,
    features: uses.features,
    recognise: uses.recognise,
    describe: uses.describe,
  })

  const http = createApi({
    dispatch,
    identity,
    log,
    originAllowed: (origin, host) => originAllowed(origin, host, origins),
    nextRequestId,
  })
  const probes = { isDraining: () => draining.isDraining, databaseState }
  serveProbes(http, probes)
  serveFigures()
  await servePages(http, config)
  const createServer = { uws: createUwsServer, node: createNodeServer }[config.socketServer]
  const server = createServer({
    io,
    openFiles,
    tls: config.tls,
    basePath: config.basePath,
    fetch: createFetch({
      http,
      clientOf,
      limits,
      openFiles,
      isReserved,
      openAccount: bodies.open,
      publicUrl: config.publicUrl,
      isFree: path => probePaths.has(path),
      nextRequestId,
      log,
    }),
  })
  const certificate = await watchOwnCertificate(core, server)
  connections.watch()
  lifecycle.add({
    async drain(limit) {
      await draining.run(limit)
      server.stopListening()
    },
    close: server.close,
  })
  openCommandChannel()

  /** On a port of the operator's where one is configured, for whoever comes otherwise. */
  function serveFigures(): void {
    const port = config.metricsPort
    if (port === null) {
      serveMetrics(http, metrics)
      return
    }
    const operatorPort = createOperatorPort(app => {
      serveProbes(app, probes)
      serveMetrics(app, metrics)
    })
    lifecycle.add({
      start: () => operatorPort.listen(port, config.host),
      close: operatorPort.close,
    })
  }

  /** Commands on this machine ask the server that holds the embedded database. */
  function openCommandChannel(): void {
    const { database } = core
    if (database.kind === 'postgres') return
    let channel: Awaited<ReturnType<typeof openChannel>> | null = null
    lifecycle.add({
      async start() {
        channel = await openChannel(config.dataDir, {
          pause: (work, deadlineMs) => whileQuiet(database, work, deadlineMs),
          setAdministrator: uses.setAdministrator,
        })
      },
      drain: () => channel?.close(),
    })
  }

  return {
    openFiles,
    /** Serves a renewed certificate at once, where there is one. */
    renewCertificate: async () => certificate?.reload(),
    /** @returns the port */
    listen: () => server.listen(config.port, config.host),
  }
}

async function watchOwnCertificate(
  { config, overrides, lifecycle, log, metrics }: Core,
  server: SocketServer,
) {
  if (!config.tls) return null
  const certificate = await watchCertificate({
    files: config.tls,
    renew: () => server.renewCertificate(),
    log,
    pollMs: overrides.certificatePollMs,
  })
  lifecycle.add({ close: certificate.close })
  metrics.watch(
    'parley_certificate_expires_timestamp_seconds',
    'When the certificate that is served ends, in seconds since the epoch',
    () => certificate.expiresAt() / 1000,
  )
  return certificate
}
