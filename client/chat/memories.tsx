import { useState } from 'preact/hooks'
import { useAction, useChat } from './context.ts'

/** Which memories an answer was given, to be looked at. */
export function MemoriesUsed({ ids }: { ids: string[] }) {
  const { session, t } = useChat()
  const [contents, setContents] = useState<(string | null)[] | null>(null)
  const { isBusy, run } = useAction()

  /** One that was forgotten since is not there any more. */
  async function read() {
    const found = ids.map(memory_id =>
      session.call('memory:get', { memory_id }).then(
        ({ content }) => content,
        () => null,
      ),
    )
    setContents(await Promise.all(found))
  }

  return (
    <div class="memories">
      <button
        type="button"
        class="link"
        aria-expanded={contents !== null}
        aria-busy={isBusy}
        onClick={() => (contents ? setContents(null) : run(read))}
      >
        {t('memoriesUsed', { count: ids.length })}
      </button>
      {contents && (
        <ul>
          {contents.map((content, index) => (
            <li key={ids[index]} dir="auto">
              {content ?? t('forgotten')}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
