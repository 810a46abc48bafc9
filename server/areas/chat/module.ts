import type { Language } from '#protocol'
import { attachmentsMax, uploadMaxBytes, uploadTypes } from '#protocol/chat/upload'
import type { VoiceSettings } from '#protocol/chat/voice'
import { memoryStorage } from '#storage/chat/memory'
import { messageSearchStorage } from '#storage/chat/message-search'
import { speechStorage } from '#storage/chat/speech'
import { transcriptStorage } from '#storage/chat/transcript'
import { uploadStorage } from '#storage/chat/upload'
import { noteStorage } from '#storage/desk/note'
import { answerCacheStorage } from '#storage/models/answer-cache'
import { type AnswerCache, createAnswerCache } from '../../answering/cache/cache.ts'
import { curatedCitations, isCurated } from '../../answering/curated/answer.ts'
import { citationFilters } from '../../answering/retrieval/citation/filter.ts'
import { createRetriever } from '../../answering/retrieval/retrieve.ts'
import type { Core } from '../../core/open.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Mail } from '../../mail/mail.ts'
import { bodyBudgetBytes } from '../../net/body-budget.ts'
import { proposeFacts } from '../../providers/chat/facts.ts'
import type { Providers } from '../../providers/module.ts'
import { voiceDefaults } from '../../providers/speech/settings.ts'
import type { Realtime } from '../../realtime/module.ts'
import { chatArea } from './chat.ts'
import { type ConversationDeps, conversationArea } from './conversation/index.ts'
import { createOwnList } from './conversation/own-list.ts'
import { createSearchIndex } from './conversation/search.ts'
import { createSnoozes } from './conversation/snooze.ts'
import { memoryArea } from './memory/index.ts'
import { type MessageDeps, messageArea } from './message/index.ts'
import { defaultTimings } from './reply/generate.ts'
import { type ReplyDeps, replyArea } from './reply/index.ts'
import { speechArea } from './speech/index.ts'
import { transcriptArea } from './transcript.ts'
import { typingArea } from './typing.ts'
import { uploadArea } from './upload/index.ts'
import { type VoiceDeps, voiceArea, voiceTimings } from './voice/index.ts'

/** Files that visitors attach. */
export function uploadModule({ config, database }: Core, { conversations, onConversationRemoved }: Realtime) {
  const uploads = uploadArea({
    storage: uploadStorage(database),
    quotas: config.uploadQuotas,
    findConversation: conversations.find,
  })
  onConversationRemoved(uploads.clearCache)
  return uploads
}

/** What people let the assistant remember of them. */
export function memoryModule(
  { database, clock, lifecycle, log }: Core,
  { addConsumer }: Pick<Realtime, 'addConsumer'>,
  { modelsFor, silenceMs }: Pick<Providers, 'modelsFor' | 'silenceMs'>,
) {
  const { reading, ...memory } = memoryArea({
    storage: memoryStorage(database),
    async proposeFacts(text, choice, personId, signal) {
      const [model] = modelsFor(choice, personId)
      const payer = { person_id: personId, message_id: null }
      return model ? proposeFacts(model, text, payer, { silenceMs, signal }) : []
    },
    clock,
    log,
  })
  addConsumer(reading.consumer)
  lifecycle.add(reading)
  return memory
}

export interface ReplyUses {
  realtime: Realtime
  providers: Providers
  models: Pick<ReplyDeps, 'priced' | 'assertMayAsk'>
  memory: Pick<ReplyDeps, 'followCommands' | 'recall'>
  findProducts: Parameters<typeof createRetriever>[0]['findProducts']
  findDocuments: Parameters<typeof createRetriever>[0]['findDocuments']
  findUploads: Parameters<typeof createRetriever>[0]['findUploads']
  correct: Parameters<typeof createRetriever>[0]['correct']
  findArticle: Parameters<typeof createRetriever>[0]['findArticle']
}

export type Replies = ReturnType<typeof replyModule>

/** Answers: found, written, streamed, stored. */
export function replyModule(core: Core, { realtime, providers, models, memory, ...sources }: ReplyUses) {
  const { overrides, lifecycle, log, metrics } = core
  const { hub, journal, emitter, conversations, messages, leases } = realtime
  const { silenceMs } = providers
  const { addGuide, guidesOf } = noteStorage(core.database)
  const filter = citationFilters()
  const reply = replyArea({
    storage: messages,
    findConversation: conversations.find,
    leases,
    journal,
    metrics,
    log,
    modelsFor: providers.modelsFor,
    builtin: providers.builtin,
    timings: { ...defaultTimings, firstTextMs: silenceMs, silenceMs, ...overrides.timings },
    emitDelta: payload => hub.publishTransient(payload.conversation_id, 'reply:delta', payload),
    emitProgress: payload => hub.publishTransient(payload.conversation_id, 'reply:progress', payload),
    backlog: emitter.backlog,
    openChannel: id => void hub.listen(id),
    closeChannel: hub.leave,
    remoteText: hub.remoteText,
    stopRemoteReply: hub.stopRemoteReply,
    remoteTextSoFar: hub.remoteTextSoFar,
    recheckLater: hub.recheckLater,
    retrieve: createRetriever(sources),
    filter: evidence => (isCurated(evidence) ? curatedCitations(evidence) : filter(evidence)),
    priced: models.priced,
    followCommands: memory.followCommands,
    recall: memory.recall,
    readGuidance: guidesOf,
    assertMayAsk: models.assertMayAsk,
    guides: { add: addGuide },
    emitNote: payload => hub.publishTransient(payload.conversation_id, 'note:created', payload),
    answers: openAnswerCache(core),
  } satisfies ReplyDeps)
  hub.attachReplies(reply)
  realtime.onConversationRemoved(reply.abortIn)
  lifecycle.add({
    async drain(limit) {
      // What was asked last has begun then.
      await journal.idle()
      await reply.close(Math.max(0, limit - performance.now()))
    },
  })
  return reply
}

export interface ChatUses {
  realtime: Realtime
  mail: Mail
  replies: Replies
  providers: Pick<Providers, 'speech' | 'registry'>
  desk: {
    handoff: Pick<MessageDeps, 'readRequest' | 'followUpHandoff' | 'followUpMessage'> &
      Pick<ConversationDeps, 'closeHandoff' | 'handoffOf' | 'agent'> & {
        applyCommitted: ConversationDeps['onHandoffCommitted']
      }
    notesOf: ConversationDeps['notesOf']
  }
  assertMayAsk: MessageDeps['assertMayAsk']
}

function openAnswerCache({ config, database, log }: Core): AnswerCache | null {
  if (config.answerCacheHours === 0) return null
  return createAnswerCache({
    storage: answerCacheStorage(database),
    maxAgeMs: config.answerCacheHours * 3_600_000,
    warn: (text, fields) => log.warn(fields, text),
  })
}

/** Messages as sound, as far as something speaks. */
function openSpeech(
  { config, database, lifecycle, metrics, log }: Core,
  {
    realtime: { limits, journal, messages },
    providers: { speech },
    replies,
  }: Pick<ChatUses, 'realtime' | 'providers' | 'replies'>,
) {
  const { synthesizer, settings } = speech
  const sounds = speechStorage(database)
  const { handlers, close, countRunning } = speechArea({
    synthesizer,
    settings: settings.current,
    storage: messages,
    sounds,
    journal,
    followReply: replies.follow,
    notePlayedText: replies.notePlayedText,
    countSeconds: (personId, seconds) =>
      limits.consume('speech', personId, shareOfDay('listening_minutes', settings.current(), seconds)),
    publicUrl: config.publicUrl,
    log,
  })
  metrics.watch('parley_speeches', 'Messages being spoken by this node', countRunning)
  let stopExpiry: () => unknown = () => {}
  lifecycle.add({
    start() {
      stopExpiry = repeat(sounds.expire, soundExpiryMs, log)
    },
    async close() {
      close()
      await stopExpiry()
    },
  })
  const features = (language: Language | null) => {
    const voice = isSpoken(settings.current(), language) ? synthesizer() : null
    return voice ? { tts: true, voices: [...voice.voices] } : { tts: false }
  }
  return { handlers, features }
}

const soundExpiryMs = 60_000

/** Whoever does not say what they speak may speak where anything is. */
function isSpoken({ languages }: VoiceSettings, language: Language | null): boolean {
  return language === null ? languages.length > 0 : languages.includes(language)
}

/** Of the seconds that the limits are made for: what the owner allows more or less of counts less or more. */
function shareOfDay(
  limit: 'speaking_minutes' | 'listening_minutes',
  { limits }: VoiceSettings,
  seconds: number,
): number {
  return (seconds * voiceDefaults.limits[limit]) / limits[limit]
}

/** What people say by voice, as far as something understands it. */
function openVoice(
  { overrides, lifecycle, metrics, log }: Core,
  {
    realtime: { limits, conversations },
    providers: { speech, registry },
    sendMessage,
  }: Pick<ChatUses, 'realtime' | 'providers'> & Pick<VoiceDeps, 'sendMessage'>,
) {
  const { transcriber, synthesizer, settings, hasLocalVoice } = speech
  const { handlers, drain, countOpen, heldBytes } = voiceArea({
    transcriber,
    synthesizer,
    settings,
    hasLocalVoice,
    findProvider: registry.find,
    findConversation: conversations.find,
    sendMessage,
    countSeconds: (personId, seconds) =>
      limits.consume('voice', personId, shareOfDay('speaking_minutes', settings.current(), seconds)),
    totalBytes: overrides.voice?.totalBytes ?? bodyBudgetBytes(),
    timings: { ...voiceTimings, ...overrides.voice },
    log,
  })
  metrics.watch('parley_voice_streams', 'Turns being spoken on this node', countOpen)
  metrics.watch('parley_voice_bytes_held', 'Bytes of sound held by this node', heldBytes)
  lifecycle.add({ drain: limit => drain(Math.max(0, limit - performance.now())) })
  const features = (language: Language | null) => {
    const { languages, browser, turn_taking } = settings.current()
    const isOffered = isSpoken(settings.current(), language)
    const ears = isOffered ? transcriber() : null
    const understood = ears
      ? { stt: true, live: ears.openLive !== undefined, mimes: [...ears.mimes] }
      : { stt: false }
    return { ...understood, languages: [...languages], browser: browser && isOffered, turn_taking }
  }
  return { handlers, features }
}

/** Conversations as their visitor has them: over sockets, over plain HTTP, and as mail afterwards. */
export function chatModule(core: Core, { realtime, mail, replies, providers, desk, assertMayAsk }: ChatUses) {
  const { metrics, database, lifecycle, log } = core
  const { handoff, notesOf } = desk
  const { hub, journal, conversations, messages, events, incarnation, identity } = realtime
  const { forgetConversation, newestMessages } = realtime
  const search = messageSearchStorage(database)
  const searchIndex = createSearchIndex({ search, log })
  realtime.addConsumer(searchIndex.consumer)
  lifecycle.add(searchIndex)
  const snoozes = createSnoozes({ storage: conversations, journal, agent: handoff.agent }, log)
  lifecycle.add(snoozes)
  const conversation = conversationArea(
    {
      storage: conversations,
      search,
      messages,
      events,
      journal,
      abortReplies: forgetConversation,
      markDelivered: hub.markDelivered,
      closeHandoff: handoff.closeHandoff,
      onHandoffCommitted: handoff.applyCommitted,
      handoffOf: handoff.handoffOf,
      notesOf,
      agent: handoff.agent,
      incarnation,
      assertMayAsk,
      countResume: answer => metrics.resumes.inc({ answer }),
      emitDeleted: payload => hub.publishTransient(payload.conversation_id, 'conversation:deleted', payload),
    },
    snoozes,
  )
  const message = messageArea({
    wake: snoozes.wake,
    applyQuestion: createOwnList({ storage: conversations, agent: handoff.agent }).applyQuestion,
    storage: messages,
    findConversation: conversations.find,
    journal,
    readRequest: handoff.readRequest,
    followUpHandoff: handoff.followUpHandoff,
    followUpMessage: handoff.followUpMessage,
    beginReply: replies.begin,
    runReply: replies.run,
    assertMayAsk,
    emitSeen: payload => hub.publishTransient(payload.conversation_id, 'message:seen', payload),
  })
  const typing = typingArea({
    findConversation: conversations.find,
    emitTyping: payload => hub.publishTransient(payload.conversation_id, 'typing:changed', payload),
  })
  const transcript = transcriptArea({
    storage: transcriptStorage(database),
    findConversation: conversations.find,
    newestMessages,
    mail,
  })
  const voice = openVoice(core, { realtime, providers, sendMessage: message.sendMessage })
  const speech = openSpeech(core, { realtime, providers, replies })
  const chat = chatArea({
    newVisitor: identity.newVisitor,
    openOwn: conversation.openOwn,
    sendMessage: message.sendMessage,
    awaitReply: replies.awaitReply,
  })
  return {
    handlers: {
      ...conversation.handlers,
      ...message.handlers,
      ...typing.handlers,
      ...transcript.handlers,
      ...chat.handlers,
      ...voice.handlers,
      ...speech.handlers,
    },
    features: (language: Language | null) => ({
      voice: { ...voice.features(language), ...speech.features(language) },
      upload: { max_bytes: uploadMaxBytes, max_files: attachmentsMax, types: [...uploadTypes] },
    }),
  }
}
