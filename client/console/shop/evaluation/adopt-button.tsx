import type { OperationInput } from '#protocol'
import { Icon } from '../../../ui/icons.tsx'
import { useAction, useConsole } from '../../context.ts'
import { caseProblem } from './problem.ts'
import { translator } from './words.ts'

interface Props {
  /** Where the question is from. */
  origin: OperationInput<'evaluation:adopt'>
  /** What is asked, for those who hear the button. */
  name?: string
  class?: string
  size?: number
}

/** Takes a question of real life among those that are asked after every change. */
export function AdoptButton({ origin, name, class: className, size = 18 }: Props) {
  const { session, toasts, t } = useConsole(translator)
  const { isBusy, run } = useAction(caseProblem(t))

  function adopt() {
    void run(async () => {
      const { added } = await session.call('evaluation:adopt', origin)
      toasts.say(t(added > 0 ? 'adoptedToast' : 'alreadyToast'))
    })
  }

  return (
    <button
      type="button"
      class={className}
      aria-label={name ? `${t('adopt')}: ${name}` : t('adopt')}
      title={t('adopt')}
      aria-busy={isBusy}
      disabled={isBusy}
      onClick={adopt}
    >
      <Icon name="check" size={size} />
    </button>
  )
}
