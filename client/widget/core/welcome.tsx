import { useWidget } from './context.ts'

const onProduct = ['productChip1', 'productChip2', 'productChip3'] as const
const inShop = ['shopChip1', 'shopChip2', 'shopChip3'] as const

export function Welcome({ mayAsk }: { mayAsk: boolean }) {
  const { model, t } = useWidget()
  const chips = !mayAsk ? [] : model.page.read().product_id ? onProduct : inShop
  return (
    <div class="welcome">
      <h3>{t('greeting')}</h3>
      <p>{t('greetingText')}</p>
      <div class="chips">
        {chips.map(chip => (
          <button key={chip} type="button" class="chip" onClick={() => model.send(t(chip))}>
            {t(chip)}
          </button>
        ))}
      </div>
    </div>
  )
}
