import { notificationStorage } from '#storage/platform/notification'
import { outboxStorage } from '#storage/platform/outbox'
import { settingStorage } from '#storage/platform/settings'
import { overviewStorage } from '#storage/platform/statistics'
import { widgetFileStorage } from '#storage/platform/widget'
import packageFile from '../../../package.json' with { type: 'json' }
import type { Core } from '../../core/open.ts'
import { createMail } from '../../mail/mail.ts'
import { type FigureSources, registerFigures } from '../../observability/figures.ts'
import { type MailDeps, mailArea } from './mail.ts'
import { notificationArea } from './notification.ts'
import { type OverviewDeps, statisticsArea } from './statistics.ts'
import { type SystemDeps, systemArea } from './system.ts'
import { widgetArea } from './widget.ts'

export type Mailing = ReturnType<typeof mailModule>

/** Mail on its way out. */
export function mailModule({ config, lifecycle, log, database, sealer }: Core) {
  const outbox = outboxStorage(database)
  const mail = createMail({ storage: outbox, sealer, smtpUrl: config.smtpUrl, from: config.mailFrom, log })
  lifecycle.add({ start: mail.wake, close: mail.close })
  return { ...mail, outbox }
}

export interface PlatformUses {
  mailing: Mailing
  recordAudit: MailDeps['recordAudit']
  /** Bytes of files in conversations. */
  storedBytes(): Promise<number>
  model: SystemDeps['model']
  overview: Omit<OverviewDeps, 'storage' | 'mail' | 'model' | 'hasSite' | 'clock'> & {
    desk: { queue: FigureSources['queue'] }
  }
}

/** What is asked about the server itself: its state, its mail, what its people should see. */
export function platformModule(core: Core, uses: PlatformUses) {
  const { config, lifecycle, log, metrics, database, databaseState } = core
  const { outbox, open, sendNow, settings } = uses.mailing
  const { version } = packageFile
  const mail = mailArea({ storage: outbox, open, sendNow, settings, recordAudit: uses.recordAudit })
  const notification = notificationArea({ storage: notificationStorage(database) })
  const system = systemArea({
    version,
    database: database.kind,
    databaseState,
    attachments: async () => ({ bytes: await uses.storedBytes(), max_bytes: config.uploadQuotas.total }),
    model: uses.model,
  })
  const statistics = statisticsArea({
    ...uses.overview,
    storage: overviewStorage(database),
    mail: { isConfigured: config.smtpUrl !== null, backlog: outbox.backlog },
    model: uses.model,
    hasSite: config.allowedOrigins.length > 0,
    clock: core.clock,
  })
  const widget = widgetArea({
    storage: settingStorage(database),
    files: widgetFileStorage(database),
    log,
  })
  lifecycle.add(widget)
  metrics.watch('parley_attachment_bytes', 'Bytes of files in conversations', uses.storedBytes)
  registerFigures(metrics, {
    version,
    queue: uses.overview.desk.queue,
    mail: outbox.backlog,
    model: uses.model,
  })
  return {
    handlers: {
      ...mail.handlers,
      ...notification.handlers,
      ...statistics.handlers,
      ...system.handlers,
      ...widget.handlers,
    },
    widget: { settings: widget.changed, files: widget.files },
  }
}
