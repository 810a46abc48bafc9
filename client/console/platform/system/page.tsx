import { type Language, locale } from '../../../ui/i18n.ts'
import { durationLabel } from '../../../ui/time.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { IndexStatus } from '../../shop/knowledge/index-status.tsx'
import { Loading } from '../../state.tsx'
import { Tile } from '../../tile.tsx'
import { translator } from './words.ts'

/** From this share on the light is red. */
const nearlyFull = 0.9

function megabytes(bytes: number, language: Language): string {
  return `${Math.round(bytes / 1_000_000).toLocaleString(locale(language))} MB`
}

/** What this server is and whether its parts answer. */
export function HealthView() {
  const { language, t } = useConsole(translator)
  const health = useLoaded('system:health', {})
  const products = useLoaded('catalogue:list', { page_size: 1 })
  const documents = useLoaded('document:list', { page_size: 1 })
  return (
    <Loading of={health}>
      {({ status, version, protocol, uptime_ms, database, model, attachments }) => (
        <div class="tiles">
          <Tile title={t('server')} value={t(status)} isGood={status === 'ok'}>
            <p>{t('version', { version, protocol })}</p>
            <p>{t('uptime', { time: durationLabel(uptime_ms, language) })}</p>
          </Tile>
          <Tile title={t('database')} value={t(database.kind)} isGood={database.ok}>
            <p>{t(database.ok ? 'databaseOk' : 'databaseDown')}</p>
          </Tile>
          <Tile title={t('answers')} value={model.model} isGood={model.ok}>
            <p>{model.provider}</p>
            <p>{t(model.ok ? 'modelOk' : 'modelDown')}</p>
          </Tile>
          <Tile title={t('products')} value={products.data?.pagination.total ?? '–'}>
            <a href="#/products">{t('manage')}</a>
          </Tile>
          <Tile title={t('documents')} value={documents.data?.pagination.total ?? '–'}>
            <IndexStatus />
            <a href="#/documents">{t('manage')}</a>
          </Tile>
          {attachments && (
            <Tile
              title={t('attachments')}
              value={megabytes(attachments.bytes, language)}
              isGood={attachments.bytes < attachments.max_bytes * nearlyFull}
            >
              <p>{t('attachmentsOf', { max: megabytes(attachments.max_bytes, language) })}</p>
            </Tile>
          )}
        </div>
      )}
    </Loading>
  )
}
