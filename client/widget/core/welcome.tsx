import { useWidget } from './context.ts'

const onProduct = ['askWeight', 'askDelivery', 'askReturn'] as const
const inShop = ['askDelivery', 'askReturns', 'askPayment'] as const

export function Welcome({ mayAsk }: { mayAsk: boolean }) {
  const { model, t } = useWidget()
  const { greeting, starters } = model.get().look
  const [heading = '', ...text] = (greeting ?? `${t('greeting')}\n${t('greetingText')}`).trim().split('\n')
  const builtIn = model.page.read().product_id ? onProduct : inShop
  const chips = mayAsk ? (starters ?? builtIn.map(chip => t(chip))) : []
  return (
    <div class="welcome">
      <h3>{heading}</h3>
      <p>{text.join('\n').trim()}</p>
      <div class="chips">
        {chips.map(chip => (
          <button key={chip} type="button" class="chip" onClick={() => model.send(chip)}>
            {chip}
          </button>
        ))}
      </div>
    </div>
  )
}
