import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

type Result = OperationOutput<'mail:test'>

/** How mail goes out, and a mail to try it with. */
export function Delivery() {
  const { t } = useConsole(translator)
  const settings = useLoaded('mail:settings', {})
  return (
    <section class="card part">
      <h2>{t('delivery')}</h2>
      <Loading of={settings}>
        {({ server, from }) => (
          <>
            <p class="muted">{server ? t('deliveryBy', { server, from }) : t('deliveryKept')}</p>
            {server && <TestMail />}
          </>
        )}
      </Loading>
    </section>
  )
}

function TestMail() {
  const { session, t } = useConsole(translator)
  const [to, setTo] = useState(session.get().user?.email ?? '')
  const [result, setResult] = useState<Result | null>(null)
  const { isBusy, run } = useAction()

  function send(event: SubmitEvent) {
    event.preventDefault()
    setResult(null)
    void run(async () => setResult(await session.call('mail:test', { to })))
  }

  return (
    <form onSubmit={send}>
      <div class="toolbar">
        <input
          class="input"
          type="email"
          aria-label={t('testTo')}
          placeholder={t('testTo')}
          value={to}
          required
          onInput={event => setTo(event.currentTarget.value)}
        />
        <button type="submit" class="button" aria-busy={isBusy}>
          {t(isBusy ? 'sendingTest' : 'sendTest')}
        </button>
      </div>
      <p role="status">
        {result && (
          <>
            <span class={result.status === 'sent' ? 'tag good' : 'tag bad'}>{t(result.status)}</span>{' '}
            {result.answer}
          </>
        )}
      </p>
    </form>
  )
}
