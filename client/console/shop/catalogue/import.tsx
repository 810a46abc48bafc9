import type { FieldProblem } from '#protocol'
import type { ParleyError } from '../../../sdk/error.ts'
import { DropZone } from '../../../ui/drop-zone.tsx'
import { pageErrorSentence } from '../../../ui/page-errors.ts'
import { useTask } from '../../../ui/use-task.ts'
import { useConsole } from '../../context.ts'
import { type T, translator } from './words.ts'

const shownProblems = 20

export function Import({ isDemo, onImported }: { isDemo: boolean; onImported(): void }) {
  const { session, toasts, language, t } = useConsole(translator)
  const { isBusy, error, run } = useTask()
  const problems = error ? problemsOf(error) : []

  function send([file]: File[]) {
    if (!file) return
    void run(async () => {
      const imported = await session.call('catalogue:import', { file })
      toasts.say(t('imported', imported))
      onImported()
    })
  }

  function problemsOf({ code, message, details }: ParleyError): FieldProblem[] {
    const found = Array.isArray(details) ? (details as FieldProblem[]) : []
    return found.length ? found : [{ field: '', reason: `${pageErrorSentence(code, language)} ${message}` }]
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
