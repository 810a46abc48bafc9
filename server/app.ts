import { chatModule, memoryModule, replyModule, uploadModule } from './areas/chat/module.ts'
import { deskModule } from './areas/desk/module.ts'
import { identityModule } from './areas/identity/module.ts'
import { modelsModule } from './areas/models/module.ts'
import { mailModule, platformModule } from './areas/platform/module.ts'
import { questionModule, shopModule } from './areas/shop/module.ts'
import type { Config } from './config/config.ts'
import { type Overrides, openCore } from './core/open.ts'
import { providersModule } from './providers/module.ts'
import { realtimeModule } from './realtime/module.ts'
import { transportModule } from './transport/module.ts'

export type { Overrides } from './core/open.ts'
export type App = Awaited<ReturnType<typeof createApp>>

/** How long a stopping server lets answers finish. */
const drainMs = 10_000

/** The modules in the order of what they need: each is given what came before it, and they close in the reverse. */
export async function createApp(config: Config, overrides: Overrides = {}) {
  const core = await openCore(config, overrides)
  const realtime = await realtimeModule(core)
  const mail = mailModule(core)
  const uploads = uploadModule(core, realtime)
  const identity = identityModule(core, { realtime, mail, expireUploads: uploads.expire })
  const providers = providersModule(core, {
    origins: realtime.origins,
    masksForModels: identity.masksForModels,
  })
  const shop = shopModule(core, { realtime, mail, embedding: providers.embedding })
  const models = modelsModule(core, { realtime, providers, mail })
  const memory = memoryModule(core, realtime, providers)
  const replies = replyModule(core, {
    realtime,
    memory,
    models,
    providers,
    ...shop.sources,
    findUploads: uploads.findEvidence,
  })
  const desk = deskModule(core, { realtime, mail, providers, replies })
  const questions = questionModule(core, { realtime, desk, shop, replies, providers })
  const chat = chatModule(core, {
    realtime,
    mail,
    replies,
    providers,
    desk,
    assertMayAsk: models.assertMayAsk,
  })
  const platform = platformModule(core, {
    mailing: mail,
    recordAudit: identity.recordAudit,
    storedBytes: uploads.storedBytes,
    model: providers.state,
    overview: {
      desk,
      countUnanswered: questions.countUnanswered,
      usageOfMonth: models.usageOfMonth,
      usageTotals: models.usageTotals,
      monthlyBudget: models.monthlyBudget,
      indexState: shop.indexState,
      shopProviders: providers.registry.shopProviders,
    },
  })
  const transport = await transportModule(core, {
    realtime,
    handlers: {
      ...uploads.handlers,
      ...identity.handlers,
      ...shop.handlers,
      ...replies.handlers,
      ...memory.handlers,
      ...desk.handlers,
      ...questions.handlers,
      ...chat.handlers,
      ...platform.handlers,
      ...models.handlers,
    },
    assertConsent: identity.assertConsent,
    scopeOf: desk.scopeOf,
    widget: platform.widget,
    features: language => ({
      ...identity.features(),
      ...providers.features(),
      ...desk.features(),
      ...chat.features(language),
    }),
    recognise: identity.recognise,
    describe: ({ caller }) =>
      caller.role === 'visitor' ? Promise.resolve(null) : identity.describe(caller.id!),
    agentConnected: desk.agentConnected,
    waitForReply: replies.waitForReply,
    setAdministrator: identity.setAdministrator,
  })
  return {
    database: core.database,
    log: core.log,
    openFiles: transport.openFiles,
    /** Brings in what the configuration names, or the demo shop, then takes up the work of the index and the desk. */
    async fillShop(report: (line: string) => void = () => {}): Promise<void> {
      await shop.seed(report)
      await desk.start()
    },
    checkModel: providers.check,
    renewCertificate: transport.renewCertificate,
    evaluateIfChanged: questions.evaluateIfChanged,
    /** Removes what is older than it may be; the server does it by itself every hour. */
    retain: identity.retain,
    ensureAdmin: identity.ensureAdmin,
    /** @returns the port */
    async listen(): Promise<number> {
      await core.lifecycle.start()
      return transport.listen()
    },
    close: () => core.lifecycle.close(drainMs),
  }
}
