import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Message } from '#protocol'
import { attachmentsMax, uploadMaxBytes, uploadTypes } from '#protocol/chat/upload'
import type { Settings } from '#protocol/desk/service'
import { conversationStorage } from '#storage/chat/conversation'
import { transcriptStorage } from '#storage/chat/transcript'
import { uploadStorage } from '#storage/chat/upload'
import { deskStorage } from '#storage/desk/desk'
import { handoffStorage } from '#storage/desk/handoff'
import { serviceStorage } from '#storage/desk/service'
import { createHealth } from '#storage/engine/health'
import { openDatabase } from '#storage/engine/open'
import type { ScrubTimings } from '#storage/engine/scrub'
import { StartError } from '#storage/engine/start-error'
import { databaseTime } from '#storage/engine/time'
import { administratorStorage } from '#storage/identity/administrators'
import { auditStorage } from '#storage/identity/audit'
import { identityStorage } from '#storage/identity/auth'
import { codeStorage } from '#storage/identity/codes'
import { factorStorage } from '#storage/identity/factors'
import { peopleStorage } from '#storage/identity/people'
import { privacyStorage } from '#storage/identity/privacy'
import { revocationStorage } from '#storage/identity/revocations'
import { sealedKeyIds, secretStorage } from '#storage/identity/secrets'
import { notificationStorage } from '#storage/platform/notification'
import { outboxStorage } from '#storage/platform/outbox'
import { settingStorage } from '#storage/platform/settings'
import { incarnationStorage } from '#storage/realtime/incarnation'
import { journalStorage } from '#storage/realtime/journal'
import { leaseStorage } from '#storage/realtime/leases'
import { catalogueStorage } from '#storage/shop/catalogue'
import { knowledgeStorage } from '#storage/shop/knowledge'
import { whileQuiet } from '#storage/transfer/pause'
import packageFile from '../package.json' with { type: 'json' }
import { citationFilters } from './answering/retrieval/citation/filter.ts'
import { smallTalkIn } from './answering/retrieval/question/small-talk.ts'
import { saturation } from './answering/retrieval/ranking/bm25.ts'
import { createRetriever } from './answering/retrieval/retrieve.ts'
import { chatArea } from './areas/chat/chat.ts'
import { conversationArea } from './areas/chat/conversation.ts'
import { defaultTimings, type Timings } from './areas/chat/reply/generate.ts'
import { replyArea } from './areas/chat/reply/index.ts'
import { transcriptArea } from './areas/chat/transcript.ts'
import { uploadArea } from './areas/chat/upload.ts'
import { deskArea } from './areas/desk/desk.ts'
import { type HandoffTimings, handoffArea, handoffTimings } from './areas/desk/handoff/index.ts'
import { defaultSettings } from './areas/desk/service/defaults.ts'
import { serviceArea } from './areas/desk/service/index.ts'
import { auditArea } from './areas/identity/audit.ts'
import { setAdministrator } from './areas/identity/auth/administrator.ts'
import { codeLimits } from './areas/identity/auth/codes.ts'
import { identityArea } from './areas/identity/auth/index.ts'
import { peopleArea } from './areas/identity/people.ts'
import { privacyArea } from './areas/identity/privacy.ts'
import { mailArea } from './areas/platform/mail.ts'
import { notificationArea } from './areas/platform/notification.ts'
import { systemArea } from './areas/platform/system.ts'
import { catalogueArea } from './areas/shop/catalogue/index.ts'
import { knowledgeArea } from './areas/shop/knowledge/index.ts'
import { type Channel, openChannel } from './commands/channel.ts'
import { allowedOrigins, type Config } from './config/config.ts'
import { type Clock, createDatabaseClock } from './core/clock.ts'
import { newId, requestIds } from './core/ids.ts'
import { noteName, openIncarnation } from './core/incarnation.ts'
import { openWhenThere } from './core/open-when-there.ts'
import { createMail } from './mail/mail.ts'
import { bodyBudgetBytes, createBodyBudget } from './net/body-budget.ts'
import { watchCertificate } from './net/certificates.ts'
import { createEgress } from './net/egress.ts'
import { createOpenFiles, readOpenFilesMax } from './net/open-files.ts'
import { watchDependency } from './observability/dependencies.ts'
import { registerFigures } from './observability/figures.ts'
import { createLog, type Log } from './observability/log.ts'
import { createMetrics, watchDatabase } from './observability/metrics.ts'
import { modelWithoutForeignAddresses } from './providers/chat/addresses.ts'
import { maskedModel } from './providers/chat/masked.ts'
import { createSumUp } from './providers/chat/sum-up.ts'
import { createTranslate } from './providers/chat/translate.ts'
import { createModels, type Models, operatorsOwn, watchModel } from './providers/models.ts'
import { assertRedis, createBus } from './realtime/bus.ts'
import { createDraining } from './realtime/draining.ts'
import { createEmitter } from './realtime/emit.ts'
import { createHub } from './realtime/hub.ts'
import { createJournal } from './realtime/journal/append.ts'
import { toWire } from './realtime/journal/draft.ts'
import { createSealer } from './security/encryption.ts'
import { accessTokenSeconds, createIdentity, longestTokenSeconds } from './security/identity.ts'
import { createKeyRing } from './security/keys.ts'
import { createRevocations } from './security/revocations.ts'
import { readSecrets } from './security/secret.ts'
import { fillShop } from './seed.ts'
import { createConnections } from './transport/connections.ts'
import { createDispatch } from './transport/dispatch.ts'
import { createFetch } from './transport/fetch.ts'
import { createApi } from './transport/http.ts'
import { createLimits } from './transport/limits.ts'
import { createNodeServer } from './transport/node.ts'
import { createOperatorPort } from './transport/operator-port.ts'
import { originAllowed } from './transport/origin.ts'
import { servePages } from './transport/pages.ts'
import { isReserved, probePaths, serveMetrics, serveProbes } from './transport/probes.ts'
import { createProxies } from './transport/proxies.ts'
import { sweepSessions } from './transport/sessions.ts'
import { bindSockets, createSocketServer } from './transport/socket.ts'
import { createUwsServer } from './transport/uws.ts'

/** What a test may put in the place of a part. */
export interface Overrides {
  clock?: Clock
  log?: Log
  models?: Partial<Models>
  timings?: Partial<Timings>
  handoff?: Partial<HandoffTimings>
  scrub?: Partial<ScrubTimings>
  certificatePollMs?: number
  /** How the desk is run until an administrator says otherwise. */
  settings?: Partial<Settings>
  /** Check what handlers answer with against the contract. */
  checkOutput?: boolean
}

export type App = Awaited<ReturnType<typeof createApp>>

/** Transactions side by side; the embedded database has one connection. */
const journalShards = { embedded: 1, postgres: 2 }
/** How long a stopping server lets answers finish. */
const drainMs = 10_000
/** Between two looks whether the database is there. */
const databasePollMs = 500

/** The one place where the areas meet: what one needs of another is passed in here. */
export async function createApp(config: Config, overrides: Overrides = {}) {
  const log = overrides.log ?? createLog(config.logLevel)
  const metrics = createMetrics()
  const { redisUrl } = config
  if (redisUrl) await assertRedis(redisUrl, log)
  const limits = createLimits({
    enabled: config.rateLimits,
    createBus: redisUrl ? bus => createBus({ ...bus, url: redisUrl, log }) : null,
  })
  const database = await openWhenThere(
    () =>
      openDatabase({
        databaseUrl: config.databaseUrl,
        folder: config.dataDir,
        guarded: overrides.checkOutput,
        scrub: overrides.scrub,
        onScrubbed: pages => log.info({ pages }, 'the space of what was removed is overwritten'),
        onDeath: error => {
          log.fatal({ error }, 'the embedded database died')
          process.exit(1)
        },
      }),
    { hasWorked: config.databaseUrl !== null && existsSync(join(config.dataDir, noteName)), log },
  )
  const databaseState = createHealth(database, config.dataDir)
  const databaseClock = await createDatabaseClock(() => databaseTime(database))
  const clock = overrides.clock ?? databaseClock.now
  const nodeId = newId()
  const leases = leaseStorage(database, nodeId)
  const incarnation = await openIncarnation({
    storage: incarnationStorage(database, config.dataDir),
    beat: leases.beat,
    dataDir: config.dataDir,
    isIdle: () => handoff.isIdle(),
    onRenewed() {
      journal.evictAllRows()
      hub.restart()
      catalogue.restart()
      void revocations.restart().catch(() => {})
      void handoff.restart()
      sessions.reconnectAll()
    },
    log,
  })
  const keyRing = createKeyRing(await readSecrets(config))
  const sealer = createSealer(keyRing)
  if (!(await sealedKeyIds(database)).every(sealer.hasKey))
    throw new StartError(
      'SECRET_KEY does not fit what this database has sealed: set the one it was sealed by, or give that as SECRET_KEY_PREVIOUS and run npm run rotate-key.',
    )
  const revocations = createRevocations({
    storage: revocationStorage(database),
    shared: database.kind === 'postgres',
    onRevoked: () => sessions.sweep(),
    log,
  })
  const identity = createIdentity({ keyRing, clock, revocations })
  const egress = createEgress({ allowed: operatorsOwn(config) })
  const models = { ...createModels(config.llm, egress.agentFor), ...overrides.models }
  const { provider } = models.chat
  const modelWatch = watchModel(models.chat, {
    problem: (reason, fields) =>
      log.warn({ provider, reason, ...fields }, 'the model fails; the built-in answerer answers'),
    recovered: failures => log.info({ provider, failures }, 'the model answers again'),
  })
  const origins = allowedOrigins(config)
  const io = createSocketServer(origins, metrics)
  const sessions = sweepSessions({ io, revocations, clock })
  const emitter = createEmitter(io)
  const draining = createDraining({ io, waitForReply: id => reply.waitForReply(id) })
  const conversations = conversationStorage(database)
  const hub = createHub({
    storage: conversations,
    emit: emitter.toConversation,
    hasSubscribers: id => emitter.hasSubscribers(id) || reply.hasReplyIn(id),
    createBus: redisUrl ? bus => createBus({ ...bus, url: redisUrl, log }) : null,
    localText: id => reply.localText(id),
    stopLocalReply: (id, requestId) => reply.stopLocalReply(id, requestId),
    applyHandoff: changed => reply.applyHandoff(changed),
    onRemoteChange: id => journal.evictRow(id),
    onDeskSignal(signal) {
      if (signal.kind === 'queue') handoff.refreshSoon()
      else if (signal.kind === 'settings') void service.refresh().then(handoff.refreshSoon)
      else if (signal.kind === 'personal')
        emitter.toColleague(signal.person_id, 'notification:created', signal.payload)
      else emitter.toStaff(signal.event, signal.payload)
    },
    metrics,
    log,
  })
  emitter.onRoomEmptied(hub.leave)
  const journal = createJournal({
    storage: journalStorage(database),
    clock: databaseClock.now,
    publish: hub.publish,
    recheckLater: hub.recheckLater,
    metrics,
    shards: journalShards[database.kind],
  })

  const knowledgeStore = knowledgeStorage(database, saturation, database.kind === 'embedded' ? null : nodeId)
  watchDatabase(metrics, { usage: database.usage, waitingJobs: knowledgeStore.jobs.waiting })
  const knowledge = knowledgeArea({
    storage: knowledgeStore,
    embedding: models.embedding,
    progress: job => emitter.toStaff('job:progress', { job }),
    removeOtherDemo: () => catalogue.removeDemo(),
    rebuildProducts: (signal, options) => catalogue.rebuild(signal, options),
    warn: (text, fields = {}) => log.warn(fields, text),
  })
  const catalogue = catalogueArea({
    storage: catalogueStorage(database),
    clock,
    searchPassages: knowledge.searchPassages,
    replaceProductPassages: knowledge.replaceProductPassages,
    indexedProducts: knowledge.indexedProducts,
    removeDemo: knowledge.removeDemo,
    progress: job => emitter.toStaff('job:progress', { job }),
  })
  const uploads = uploadArea({
    storage: uploadStorage(database),
    quotas: config.uploadQuotas,
    findConversation: conversations.find,
  })
  metrics.watch('parley_attachment_bytes', 'Bytes of files in conversations', uploads.storedBytes)
  const audit = auditArea({ storage: auditStorage(database) })
  const outbox = outboxStorage(database)
  const mail = createMail({ storage: outbox, sealer, smtpUrl: config.smtpUrl, from: config.mailFrom, log })
  const mails = mailArea({ storage: outbox, open: mail.open, recordAudit: audit.record })
  const factors = factorStorage(database)
  const codes = codeStorage(database, codeLimits)
  const accounts = identityArea({
    storage: identityStorage(database),
    codes: { storage: codes, keyRing, mail },
    factor: { storage: factors, sealer },
    site: { storage: secretStorage(database), sealer, longestSeconds: longestTokenSeconds },
    issue: identity.issue,
    accessTokenSeconds,
    refreshRevocations: revocations.refresh,
    recordAudit: audit.record,
  })
  const people = peopleArea({
    storage: peopleStorage(database),
    refreshRevocations: revocations.refresh,
    invitation: accounts.invitation,
    wakeMail: mail.wake,
    removeFactor: factors.remove,
  })
  /** A model may be anybody's: it is told nothing and tells nothing that it should not. */
  const guarded = {
    ...models,
    chat:
      models.chat.provider === models.builtin.provider
        ? models.chat
        : modelWithoutForeignAddresses(
            maskedModel(modelWatch.model, () => privacy.masksForModels()),
            new Set([...origins].map(origin => new URL(origin).host)),
          ),
  }
  async function newestMessages(conversation_id: string, limit: number): Promise<Message[]> {
    const before = Number.MAX_SAFE_INTEGER
    return (await conversations.messagesBefore({ conversation_id, before, limit })).map(toWire)
  }
  /** It is gone: nobody writes in it, and nothing of it is remembered. */
  function releaseConversation(id: string): void {
    reply.abortIn(id)
    journal.evictRow(id)
    uploads.clearCache()
  }
  const silenceMs = config.llmSilenceS * 1000
  const translator = createTranslate(guarded, silenceMs)
  const reply = replyArea({
    storage: conversations,
    leases,
    journal,
    metrics,
    log,
    model: guarded.chat,
    builtin: models.builtin,
    timings: { ...defaultTimings, firstTextMs: silenceMs, silenceMs, ...overrides.timings },
    emitDelta: payload => hub.publishTransient(payload.conversation_id, 'reply:delta', payload),
    emitProgress: payload => hub.publishTransient(payload.conversation_id, 'reply:progress', payload),
    backlog: emitter.backlog,
    openChannel: id => void hub.listen(id),
    closeChannel: hub.leave,
    remoteText: hub.remoteText,
    stopRemoteReply: hub.stopRemoteReply,
    remoteTextSoFar: hub.remoteTextSoFar,
    offerHandoffIfNeeded: (answer, before) => handoff.offerHandoffIfNeeded(answer, before),
    recheckLater: hub.recheckLater,
    retrieve: createRetriever({
      findProducts: catalogue.findProducts,
      findDocuments: knowledge.findEvidence,
      findUploads: uploads.findEvidence,
    }),
    filter: citationFilters(),
  })
  const handoff = handoffArea({
    storage: handoffStorage(database),
    journal,
    nodeId,
    isOnlyNode: database.kind === 'embedded',
    timings: { ...handoffTimings, ...overrides.handoff },
    waitLimitS: config.handoffTimeoutS,
    pauseDelivery(answer) {
      const local = reply.pauseDelivery(answer.id)
      const shown = hub.remoteTextSoFar(answer.conversation_id, answer.id) ?? ''
      const content = shown.length > answer.content.length ? shown : answer.content
      return local ?? { content, references: [] }
    },
    countRequest: network => limits.consume('handoff', network),
    resumeDelivery: reply.resumeDelivery,
    resumeReply: reply.resume,
    runReply: reply.run,
    findConversation: conversations.find,
    describeConversations: ids => conversation.describeConversations(ids),
    toStaff: emitter.toStaff,
    toConversation: emitter.toConversation,
    hasSubscribers: emitter.hasSubscribers,
    settings: () => service.settings(),
    team: id => service.team(id),
    newestMessages,
    sumUp: createSumUp(guarded, silenceMs),
    isSmallTalk: text => smallTalkIn(text) !== null,
    publishQueueChanged: () => hub.publishDesk({ kind: 'queue' }),
    toAllStaff(event, payload) {
      emitter.toStaff(event, payload)
      hub.publishDesk({ kind: 'passing', event, payload })
    },
    log,
  })
  const service = serviceArea({
    storage: serviceStorage(database),
    findConversation: conversations.find,
    counts: handoff.counts,
    publishSettings() {
      handoff.refreshSoon()
      hub.publishDesk({ kind: 'settings' })
    },
    mail,
    defaults: { ...defaultSettings, ...overrides.settings },
    log,
  })
  const privacy = privacyArea({
    storage: privacyStorage(database),
    settings: settingStorage(database),
    recordAudit: audit.record,
    newVisitor: identity.newVisitor,
    refreshRevocations: revocations.refresh,
    abortReplies: releaseConversation,
    prune: [codes.prune, uploads.expire],
    report: error => log.warn({ error }, 'retention could not be kept'),
  })
  const desk = deskArea({
    storage: deskStorage(database),
    findConversation: conversations.find,
    emitNote: payload => hub.publishTransient(payload.conversation_id, 'note:created', payload),
    notify(person_id, payload) {
      emitter.toColleague(person_id, 'notification:created', payload)
      hub.publishDesk({ kind: 'personal', person_id, payload })
    },
    suggest: reply.suggest,
    translate: translator.translate,
  })
  const notifications = notificationArea({ storage: notificationStorage(database) })
  const conversation = conversationArea({
    storage: conversations,
    journal,
    beginReply: reply.begin,
    runReply: reply.run,
    abortReplies: releaseConversation,
    markDelivered: hub.markDelivered,
    readRequest: handoff.readRequest,
    followUpHandoff: handoff.followUpHandoff,
    closeHandoff: handoff.closeHandoff,
    onHandoffCommitted: handoff.applyCommitted,
    handoffOf: handoff.handoffOf,
    notesOf: desk.notesOf,
    agent: handoff.agent,
    incarnation,
    countResume: answer => metrics.resumes.inc({ answer }),
    emitTyping: payload => hub.publishTransient(payload.conversation_id, 'typing:changed', payload),
    emitSeen: payload => hub.publishTransient(payload.conversation_id, 'message:seen', payload),
    emitDeleted: payload => hub.publishTransient(payload.conversation_id, 'conversation:deleted', payload),
  })
  const transcripts = transcriptArea({
    storage: transcriptStorage(database),
    findConversation: conversations.find,
    newestMessages,
    mail,
  })
  const chat = chatArea({
    newVisitor: identity.newVisitor,
    openOwn: conversation.openOwn,
    sendMessage: conversation.sendMessage,
    awaitReply: reply.awaitReply,
  })
  const system = systemArea({
    version: packageFile.version,
    database: database.kind,
    databaseState,
    attachments: async () => ({
      bytes: await uploads.storedBytes(),
      max_bytes: config.uploadQuotas.total,
    }),
    model: modelWatch.state,
  })
  registerFigures(metrics, {
    version: packageFile.version,
    queue() {
      const since = handoff.waitingSince()
      return { ...handoff.counts(), longest_wait_ms: since === null ? 0 : clock() - Date.parse(since) }
    },
    mail: outbox.backlog,
    model: modelWatch.state,
  })
  const databaseWatch =
    database.kind === 'postgres'
      ? watchDependency({
          name: 'database',
          answers: database.answers,
          pollMs: databasePollMs,
          metrics,
          log,
        })
      : null
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
  const nextRequestId = requestIds()
  const clientOf = createProxies({ trusted: config.trustedProxies, tls: config.tls !== null })
  const httpsOnly = config.publicUrl.startsWith('https:')
  if (httpsOnly && !config.tls && config.trustedProxies.length === 0)
    log.warn(
      'PUBLIC_URL is https: without TLS_CERT_FILE, or TRUSTED_PROXIES for the proxy that has the certificate, every request is redirected',
    )
  const dispatch = createDispatch({
    handlers: {
      ...conversation.handlers,
      ...reply.handlers,
      ...handoff.handlers,
      ...desk.handlers,
      ...notifications.handlers,
      ...service.handlers,
      ...chat.handlers,
      ...catalogue.handlers,
      ...knowledge.handlers,
      ...uploads.handlers,
      ...transcripts.handlers,
      ...accounts.handlers,
      ...people.handlers,
      ...audit.handlers,
      ...mails.handlers,
      ...privacy.handlers,
      ...system.handlers,
    },
    limits,
    metrics,
    log,
    assertConsent: privacy.assertConsent,
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
    agentConnected: handoff.joined,
    incarnation: () => incarnation.id,
    features: () => ({
      consent: privacy.wording(),
      handoff: { online_agents: handoff.counts().online_agents },
      voice: { stt: false, tts: false },
      upload: { max_bytes: uploadMaxBytes, max_files: attachmentsMax, types: [...uploadTypes] },
      languages: ['zh', 'en'],
      translation: translator.isThere,
    }),
    recognise: accounts.recognise,
    describe: ({ caller }) =>
      caller.role === 'visitor' ? Promise.resolve(null) : accounts.describe(caller.id!),
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
  const operatorPort =
    config.metricsPort === null
      ? null
      : createOperatorPort(app => {
          serveProbes(app, probes)
          serveMetrics(app, metrics)
        })
  if (!operatorPort) serveMetrics(http, metrics)
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
  const certificate =
    config.tls &&
    (await watchCertificate({
      files: config.tls,
      renew: () => server.renewCertificate(),
      log,
      pollMs: overrides.certificatePollMs,
    }))
  if (certificate)
    metrics.watch(
      'parley_certificate_expires_timestamp_seconds',
      'When the certificate that is served ends, in seconds since the epoch',
      () => certificate.expiresAt() / 1000,
    )

  connections.watch()
  /** Commands on this machine ask the server that holds the embedded database. */
  let commandChannel: Channel | null = null
  async function openCommandChannel(): Promise<void> {
    if (database.kind === 'postgres') return
    commandChannel = await openChannel(config.dataDir, {
      pause: (work, deadlineMs) => whileQuiet(database, work, deadlineMs),
      async setAdministrator(input) {
        const outcome = await setAdministrator(administratorStorage(database), input)
        await revocations.refresh()
        return outcome
      },
    })
  }

  async function close(): Promise<void> {
    await commandChannel?.close()
    const limit = performance.now() + drainMs
    await draining.run(limit)
    server.stopListening()
    // What was asked last has begun then.
    await journal.idle()
    await reply.close(Math.max(0, limit - performance.now()))
    await knowledge.stop()
    await server.close()
    await mail.close()
    service.close()
    await handoff.close()
    await journal.idle()
    privacy.close()
    connections.close()
    openFiles.close()
    limits.close()
    sessions.close()
    revocations.close()
    modelWatch.close()
    certificate?.close()
    operatorPort?.close()
    databaseWatch?.close()
    egress.close()
    databaseClock.close()
    await incarnation.close()
    await leases.leave().catch(() => {})
    hub.close()
    await database.close()
  }

  return {
    database,
    openFiles,
    log,
    /** Brings in what the configuration names, or the demo shop, then takes up the work of the index. */
    async fillShop(report: (line: string) => void = () => {}): Promise<void> {
      await fillShop(config, { catalogue, knowledge }, report)
      await knowledge.start({ productsOutdated: await catalogue.isOutdated() })
      await service.refresh()
      await handoff.start()
    },
    checkModel: modelWatch.check,
    /** Serves a renewed certificate at once, where there is one. */
    renewCertificate: async () => certificate?.reload(),
    /** Removes what is older than it may be; the server does it by itself every hour. */
    retain: privacy.retain,
    ensureAdmin: () => accounts.ensureAdmin({ email: config.adminEmail, password: config.adminPassword }),
    /** @returns the port */
    async listen() {
      await revocations.refresh()
      await openCommandChannel()
      mail.wake()
      await privacy.start()
      if (operatorPort) await operatorPort.listen(config.metricsPort!, config.host)
      return server.listen(config.port, config.host)
    },
    close,
  }
}
