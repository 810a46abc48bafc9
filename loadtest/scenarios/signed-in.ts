import { hammer } from '../load.ts'
import type { ServerProcess } from '../process.ts'
import { callHttp, type Rig } from '../rig.ts'
import { connectMany } from '../wire.ts'
import { connectWriter } from '../writer.ts'

const content = 'Is it there yet?'

/** `message:send` of somebody signed in against that of a visitor: in server CPU, on one server. */
export async function measureSignedIn(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const { connections } = sizes.signedIn
  const model = await rig.model()
  await model.plan({ tokens: 10_000, per_second: 0.2 })
  const product = await rig.product({ database: rig.bestDatabase, shop: false, model })
  const sides = [
    { name: 'anonymous', callers: await connectMany(connections, () => connectWriter(product.url, content)) },
    {
      name: 'signed_in',
      callers: await connectMany(connections, async () => {
        const token = await register(product)
        return connectWriter(product.url, content, { token })
      }),
    },
  ]
  for (let round = 0; round < sizes.rounds; round++) {
    const cpu: Record<string, number> = {}
    // Neither is always the one that comes first.
    for (const { name, callers } of round % 2 ? sides.toReversed() : sides) {
      const load = await hammer(product, callers, sizes)
      figures.addAll(`signed_in.${name}`, { ...load })
      cpu[name] = load.cpu_us
    }
    figures.add('signed_in.ratio', cpu.signed_in! / cpu.anonymous!)
  }
}

async function register(product: ServerProcess): Promise<string> {
  const username = `u${crypto.randomUUID().slice(0, 8)}`
  const password = 'a long enough password'
  const { access_token } = await callHttp<{ access_token: string }>(product, '/auth/register', {
    body: { username, email: `${username}@mail.example`, password, confirm_password: password },
  })
  return access_token
}
