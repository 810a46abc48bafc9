import { useState } from 'preact/hooks'
import type { FieldProblem, OperationOutput } from '#protocol'
import { toParleyError } from '../../../sdk/error.ts'
import { DropZone } from '../../../ui/drop-zone.tsx'
import { useConsole } from '../../context.ts'
import { consoleErrorSentence } from '../../errors.ts'
import { type T, translator } from './words.ts'

const shownProblems = 20

export function Import({ isDemo, onImported }: { isDemo: boolean; onImported(): void }) {
  const { session, toasts, language, t } = useConsole(translator)
  const [isBusy, setBusy] = useState(false)
  const [problems, setProblems] = useState<FieldProblem[]>([])

  async function send([file]: File[]) {
    if (!file) return
    const body = new FormData()
    body.append('file', file)
    setBusy(true)
    setProblems([])
    try {
      const done = await session.call<OperationOutput<'catalogue:import'>>('/admin/products', { body })
      toasts.say(t('imported', done))
      onImported()
    } catch (thrown) {
      const { code, message, details } = toParleyError(thrown)
      const found = Array.isArray(details) ? (details as FieldProblem[]) : []
      setProblems(
        found.length ? found : [{ field: '', reason: `${consoleErrorSentence(code, language)} ${message}` }],
      )
    }
    setBusy(false)
  }

  return (
    <section>
      <DropZone
        label={isBusy ? t('importing') : t('import')}
        hint={t('importHint')}
        warning={isDemo ? t('demoHint') : undefined}
        accept=".json,application/json"
        isBusy={isBusy}
        onFiles={send}
      />
      {problems.length > 0 && <Problems problems={problems} t={t} />}
    </section>
  )
}

function Problems({ problems, t }: { problems: FieldProblem[]; t: T }) {
  return (
    <div class="notice problem" role="alert">
      <div>
        <p>{t('importRefused')}</p>
        <ul>
          {problems.slice(0, shownProblems).map(({ field, reason }) => (
            <li key={`${field} ${reason}`}>
              <strong>{place(field, t)}</strong> {reason}
            </li>
          ))}
        </ul>
        {problems.length > shownProblems && (
          <p>{t('importMore', { count: problems.length - shownProblems })}</p>
        )}
      </div>
    </div>
  )
}

/** `3.price` is the price of the fourth entry. */
function place(field: string, t: T): string {
  const [, index, name] = /(?:^|\.)(\d+)(?:\.(.+))?$/.exec(field) ?? []
  if (index === undefined) return field || t('fileAsWhole')
  const entry = t('importEntry', { number: Number(index) + 1 })
  return name ? `${entry}, ${name}:` : `${entry}:`
}
