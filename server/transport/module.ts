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
import { servePages } from './pages.ts'
import { isReserved, probePaths, serveMetrics, serveProbes } from './probes.ts'
import { createProxies } from './proxies.ts'
import type { SocketServer } from './server.ts'
import { bindSockets, type SocketParts } from './socket.ts'
import { createUwsServer } from './uws.ts'
import type { WidgetParts } from './widget-files.ts'

export interface TransportUses
  extends Pick<SocketParts, 'features' | 'recognise' | 'describe' | 'agentConnected'>,
    Pick<DispatchParts, 'handlers' | 'assertConsent' | 'scopeOf'>,
    Pick<DrainingParts, 'waitForReply'> {
  realtime: Realtime
  widget: WidgetParts
  /** From a command on this machine. */
  setAdministrator: Parameters<typeof openChannel>[1]['setAdministrator']
}

/** The way in: sockets, HTTP, probes, pages, and the channel of commands. */
export async function transportModule(core: Core, uses: TransportUses) {
  const { config, lifecycle } = core
  const { io } = uses.realtime
  const gate = openGate(core, uses.realtime)
  const draining = createDraining({ io, waitForReply: uses.waitForReply })
  const dispatch = createDispatch({
    handlers: uses.handlers,
    limits: uses.realtime.limits,
    metrics: core.metrics,
    log: core.log,
    assertConsent: uses.assertConsent,
    scopeOf: uses.scopeOf,
    checkOutput: core.overrides.checkOutput ?? false,
  })
  serveSockets(core, uses, { ...gate, dispatch, draining })
  const http = await serveHttp(core, uses, { ...gate, dispatch, draining })
  const createServer = { uws: createUwsServer, node: createNodeServer }[config.socketServer]
  const server = createServer({
    io,
    openFiles: gate.openFiles,
    tls: config.tls,
    basePath: config.basePath,
    fetch: createFetch({
      http,
      clientOf: gate.clientOf,
      limits: uses.realtime.limits,
      openFiles: gate.openFiles,
      isReserved,
      openAccount: gate.bodies.open,
      publicUrl: config.publicUrl,
      isFree: path => probePaths.has(path),
      nextRequestId: gate.nextRequestId,
      log: core.log,
    }),
  })
  const certificate = await watchOwnCertificate(core, server)
  gate.connections.watch()
  lifecycle.add({
    async drain(limit) {
      await draining.run(limit)
      server.stopListening()
    },
    close: server.close,
  })
  openCommandChannel(core, uses.setAdministrator)
  return {
    openFiles: gate.openFiles,
    /** Serves a renewed certificate at once, where there is one. */
    renewCertificate: async () => certificate?.reload(),
    /** @returns the port */
    listen: () => server.listen(config.port, config.host),
  }
}

/** What is asked of everybody who comes: from where, how many, how much they send. */
function openGate({ config, lifecycle, log, metrics }: Core, { limits, io }: Realtime) {
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
  const clientOf = createProxies({ trusted: config.trustedProxies, tls: config.tls !== null })
  const httpsOnly = config.publicUrl.startsWith('https:')
  if (httpsOnly && !config.tls && config.trustedProxies.length === 0)
    log.warn(
      'PUBLIC_URL is https: without TLS_CERT_FILE, or TRUSTED_PROXIES for the proxy that has the certificate, every request is redirected',
    )
  const connections = createConnections({
    io,
    limits,
    clientOf,
    openAccount: bodies.open,
    metrics,
    unseenMaxBytes: 3 * bodyBudgetBytes(),
  })
  lifecycle.add({ close: connections.close })
  return { bodies, openFiles, clientOf, connections, httpsOnly, nextRequestId: requestIds() }
}

interface Served extends ReturnType<typeof openGate> {
  dispatch: ReturnType<typeof createDispatch>
  draining: ReturnType<typeof createDraining>
}

function serveSockets({ metrics, log, clock }: Core, uses: TransportUses, served: Served): void {
  const { io, identity, hub, incarnation } = uses.realtime
  const { dispatch, draining, connections, openFiles, httpsOnly, nextRequestId } = served
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
}

/** Operations, pages and documents; probes and figures here, or on a port of the operator's where one is configured. */
async function serveHttp(core: Core, { realtime, widget }: TransportUses, served: Served) {
  const { identity, originGate } = realtime
  const { config, lifecycle, log, metrics, databaseState } = core
  const { dispatch, draining, nextRequestId } = served
  const http = createApi({
    dispatch,
    identity,
    log,
    origins: originGate,
    nextRequestId,
  })
  const probes = { isDraining: () => draining.isDraining, databaseState }
  serveProbes(http, probes)
  const { metricsPort } = config
  if (metricsPort === null) serveMetrics(http, metrics)
  else {
    const operatorPort = createOperatorPort(app => {
      serveProbes(app, probes)
      serveMetrics(app, metrics)
    })
    lifecycle.add({ start: () => operatorPort.listen(metricsPort, config.host), close: operatorPort.close })
  }
  await servePages(http, { ...config, widget })
  return http
}

/** Commands on this machine ask the server that holds the embedded database. */
function openCommandChannel(
  { config, lifecycle, database }: Core,
  setAdministrator: TransportUses['setAdministrator'],
): void {
  if (database.kind === 'postgres') return
  let channel: Awaited<ReturnType<typeof openChannel>> | null = null
  lifecycle.add({
    async start() {
      channel = await openChannel(config.dataDir, {
        pause: (work, deadlineMs) => whileQuiet(database, work, deadlineMs),
        setAdministrator,
      })
    },
    drain: () => channel?.close(),
  })
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
