import { useState } from 'preact/hooks'
import { type Client, toParleyError, type Wording } from '../sdk/index.ts'
import { Markup } from '../ui/markup.tsx'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'

/** What is to be agreed to first, and how to note that it was. */
export function useConsent(): [Wording | null, () => void] {
  const { client } = useChat()
  const [, refresh] = useState({})
  const wording = useStore({ get: () => client.state, subscribe: client.subscribe }).session?.features.consent
  return [
    wording && client.slots.read('consent') !== wording.version ? wording : null,
    () => {
      client.slots.write('consent', wording?.version)
      refresh({})
    },
  ]
}

interface Props {
  client: Client<'visitor'>
  wording: Wording
  onAgree(): void
}

/** In place of the box to write in, until it is agreed to. */
export function Consent({ client, wording, onAgree }: Props) {
  const { language, t } = useChat()
  const [newer, setNewer] = useState<Wording | null>(null)
  const { isBusy, run } = useAction()
  const { version, text } = newer ?? wording

  async function agree() {
    try {
      await client.call('privacy:consent', { version })
    } catch (thrown) {
      // The wording was changed meanwhile: the new one is to be read first.
      const { details } = toParleyError(thrown)
      setNewer((details as { consent?: Wording } | undefined)?.consent ?? null)
      throw thrown
    }
    onAgree()
  }

  return (
    <section class="consent" aria-label={t('consent')}>
      <div class="text" dir="auto">
        <Markup content={text[language]} />
      </div>
      <button type="button" class="button primary" aria-busy={isBusy} onClick={() => run(agree)}>
        {t('agree')}
      </button>
    </section>
  )
}
