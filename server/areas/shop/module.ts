import { serviceStorage } from '#storage/desk/service'
import { warningStorage } from '#storage/models/warning'
import { jobStorage } from '#storage/platform/jobs'
import { settingStorage } from '#storage/platform/settings'
import { articleStorage } from '#storage/shop/article'
import { catalogueStorage } from '#storage/shop/catalogue'
import { documentWarningStorage } from '#storage/shop/document-warning'
import { evaluationStorage } from '#storage/shop/evaluation'
import { knowledgeStorage } from '#storage/shop/knowledge'
import { questionStorage } from '#storage/shop/question'
import { readCommands } from '../../answering/memory/command.ts'
import { smallTalkIn } from '../../answering/retrieval/question/small-talk.ts'
import { saturation } from '../../answering/retrieval/ranking/bm25.ts'
import type { Core } from '../../core/open.ts'
import { timeZoneOf } from '../../core/time-zone.ts'
import { createReader } from '../../ingest/reader.ts'
import { repeat } from '../../jobs/schedule.ts'
import type { Mail } from '../../mail/mail.ts'
import { watchDatabase } from '../../observability/metrics.ts'
import type { Models } from '../../providers/models.ts'
import type { Realtime } from '../../realtime/module.ts'
import { seedShop } from '../../seed.ts'
import { articleArea } from './article/index.ts'
import { catalogueArea } from './catalogue/index.ts'
import { type EvaluationDeps, evaluationArea } from './evaluation/index.ts'
import { knowledgeArea } from './knowledge/index.ts'
import { createEndingWarner } from './knowledge/warn.ts'
import { productArea } from './product/index.ts'
import { type QuestionDeps, questionArea } from './question/index.ts'

export interface ShopUses {
  realtime: Pick<Realtime, 'emitter' | 'incarnation' | 'staff'>
  embedding: Models['embedding']
  mail: Pick<Mail, 'seal' | 'wake'>
}

/** How often it is looked whether the days of a document are near their end. */
const endingPollMs = 600_000

/** What the shop sells and has written, and the index over both. */
export function shopModule(core: Core, { realtime, embedding, mail }: ShopUses) {
  const { config, lifecycle, log, metrics, database, clock, nodeId } = core
  const { emitter, incarnation, staff } = realtime
  const storage = knowledgeStorage(database, saturation, database.kind === 'embedded' ? null : nodeId)
  watchDatabase(metrics, { usage: database.usage, waitingJobs: storage.jobs.waiting })
  const desk = serviceStorage(database)
  const reader = createReader({ warn: (text, fields = {}) => log.warn(fields, text) })
  lifecycle.add({ close: reader.close })
  const knowledge = knowledgeArea({
    storage,
    reader,
    embedding,
    clock,
    timeZone: async () => timeZoneOf(await desk.settings()),
    publishValidity: () => staff.signal('documents'),
    progress: job => emitter.toAllStaff('job:progress', { job }),
    removeOtherDemo: () => catalogue.removeDemo(),
    rebuildProducts: (signal, options) => catalogue.rebuild(signal, options),
    warn: (text, fields = {}) => log.warn(fields, text),
  })
  lifecycle.add({ drain: knowledge.stop })
  staff.onSignal('documents', knowledge.refreshValidity)
  const warnOfEnding = createEndingWarner({
    warnings: documentWarningStorage(database),
    mail,
    administrators: warningStorage(database).administrators,
    listEnding: async () => (await knowledge.listOutdated()).ending,
    consoleUrl: `${config.publicUrl}/console#/documents`,
  })
  let stopWarning: (() => Promise<void>) | undefined
  lifecycle.add({
    start() {
      stopWarning = repeat(warnOfEnding, endingPollMs, log)
    },
    drain: () => stopWarning?.(),
  })
  const products = catalogueStorage(database)
  const catalogue = catalogueArea({
    storage: products,
    clock,
    replaceProductPassages: knowledge.replaceProductPassages,
    indexedProducts: knowledge.indexedProducts,
    removeDemo: knowledge.removeDemo,
    progress: job => emitter.toAllStaff('job:progress', { job }),
  })
  incarnation.onRenewed(catalogue.restart)
  const product = productArea({
    storage: products,
    clock,
    readActive: catalogue.readActive,
    searchPassages: knowledge.searchPassages,
  })
  const article = articleArea({
    storage: articleStorage(database),
    clock,
    publishChange(article_id) {
      emitter.toAllStaff('article:changed', { article_id })
      staff.signal('articles')
    },
  })
  staff.onSignal('articles', article.refreshSoon)
  incarnation.onRenewed(article.refreshSoon)
  return {
    handlers: { ...product.handlers, ...catalogue.handlers, ...knowledge.handlers, ...article.handlers },
    explainDocuments: knowledge.explainEvidence,
    /** What answers are taken from. */
    sources: {
      findProducts: product.findProducts,
      findDocuments: knowledge.findEvidence,
      findArticle: article.find,
      correct: knowledge.correct,
    },
    async indexState() {
      const [state, { ending, expired }] = await Promise.all([
        knowledge.indexState(),
        knowledge.listOutdated(),
      ])
      return { ...state, ending_documents: ending.length, expired_documents: expired.length }
    },
    /** Brings in what the configuration names, or the demo shop, then takes up the work of the index. */
    async seed(report: (line: string) => void): Promise<void> {
      await seedShop(config, { catalogue, knowledge }, report)
      await knowledge.start({ productsOutdated: await catalogue.isOutdated() })
    },
  }
}

export interface QuestionUses {
  desk: Pick<QuestionDeps, 'timeZone'>
  shop: Pick<QuestionDeps, 'explainDocuments'>
  replies: { preview: QuestionDeps['preview'] & EvaluationDeps['preview'] }
  providers: { state: EvaluationDeps['model'] }
  realtime: Pick<Realtime, 'emitter' | 'addConsumer'>
}

/** What visitors asked in vain, and the questions by which the shop checks its answers. */
export function questionModule(core: Core, uses: QuestionUses) {
  const { database, clock, log, lifecycle } = core
  const { desk, shop, replies } = uses
  const { emitter, addConsumer } = uses.realtime
  const evaluations = evaluationModule(core, uses)
  const { consumer, backfill, ...questions } = questionArea({
    storage: questionStorage(database),
    isSmallTalk: text => smallTalkIn(text) !== null || readCommands(text).rest === '',
    timeZone: desk.timeZone,
    explainDocuments: shop.explainDocuments,
    preview: replies.preview,
    clock,
    publishChange: () => emitter.toAllStaff('question:changed', {}),
    log,
  })
  addConsumer(consumer)
  lifecycle.add({ start: backfill })
  return {
    handlers: { ...questions.handlers, ...evaluations.handlers },
    countUnanswered: questions.countUnanswered,
    evaluateIfChanged: evaluations.startIfChanged,
  }
}

function evaluationModule(core: Core, { realtime: { emitter }, replies, providers }: QuestionUses) {
  const { database, log, lifecycle, nodeId } = core
  const jobs = jobStorage(database, database.kind === 'embedded' ? null : nodeId)
  const evaluations = evaluationArea({
    storage: evaluationStorage(database, jobs),
    jobs,
    settings: settingStorage(database),
    preview: replies.preview,
    model: providers.state,
    publishChange: run_id => emitter.toAllStaff('evaluation:changed', { run_id }),
    log,
  })
  lifecycle.add({ start: evaluations.start, drain: evaluations.stop, close: evaluations.close })
  return evaluations
}
