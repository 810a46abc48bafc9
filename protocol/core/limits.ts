/** How long and how many things may be, for the definitions and for the fields people fill in; browsers load it, and it imports nothing. Lengths in UTF-16 code units. */

export const messageMaxLength = 8000
/** So long after it was said a message can be taken back, in milliseconds. */
export const retractMaxMs = 10_000
export const noteMaxLength = 4000
export const snoozeMaxDays = 366
export const guideMaxLength = 1000
export const attachmentsMax = 5
/** About a memory's words: one fact, in a sentence or two. */
export const memoryMaxLength = 500
export const memoryTopKMax = 20
/** A person may have so many. */
export const memoriesMax = 10_000
/** What a recording may be. WebM, MP4 and Ogg are whole files, sent in parts. */
export const voiceMimes = ['audio/pcm', 'audio/wav', 'audio/webm', 'audio/mp4', 'audio/ogg'] as const
/** Hz. */
export const voiceSampleRateMin = 8000
export const voiceSampleRateMax = 48_000
export const voiceMaxSeconds = 120
export const voiceMaxBytes = 12_000_000
export const voiceChunkMaxBytes = 65_536
/** Chunks on their way that are not acknowledged yet. */
export const voiceWindowChunks = 64
/** For so long a stream waits for its speaker after a break of the socket. */
export const voiceResumeMs = 10_000
/** A turn may be set to be no shorter. */
export const voiceMinSeconds = 5
/** Turns that are spoken at once on one node. */
export const voiceStreamsMax = 500
/** Pauses and interruptions, in milliseconds. */
export const turnTakingMinMs = 100
export const turnTakingMaxMs = 10_000
export const speechModelMaxLength = 120
/** A day. */
export const voiceDayMaxMinutes = 1440

export const speechSpeedMin = 0.5
export const speechSpeedMax = 2
/** Of a text that is spoken over HTTP. */
export const speechTextMaxLength = 2000

export const tagsMax = 10
export const tagMaxLength = 40

export const ratingCommentMaxLength = 2000
export const contactMessageMaxLength = 2000

export const cannedShortcutMaxLength = 40
export const cannedContentMaxLength = 4000
export const macroNameMaxLength = 60
export const labelsMax = 500
export const labelColors = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple'] as const
export const macrosMax = 500
export const teamNameMaxLength = 100
export const holidayNameMaxLength = 100
export const leadsMax = 200
/** Conversations that are changed at a time. */
export const bulkMax = 100
/** Conversations of a view are counted up to here. */
export const viewCountMax = 1000
export const agentCapacityMax = 100
export const offerAfterMax = 20
/** That figures are read of at once. */
export const statisticsMaxDays = 366
/** A week. */
export const serviceMaxSeconds = 604_800

/** Of a curated answer, which is Markdown. */
export const articleMaxLength = 4000
export const articleQuestionsMax = 20
export const articleQuestionMaxLength = 300
/** Of a question that is only tried out: it is searched, answered and explained at once. */
export const triedQuestionMaxLength = 300
/** A shop may have so many; each question is held against all of them. */
export const articlesMax = 1000
export const documentTagsMax = 20
/** Of an evaluation: a shop may have so many questions by which it checks its answers. */
export const evaluationCasesMax = 500
export const evaluationSourcesMax = 10
export const evaluationFactsMax = 10
export const evaluationFactMaxLength = 200

export const usernameMinLength = 2
export const usernameMaxLength = 64
export const personNameMaxLength = 120
export const passwordMinLength = 8
export const passwordMaxLength = 256
export const reasonMaxLength = 500
export const pictureMaxBytes = 1024 * 1024
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const

/** The areas of the audit log. */
export const auditScopes = [
  'people',
  'session',
  'conversation',
  'handoff',
  'mail',
  'catalogue',
  'knowledge',
  'provider',
  'price',
  'budget',
  'settings',
  'memory',
  'privacy',
  'audit',
] as const

export const consentMaxLength = 5000
export const retentionMaxDays = 36_500

export const temperatureMax = 2

export const widgetTitleMaxLength = 60
export const widgetGreetingMaxLength = 500
export const widgetStarterMaxLength = 120
export const widgetStartersMax = 5
/** Pixels. */
export const widgetOffsetMax = 500
/** The largest that `z-index` takes; the widget's own. */
export const widgetZIndexMax = 2_147_483_647
