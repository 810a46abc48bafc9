import { callHttp, type Rig, signIn } from '../rig.ts'

const askEveryMs = 100

/**
 * What a large import does to everybody else: how long the loop is held, how much memory is taken above idle, and what of
 * others' searches fails meanwhile.
 */
export async function measureImport(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const product = await rig.product({ database: rig.bestDatabase, shop: true })
  const token = await signIn(product)
  const rows = Array.from({ length: sizes.import.products }, (_, at) => ({
    id: `P${at}`,
    name: `Lamp ${(at * 7919) % 10_007}`,
    category: ['Bulb', 'Desk lamp', 'Floor lamp'][at % 3],
    price: 5 + (at % 500),
  }))
  const idle = await product.memory()
  await product.loop()
  const began = performance.now()
  let failed = 0
  let over = false
  const others = (async () => {
    while (!over) {
      await callHttp(product, '/products?query=lamp&page_size=5', { token }).catch(() => failed++)
      await new Promise(resolve => setTimeout(resolve, askEveryMs))
    }
  })()
  await callHttp(product, '/admin/products', { body: rows, token })
  over = true
  await others
  const { delay_p99_ms, peak_rss } = await product.loop()
  figures.add('import.seconds', (performance.now() - began) / 1000)
  figures.add('import.delay.p99_ms', delay_p99_ms)
  figures.add('import.failed', failed)
  figures.add('import.rss_growth_mb', (peak_rss - idle.rss) / 1e6)
}
