import { deskStorage } from '#storage/desk/desk'
import { handoffStorage } from '#storage/desk/handoff'
import { labelStorage } from '#storage/desk/label'
import { macroStorage } from '#storage/desk/macro'
import { serviceStorage } from '#storage/desk/service'
import { viewStorage } from '#storage/desk/view'
import { leaderStorage } from '#storage/platform/leader'
import { readCommands } from '../../answering/memory/command.ts'
import { smallTalkIn } from '../../answering/retrieval/question/small-talk.ts'
import type { Core } from '../../core/open.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Providers } from '../../providers/module.ts'
import type { Realtime } from '../../realtime/module.ts'
import { type DeskDeps, deskArea } from './desk/index.ts'
import type { HandoffDeps } from './handoff/deps.ts'
import { handoffArea, handoffTimings } from './handoff/index.ts'
import { labelArea } from './label.ts'
import { macroArea } from './macro.ts'
import { defaultSettings } from './service/defaults.ts'
import { serviceArea } from './service/index.ts'
import { viewArea } from './view.ts'

/** What the desk needs of answers. */
interface DeskReplies {
  pauseDelivery(messageId: string): ReturnType<HandoffDeps['pauseDelivery']> | null
  resumeDelivery: HandoffDeps['resumeDelivery']
  resume: HandoffDeps['resumeReply']
  run: HandoffDeps['runReply']
  suggest: DeskDeps['suggest']
  onAnswered(offer: ReturnType<typeof handoffArea>['offerHandoffIfNeeded']): void
}

export interface DeskUses {
  realtime: Realtime
  mail: Mail
  providers: Providers
  replies: DeskReplies
}

/** People who answer: the queue and who has what, how the desk is run, what staff write among themselves. */
export function deskModule(core: Core, { realtime, mail, providers, replies }: DeskUses) {
  const { config, overrides, lifecycle, log, database, nodeId, clock } = core
  const { hub, journal, emitter, staff, conversations, incarnation, limits, newestMessages } = realtime
  const isSmallTalk = (text: string) => smallTalkIn(text) !== null || readCommands(text).rest === ''
  const service = serviceArea({
    storage: serviceStorage(database),
    findConversation: conversations.find,
    counts: () => handoff.counts(),
    publishSettings() {
      handoff.refreshSoon()
      staff.signal('settings')
    },
    mail,
    defaults: { ...defaultSettings, ...overrides.settings },
    isSmallTalk,
    clock,
    log,
  })
  lifecycle.add({ close: service.close })
  realtime.addConsumer(service.facts.consumer)
  lifecycle.add(service.facts)
  const handoff = handoffArea({
    storage: handoffStorage(database),
    leaders: leaderStorage(database),
    journal,
    nodeId,
    isOnlyNode: database.kind === 'embedded',
    timings: { ...handoffTimings, ...overrides.handoff },
    waitLimitS: config.handoffTimeoutS,
    pauseDelivery(answer) {
      const local = replies.pauseDelivery(answer.id)
      const shown = hub.remoteTextSoFar(answer.conversation_id, answer.id) ?? ''
      const content = shown.length > answer.content.length ? shown : answer.content
      return local ?? { content, references: [] }
    },
    countRequest: network => limits.consume('handoff', network),
    leaveNote: (...note) => desk.leaveNote(...note),
    resumeDelivery: replies.resumeDelivery,
    resumeReply: replies.resume,
    runReply: replies.run,
    findConversation: conversations.find,
    conversations,
    toStaff: emitter.toStaff,
    toConversation: emitter.toConversation,
    hasSubscribers: emitter.hasSubscribers,
    settings: service.settings,
    team: service.team,
    newestMessages,
    sumUp: providers.sumUp,
    isSmallTalk,
    emitWatching: payload => hub.publishTransient(payload.conversation_id, 'presence:watching', payload),
    publishQueueChanged: () => staff.signal('queue'),
    toAllStaff: emitter.toAllStaff,
    log,
  })
  lifecycle.add({ close: handoff.close })
  replies.onAnswered(handoff.offerHandoffIfNeeded)
  incarnation.restWhile(handoff.isIdle)
  incarnation.onRenewed(() => void handoff.restart())
  staff.onSignal('queue', handoff.refreshSoon)
  staff.onSignal('settings', () => service.refresh().then(handoff.refreshSoon))
  const desk = deskArea({
    storage: deskStorage(database),
    findConversation: conversations.find,
    scopeOf: service.scopeOf,
    emitNote: payload => hub.publishTransient(payload.conversation_id, 'note:created', payload),
    notify: (personId, payload) => emitter.toColleague(personId, 'notification:created', payload),
    suggest: replies.suggest,
    translate: providers.translate,
  })
  const views = openViews(core, realtime, { handoff, teamsOf: service.teamsOf })
  return {
    handlers: {
      ...handoff.handlers,
      ...service.handlers,
      ...desk.handlers,
      ...labelHandlers(core, { handoff, desk, onRenamed: () => staff.signal('queue') }),
      ...views.handlers,
    },
    handoff,
    scopeOf: service.scopeOf,
    notesOf: desk.notesOf,
    agentConnected: handoff.joined,
    async start(): Promise<void> {
      await service.refresh()
      await handoff.start()
    },
    queue() {
      const since = handoff.waitingSince()
      return { ...handoff.counts(), longest_wait_ms: since === null ? 0 : clock() - Date.parse(since) }
    },
    figuresOf: service.figuresOf,
    timeZone: service.timeZone,
    features: () => ({
      handoff: { online_agents: handoff.counts().online_agents, time_zone: service.timeZone() },
    }),
  }
}

interface ViewUses {
  handoff: ReturnType<typeof handoffArea>
  teamsOf: ReturnType<typeof serviceArea>['teamsOf']
}

/** All conversations as the desk looks at them, kept by what changes. */
function openViews({ lifecycle, database, clock }: Core, realtime: Realtime, { handoff, teamsOf }: ViewUses) {
  const views = viewArea({
    storage: viewStorage(database),
    conversations: realtime.conversations,
    agent: handoff.agent,
    presentHandoff: handoff.present,
    teamsOf,
    publish: realtime.emitter.toAllStaff,
    clock,
  })
  lifecycle.add({ close: async () => views.close() })
  realtime.onConversationChanged(views.conversationChanged)
  return views
}

interface LabelUses {
  handoff: ReturnType<typeof handoffArea>
  desk: ReturnType<typeof deskArea>
  /** Tells the other nodes that tags have been renamed. */
  onRenamed(): void
}

/** What conversations are sorted by, and what is done in them again and again. */
function labelHandlers({ database }: Core, { handoff, desk, onRenamed }: LabelUses) {
  const labels = labelArea({
    storage: labelStorage(database),
    onRenamed() {
      handoff.refreshSoon()
      onRenamed()
    },
  })
  const macros = macroArea({
    storage: macroStorage(database),
    prepareFilling: desk.prepareFilling,
    applySteps: handoff.applySteps,
  })
  return { ...labels.handlers, ...macros.handlers }
}
