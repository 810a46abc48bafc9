import type { ComponentChildren } from 'preact'
import type { OperationOutput } from '#protocol'
import { useConsole, useLoaded } from './context.ts'
import { IndexStatus } from './index-status.tsx'
import { Loading } from './state.tsx'
import type { T } from './words.ts'

type Health = OperationOutput<'system:health'>

export function OverviewView() {
  const { t } = useConsole()
  const health = useLoaded<Health>('/system/health')
  const products = useLoaded<OperationOutput<'catalogue:list'>>('/admin/products?page_size=1')
  const documents = useLoaded<OperationOutput<'document:list'>>('/admin/docs?page_size=1')
  return (
    <Loading of={health}>
      {({ status, version, protocol, uptime_ms, database, model }) => (
        <div class="tiles">
          <Tile title={t('server')} value={t(status)} isGood={status === 'ok'}>
            <p>{t('version', { version, protocol })}</p>
            <p>{t('uptime', { time: duration(uptime_ms, t) })}</p>
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
        </div>
      )}
    </Loading>
  )
}

interface TileProps {
  title: string
  value: string | number
  isGood?: boolean
  children: ComponentChildren
}

function Tile({ title, value, isGood, children }: TileProps) {
  return (
    <section class="card tile">
      <h2>{title}</h2>
      <p class="value">
        {isGood !== undefined && <i class={isGood ? 'dot good' : 'dot bad'} />}
        {value}
      </p>
      <div class="muted">{children}</div>
    </section>
  )
}

function duration(ms: number, t: T): string {
  const minutes = Math.floor(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days) return `${t('days', { count: days })} ${t('hours', { count: hours % 24 })}`
  if (hours) return `${t('hours', { count: hours })} ${t('minutes', { count: minutes % 60 })}`
  return t('minutes', { count: minutes })
}
