import { basePath } from '../ui/base-path.ts'
import './shop.css'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Product } from '#protocol'
import { Icon } from '../ui/icons.tsx'
import { priceLabel } from '../ui/price.ts'
import { embed, parley } from './embed.ts'
import { Illustration } from './illustration.tsx'
import { fetchProduct } from './products.ts'
import { type PageProps, Shell } from './shell.tsx'
import { specLines } from './specs.ts'

const productId = decodeURIComponent(location.pathname.slice(basePath.length).split('/')[2] ?? '')

type Found = Product | 'loading' | 'missing' | 'failed'

function ProductPage({ t, language }: PageProps) {
  const [found, setFound] = useState<Found>('loading')
  const [tries, setTries] = useState(0)

  useEffect(() => {
    setFound('loading')
    fetchProduct(productId).then(
      product => setFound(product ?? 'missing'),
      () => setFound('failed'),
    )
  }, [tries])

  useEffect(() => {
    if (typeof found === 'object') document.title = `${found.name} · ${t('name')}`
  }, [found, t])

  return (
    <>
      <a class="back" href={`${basePath}/`}>
        ← {t('back')}
      </a>
      {found === 'loading' && <div class="product skeleton" />}
      {found === 'missing' && (
        <div class="empty">
          <h1>{t('missing')}</h1>
          <p class="muted">{t('missingText')}</p>
        </div>
      )}
      {found === 'failed' && (
        <div class="empty">
          <h1>{t('failed')}</h1>
          <button type="button" class="button" onClick={() => setTries(tries + 1)}>
            {t('retry')}
          </button>
        </div>
      )}
      {typeof found === 'object' && <Details product={found} t={t} language={language} />}
    </>
  )
}

function Details({ product, t, language }: PageProps & { product: Product }) {
  const lines = specLines(product.specs, language, { yes: t('yes'), no: t('no') })
  return (
    <article class="product">
      <figure>
        <Illustration product={product} />
      </figure>
      <div class="facts">
        <p class="category">{product.category}</p>
        <h1>{product.name}</h1>
        <p class="lead">{product.short_description}</p>
        <p class="price">{priceLabel(product, language)}</p>
        <button type="button" class="button primary" onClick={() => parley('open')}>
          <Icon name="chat" />
          {t('ask')}
        </button>
      </div>
      {lines.length > 0 && (
        <section class="specs">
          <h2>{t('specs')}</h2>
          <dl>
            {lines.map(({ key, label, value }) => (
              <div key={key}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </article>
  )
}

render(<Shell>{props => <ProductPage {...props} />}</Shell>, document.getElementById('page') as HTMLElement)
embed({ productId })
